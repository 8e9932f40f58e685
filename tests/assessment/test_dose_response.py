"""Records against delivered minutes, within place and week: a relation, and how sure it is."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from numpy.typing import NDArray

from oracles import dose_response as oracle
from peelian.assessment.dose_response import dose_response
from peelian.assessment.dose_slope import Schedule, dose_slope
from peelian.assessment.effect import Effect
from peelian.core.errors import CoverageError, InputError


def patrolled(
    places: int, weeks: int, *, mean: float, factor: float = 1.0, seed: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Records and minutes, where an hour more multiplies records by a factor; weeks differ."""
    draw = np.random.default_rng(seed)
    minutes = draw.gamma(2, 45, (places, weeks))
    rates = mean * np.exp(draw.normal(0, 0.5, (places, 1)) + draw.normal(0, 0.3, (1, weeks)))
    return draw.poisson(rates * factor ** (minutes / 60)).astype(float), minutes


def related(
    records: NDArray[np.float64], minutes: NDArray[np.float64], schedule: Schedule = "drawn"
) -> Effect:
    names = [f"place {i}" for i in range(len(records))]
    return dose_response(names, records, minutes, schedule=schedule, seed=1, draws=399)


def test_the_slope_is_that_of_a_poisson_model_with_an_effect_for_each_place_and_week() -> None:
    records, minutes = patrolled(4, 9, mean=6, factor=0.7)

    effect = related(records, minutes)

    assert effect.estimate is not None
    assert log(effect.estimate) / 60 == pytest.approx(
        oracle.poisson_slope(records, minutes), abs=1e-8
    )


def test_steps_are_the_score_over_its_information() -> None:
    records, minutes = patrolled(4, 9, mean=3)

    found = dose_slope(records, minutes, schedule="drawn", draws=9, seed=1)

    assert found.step == pytest.approx(oracle.step(records, minutes), rel=1e-9)


def test_shuffles_lead_as_far_as_often_as_all_arrangements_do() -> None:
    records = np.array([[1, 4, 2, 0], [3, 2, 5, 1]], dtype=float)
    minutes = np.array([[60, 0, 20, 90], [10, 70, 0, 50]], dtype=float)

    found = dose_slope(records, minutes, schedule="drawn", draws=4_000, seed=1)

    as_far = (found.shuffled >= abs(found.step) * (1 - 1e-9)).mean()
    # Four standard errors of 4,000 draws are at most 0.032.
    assert as_far == pytest.approx(oracle.share_as_far(records, minutes), abs=0.032)


def test_turned_minutes_keep_their_order() -> None:
    records, minutes = patrolled(2, 9, mean=5)
    minutes[1] = 0

    found = dose_slope(records, minutes, schedule="not drawn", draws=200, seed=1)

    # One place's nine turns are all that there is.
    assert len(np.unique(np.round(found.shuffled, 12))) == 9


def test_fewer_records_in_weeks_with_more_minutes_are_found() -> None:
    effect = related(*patrolled(8, 26, mean=8, factor=0.75))

    assert effect.direction == "down"
    assert effect.low <= 0.75 <= effect.high
    assert effect.p_value == pytest.approx(1 / 400)
    assert effect.maryland_level == 3


@pytest.mark.parametrize("schedule", ["drawn", "not drawn"])
def test_no_relation_is_held_in_nineteen_of_twenty_made_logs(schedule: Schedule) -> None:
    effects = [
        related(*patrolled(4, 10, mean=3, seed=seed), schedule=schedule) for seed in range(150)
    ]

    # Three standard errors of 150.
    assert np.mean([effect.low <= 1 <= effect.high for effect in effects]) >= 0.95 - 0.053


def test_minutes_that_were_not_drawn_reach_level_two_only() -> None:
    effect = related(*patrolled(4, 12, mean=5), schedule="not drawn")

    assert effect.maryland_level == 2
    assert "did not follow" in effect.assumptions[0]


def test_patrol_that_follows_records_fails_the_check_of_the_week_after() -> None:
    records, minutes = patrolled(6, 30, mean=6)
    minutes[:, 1:] += 20 * records[:, :-1]

    effect = related(records, minutes, "not drawn")

    check = next(each for each in effect.checks if each.kind == "placebo date")
    assert check.changed
    assert "the week after" in check.says


def test_minutes_that_run_on_are_not_taken_for_patrol_that_follows() -> None:
    draw = np.random.default_rng(3)
    flagged = 0
    for seed in range(30):
        minutes = 60 + 30 * np.repeat(draw.normal(0, 1, (6, 8)), 4, axis=1).clip(-2, 2)
        records = np.random.default_rng(seed).poisson(20 * 0.7 ** (minutes / 60)).astype(float)
        effect = related(records, minutes, "not drawn")
        flagged += next(each for each in effect.checks if each.kind == "placebo date").changed

    # At a twentieth each, five or more of 30 come in 1.6 of 100 series.
    assert flagged <= 5


def test_the_places_that_pull_most_are_named() -> None:
    records, minutes = patrolled(6, 12, mean=5)
    minutes[2] *= 5
    records[2] = np.where(minutes[2] > minutes[2].mean(), 0, 30)

    effect = related(records, minutes)

    check = next(each for each in effect.checks if each.kind == "comparison left out")
    assert "without place 2" in check.says


def test_few_records_leave_the_interval_open() -> None:
    records, minutes = np.zeros((3, 10)), patrolled(3, 10, mean=1)[1]
    records[0, :5], records[1, 5:] = 2, 1

    effect = related(records, minutes)

    assert (effect.low, effect.high) == (0.0, inf)
    assert effect.notices == ("The interval is open: 15 records are fewer than 30.",)


def test_records_in_unpatrolled_weeks_alone_have_no_finite_slope() -> None:
    minutes = np.zeros((2, 20))
    minutes[0, ::2], minutes[1, 1::2] = 60, 60
    records = np.where(minutes > 0, 0.0, 4.0)

    effect = related(records, minutes)

    assert effect.estimate is None
    assert (effect.low, effect.high) == (0.0, inf)
    assert effect.treated == 0


def test_weeks_that_are_not_known_somewhere_are_left_out() -> None:
    records, minutes = patrolled(3, 12, mean=5)
    minutes[1, 4] = np.nan

    effect = related(records, minutes)

    assert effect.notices == ("1 of 12 weeks are not known everywhere and were left out.",)
    assert effect.treated + effect.untreated == np.delete(records, 4, axis=1).sum()


def test_no_word_of_the_result_says_that_patrol_did_it() -> None:
    effect = related(*patrolled(8, 26, mean=8, factor=0.6))

    words = " ".join([effect.design, *effect.notices, *(check.says for check in effect.checks)])
    assert not any(word in words for word in ("caus", "effect", "led to", "due to", "reduc"))


def test_what_cannot_be_related_is_refused() -> None:
    records, minutes = patrolled(3, 12, mean=5)

    with pytest.raises(InputError, match="must vary among a place's weeks"):
        related(records, np.full((3, 12), 60.0))
    with pytest.raises(InputError, match="must vary among a place's weeks"):
        related(records, np.tile(minutes[0], (3, 1)))
    with pytest.raises(InputError, match="a row a place and a column a week"):
        related(records, minutes[:, :11])
    with pytest.raises(InputError, match="found others"):
        related(records, minutes - 1_000)
    with pytest.raises(CoverageError, match="needs 8 weeks"):
        related(records[:, :7], minutes[:, :7])
    with pytest.raises(CoverageError, match="two places or more"):
        related(records[:1], minutes[:1])
