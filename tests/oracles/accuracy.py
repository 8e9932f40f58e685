"""Accuracy of forecasts again, a record and a draw at a time."""

from __future__ import annotations

from math import exp, factorial
from random import Random


def hits_of(scores: list[float], later: list[int], count: int, tie_order: list[int]) -> int:
    """Take the best place left, so many times; of equal ones the first in the tie order."""
    left, hits = list(tie_order), 0
    for _ in range(count):
        best = left[0]
        for place in left:
            if scores[place] > scores[best]:
                best = place
        left.remove(best)
        hits += later[best]
    return hits


def poisson_at_most(count: int, mean: float) -> float:
    return sum(exp(-mean) * mean**i / factorial(i) for i in range(count + 1))


def exact_limits(count: int, level: float) -> tuple[float, float]:
    """The means under which this count is just not too high, and just not too low."""
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else _falling(lambda m: poisson_at_most(count - 1, m), 1 - tail)
    return low, _falling(lambda m: poisson_at_most(count, m), tail)


def _falling(chance, wanted: float) -> float:  # type: ignore[no-untyped-def]
    low, high = 0.0, 150.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) > wanted else (low, middle)
    return low


def drawn_again(
    first: list[float], second: list[float], totals: list[float], block: int, seed: int
) -> list[float]:
    """2,000 differences of pooled shares, runs of origins drawn again in a circle, sorted."""
    draws, origins, found = Random(seed), len(totals), []
    for _ in range(2_000):
        chosen: list[int] = []
        while len(chosen) < origins:
            start = draws.randrange(origins)
            chosen += [(start + step) % origins for step in range(block)]
        chosen = chosen[:origins]
        total = sum(totals[i] for i in chosen)
        gain = sum(first[i] - second[i] for i in chosen)
        found.append(gain / total if total else 0.0)
    return sorted(found)
