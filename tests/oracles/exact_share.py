"""The exact limits of a share again, slowly: tails summed, limits by bisection."""

from __future__ import annotations

from oracles.rate_ratio import bisect, lower_tail, upper_tail


def share_limits(part: int, whole: int, level: float) -> tuple[float, float]:
    """The chances at which as few, or as many, would be just too rare."""
    tail = (1 - level) / 2
    low = bisect(lambda p: upper_tail(part, whole, p) - tail) if part else 0.0
    high = bisect(lambda p: tail - lower_tail(part, whole, p)) if part < whole else 1.0
    return low, high
