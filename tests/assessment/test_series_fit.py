"""The regression of months: against statsmodels, and where months are missing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from oracles import segmented_series as oracle
from peelian.assessment.series_fit import (
    fit_each,
    fit_series,
    lags_of,
    robust_errors,
    steps,
    waves,
)

MONTHS = np.arange(40)
DAYS = np.full(40, 30.0)


def columns() -> NDArray[np.float64]:
    level = np.ones((40, 1))
    return np.hstack([level, waves(MONTHS), MONTHS[:, None] / 12, steps(MONTHS, [30])])


def counts(*, mean: float, scatter: float, seed: int = 4) -> NDArray[np.float64]:
    draw = np.random.default_rng(seed)
    rate = mean * (1 + 0.3 * np.sin(MONTHS / 2)) * (1 - 0.3 * (MONTHS >= 30))
    own = draw.gamma(1 / scatter, scatter, 40) if scatter else 1.0
    return draw.poisson(rate * own).astype(float)


@pytest.mark.parametrize(("mean", "scatter"), [(4.0, 0.0), (20.0, 0.0), (25.0, 0.2), (80.0, 0.1)])
def test_effects_and_robust_errors_are_those_of_statsmodels(mean: float, scatter: float) -> None:
    records = counts(mean=mean, scatter=scatter)
    fit = fit_series(columns(), records, DAYS)
    gradient = np.eye(columns().shape[1])

    errors = [
        robust_errors(
            columns(), records[None], fit.expected[None], dispersion=fit.dispersion,
            gradient=one[None], months=MONTHS,
        )[0]
        for one in gradient
    ]  # fmt: skip

    effects, covariance = oracle.newey_west(
        columns(), records, DAYS, dispersion=fit.dispersion, lags=lags_of(40)
    )
    assert fit.effects == pytest.approx(effects, abs=1e-6)
    assert errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-5)


def test_the_dispersion_brings_pearsons_statistic_to_its_degrees_of_freedom() -> None:
    records = counts(mean=40, scatter=0.3)

    fit = fit_series(columns(), records, DAYS)

    variance = fit.expected + fit.dispersion * fit.expected**2
    assert fit.dispersion > 0
    assert ((records - fit.expected) ** 2 / variance).sum() == pytest.approx(40 - 7, rel=1e-5)


def test_counts_no_more_uneven_than_chance_have_no_dispersion() -> None:
    assert fit_series(np.ones((40, 1)), np.full(40, 9.0), DAYS).dispersion == 0


def test_doubling_the_days_halves_the_rate_and_leaves_all_else() -> None:
    records = counts(mean=30, scatter=0.1)

    once, twice = (fit_series(columns(), records, DAYS * times) for times in (1, 2))

    assert twice.expected == pytest.approx(once.expected, rel=1e-7)
    assert twice.effects[0] == pytest.approx(once.effects[0] - np.log(2), abs=1e-7)
    assert twice.effects[1:] == pytest.approx(once.effects[1:], abs=1e-7)


def test_many_series_are_fitted_as_each_alone() -> None:
    every = np.array([counts(mean=12, scatter=0.1, seed=seed) for seed in range(5)])

    effects, _ = fit_each(columns(), every, DAYS, 0.1)

    for row, alone in zip(effects, every, strict=True):
        assert row == pytest.approx(fit_each(columns(), alone[None], DAYS, 0.1)[0][0], abs=1e-8)


def test_months_across_a_gap_do_not_go_together() -> None:
    level, records = np.ones((4, 1)), np.array([[8.0, 8.0, 2.0, 2.0]])
    expected, days = np.full((1, 4), 5.0), np.array([[1.0]])

    def error(*months: int) -> float:
        return float(
            robust_errors(level, records, expected, dispersion=0.0, gradient=days,
                          months=np.array(months))[0]
        )  # fmt: skip

    # Each month pulls by 3/20; one lag with half weight (4 (4/100)^(2/9) is 1.96). Of three
    # neighbours two agree and one does not; with the middle pair apart, both agree.
    assert error(0, 1, 2, 3) ** 2 == pytest.approx(0.15**2 * (4 + 1 * (1 - 1 + 1)))
    assert error(0, 1, 9, 10) ** 2 == pytest.approx(0.15**2 * (4 + 1 * (1 + 1)))


def test_a_second_wave_of_the_year_takes_36_months() -> None:
    assert waves(np.arange(35)).shape == (35, 2)
    assert waves(np.arange(36)).shape == (36, 4)
