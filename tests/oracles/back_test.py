"""A rolling back-test again: plain loops over origins and places, and a jackknife of squares."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Scores = Callable[[list[list[float]]], Sequence[float]]


def share_caught(
    counts: list[list[float]], scores: Scores, *, first: int, horizon: int, marked: int
) -> float:
    """counts: places by months, whole numbers. scores: of the places, from the months given."""
    caught = came = 0.0
    for origin in range(first, len(counts[0]) - horizon + 1):
        known = [row[:origin] for row in counts]
        later = [sum(row[origin : origin + horizon]) for row in counts]
        score = scores(known)
        best = sorted(range(len(counts)), key=lambda place: -score[place])[:marked]
        caught += sum(later[place] for place in best)
        came += sum(later)
    return caught / came


def jackknife_error(gained: Sequence[float], came: Sequence[float]) -> float:
    """The standard error of sum(gained) / sum(came), by leaving out one square at a time."""
    size = len(gained)
    left = [(sum(gained) - gained[i]) / (sum(came) - came[i]) for i in range(size)]
    middle = sum(left) / size
    return float((size - 1) / size * sum((each - middle) ** 2 for each in left)) ** 0.5
