"""Whether a gain is beyond chance between parts of the map."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from oracles.back_test import jackknife_error
from peelian.scanning.back_test_choice import ShareGained, share_gained, squares_of


def test_the_interval_is_the_jackknifes_where_squares_are_many() -> None:
    rng = np.random.default_rng(7)
    came = rng.poisson(40, size=400).astype(float) + 1
    gained = rng.normal(0.5, 3.0, size=400)

    found = share_gained(gained, came)

    assert found is not None
    assert found.estimate == pytest.approx(gained.sum() / came.sum())
    half = (found.high - found.low) / 2 / t.ppf(0.95, 399)
    assert half == pytest.approx(jackknife_error(gained.tolist(), came.tolist()), rel=0.01)


def test_without_a_gain_one_interval_in_twenty_lies_above_nothing() -> None:
    rng = np.random.default_rng(8)
    winners = 0
    for _ in range(2_000):
        came = rng.poisson(20, size=60).astype(float) + 1
        found = share_gained(rng.normal(0, 2, size=60), came)
        winners += found is not None and found.low > 0

    # Three standard errors of 2,000 trials.
    assert winners / 2_000 == pytest.approx(0.05, abs=0.015)


def test_a_gain_in_one_square_alone_is_not_beyond_chance() -> None:
    came = np.full(50, 20.0)
    gained = np.zeros(50)
    gained[0] = 15

    found = share_gained(gained, came)

    assert found is not None
    assert found.estimate > 0 > found.low


def test_a_gain_wins_unless_it_might_be_a_loss_that_matters() -> None:
    def found(estimate: float, low: float) -> ShareGained:
        return ShareGained(estimate, low, 2 * estimate - low, 0.9, 100)

    assert found(0.010, 0.002).wins
    assert found(0.004, -0.0015).wins
    assert not found(0.004, -0.0025).wins
    assert not found(0.000, -0.0010).wins


def test_nine_squares_are_too_few_to_say() -> None:
    came = np.array([5.0] * 9 + [0.0] * 20)

    assert share_gained(np.ones(29), came) is None


def test_places_of_one_half_kilometre_share_a_square() -> None:
    square, count = squares_of(np.array([0.0, 499.9, 500.0, 100.0]), np.array([0.0, 0, 0, 600]))

    assert square[0] == square[1]
    assert len({*square.tolist()}) == count == 3
