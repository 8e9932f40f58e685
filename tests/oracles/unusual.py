"""The forecast of a period by brute force: draw models from the priors, weigh them by the data.

Nothing is approximated but by chance: no Laplace, no nodes, no fit. Each draw has a season or
none, a trend or none, an overdispersion, and coefficients from their priors; its weight is the
likelihood of the months learned from; its forecast is drawn month by month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

SEASON_SD, TREND_SD, DISPERSION_SD, HIGHEST_ROOT = 0.25, 0.15, 0.5, 1.0


@dataclass(frozen=True)
class BruteForecast:
    totals: NDArray[np.int64]
    weights: NDArray[np.float64]
    season: float

    def at_most(self, count: int) -> float:
        return float(self.weights[self.totals <= count].sum())

    @property
    def mean(self) -> float:
        return float(self.weights @ self.totals)


def brute_forecast(
    counts: list[int], learned: list[int], later: list[int], *, draws: int, seed: int
) -> BruteForecast:
    """learned, later: months from the period's first, as positions of `counts` and the period."""
    rng = np.random.default_rng(seed)
    total = sum(counts)
    has_season, has_trend = rng.random(draws) < 0.5, rng.random(draws) < 0.5
    waves = rng.normal(0, SEASON_SD, size=(2, draws)) * has_season
    slope = rng.normal(0, TREND_SD, size=draws) * has_trend
    roots = stats.truncnorm.rvs(
        0, HIGHEST_ROOT / DISPERSION_SD, scale=DISPERSION_SD, size=draws, random_state=rng
    )
    # The level's prior is Jeffreys' for a Poisson mean, even in its root: drawn where it matters.
    mean = total / len(counts)
    low, high = (max(mean**0.5 + away, 0.0) for away in (-1.5 * mean**0.5, 0.8 * mean**0.5 + 1))
    level = rng.uniform(low, high, size=draws) ** 2
    middle = np.mean(learned)

    def means(month: int) -> NDArray[np.float64]:
        angle = 2 * np.pi * month / 12
        bend = waves[0] * np.cos(angle) + waves[1] * np.sin(angle)
        return level * np.exp(bend + slope * (month - middle) / 12)

    size = 1 / np.maximum(roots, 1e-3) ** 2
    log_weight = np.zeros(draws)
    for count, month in zip(counts, learned, strict=True):
        expected = means(month)
        log_weight += stats.nbinom.logpmf(count, size, size / (size + expected))
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    totals = np.zeros(draws, dtype=np.int64)
    for month in later:
        totals += rng.poisson(means(month) * rng.gamma(size, 1 / size))
    return BruteForecast(totals, weights, float(weights[has_season].sum()))
