"""The division of a ward into circles, slowly: every circle is looked at for every choice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

Spot = tuple[float, float]


def divided(
    spots: Sequence[Spot],
    expected: Sequence[float],
    records: Sequence[float],
    *,
    radius_m: float,
    least_apart_m: float,
    least_records: float,
) -> list[tuple[int, list[int]]]:
    """The eligible circles in order: the number of the point at the centre, and those inside."""
    free = set(range(len(spots)))
    found: list[tuple[int, list[int]]] = []
    while True:
        best = None
        for centre in sorted(free):
            if any(math.dist(spots[centre], spots[c]) < least_apart_m for c, _ in found):
                continue
            inside = [i for i in sorted(free) if math.dist(spots[i], spots[centre]) <= radius_m]
            if sum(records[i] for i in inside) < least_records:
                continue
            gain = round(sum(expected[i] for i in inside), 9)
            if best is None or gain > best[0]:
                best = (gain, centre, inside)
        if best is None:
            return found
        found.append((best[1], best[2]))
        free -= set(best[2])


def most_covered(
    spots: Sequence[Spot], expected: Sequence[float], *, circles: int, radius_m: float
) -> float:
    """What so many circles around points hold at best, by trying every choice of them."""
    inside = [
        {i for i in range(len(spots)) if math.dist(spots[i], spots[c]) <= radius_m}
        for c in range(len(spots))
    ]
    return max(
        sum(expected[i] for i in set().union(*(inside[c] for c in chosen)))
        for chosen in combinations(range(len(spots)), circles)
    )
