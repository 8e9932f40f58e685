from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.synthetic_control import studentised
from peelian.assessment.placebo_interval import p_value_among
from peelian.assessment.placebo_sets import studentised_difference
from peelian.assessment.synthetic_control import SyntheticControl, synthetic_control
from peelian.core.errors import CoverageError, InputError

AREAS, BEFORE, PERIODS = 120, 8, 12


def panel(seed: int, *, ratio: float = 1.0, rate: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    """Two outcomes in 120 areas, of which the first ten are treated; the first is changed."""
    draw = np.random.default_rng(seed)
    rates = rate * draw.gamma(4, 1 / 4, (1, AREAS, 1)) * np.array([1, 2]).reshape(2, 1, 1)
    rates = np.repeat(rates, PERIODS, axis=2)
    rates[0, :10, BEFORE:] *= ratio
    return draw.poisson(rates).astype(float), np.arange(AREAS) < 10


def assessed(counts: np.ndarray, treated: np.ndarray, **options: object) -> SyntheticControl:
    settings: dict[str, object] = {"before": BEFORE, "seed": 1, "placebos": 199} | options
    return synthetic_control(counts, treated, outcomes=("theft", "damage"), **settings)  # type: ignore[arg-type]


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_the_studentised_difference_is_that_of_a_regression_written_out(seed: int) -> None:
    draw = np.random.default_rng(seed)
    after = draw.poisson(2, (1, 15, 3)).astype(float)
    treated = np.arange(15) < 4
    weights = np.where(treated, 0, draw.exponential(1, 15))
    weights *= 4 / weights.sum()

    found = studentised_difference(after, treated, weights)

    assert found[0] == pytest.approx(studentised(after[0], treated, weights), rel=1e-9)


def test_a_halving_is_found_and_an_outcome_left_alone_is_not() -> None:
    found = assessed(*panel(1, ratio=0.5))

    theft, damage = found.effect_on("theft"), found.effect_on("damage")
    assert theft.direction == "down"
    assert theft.low < 0.5 < theft.high
    assert theft.p_value == 1 / 200
    assert damage.direction is None


def test_before_the_response_the_comparison_has_the_treated_records() -> None:
    counts, treated = panel(1)

    found = assessed(counts, treated)

    assert found.synthetic[:, :BEFORE] == pytest.approx(found.treated[:, :BEFORE], abs=1e-3)
    assert found.weights.weights.sum() == pytest.approx(10)
    assert (found.weights.weights[treated] == 0).all()


def test_the_p_value_and_the_interval_agree_but_for_what_counts_hold() -> None:
    for seed in range(6):
        effect = assessed(*panel(seed, ratio=0.8)).effect_on("theft")

        assert effect.p_value <= 0.05 or effect.low <= 1 <= effect.high


def test_the_observed_counts_among_the_placebos() -> None:
    p_values = [
        p_value_among(3.0, np.array([1.0, -2.0, 0.5])),
        p_value_among(1.0, np.array([1.0, -2.0, 0.5])),
        p_value_among(5.0, np.empty(0)),
    ]

    assert p_values == [1 / 4, 3 / 4, 1]


def test_the_same_seed_gives_the_same_answer_and_the_input_is_left_alone() -> None:
    counts, treated = panel(3)
    copy = counts.copy()

    one, other = assessed(counts, treated), assessed(counts, treated)

    assert one.effects == other.effects
    assert (counts == copy).all()


def test_each_check_is_there_and_says_its_numbers() -> None:
    effect = assessed(*panel(1, ratio=0.5)).effect_on("theft")

    kinds = [check.kind for check in effect.checks]
    assert kinds == ["assumption", "comparison left out", "placebo date"]
    assert not any(check.changed for check in effect.checks)
    assert "2 periods earlier" in effect.checks[2].says


def test_a_change_before_the_date_is_seen_at_the_placebo_date() -> None:
    counts, treated = panel(1)
    counts[0, treated, BEFORE - 2 :] = np.floor(counts[0, treated, BEFORE - 2 :] / 2)

    checks = assessed(counts, treated).effect_on("theft").checks

    assert checks[2].changed


def test_a_period_that_is_not_held_is_left_out_and_said() -> None:
    counts, treated = panel(1)
    gap = counts.copy()
    gap[1, 50, 3] = np.nan
    gap[0, 7, 10] = np.nan

    found = assessed(gap, treated)

    kept = [n for n in range(PERIODS) if n not in (3, 10)]
    without = assessed(counts[:, :, kept], treated, before=BEFORE - 1)
    assert found.effects[0].estimate == without.effects[0].estimate
    assert "2 of 12 periods are not held and were left out." in found.effects[0].notices
    assert np.isnan(found.treated[:, [3, 10]]).all()
    assert np.isnan(found.synthetic[:, [3, 10]]).all()


def test_outcomes_without_any_record_after_say_nothing() -> None:
    counts, treated = panel(1)
    counts[0, :, BEFORE:] = 0

    effect = assessed(counts, treated).effect_on("theft")

    assert effect.estimate is None
    assert (effect.low, effect.high, effect.p_value) == (0, math.inf, 1)
    assert effect.is_too_few_to_say


def test_treated_areas_without_a_record_after_have_an_upper_end() -> None:
    counts, treated = panel(1)
    counts[0, treated, BEFORE:] = 0

    effect = assessed(counts, treated).effect_on("theft")

    assert (effect.estimate, effect.low, effect.direction) == (0, 0, "down")


def test_rare_records_are_too_few_to_say() -> None:
    effect = assessed(*panel(2, rate=0.1)).effect_on("theft")

    assert effect.is_too_few_to_say


def test_a_comparison_that_is_nowhere_near_is_refused() -> None:
    counts, treated = panel(1)
    counts[:, treated] += 100

    with pytest.raises(InputError, match="for theft no weighting does"):
        assessed(counts, treated)


def test_too_few_placebo_sets_for_the_level_are_said() -> None:
    effect = assessed(*panel(1, ratio=0.5), placebos=18).effect_on("theft")

    assert "18 placebo sets are too few to refuse any ratio at 95%." in effect.notices
    assert (effect.low, effect.high) == (0, math.inf)


def test_covariates_are_reproduced_too() -> None:
    counts, treated = panel(1)
    homes = np.random.default_rng(4).integers(50, 150, (AREAS, 1)).astype(float)

    weights = assessed(counts, treated, covariates=homes).weights.weights

    assert weights @ homes[:, 0] == pytest.approx(homes[treated].sum(), abs=1e-3)


@pytest.mark.parametrize(
    ("number", "says"), [(0, "found 0 treated of 120"), (1, "For one area"), (61, "at least as")]
)
def test_sets_of_areas_that_allow_no_placebos_are_refused(number: int, says: str) -> None:
    counts, _ = panel(1)

    with pytest.raises(InputError, match=says):
        assessed(counts, np.arange(AREAS) < number)


def test_tables_that_do_not_fit_are_refused() -> None:
    counts, treated = panel(1)

    with pytest.raises(InputError, match="an outcome, an area and a period"):
        assessed(counts[0], treated)
    with pytest.raises(InputError, match="0 or more, NaN where not held"):
        assessed(-1 - counts, treated)


def test_without_a_period_held_on_a_side_there_is_no_coverage() -> None:
    counts, treated = panel(1)
    counts[0, 0, BEFORE:] = np.nan

    with pytest.raises(CoverageError, match="found 8 before and 0 after"):
        assessed(counts, treated)


def test_an_outcome_that_was_not_compared_is_refused() -> None:
    found = assessed(*panel(1), placebos=19)

    with pytest.raises(InputError, match="theft, damage; found arson"):
        found.effect_on("arson")
