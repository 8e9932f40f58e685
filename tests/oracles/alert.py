"""The alert's statistic, limit and null again, by counting every case in plain loops."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from math import exp, isnan, lgamma, log, sqrt

from scipy import optimize, stats


@cache
def chance_of_so_many(observed: int, expected: float, size: float) -> float:
    """P(at least so many) of a negative binomial of this mean and size."""
    return float(stats.nbinom.sf(observed - 1, size, size / (size + expected)))


def combined_chance(expected: Sequence[float], size: float, smallest: float) -> float:
    """The chance that some run of last months is as unlikely as `smallest`.

    Every combination of monthly counts in which none is so unlikely is listed, with its
    negative multinomial chance.
    """
    total_mean = sum(expected)
    most = 0
    while chance_of_so_many(most, total_mean, size) > smallest * (1 + 1e-9):
        most += 1
    none = 0.0
    for counts in product(range(most), repeat=len(expected)):
        runs = [
            chance_of_so_many(sum(counts[:months]), sum(expected[:months]), size)
            for months in range(1, len(expected) + 1)
        ]
        if sum(counts) < most and min(runs) > smallest * (1 + 1e-9):
            logarithm = lgamma(size + sum(counts)) - lgamma(size)
            logarithm += size * log(size / (size + total_mean))
            for count, mean in zip(counts, expected, strict=True):
                logarithm += count * log(mean / (size + total_mean)) - lgamma(count + 1)
            none += exp(logarithm)
    return 1 - none


def mean_runs_passing(limit: float, runs: Sequence[tuple[float, float]]) -> float:
    """How many runs of (expected, size) pass a limit in the mean."""
    passing = 0.0
    for expected, size in runs:
        count = 0
        while chance_of_so_many(count, expected, size) > limit:
            count += 1
        passing += chance_of_so_many(count, expected, size)
    return passing


def weighted_records(counts: Sequence[float], first: int, half_life: float) -> tuple[float, float]:
    """A place's records and months before column `first`, both weighted by age, as Poisson."""
    weights = [0.5 ** ((first - 1 - m) / half_life) for m in range(first) if not isnan(counts[m])]
    held = [counts[m] for m in range(first) if not isnan(counts[m])]
    scale = sum(weights) / sum(w * w for w in weights)
    records = sum(w * n for w, n in zip(weights, held, strict=True))
    return records * scale, sum(weights) * scale


def strays(past: Sequence[Sequence[float]], usual: tuple[float, float], weight: float):
    """(bursts, drift) by a general solver of least squares in which nothing is below zero.

    Of every place and month: its squared difference from the place's share of the ward's month,
    over the mean that this share gives, is one, and the bursts, and the drift times the mean.
    """
    places, months = len(past), len(past[0])
    total = sum(map(sum, past))
    freedom = max((places - 1) * (months - 1), 1) / (places * months)
    rows, targets = [], []
    for place in range(places):
        for month in range(months):
            mean = sum(past[place]) * sum(row[month] for row in past) / total
            if mean > 0:
                square = (past[place][month] - mean) ** 2 / freedom
                rows.append([sqrt(mean), sqrt(mean) * mean])
                targets.append(sqrt(mean) * (square / mean - 1))
    for which in range(2):
        rows.append([sqrt(weight) * (which == 0), sqrt(weight) * (which == 1)])
        targets.append(sqrt(weight) * usual[which])
    return optimize.nnls(rows, targets)[0].tolist()
