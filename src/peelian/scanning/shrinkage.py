"""Draw the rates of places with few records towards the mean, and predict counts from them.

The empirical Bayes estimate of Clayton and Kaldor (1987, doi:10.2307/2532003): Poisson counts
whose rates come from one gamma distribution, the prior, fitted to all places together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RatePrior:
    """A gamma prior on places' monthly rates: `shape` / `rate` is the ward's mean place."""

    shape: float
    rate: float


def weigh_by_age(
    counts: NDArray[np.float64], *, half_life_months: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Records and the months they were counted over, older ones counting less.

    counts: one row a place, one column a month, NaN where missing; the newest month last.
    half_life_months: a record this old counts half; infinity weighs all alike. A missing
    month carries neither records nor exposure. Both are scaled so that the sum of records
    has the variance of a Poisson count, as the prior's fit takes it to have: a weighted sum
    is more precise than its weights' sum says.
    """
    weights = 0.5 ** (np.arange(counts.shape[1])[::-1] / half_life_months)
    held = ~np.isnan(counts)
    exposure = held @ weights
    squared = held @ weights**2
    scale = np.divide(exposure, squared, out=np.zeros(len(counts)), where=squared > 0)
    return np.nan_to_num(counts) @ weights * scale, exposure * scale


def fit_rate_prior(records: NDArray[np.float64], exposure: NDArray[np.float64]) -> RatePrior:
    """Fit the gamma prior of places' rates by Clayton and Kaldor's iteration.

    records, exposure: one entry a place; exposure in months, or in expected records where
    rates are relative. The mean is that of the shrunken rates, the variance what remains of
    their spread after Poisson noise. The shape stays between 0.05 (places differ a
    thousandfold) and 500 (all alike). One place, or none with a record, cannot say how
    places differ: shape 0.5, the weight of half a record, and half a record in all where
    there is none.
    """
    if len(records) < 2 or records.sum() == 0:
        mean = max(float(records.sum()), 0.5) / float(exposure.sum())
        return RatePrior(0.5, 0.5 / mean)
    rates = records / exposure
    mean, variance = rates.mean(), rates.var(ddof=1)
    shape = 0.0
    for _ in range(500):
        previous = shape
        shape = float(min(max(mean**2 / max(variance, 1e-300), 0.05), 500))
        rate = shape / mean
        if abs(shape - previous) < 1e-9 * shape:
            break
        shrunken = (records + shape) / (exposure + rate)
        mean = shrunken.sum() / len(records)
        variance = ((1 + rate / exposure) * (shrunken - mean) ** 2).sum() / (len(records) - 1)
    return RatePrior(shape, float(shape / mean))


def predictive_interval(
    expected: NDArray[np.float64], relative_variance: NDArray[np.float64], *, level: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The central interval of counts whose rate is uncertain: a negative binomial's.

    expected: mean counts. relative_variance: of the rate, over its mean squared. Each end
    is the smallest count whose cumulative probability reaches its share, so the interval
    holds at least `level`.
    """
    size = 1 / relative_variance
    share = size / (size + expected)
    tail = (1 - level) / 2
    return _quantile(tail, size, share), _quantile(1 - tail, size, share)


def _quantile(
    probability: float, size: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The smallest counts whose negative binomial cumulative probability reaches this one."""
    from scipy.special import betainc

    # Bisection on whole numbers: scipy.stats would take longer to import than to answer.
    high = np.ones(len(size), dtype=np.int64)
    while (short := betainc(size, high + 1, share) < probability).any():
        high[short] *= 2
    low = np.full(len(size), -1, dtype=np.int64)
    while (wide := high - low > 1).any():
        middle = (low + high) // 2
        reached = betainc(size, middle + 1, share) >= probability
        high[wide & reached] = middle[wide & reached]
        low[wide & ~reached] = middle[wide & ~reached]
    return high
