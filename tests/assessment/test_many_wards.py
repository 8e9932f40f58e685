"""Many wards at once: drawn towards no difference, ranked with care, and few said to differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from oracles import many_wards as oracle
from peelian.assessment.change_spread import burst_factor, fit_spread
from peelian.assessment.many_wards import ManyWards, many_wards
from peelian.core.errors import CoverageError, InputError


def compared(counts: NDArray[np.float64], **options: int) -> ManyWards:
    names = [f"ward {i}" for i in range(len(counts))]
    return many_wards(names, counts, first_after=counts.shape[1] // 2, seed=1, **options)


def by_chance(
    wards: int, *, mean: float, spread: float = 0.0, seed: int = 3
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Records by ward and month of two years, and the true factor of each ward's change."""
    draw = np.random.default_rng(seed)
    rates = mean * np.exp(draw.normal(0, 0.6, (wards, 1)))
    factors = np.exp(draw.normal(0, spread, (wards, 1)))
    before, after = draw.poisson(rates, (wards, 12)), draw.poisson(rates * factors, (wards, 12))
    return np.hstack([before, after]).astype(float), factors[:, 0]


def test_wards_that_differ_by_chance_alone_are_not_said_to_differ() -> None:
    lists = [compared(by_chance(60, mean=2, seed=seed)[0], draws=200) for seed in range(60)]

    # With nothing to find every discovery is false: at most a twentieth of lists have one. 60
    # lists at 0.05 have seven or more in 4 of 100 series.
    assert sum(bool(each.changed) for each in lists) <= 6


def test_true_differences_are_found_and_few_of_those_found_are_false() -> None:
    counts, factors = by_chance(400, mean=20)
    counts[:40, 12:] = np.random.default_rng(5).poisson(counts[:40, 12:] * 0.5)

    found = compared(counts)

    is_true = [int(each.ward.split()[1]) < 40 for each in found.changed]
    assert factors.max() == 1
    assert sum(is_true) >= 36
    # 5 % of 40 are 2; three standard deviations more are 6.
    assert len(is_true) - sum(is_true) <= 6
    assert all(each.changed == "down" for each in found.changed if each.estimate < 0.7)


def test_intervals_hold_the_true_change_of_nineteen_in_twenty_wards() -> None:
    counts, factors = by_chance(600, mean=3, spread=0.25)

    found = compared(counts)

    held = [
        each.low <= factor <= each.high for each, factor in zip(found.wards, factors, strict=True)
    ]
    # Three standard errors of 600.
    assert np.mean(held) == pytest.approx(0.95, abs=0.027)
    assert found.spread == pytest.approx(0.25, abs=0.05)


def test_estimates_are_nearer_to_the_truth_than_the_wards_own_ratios() -> None:
    counts, factors = by_chance(300, mean=1, spread=0.2)

    found = compared(counts)

    own = np.array([(each.after + 0.5) / (each.before + 0.5) for each in found.wards])
    drawn_in = np.array([each.estimate for each in found.wards])
    assert np.abs(np.log(drawn_in / factors)).mean() < np.abs(np.log(own / factors)).mean() / 2


def test_a_ward_with_few_records_is_drawn_in_more_and_may_hold_more_ranks() -> None:
    counts, _ = by_chance(60, mean=10, spread=0.3)
    counts[0], counts[1] = [1] * 12 + [2] * 12, [50] * 12 + [100] * 12

    small, large = compared(counts).wards[:2]

    assert 1 < small.estimate < large.estimate < 2.2
    assert small.lowest_rank - small.highest_rank > large.lowest_rank - large.highest_rank
    assert large.changed == "up"


def test_a_ward_without_a_record_may_hold_nearly_every_rank() -> None:
    counts, _ = by_chance(60, mean=10, spread=0.3)
    counts[0] = 0

    empty = compared(counts).wards[0]

    assert empty.p_value == 1
    assert empty.changed is None
    assert empty.lowest_rank - empty.highest_rank > 45


