"""How far a place's monthly level moves by itself, with nothing done.

Records of a month are Poisson about a rate that scatters from month to month, and whose level
drifts: a first-order autoregression on the log scale (the parameter-driven model of Zeger 1988,
doi:10.1093/biomet/75.4.621). A few years of one place say little about how much, so that what
wards of London did between 2010 and 2015 stands in for what they do not say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What is left of a level's departure a month later. Of ward counts, a level a year and a half
# away has moved about 1.5 times as much, in variance, as one a year away.
KEPT_A_MONTH = 0.95
# Variances of a month's own scatter, and standard deviations of the level: those tried.
_SCATTERS = np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.4])
_DRIFTS = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7])
# Beforehand: medians at 30 records a month, what power of fewer records they grow with, and the
# standard deviations of their logarithms. Set by hand near the likeliest mixture of 1,000 series
# of wards and classes, April 2010 to December 2015. With half the scatter the shares of intervals
# that hold no change differ by less than 1 in 100.
_SCATTER, _SCATTER_GROWS, _SCATTER_SPREAD = 0.05, 0.3, 0.9
_DRIFT, _DRIFT_GROWS, _DRIFT_SPREAD = 0.2, 0.15, 0.5
_TYPICAL_RECORDS = 30


@dataclass(frozen=True, eq=False)
class LevelDrift:
    """Scatters and drifts that a place may have, and how likely each pair is.

    scatters: variances of a month's own factor. drifts: standard deviations of the level's
    logarithm. weights: of each pair, scatters x drifts; they sum to 1.
    """

    scatters: Floats
    drifts: Floats
    weights: Floats

    def variances(self, contrast: Floats, months: NDArray[np.int64]) -> Floats:
        """Of a contrast of months' logarithms, beyond what single records vary: one a pair.

        contrast: one number a month. months: counted from any date.
        """
        by_drift = contrast @ correlation(months) @ contrast
        found: Floats = self.scatters[:, None] * (contrast @ contrast) + self.drifts**2 * by_drift
        return found

    def draw(
        self, months: NDArray[np.int64], *, replicates: int, generator: np.random.Generator
    ) -> Floats:
        """Factors of mean 1 that rates are multiplied by, replicates x months."""
        pairs = generator.choice(self.weights.size, replicates, p=self.weights.ravel())
        scatter = self.scatters[pairs // len(self.drifts), None]
        drift = self.drifts[pairs % len(self.drifts), None]
        shape = (replicates, len(months))
        root = np.linalg.cholesky(correlation(months))
        level = np.exp(drift * (generator.standard_normal(shape) @ root.T) - drift**2 / 2)
        own = generator.gamma(1 / scatter, scatter, shape)
        factors: Floats = level * own
        return factors


def correlation(months: NDArray[np.int64]) -> Floats:
    """Of the level in each month with that in each other."""
    apart = np.abs(months[:, None] - months)
    found: Floats = KEPT_A_MONTH**apart
    return found


def learn_drift(
    counts: Floats, expected: Floats, columns: Floats, months: NDArray[np.int64]
) -> LevelDrift:
    """What a series' months say about its scatter and drift, with what is known beforehand.

    counts, expected, months: one entry a month held; columns: those that the expected records
    were fitted with. The restricted likelihood of Patterson and Thompson (1971,
    doi:10.1093/biomet/58.3.545) for relative residuals taken to be normal: a variation. A
    series without a record, or without more months than columns, says nothing.
    """
    weights = _known_before(float(counts.mean()) if len(counts) else 0.0)
    if len(counts) > columns.shape[1] and counts.sum() > 0:
        fits = _restricted_likelihood(counts / expected - 1, 1 / expected, columns, months)
        weights = weights * np.exp(fits - fits.max())
    return LevelDrift(_SCATTERS, _DRIFTS, weights / weights.sum())


def _known_before(records_a_month: float) -> Floats:
    fewer = _TYPICAL_RECORDS / np.clip(records_a_month, 1, 100)
    scatter = np.log(_SCATTERS / (_SCATTER * fewer**_SCATTER_GROWS)) / _SCATTER_SPREAD
    drift = np.log(_DRIFTS / (_DRIFT * fewer**_DRIFT_GROWS)) / _DRIFT_SPREAD
    weights: Floats = np.exp(-(scatter[:, None] ** 2) / 2 - drift**2 / 2)
    return weights


def _restricted_likelihood(
    residuals: Floats, by_chance: Floats, columns: Floats, months: NDArray[np.int64]
) -> Floats:
    """The log likelihood of each pair, scatters x drifts, but for a constant."""
    level = correlation(months)
    own = np.diag(by_chance) + _SCATTERS[:, None, None, None] * np.eye(len(months))
    root = np.linalg.cholesky(own + _DRIFTS[:, None, None] ** 2 * level)
    scaled = np.linalg.solve(root, np.column_stack([columns, residuals]))
    basis, triangle = np.linalg.qr(scaled[..., :-1])
    left = scaled[..., -1:]
    left = left - basis @ (np.swapaxes(basis, -1, -2) @ left)
    determinants = [
        np.log(np.abs(np.diagonal(each, axis1=-2, axis2=-1))).sum(axis=-1)
        for each in (root, triangle)
    ]
    found: Floats = -determinants[0] - determinants[1] - (left**2).sum(axis=(-2, -1)) / 2
    return found
