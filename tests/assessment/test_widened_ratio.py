"""The ratio of two counts whose rates move: exact where they do not, and held where they do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.assessment.widened_ratio import MovingRates, widened_ratio
from peelian.scanning.change import exact_rate_ratio

COUNTS = st.integers(0, 300)


def rates(before: int, after: int, *, variance: float = 0.0, times: float = 1.0) -> MovingRates:
    return MovingRates(
        before, after, 3.0 * times, 2.0 * times, np.array([variance]), np.array([1.0])
    )


@given(before=COUNTS, after=COUNTS)
def test_rates_that_do_not_move_give_the_exact_interval(before: int, after: int) -> None:
    found = widened_ratio(rates(before, after))

    exact = exact_rate_ratio(before, after, exposure_before=3, exposure_after=2)
    assert found.low == pytest.approx(exact.low, rel=1e-6)
    assert found.high == pytest.approx(exact.high, rel=1e-6)
    assert found.p_value == pytest.approx(exact.p_value, abs=1e-9)
    assert found.estimate == exact.estimate


@given(before=COUNTS, after=COUNTS, variance=st.floats(0.001, 0.5))
def test_rates_that_move_more_are_never_surer(before: int, after: int, variance: float) -> None:
    less, more = (widened_ratio(rates(before, after, variance=v)) for v in (variance, 2 * variance))

    assert more.low <= less.low + 1e-9
    assert more.high >= less.high - 1e-9


@given(before=COUNTS, after=COUNTS, variance=st.floats(0, 0.5))
def test_the_p_value_and_the_interval_agree(before: int, after: int, variance: float) -> None:
    found = widened_ratio(rates(before, after, variance=variance))

    if abs(found.p_value - 0.05) > 1e-6:
        assert (found.direction is not None) == (found.p_value < 0.05)


@given(before=COUNTS, after=COUNTS, times=st.floats(0.1, 50))
def test_longer_exposure_of_both_sides_leaves_the_ratio(
    before: int, after: int, times: float
) -> None:
    once, longer = (widened_ratio(rates(before, after, variance=0.1, times=t)) for t in (1, times))

    assert longer.low == pytest.approx(once.low, rel=1e-6)
    assert longer.p_value == pytest.approx(once.p_value, rel=1e-6)


@given(before=COUNTS, after=COUNTS, variance=st.floats(0, 0.5))
def test_before_and_after_exchanged_turn_the_interval_round(
    before: int, after: int, variance: float
) -> None:
    moving = {"variances": np.array([variance]), "weights": np.array([1.0])}

    one = widened_ratio(MovingRates(before, after, 3.0, 2.0, **moving))
    other = widened_ratio(MovingRates(after, before, 2.0, 3.0, **moving))

    assert other.p_value == pytest.approx(one.p_value, abs=1e-9)
    assert other.low * one.high == pytest.approx(1, rel=1e-6) or not other.low
    assert other.high * one.low == pytest.approx(1, rel=1e-6) or not one.low


def test_nothing_on_both_sides_can_be_any_ratio() -> None:
    found = widened_ratio(rates(0, 0, variance=0.2))

    assert (found.estimate, found.low, found.high, found.p_value) == (None, 0, np.inf, 1)


@pytest.mark.parametrize("mean", [3, 30, 300])
def test_no_change_is_held_where_rates_move_as_far_as_said(mean: int) -> None:
    draw = np.random.default_rng(mean)
    moved = np.exp(0.3 * draw.standard_normal((400, 2)))
    every = draw.poisson(mean * moved)

    held = []
    for before, after in every:
        # Of the ratio's logarithm: 0.3 squared on either side.
        each = MovingRates(int(before), int(after), 1.0, 1.0, np.array([0.18]), np.array([1.0]))
        found = widened_ratio(each)
        held.append(found.low <= 1 <= found.high)

    # 95 %, less three standard errors of 400 tries; few records are held more often.
    assert np.mean(held) > 0.917
