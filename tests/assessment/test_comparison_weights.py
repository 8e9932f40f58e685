from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.synthetic_control import even_weights_that_match, least_misfit
from peelian.assessment.comparison_weights import Measures, measures_of
from peelian.core.errors import InputError


def flags(areas: int, *treated: int) -> np.ndarray:
    return np.isin(np.arange(areas), treated)


def test_weights_by_hand_are_found() -> None:
    # One treated area with 3 records; others with 0, 2 and 4. Nearest to thirds, with a mean of
    # 3: thirds plus a multiple of how far each is from 2, so 1/12, 4/12 and 7/12.
    found = Measures.of(np.array([[3.0], [0.0], [2.0], [4.0]])).weights_for(flags(4, 0))

    assert found.weights == pytest.approx([0, 1 / 12, 4 / 12, 7 / 12], abs=1e-6)
    assert found.misfit == pytest.approx([0], abs=1e-6)


def test_no_weight_is_below_zero() -> None:
    # With a mean of 3.9 the even solution would give the first area less than nothing.
    found = Measures.of(np.array([[3.9], [0.0], [2.0], [4.0]])).weights_for(flags(4, 0))

    assert found.weights == pytest.approx([0, 0, 0.05, 0.95], abs=1e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_exact_weights_are_those_of_a_general_optimiser(seed: int) -> None:
    draw = np.random.default_rng(seed)
    measures = draw.poisson(4, (40, 3)).astype(float)
    treated = flags(40, *draw.choice(40, 4, replace=False))
    # Near the middle of the others, so that exact weights exist.
    measures[treated] = measures[~treated][:4] * 0.5 + measures[~treated].mean(axis=0) * 0.5

    found = Measures.of(measures).weights_for(treated)

    # The optimiser stops where a step gains less than 1e-14 of the objective.
    assert found.weights == pytest.approx(even_weights_that_match(measures, treated), abs=1e-4)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_weights_that_cannot_match_leave_the_least_misfit(seed: int) -> None:
    draw = np.random.default_rng(seed)
    measures = Measures.of(draw.poisson(3, (8, 12)).astype(float))
    treated = flags(8, 0)

    found = measures.weights_for(treated)

    misfit = ((found.misfit / measures.scale[1:]) ** 2).sum()
    assert misfit == pytest.approx(least_misfit(measures.scaled[:, 1:], treated), rel=1e-4)
    assert found.weights.sum() == pytest.approx(1, abs=1e-6)
    assert found.converged


@given(st.integers(0, 10_000), st.floats(0.01, 1000))
@settings(max_examples=20)
def test_the_unit_of_a_measure_changes_no_weight(seed: int, factor: float) -> None:
    draw = np.random.default_rng(seed)
    table = draw.poisson(5, (30, 4)).astype(float)
    treated = flags(30, 3, 4, 5)

    one = Measures.of(table).weights_for(treated)
    other = Measures.of(table * factor).weights_for(treated)

    assert other.weights == pytest.approx(one.weights, abs=1e-5)


def test_measures_told_twice_or_all_zero_change_no_weight() -> None:
    table = np.random.default_rng(7).poisson(5, (30, 3)).astype(float)
    treated = flags(30, 0, 1)

    once = Measures.of(table).weights_for(treated)
    twice = Measures.of(np.column_stack([table, table, np.zeros(30)])).weights_for(treated)

    assert twice.weights == pytest.approx(once.weights, abs=1e-5)


def test_an_area_left_out_has_no_weight() -> None:
    table = np.random.default_rng(7).poisson(5, (30, 3)).astype(float)

    found = Measures.of(table).weights_for(flags(30, 0, 1), left_out=flags(30, 9))

    assert found.weights[9] == 0
    assert found.weights.sum() == pytest.approx(2)


def test_a_single_comparison_area_has_all_the_weight() -> None:
    found = Measures.of(np.array([[3.0], [5.0]])).weights_for(flags(2, 0))

    assert found.weights == pytest.approx([0, 1])
    assert found.misfit == pytest.approx([2])
    assert found.areas_that_count == pytest.approx(1)


def test_weights_do_not_change_what_they_are_given() -> None:
    table = np.random.default_rng(7).poisson(5, (20, 3)).astype(float)
    copy = table.copy()

    Measures.of(table).weights_for(flags(20, 0))

    assert (table == copy).all()


@pytest.mark.parametrize("treated", [[], [0, 1, 2]])
def test_without_treated_areas_or_others_there_are_no_weights(treated: list[int]) -> None:
    with pytest.raises(InputError, match="Weights need treated areas and others"):
        Measures.of(np.ones((3, 1))).weights_for(flags(3, *treated))


def test_an_empty_cell_is_refused() -> None:
    with pytest.raises(InputError, match="1 cells not finite"):
        Measures.of(np.array([[1.0], [np.nan]]))


def test_covariates_of_other_areas_are_refused() -> None:
    with pytest.raises(InputError, match="Covariates have a row an area, 3"):
        measures_of(np.ones((1, 3, 2)), np.ones((2, 1)))
