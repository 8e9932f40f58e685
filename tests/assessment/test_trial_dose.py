from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from made_trial import FIRST, drawn
from peelian.assessment.trial_dose import dose_received
from peelian.core.errors import InputError
from peelian.core.patrols import PlannedVisit, Trial, Visit

MONDAY = datetime.combine(FIRST, datetime.min.time())


def visit(place: str, *, day: float, minutes: int = 14, visible: bool = True) -> Visit:
    start = MONDAY + timedelta(days=day)
    return Visit(place, start, start + timedelta(minutes=minutes), "foot", "A", visible)


def planned(place: str, *, day: float, minutes: int = 14) -> PlannedVisit:
    start = MONDAY + timedelta(days=day)
    return PlannedVisit(place, "2026-06-01 day A", start, start + timedelta(minutes=minutes))


def one_pair() -> tuple[Trial, str, str]:
    """A trial of two places for two weeks: the trial, the treated place and the other."""
    trial = drawn(2, 2, kind="parallel", seed=1)
    on = trial.treated[0][0]
    return trial, trial.places[0 if on else 1], trial.places[1 if on else 0]


def test_minutes_are_those_of_the_place_and_period() -> None:
    trial, treated, other = one_pair()
    log = [visit(treated, day=1), visit(treated, day=2), visit(other, day=8, minutes=10)]

    dose = dose_received(trial, log, planned=[])

    expected = np.zeros((2, 2))
    expected[trial.places.index(treated), 0] = 28
    expected[trial.places.index(other), 1] = 10
    assert dose.delivered.tolist() == expected.tolist()
    assert (dose.treated_minutes, dose.untreated_minutes) == (14, 5)


def test_a_visit_over_midnight_between_periods_is_parted() -> None:
    trial, treated, _ = one_pair()

    dose = dose_received(trial, [visit(treated, day=7 - 6 / 1440, minutes=16)], planned=[])

    assert dose.delivered[trial.places.index(treated)] == pytest.approx([6, 10])


def test_plain_clothes_background_other_places_and_other_days_are_left_out() -> None:
    trial, treated, _ = one_pair()
    log = [visit(treated, day=1, visible=False), visit("", day=1), visit("p9", day=1),
           visit(treated, day=-1), visit(treated, day=14)]  # fmt: skip

    assert not dose_received(trial, log, planned=[]).delivered.any()


def test_compliance_is_the_share_of_treated_periods_that_got_enough() -> None:
    trial, treated, _ = one_pair()
    asked = [planned(treated, day=1), planned(treated, day=2), planned(treated, day=8)]

    log = [visit(treated, day=1), visit(treated, day=9, minutes=6)]  # 14 of 28, 6 of 14

    assert dose_received(trial, log, planned=asked).compliance == 0.5
    assert dose_received(trial, log, planned=asked, enough=0.4).compliance == 1.0


def test_without_a_plan_there_is_nothing_to_comply_with() -> None:
    trial, treated, _ = one_pair()

    assert dose_received(trial, [visit(treated, day=1)], planned=[]).compliance is None


def test_as_much_patrol_where_none_was_to_come_is_noticed() -> None:
    trial, treated, other = one_pair()
    log = [visit(place, day=day) for place in (treated, other) for day in (1, 8)]
    asked = [planned(treated, day=day) for day in (1, 8)]

    notices = dose_received(trial, log, planned=asked).notices

    assert notices == (
        "Places that were to get no more patrol got as much as those that were: 14 minutes a "
        "period against 14. No effect of extra patrol can be read from this trial.",
    )


def test_a_plan_that_was_mostly_not_kept_is_noticed() -> None:
    trial, treated, _ = one_pair()
    asked = [planned(treated, day=day) for day in (1, 8)]

    log = [visit(treated, day=day, minutes=5) for day in (1, 8)]
    notices = dose_received(trial, log, planned=asked).notices

    assert notices == (
        "At least 50% of the planned minutes came in 0% of the place-periods that were to get "
        "them: the effect is that of a plan mostly not kept.",
    )


def test_half_as_much_or_more_where_none_was_to_come_is_noticed() -> None:
    trial, treated, other = one_pair()
    log = [visit(treated, day=1), visit(treated, day=8), visit(other, day=1)]
    asked = [planned(treated, day=day) for day in (1, 8)]

    few = dose_received(trial, log, planned=asked)
    many = dose_received(trial, [*log, visit(other, day=2, minutes=5)], planned=asked)

    assert few.notices == ()
    assert "got 68% as much as those that were" in many.notices[0]  # 19 of 28 minutes


def test_one_weeks_plan_of_many_is_noticed() -> None:
    """Else a trial whose later plans are not given looks as if it had been kept."""
    trial, treated, other = one_pair()

    dose = dose_received(trial, [visit(treated, day=1)], planned=[planned(treated, day=1)])
    wrong = dose_received(trial, [visit(treated, day=1)], planned=[planned(other, day=1)])

    assert dose.compliance == 1.0
    assert "Of 2 place-periods that were to get more patrol 1 have no planned visit" in " ".join(
        dose.notices
    )
    assert "In 1 of 2 periods no visit is logged" in " ".join(dose.notices)
    assert "Visits are planned where the draw says none" in " ".join(wrong.notices)


def test_an_empty_log_is_no_dose_and_is_noticed() -> None:
    dose = dose_received(one_pair()[0], [], planned=[])

    assert (dose.treated_minutes, dose.untreated_minutes) == (0, 0)
    assert "got as much" in dose.notices[0]


@pytest.mark.parametrize("enough", [0.0, 1.1])
def test_enough_that_is_no_share_is_refused(enough: float) -> None:
    with pytest.raises(InputError, match=f"found {enough:g}"):
        dose_received(one_pair()[0], [], planned=[], enough=enough)
