"""Quotients and rings once more: one draw after another, one record after another."""

from __future__ import annotations

import random
from math import inf, sqrt

from scipy.stats import chi2_contingency, norm, t
from scipy.stats.contingency import odds_ratio

Pair = tuple[int, int]


def quotient(
    treated: Pair,
    around: Pair,
    control: Pair,
    *,
    spread: float,
    degrees: float,
    draws: int,
    seed: int,
) -> tuple[float, float]:
    """The 95 % interval of the quotient, from draws of another generator."""
    own = random.Random(seed)
    least, most = [], []
    for _ in range(draws):
        # A chi-square number is a gamma one of half its degrees and scale 2.
        chance = own.gammavariate(degrees / 2, 2) / degrees if degrees < inf else 1.0
        wide = spread / chance
        a, b, c = (
            [own.gammavariate((n + 0.5) / wide, wide) for n in pair]
            for pair in (treated, around, control)
        )
        fall = a[1] / c[1] - a[0] / c[0]
        change = b[1] / c[1] - b[0] / c[0]
        least.append(change / fall if fall < 0 else -inf)
        most.append(change / fall if fall < 0 else inf)
    return sorted(least)[draws // 40 - 1], sorted(most)[-(draws // 40)]


def ring_limits(rings: list[tuple[Pair, list[Pair]]], *, level: float) -> list[tuple[float, float]]:
    """The limits of each ring, by SciPy's tests of tables."""
    statistic = degrees = 0.0
    for _, places in rings:
        held = [pair for pair in places if sum(pair)]
        if len(held) > 1 and all(sum(pair[side] for pair in held) for side in (0, 1)):
            statistic += chi2_contingency(held, correction=False).statistic
            degrees += len(held) - 1
    spread = max(1.0, statistic / degrees) if degrees else 1.0
    share = (1 + level ** (1 / len(rings))) / 2
    reach = norm.ppf(share)
    if spread > 1:
        reach = t.ppf(share, degrees * spread / (spread - 1))
    outside = norm.cdf(-sqrt(spread) * reach)
    if outside < 1e-12:
        return [(0.0, inf) for _ in rings]
    raised = 1 - 2 * outside
    found = []
    for (before, after), places in rings:
        others = [sum(pair[side] for pair in places) for side in (0, 1)]
        table = [[after, before], [others[1], others[0]]]
        limits = odds_ratio(table, kind="conditional").confidence_interval(raised)
        found.append((float(limits.low), float(limits.high)))
    return found


def counted(
    points: list[tuple[float, float]], centre: tuple[float, float], edges: list[float]
) -> list[int]:
    """Records at a point, and in each ring round it, record by record."""
    counts = [0] * (len(edges) + 1)
    for x, y in points:
        away = sqrt((x - centre[0]) ** 2 + (y - centre[1]) ** 2)
        if away == 0:
            counts[0] += 1
            continue
        for number, (inner, outer) in enumerate(zip([0.0, *edges], edges, strict=False)):
            if inner < away <= outer:
                counts[number + 1] += 1
    return counts
