"""The weighted displacement difference and its interval, written out the long way."""

from __future__ import annotations

from itertools import product
from math import exp, factorial, sqrt

from scipy.stats import gamma


def wheeler_ratcliffe(
    places: list[tuple[int, int, float]], *, times: tuple[float, float] = (1.0, 1.0)
) -> tuple[float, float]:
    """Estimate and standard error. places: before, after and area of the treated place, its
    comparison and, if any, those around them, in this order.
    """
    estimate, variance = 0.0, 0.0
    for number, (before, after, area) in enumerate(places):
        change = after / area / times[1] - before / area / times[0]
        estimate += change if number in (0, 2) else -change
        variance += after / (area * times[1]) ** 2 + before / (area * times[0]) ** 2
    return estimate, sqrt(variance)


def joined_limits(counts: list[int], weights: list[float], level: float) -> tuple[float, float]:
    """Gamma limits of what adds and of what takes away, joined by Zou and Donner's rule."""
    sides = []
    for sign in (1, -1):
        pairs = [(n, abs(w)) for n, w in zip(counts, weights, strict=True) if w * sign > 0]
        top = max(w for _, w in pairs)
        total = sum(n * w for n, w in pairs)
        mean, variance = total + top / 2, sum(n * w * w for n, w in pairs) + top * top / 2
        own = gamma(mean * mean / variance, scale=variance / mean)
        low = min(float(own.ppf((1 - level) / 2)), total) if total else 0.0
        sides.append((total, low, float(own.ppf((1 + level) / 2))))
    (a, a_low, a_high), (b, b_low, b_high) = sides
    below = sqrt((a - a_low) ** 2 + (b_high - b) ** 2)
    above = sqrt((a_high - a) ** 2 + (b - b_low) ** 2)
    return a - b - below, a - b + above


def every_table(means: tuple[float, ...], *, up_to: int) -> list[tuple[tuple[int, ...], float]]:
    """Every table of counts up to a number, with the chance of it were these the means."""
    found = []
    for counts in product(range(up_to + 1), repeat=len(means)):
        chance = 1.0
        for count, mean in zip(counts, means, strict=True):
            chance *= exp(-mean) * mean**count / factorial(count)
        found.append((counts, chance))
    return found
