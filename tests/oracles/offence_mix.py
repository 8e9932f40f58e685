"""Shares and location quotients again, slowly: tails summed, limits by bisection."""

from __future__ import annotations

from math import inf

from oracles.rate_ratio import bisect, lower_tail, rate_ratio_limits, upper_tail


def share_limits(part: int, whole: int, level: float) -> tuple[float, float]:
    """The chances at which as few, or as many, would be just too rare."""
    tail = (1 - level) / 2
    low = bisect(lambda p: upper_tail(part, whole, p) - tail) if part else 0.0
    high = bisect(lambda p: tail - lower_tail(part, whole, p)) if part < whole else 1.0
    return low, high


def quotient_limits(
    here: int, total: int, around: int, total_around: int, level: float
) -> tuple[float, float]:
    """Limits of the place's share over the rest's, and what each makes of the whole's."""
    rest = total_around - total
    limits = []
    for odds in rate_ratio_limits(around - here, here, level):
        share_here, share_rest = odds * rest / total, 1.0
        if odds == inf:
            share_here, share_rest = 1.0, 0.0
        whole = (share_here * total + share_rest * rest) / total_around
        limits.append(share_here / whole)
    return limits[0], limits[1]
