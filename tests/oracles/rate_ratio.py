"""The exact rate ratio again, slowly: binomial tails summed term by term, limits by bisection."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, inf


def lower_tail(successes: int, trials: int, chance: float) -> float:
    return sum(
        comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(successes + 1)
    )


def upper_tail(successes: int, trials: int, chance: float) -> float:
    return sum(
        comb(trials, k) * chance**k * (1 - chance) ** (trials - k)
        for k in range(successes, trials + 1)
    )


def rate_ratio_limits(before: int, after: int, level: float) -> tuple[float, float]:
    """The odds of the chances at which as few, or as many, would be just too rare."""
    tail, total = (1 - level) / 2, before + after
    low, high = 0.0, inf
    if after:
        chance = bisect(lambda p: upper_tail(after, total, p) - tail)
        low = chance / (1 - chance)
    if before:
        chance = bisect(lambda p: tail - lower_tail(after, total, p))
        high = chance / (1 - chance)
    return low, high


def bisect(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def two_sided_p_value(before: int, after: int) -> float:
    total = before + after
    return min(1.0, 2 * min(lower_tail(after, total, 0.5), upper_tail(after, total, 0.5)))
