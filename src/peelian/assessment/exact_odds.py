"""How the records of two places moved against each other, exactly, however few they are.

Given how many records each place has in both periods, and how many each period has, one number is
left to chance: the treated place's records after. It is hypergeometric, and where the response
multiplied its rate it is Fisher's noncentral hypergeometric (Fisher 1935, doi:10.2307/2342435).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Limits are sought among ratios of rates from one in 10^13 to 10^13, to this share of a ratio.
_REACH, _ROUNDING = 30.0, 1e-12


@dataclass(frozen=True)
class ExactOdds:
    """The interval of a ratio of two ratios, both ends included, and the p-value of no effect."""

    low: float
    high: float
    p_value: float


def exact_odds(
    *, treated: tuple[int, int], untreated: tuple[int, int], level: float = 0.95
) -> ExactOdds:
    """Compare the records of two places, before and after, as records that come one by one.

    treated, untreated: records before and after. The limits are Cornfield's (1956), the paper's
    formula, as R's fisher.test gives them: the ratios at which as many, or as few, would be just
    too rare. They hold the true ratio at least as often as `level` says. The p-value doubles the
    smaller tail, at most 1, so that it is below 1 - level exactly when the interval excludes 1.
    Nothing that could have come out otherwise gives 0 to infinity and p = 1.
    """
    total, after = sum(treated), treated[1] + untreated[1]
    least, most = max(0, after - sum(untreated)), min(total, after)
    counts = np.arange(least, most + 1)
    weights = _log_weights(counts, total, sum(untreated), after)
    came, tail = treated[1], (1 - level) / 2
    upper, lower = counts >= came, counts <= came
    low = 0.0 if came == least else _ratio_where(counts, weights, upper, tail, rising=True)
    high = np.inf if came == most else _ratio_where(counts, weights, lower, tail, rising=False)
    tails = [_chance(counts, weights, side, 0.0) for side in (upper, lower)]
    return ExactOdds(float(low), float(high), min(1.0, 2 * min(tails)))


def _log_weights(
    counts: NDArray[np.int64], total: int, others: int, after: int
) -> NDArray[np.float64]:
    """Logarithms of the ways in which each count can come about, but for a constant."""
    from scipy.special import gammaln

    rest = after - counts
    ways: NDArray[np.float64] = -(
        gammaln(counts + 1)
        + gammaln(total - counts + 1)
        + gammaln(rest + 1)
        + gammaln(others - rest + 1)
    )
    shifted: NDArray[np.float64] = ways - ways.max()
    return shifted


def _chance(
    counts: NDArray[np.int64],
    weights: NDArray[np.float64],
    side: NDArray[np.bool_],
    log_ratio: float,
) -> float:
    tilted = weights + counts * log_ratio
    chances = np.exp(tilted - tilted.max())
    return float(chances[side].sum() / chances.sum())


def _ratio_where(
    counts: NDArray[np.int64],
    weights: NDArray[np.float64],
    side: NDArray[np.bool_],
    tail: float,
    *,
    rising: bool,
) -> float:
    """The ratio at which the chance of a side is the tail's, by bisection on its logarithm."""
    low, high = -_REACH, _REACH
    while high - low > _ROUNDING:
        middle = (low + high) / 2
        if (_chance(counts, weights, side, middle) < tail) == rising:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))
