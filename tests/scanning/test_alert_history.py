from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from small_ward import made_counts

from peelian.core.errors import InputError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.alert_history import (
    PastAlert,
    PlaceAlert,
    alert_record,
    past_alerts,
    watched_months,
)
from peelian.scanning.series import PlaceCounts

LAST = Month(2018, 3)
BUSY = [2, 1, 3, 2]  # what the other places have, over and over


def ward_with(*last: int | None, before: int = 36, places: int = 12) -> PlaceCounts:
    """Place A is quiet, but for its last months; the others have two records a month."""
    months = before + len(last)
    others = [[BUSY[(i + m) % 4] for m in range(months)] for i in range(places - 1)]
    if None in last:
        for row in others:
            row[before + last.index(None)] = None
    return made_counts([0, 1] * (before // 2) + list(last), *others)


def states(counts: PlaceCounts, *, first: str) -> list[tuple[str, str, str]]:
    span = MonthSpan(Month.parse(first), LAST)
    return [
        (str(alert.month), alert.state, str(alert.since))
        for month in watched_months([counts], span=span)
        for alert in month.alerts
    ]


def test_a_place_is_new_once_and_then_goes_on() -> None:
    found = states(ward_with(9, 9, 9, 9), first="2017-09")

    assert found == [
        ("2017-12", "new", "2017-12"),
        ("2018-01", "going on", "2017-12"),
        ("2018-02", "going on", "2017-12"),
        ("2018-03", "going on", "2017-12"),
    ]


def test_what_began_before_the_months_asked_for_is_not_new() -> None:
    assert states(ward_with(9, 9, 9, 9), first="2018-03") == [("2018-03", "going on", "2017-12")]


def test_after_six_quiet_months_a_place_is_new_again() -> None:
    found = states(ward_with(12, *[0] * 9, 30), first="2017-05")

    new = [month for month, state, _ in found if state == "new"]
    assert new == ["2017-05", "2018-03"]


def test_a_place_that_is_as_high_each_spring_is_told_so() -> None:
    found = states(ward_with(14, *[0] * 11, 14), first="2018-03")

    assert found == [("2018-03", "as a year before", "2018-03")]


def test_a_quiet_ward_has_no_alert() -> None:
    assert states(ward_with(1, 0, 1), first="2017-06") == []


def test_the_run_skips_a_month_that_is_missing() -> None:
    (month,) = watched_months([ward_with(9, None, 9)], span=MonthSpan(LAST, LAST))

    (alert,) = month.alerts
    assert (alert.name, alert.observed) == ("A", 18)
    assert [str(m) for m in alert.months] == ["2018-01", "2018-03"]


def test_a_month_that_is_not_held_is_told_and_has_no_alert() -> None:
    (month,) = watched_months([ward_with(9, 9, None)], span=MonthSpan(LAST, LAST))

    assert (month.alerts, month.watched, month.too_few) == ((), (), ())
    assert month.missing == ("made",)
    assert month.limit.chance == 0


def test_too_few_records_for_places_are_looked_at_in_the_whole_ward() -> None:
    quiet = made_counts([0, 1] * 13 + [1, 2, 0], [1, 0] * 7 + [0] * 12 + [0, 0, 14])

    (month,) = watched_months([quiet], span=MonthSpan(LAST, LAST))

    assert (month.watched, month.too_few) == ((), ("made",))
    (burst,) = month.bursts
    assert (burst.observed, burst.state) == (17, "new")
    assert burst.usual == pytest.approx(20 / 26)


def test_measures_share_the_false_alarms() -> None:
    one = ward_with(0)
    alone = watched_months([one], span=MonthSpan(LAST, LAST))[0]
    both = watched_months([one, replace(one, measure_id="other")], span=MonthSpan(LAST, LAST))[0]

    assert both.limit.chance < alone.limit.chance
    assert both.limit.expected_alarms <= 5 / 1200


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.integers(0, 12))
def test_later_months_change_no_earlier_answer(seed: int, later: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.poisson(rng.gamma(1, 1, size=(10, 1)), size=(10, 30))
    table[0, 20] += 9
    whole = made_counts(*table.tolist())
    cut = made_counts(*table[:, : 30 - later].tolist(), last=str(LAST.plus(-later)))

    span = MonthSpan(Month(2016, 12), LAST.plus(-12))

    assert watched_months([whole], span=span) == watched_months([cut], span=span)


def test_nothing_to_watch_gives_no_month() -> None:
    assert watched_months([], span=MonthSpan(LAST, LAST)) == ()


def test_a_month_outside_the_counts_is_refused() -> None:
    with pytest.raises(InputError, match=r"cover January 2015 to March 2018; found April 2018"):
        watched_months([ward_with(1, 1, 1)], span=MonthSpan(Month(2018, 4), Month(2018, 4)))


def test_an_alert_came_true_where_half_of_what_was_above_the_usual_is_still_there() -> None:
    # About half a record a month is usual, ten were counted: five and a quarter is half of that.
    for later, came_true in [((6, 6, 5), True), ((9, 9, 9), True), ((5, 4, 4), False),
                             ((0, 0, 0), False)]:  # fmt: skip
        counts = ward_with(10, *later)
        watched = watched_months([counts], span=MonthSpan(Month(2017, 12), LAST))

        (past,) = past_alerts([counts], watched)

        assert past.came_true is came_true, later


@pytest.mark.parametrize(
    ("later", "came_true"), [((9, 9), None), ((9,), None), ((9, None, 9), True), ((), None)]
)
def test_an_alert_is_judged_once_two_of_three_months_after_are_held(
    later: tuple[int | None, ...], came_true: bool | None
) -> None:
    counts = ward_with(10, *later)
    watched = watched_months([counts], span=MonthSpan(LAST.plus(-len(later)), LAST))

    (past,) = past_alerts([counts], watched)

    assert past.came_true is came_true


def outcomes(*came_true: bool | None) -> list[PastAlert]:
    month = Month(2018, 1)
    alert = PlaceAlert(
        "made", "a", "A", month, "new", month, (month,), 9, 0.5, 0, 2, 0.9, 1e-6
    )  # fmt: skip
    return [PastAlert(alert, each) for each in came_true]


def test_the_record_has_the_exact_interval_of_its_share() -> None:
    found = alert_record(outcomes(*[True] * 4, *[False] * 7, None, None))

    exact = stats.binomtest(4, 11).proportion_ci(0.95, method="exact")
    assert (found.judged, found.came_true, found.unjudged) == (11, 4, 2)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert not found.is_too_few_to_say


@pytest.mark.parametrize(
    ("past", "low", "high"),
    [((), 0, 1), ((None,), 0, 1), ((True,), 0.025, 1), ((False,), 0, 0.975)],
)
def test_few_past_alerts_say_little(past: tuple[bool | None, ...], low: float, high: float) -> None:
    found = alert_record(outcomes(*past))

    assert found.is_too_few_to_say
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(("quiet", "state"), [(5, "going on"), (6, "new")])
def test_a_place_is_new_again_after_six_months_in_which_it_was_not_unusual(
    quiet: int, state: str
) -> None:
    # The first burst is still unusual in the month after it, in a run of two.
    counts = ward_with(12, *[0] * (1 + quiet), 30)

    found = states(counts, first="2017-03")

    assert found[-1][:2] == ("2018-03", state)
    gap = LAST.minus(Month.parse(found[-2][0]))
    assert gap == quiet + 1
