"""A ratio of two counts whose rates move by themselves too: exact where they do not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.effect import FoundRatio
from peelian.scanning.change import exact_rate_ratio

Floats = NDArray[np.float64]

_FURTHEST = 40.0  # of the logarithm of a ratio
_ROUNDING = 1e-10


@dataclass(frozen=True, eq=False)
class MovingRates:
    """Two counts, and how far their rates' ratio may move by itself.

    variances: of the ratio's logarithm, one a possibility; weights: how likely each is.
    """

    before: int
    after: int
    exposure_before: float
    exposure_after: float
    variances: Floats
    weights: Floats

    @property
    def drift(self) -> float:
        """How far the ratio's logarithm moves by itself: a standard deviation."""
        return math.sqrt(float((self.weights * self.variances).sum()))

    def tails(self, log_ratio: float) -> tuple[float, float]:
        """Chances of so few records after, and of so many, were this the logarithm of the ratio.

        Binomial, given the sum of both counts, after these are divided by how many times as
        much as Poisson counts' their ratio varies: a variation. A count that is divided is no
        whole number, and the beta distribution stands for the binomial.
        """
        from scipy.special import betainc

        odds = self.exposure_after / self.exposure_before * math.exp(log_ratio)
        share = odds / (1 + odds)
        by_chance = 1 / max((self.before + self.after) * share * (1 - share), 1e-300)
        spread = 1 + self.variances / by_chance
        few = many = 1.0
        if self.before:
            tail = 1 - betainc(self.after / spread + 1, self.before / spread, share)
            few = float((self.weights * tail).sum())
        if self.after:
            tail = betainc(self.after / spread, self.before / spread + 1, share)
            many = float((self.weights * tail).sum())
        return few, many


def widened_ratio(rates: MovingRates, *, level: float = 0.95) -> FoundRatio:
    """The ratio of two rates, its interval and the p-value of no change.

    `exact_rate_ratio` where no variance is above 0, and never surer than it. The p-value
    doubles the smaller tail, and is at most 1 - level exactly when the interval excludes 1.
    """
    exact = exact_rate_ratio(
        rates.before,
        rates.after,
        exposure_before=rates.exposure_before,
        exposure_after=rates.exposure_after,
        level=level,
    )
    tail = (1 - level) / 2
    low = _end(rates, tail, upper=False) if rates.after else 0.0
    high = _end(rates, tail, upper=True) if rates.before else math.inf
    p_value = min(1.0, 2 * min(rates.tails(0.0)))
    return FoundRatio(
        exact.estimate, min(low, exact.low), max(high, exact.high), max(p_value, exact.p_value)
    )


def _end(rates: MovingRates, tail: float, *, upper: bool) -> float:
    """The ratio at which so few records after, or so many, are just too rare."""
    from scipy.optimize import brentq

    def excess(log_ratio: float) -> float:
        return rates.tails(log_ratio)[0 if upper else 1] - tail

    return math.exp(brentq(excess, -_FURTHEST, _FURTHEST, xtol=_ROUNDING))
