"""Many wards again, slowly: binomial tails and beta-binomial likelihoods from scipy.stats, and the
posterior of one ward by summing over a grid of ratios."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def binomial_p_value(records: int, total: int, share: float) -> float:
    from scipy.stats import binom

    lower, upper = binom.cdf(records, total, share), binom.sf(records - 1, total, share)
    return float(min(1.0, 2 * min(lower, upper)))


def log_likelihood(
    records: NDArray[np.int64], total: NDArray[np.int64], spread: float, mean: float
) -> float:
    """Of a beta distribution of shares whose odds' logarithm has this spread, about."""
    from scipy.stats import betabinom

    size = 1 / (spread**2 * mean * (1 - mean)) - 1
    return float(betabinom.logpmf(records, total, size * mean, size * (1 - mean)).sum())


def posterior_quantiles(
    records: int,
    total: int,
    spreads: NDArray[np.float64],
    means: NDArray[np.float64],
    weights: NDArray[np.float64],
    tails: list[float],
) -> list[float]:
    """Quantiles of a ward's ratio to the typical one, over a grid of ratios."""
    from scipy.stats import beta

    grid = np.exp(np.linspace(-3, 3, 6_001))
    below = np.zeros(len(grid))
    for spread, mean, weight in zip(spreads, means, weights, strict=True):
        size = 1 / (spread**2 * mean * (1 - mean)) - 1
        odds = grid * mean / (1 - mean)
        below += weight * beta.cdf(
            odds / (1 + odds), size * mean + records, size * (1 - mean) + total - records
        )
    return [float(grid[np.searchsorted(below, tail)]) for tail in tails]
