"""p-values, critical values and early stopping, on maxima made by hand."""

from __future__ import annotations

from math import exp, isnan, pi, sqrt

import numpy as np
import pytest

from peelian.scanning.scan_inference import Chance, MonteCarlo


def given(maxima: list[float]):
    def run(first: int, last: int) -> np.ndarray:
        return np.array(maxima[first:last], dtype=float)

    return run


def test_the_observed_arrangement_is_counted_and_ties_count_against_it() -> None:
    chance = Chance(np.array([1.0, 2.0, 3.0, 4.0]), stopped_early=False)

    assert chance.p_value(5) == 1 / 5
    assert chance.p_value(3) == 3 / 5
    assert chance.p_value(3 + 1e-12) == 3 / 5
    assert chance.p_value(0) == 1


def test_a_statistic_passes_a_critical_value_just_where_its_p_value_is_that_small() -> None:
    chance = Chance(np.arange(999, dtype=float), stopped_early=False)

    for level, critical in chance.critical_values.items():
        assert chance.p_value(critical + 0.5) == level
        assert chance.p_value(critical) > level
    assert list(chance.critical_values) == [0.05, 0.01, 0.001]


def test_levels_that_the_replicates_are_too_few_for_are_left_out() -> None:
    assert list(Chance(np.arange(99.0), stopped_early=False).critical_values) == [0.05, 0.01]
    assert Chance(np.arange(10.0), stopped_early=False).critical_values == {}


def test_replicates_stop_as_soon_as_enough_reach_the_observed_statistic() -> None:
    maxima = [0, 5, 0, 5, 0, 0, 5, 5, 5, 5] * 100

    chance = MonteCarlo(1000, seed=1, threads=2, stop_after=3).against(5, given(maxima))

    assert chance.stopped_early
    assert len(chance.maxima) == 7
    assert chance.p_value(5) == 3 / 7
    assert chance.p_value(1) == 3 / 7
    assert chance.critical_values == {}


def test_where_too_few_reach_it_all_replicates_are_run() -> None:
    chance = MonteCarlo(1000, seed=1, threads=3, stop_after=3).against(5, given([5, 5] + [0] * 998))

    assert not chance.stopped_early
    assert len(chance.maxima) == 1000
    assert chance.p_value(5) == 3 / 1001


def test_stopping_early_gives_a_valid_test() -> None:
    # Observed and replicates alike: p-values at most alpha come in at most alpha of the cases.
    random, p_values = np.random.default_rng(4), []
    for _ in range(4000):
        observed, *maxima = random.random(200)
        chance = MonteCarlo(199, seed=1, threads=1, stop_after=5).against(observed, given(maxima))
        p_values.append(chance.p_value(observed))

    for level in (0.05, 0.1, 0.25, 0.5):
        error = sqrt(level * (1 - level) / 4000)
        assert np.mean(np.array(p_values) <= level) == pytest.approx(level, abs=4 * error)


def test_the_gumbel_p_value_has_the_mean_and_the_variance_of_the_maxima() -> None:
    # A Gumbel distribution of mode 3 and scale 2: mean 3 + 2 * 0.5772..., variance 4 pi^2 / 6.
    mean, deviation = 3 + 2 * 0.5772156649015329, 2 * pi / sqrt(6)
    chance = Chance(np.array([mean - deviation, mean + deviation]), stopped_early=False)

    for statistic in (1.0, 5.0, 30.0):
        expected = 1 - exp(-exp(-(statistic - 3) / 2))
        assert chance.gumbel_p_value(statistic) == pytest.approx(expected, rel=1e-6)


def test_maxima_that_are_all_alike_have_no_gumbel_p_value() -> None:
    assert isnan(Chance(np.full(9, 2.0), stopped_early=False).gumbel_p_value(3))