@settings(max_examples=30)
@given(st.integers(0, 12), st.integers(0, 12))
def test_p_values_are_those_of_the_binomial_tails(before: int, after: int) -> None:
    counts = np.full((12, 2), 6.0)
    counts[0] = before, after

    ward = compared(counts, draws=10).wards[0]

    # Eleven equal wards and this one: the typical share is not quite a half. It is recomputed.
    fitted = fit_spread(counts[:, 1], counts.sum(axis=1))
    share = float(fitted.weights @ fitted.means)
    assert ward.p_value == pytest.approx(
        oracle.binomial_p_value(after, before + after, share), rel=1e-6
    )


def test_the_likelihood_of_spreads_is_that_of_the_beta_binomial() -> None:
    draw = np.random.default_rng(2)
    total = draw.integers(5, 60, 40)
    records = draw.binomial(total, draw.beta(20, 20, 40))

    fitted = fit_spread(records.astype(float), total.astype(float))

    logs = [
        oracle.log_likelihood(records, total, spread, mean)
        for spread, mean in zip(fitted.spreads, fitted.means, strict=True)
    ]
    weights = np.exp(np.array(logs) - max(logs))
    np.testing.assert_allclose(fitted.weights, weights / weights.sum(), rtol=1e-6, atol=1e-9)


def test_intervals_are_those_of_the_posterior_summed_over_a_grid() -> None:
    counts = np.random.default_rng(4).poisson(30, (25, 2)).astype(float)
    counts[3] = 20, 45

    ward = compared(counts, draws=40_000).wards[3]

    fitted = fit_spread(counts[:, 1], counts.sum(axis=1))
    expected = oracle.posterior_quantiles(
        45, 65, fitted.spreads, fitted.means, fitted.weights, [0.025, 0.5, 0.975]
    )
    # 40,000 draws: an end is known to about 0.01 of its logarithm.
    np.testing.assert_allclose([ward.low, ward.estimate, ward.high], expected, rtol=0.03)


def test_bursts_make_wards_differ_less_surely() -> None:
    draw = np.random.default_rng(6)
    singles = draw.poisson(6, (40, 24)).astype(float)
    threes = 3.0 * draw.poisson(2, (40, 24))

    assert burst_factor([singles]) == pytest.approx(1, abs=0.15)
    assert burst_factor([threes]) == pytest.approx(3, abs=0.5)
    assert compared(threes).burst > 2.5


def test_one_month_a_side_shows_no_burst() -> None:
    assert burst_factor([np.ones((5, 1)), np.zeros((5, 1))]) == 1


def test_the_same_seed_gives_the_same_table_and_the_input_is_left_alone() -> None:
    counts, _ = by_chance(20, mean=4)
    before = counts.copy()

    assert compared(counts, draws=100) == compared(counts, draws=100)
    np.testing.assert_array_equal(counts, before)


def test_months_that_a_ward_lacks_are_left_out_of_all() -> None:
    counts, _ = by_chance(20, mean=4)
    counts[2, 3] = np.nan

    found = compared(counts)

    assert found.notices == ("1 of 24 months are not held everywhere: left out.",)
    assert found.wards[0].before == counts[0, :12].sum() - counts[0, 3]


def test_what_cannot_be_compared_is_refused() -> None:
    counts, _ = by_chance(20, mean=4)

    with pytest.raises(InputError, match="10 of them or more, so that one is typical; found 9"):
        compared(counts[:9])
    with pytest.raises(InputError, match="found others"):
        compared(counts - 100)
    with pytest.raises(CoverageError, match="none after column 24"):
        many_wards([str(i) for i in range(20)], counts, first_after=24, seed=1)
    with pytest.raises(CoverageError, match="none before column 12"):
        compared(np.hstack([counts[:, :12] * 0, counts[:, 12:]]))
