"""How far levels drift: against the likelihood written out, and on drifts put in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from oracles import segmented_series as oracle
from peelian.assessment.level_drift import KEPT_A_MONTH, LevelDrift, correlation, learn_drift

MONTHS = np.array([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15])
LEVEL = np.ones((len(MONTHS), 1))
COUNTS = np.array([20, 24, 18, 31, 28, 40, 22, 35, 30, 19, 44, 38, 51, 40], dtype=float)


def of_one(scatter: float, drift: float) -> LevelDrift:
    return LevelDrift(np.array([scatter]), np.array([drift]), np.ones((1, 1)))


def middle(found: LevelDrift) -> float:
    return float(found.weights.sum(axis=0) @ found.drifts)


def drifting(size: float, *, seed: int) -> NDArray[np.float64]:
    months, draw = np.arange(60), np.random.default_rng(seed)
    level = np.linalg.cholesky(correlation(months)) @ draw.standard_normal(60)
    return draw.poisson(60 * np.exp(size * level)).astype(float)


def test_a_series_weighs_pairs_by_the_restricted_likelihood() -> None:
    expected = np.full(len(MONTHS), COUNTS.mean())

    found = learn_drift(COUNTS, expected, LEVEL, MONTHS)
    beforehand = learn_drift(COUNTS[:1] * 0 + COUNTS.mean(), expected[:1], LEVEL[:1], MONTHS[:1])

    learnt = np.log(found.weights / beforehand.weights)
    by_hand = np.array(
        [
            [
                oracle.restricted_likelihood(
                    COUNTS / expected - 1, 1 / expected, LEVEL, scatter=scatter, drift=drift,
                    kept=KEPT_A_MONTH, months=MONTHS,
                )
                for drift in found.drifts
            ]
            for scatter in found.scatters
        ]
    )  # fmt: skip
    assert learnt - learnt[0, 0] == pytest.approx(by_hand - by_hand[0, 0], abs=1e-9)


def test_a_level_that_drifts_more_is_found_to() -> None:
    months, level = np.arange(60), np.ones((60, 1))
    middles = []
    for size in (0.05, 0.45):
        every = [drifting(size, seed=seed) for seed in range(20)]
        found = [learn_drift(each, np.full(60, each.mean()), level, months) for each in every]
        middles.append(np.mean([middle(each) for each in found]))

    assert middles[0] < 0.17
    assert middles[1] > 0.3


def test_a_series_without_a_record_or_a_month_leaves_what_was_known_before() -> None:
    none = learn_drift(np.zeros(5), np.zeros(5), np.ones((5, 1)), np.arange(5))
    empty = learn_drift(np.zeros(0), np.zeros(0), np.ones((0, 1)), np.zeros(0, dtype=np.int64))

    assert (none.weights == empty.weights).all()
    assert none.weights.sum() == pytest.approx(1)


def test_fewer_records_are_taken_to_drift_more() -> None:
    one_month = [
        middle(learn_drift(np.array([n]), np.array([n]), np.ones((1, 1)), np.array([0])))
        for n in (2.0, 30.0)
    ]

    assert one_month[0] > one_month[1]


def test_a_contrast_of_two_months_varies_by_what_is_not_kept_between_them() -> None:
    drift = of_one(0.1, 0.3)

    found = drift.variances(np.array([-1.0, 1.0]), np.array([0, 12]))

    # Twice the scatter, and twice the drift's variance less what both months share.
    assert found[0, 0] == pytest.approx(2 * 0.1 + 2 * 0.09 * (1 - 0.95**12))


def test_drawn_factors_have_mean_one_and_the_spread_asked_for() -> None:
    months = np.array([0, 1, 24])

    factors = of_one(0.05, 0.3).draw(months, replicates=40_000, generator=np.random.default_rng(1))

    # Product of a gamma and a lognormal of mean 1; over 40,000 draws, to 3 standard errors.
    assert factors.mean(axis=0) == pytest.approx(np.ones(3), abs=0.006)
    assert factors.var(axis=0) == pytest.approx(1.05 * np.exp(0.09) - 1, abs=0.01)
    apart = np.corrcoef(np.log(factors).T)
    assert apart[0, 1] > apart[0, 2] + 0.2
