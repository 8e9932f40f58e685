"""Emerging hot spots again: sets of places, every pair of steps, every order, whole binomials."""

from __future__ import annotations

from itertools import permutations
from math import comb, erfc, sqrt

from oracles.local_statistics import g_z_score, weights
from oracles.persistence import discoveries

Table = list[list[int]]


def hot_bins(
    table: Table, near: list[list[int]], steps_before: int, rate: float
) -> list[list[bool]]:
    """Which (place, step) pairs are hot; all steps held."""
    places, steps = len(table), len(table[0])
    matrix = weights(near, star=True)
    chances = []
    for place in range(places):
        among = [place, *near[place]]
        for step in range(steps):
            window = range(max(0, step - steps_before), step + 1)
            pooled = [float(sum(row[s] for s in window)) for row in table]
            z = g_z_score(pooled, matrix, place, star=True)
            assert z is not None
            of_all, here = int(sum(pooled)), int(sum(pooled[j] for j in among))
            share = len(among) / places
            even = sum(
                comb(of_all, k) * share**k * (1 - share) ** (of_all - k)
                for k in range(here, of_all + 1)
            )
            chances.append(max(0.5 * erfc(z / sqrt(2)), even))
    flat = discoveries(chances, rate)
    return [flat[place * steps : (place + 1) * steps] for place in range(places)]


def mann_kendall_score(values: list[float]) -> int:
    return sum(
        (later > earlier) - (later < earlier)
        for i, earlier in enumerate(values)
        for later in values[i + 1 :]
    )


def mann_kendall_exact(values: list[float]) -> tuple[float, float]:
    """Variance of the score and twice its smaller tail, over every order of the values."""
    scores = [mann_kendall_score(list(order)) for order in permutations(values)]
    observed = mann_kendall_score(values)
    variance = sum(s * s for s in scores) / len(scores)
    high = sum(s >= observed for s in scores) / len(scores)
    low = sum(s <= observed for s in scores) / len(scores)
    return variance, min(1.0, 2 * min(high, low))


def lateness_z(own: list[int], everything: list[int]) -> float:
    """Each record at its step: the place's mean step against that of all."""
    every = [s for s, n in enumerate(everything) for _ in range(n)]
    mine = [s for s, n in enumerate(own) for _ in range(n)]
    mean = sum(every) / len(every)
    spread = sum((s - mean) ** 2 for s in every) / len(every)
    error = sqrt(spread * len(mine) * (1 - len(mine) / len(every)))
    return sum(s - mean for s in mine) / error if error > 1e-6 else 0.0
