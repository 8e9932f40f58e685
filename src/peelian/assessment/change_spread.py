"""How far wards' true changes differ, and how much records come in bursts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Standard deviations of the logarithms of changes, each as likely beforehand (Gelman 2006,
# doi:10.1214/06-BA117A): up to one at which the middle two thirds of wards differ twentyfold.
_SPREADS = np.arange(0.5, 75) / 50


@dataclass(frozen=True, eq=False)
class Spread:
    """Spreads tried, the typical share after under each, and how likely each is."""

    spreads: NDArray[np.float64]
    means: NDArray[np.float64]
    weights: NDArray[np.float64]

    def drawn(self, draws: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """So many spreads, each as often as it is likely, with their means."""
        chosen = np.random.default_rng([seed, 0]).choice(
            len(self.weights), size=draws, p=self.weights
        )
        return self.spreads[chosen], self.means[chosen]


def fit_spread(records: NDArray[np.float64], total: NDArray[np.float64]) -> Spread:
    """Fit the beta distribution of shares `records` / `total`: the beta-binomial likelihood.

    Under each spread the mean is the weighted one of Kleinman (1973,
    doi:10.1080/01621459.1973.10481332). Parts of records are allowed: that is a variation.
    """
    from scipy.special import betaln

    held = total > 0
    records, total = records[held], total[held]
    means, fits = [], []
    for spread in _SPREADS:
        mean = float(records.sum() / total.sum())
        for _ in range(5):
            alpha, beta = beta_of(spread, mean)
            weight = total / (alpha + beta + total)
            # Of a share of 0 or 1 the logarithm of its odds would have no end.
            mean = float(np.clip(weight @ (records / total) / weight.sum(), 1e-6, 1 - 1e-6))
        alpha, beta = beta_of(spread, mean)
        fits.append(float((betaln(alpha + records, beta + total - records)).sum()))
        fits[-1] -= len(total) * float(betaln(alpha, beta))
        means.append(mean)
    weights = np.exp(np.array(fits) - max(fits))
    return Spread(_SPREADS, np.array(means), weights / weights.sum())


def beta_of(
    spread: NDArray[np.float64] | float, mean: NDArray[np.float64] | float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The beta distribution whose odds' logarithm has this spread, about, and this mean."""
    size = np.asarray(1 / (spread**2 * mean * (1 - mean)) - 1)
    return size * mean, size * (1 - mean)


def burst_factor(sides: Sequence[NDArray[np.float64]]) -> float:
    """How many times the variance of single records monthly counts have; 1 at least.

    sides: records by place and month, before and after. Pearson's statistic over its degrees of
    freedom, about what each side's places and months lead to expect. One month a side shows no
    burst: 1.
    """
    excess = freedom = 0.0
    for counts in sides:
        active = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
        if not active.size:
            continue
        expected = np.outer(active.sum(axis=1), active.sum(axis=0)) / active.sum()
        excess += float(((active - expected) ** 2 / expected).sum())
        freedom += (active.shape[0] - 1) * (active.shape[1] - 1)
    return max(excess / freedom, 1.0) if freedom else 1.0
