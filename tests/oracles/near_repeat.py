"""Near repeats again, slowly: every pair looked at, every arrangement of the days listed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from math import hypot


def band_of(value: float, uppers: Sequence[float], *, right: bool) -> int:
    for band, upper in enumerate(uppers):
        if value < upper or (right and value == upper):
            return band
    return len(uppers)


def pairs_by_cell(
    places: Sequence[tuple[float, float]],
    days: Sequence[int],
    distances: Sequence[float],
    day_bands: Sequence[int],
    *,
    manhattan: bool,
    right: bool,
) -> list[list[int]]:
    """distances begins with the distance under which two are at the same place."""
    cells = [[0] * (len(day_bands) + 1) for _ in range(len(distances) + 1)]
    for i, j in combinations(range(len(days)), 2):
        dx, dy = places[i][0] - places[j][0], places[i][1] - places[j][1]
        away = abs(dx) + abs(dy) if manhattan else hypot(dx, dy)
        row = band_of(away, distances, right=right)
        column = band_of(abs(days[i] - days[j]), day_bands, right=right)
        cells[row][column] += 1
    return cells


def mean_and_share_as_many(
    places: Sequence[tuple[float, float]],
    days: Sequence[int],
    distances: Sequence[float],
    day_bands: Sequence[int],
) -> tuple[list[list[float]], list[list[float]]]:
    """Over every arrangement: the mean of each cell, and how often it has at least as many."""
    found = [
        pairs_by_cell(places, each, distances, day_bands, manhattan=True, right=False)
        for each in permutations(days)
    ]
    observed = found[0]
    rows, columns = range(len(observed)), range(len(observed[0]))
    mean = [[sum(f[r][c] for f in found) / len(found) for c in columns] for r in rows]
    share = [
        [sum(f[r][c] >= observed[r][c] for f in found) / len(found) for c in columns] for r in rows
    ]
    return mean, share
