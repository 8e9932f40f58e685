from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.synthetic_control import least_misfit
from peelian.assessment.comparison_weights import Measures
from peelian.assessment.synthetic_control_of_one import matched_on, synthetic_control_of_one
from peelian.core.errors import CoverageError, InputError

BEFORE, PERIODS = 12, 18


def wards(seed: int, *, others: int = 30, ratio: float = 1.0, rate: float = 40.0) -> np.ndarray:
    """Counts of one ward and others, with a season in common; the first is changed after."""
    draw = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(np.arange(PERIODS) * math.pi / 6)
    rates = rate * draw.gamma(9, 1 / 9, (1 + others, 1)) * season
    rates[0] = rate * season
    rates[0, BEFORE:] *= ratio
    return draw.poisson(rates).astype(float)


def test_the_path_of_an_area_that_mixes_two_others_is_found() -> None:
    draw = np.random.default_rng(1)
    others = draw.integers(20, 60, (6, PERIODS)).astype(float) * 4
    mixed = 0.25 * others[1] + 0.75 * others[4]

    found = synthetic_control_of_one(np.vstack([mixed, others]), 0, before=BEFORE)

    assert found.weights.weights == pytest.approx([0, 0, 0.25, 0, 0, 0.75, 0], abs=1e-5)
    assert found.synthetic == pytest.approx(mixed, abs=1e-3)
    assert found.effect.estimate == pytest.approx(1, abs=1e-4)


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_weights_are_those_of_non_negative_least_squares(seed: int) -> None:
    counts = wards(seed, others=8)
    # Among the others, so that it is not refused.
    counts[0] = np.random.default_rng(seed + 1).poisson(counts[1:].mean(axis=0))

    found = synthetic_control_of_one(counts, 0, before=BEFORE)

    measures = Measures.of(matched_on(counts[:, :BEFORE]))
    misfit = ((found.weights.misfit / measures.scale[1:]) ** 2).sum()
    oracle = least_misfit(measures.scaled[:, 1:], np.arange(9) == 0)
    assert misfit == pytest.approx(oracle, rel=1e-4)


def test_a_halving_ranks_first_of_all_and_is_told_from_none() -> None:
    changed = synthetic_control_of_one(wards(2, ratio=0.5), 0, before=BEFORE).effect
    unchanged = synthetic_control_of_one(wards(2), 0, before=BEFORE).effect

    assert changed.p_value == 1 / 31
    assert changed.direction == "down"
    assert changed.low < 0.5 < changed.high
    assert unchanged.direction is None


def test_a_comparison_of_one_area_is_level_three_and_shows_its_checks() -> None:
    effect = synthetic_control_of_one(wards(2, ratio=0.5), 0, before=BEFORE).effect

    assert effect.maryland_level == 3
    assert [check.kind for check in effect.checks] == ["assumption", "comparison left out"]
    assert not any(check.changed for check in effect.checks)


def test_few_other_areas_are_too_few_to_say_whatever_happened() -> None:
    effect = synthetic_control_of_one(wards(2, others=10, ratio=0.2), 0, before=BEFORE).effect

    assert (effect.low, effect.high) == (0, math.inf)
    assert effect.is_too_few_to_say
    assert "10 other areas are too few to refuse any ratio at 95%." in effect.notices


def test_the_total_before_is_matched_as_heavily_as_all_its_periods() -> None:
    matched = matched_on(np.array([[1.0, 2.0], [3.0, 5.0]]))

    assert (matched == [[1, 2, 3, 3], [3, 5, 8, 8]]).all()


def test_where_the_treated_row_stands_does_not_matter() -> None:
    counts = wards(3, ratio=0.7)

    first = synthetic_control_of_one(counts, 0, before=BEFORE)
    last = synthetic_control_of_one(np.roll(counts, -1, axis=0), 30, before=BEFORE)

    assert last.effect.p_value == first.effect.p_value
    assert last.statistic == pytest.approx(first.statistic, rel=1e-5)


def test_a_period_that_is_not_held_is_left_out_and_said() -> None:
    counts = wards(3)
    gap = counts.copy()
    gap[5, 4] = np.nan

    found = synthetic_control_of_one(gap, 0, before=BEFORE)

    without = synthetic_control_of_one(np.delete(counts, 4, axis=1), 0, before=BEFORE - 1)
    assert found.effect.estimate == without.effect.estimate
    assert found.effect.notices == ("1 of 18 periods are not held and were left out.",)
    assert np.isnan(found.treated[4])


def test_nothing_recorded_after_says_nothing() -> None:
    counts = wards(3)
    counts[:, BEFORE:] = 0

    effect = synthetic_control_of_one(counts, 0, before=BEFORE).effect

    assert (effect.estimate, effect.low, effect.high) == (None, 0, math.inf)


def test_an_area_beyond_all_others_is_refused() -> None:
    counts = wards(3)
    counts[0] *= 5

    with pytest.raises(InputError, match="no weighting does"):
        synthetic_control_of_one(counts, 0, before=BEFORE)


@pytest.mark.parametrize("treated", [-1, 31])
def test_a_row_that_is_not_there_is_refused(treated: int) -> None:
    with pytest.raises(InputError, match=f"row {treated} treated"):
        synthetic_control_of_one(wards(3), treated, before=BEFORE)


def test_counts_below_zero_and_too_few_areas_are_refused() -> None:
    with pytest.raises(InputError, match="0 or more"):
        synthetic_control_of_one(wards(3) - 1000, 0, before=BEFORE)
    with pytest.raises(InputError, match="3 others or more"):
        synthetic_control_of_one(wards(3)[:3], 0, before=BEFORE)


def test_without_a_period_before_there_is_no_coverage() -> None:
    with pytest.raises(CoverageError, match="found 0 before and 18 after"):
        synthetic_control_of_one(wards(3), 0, before=0)
