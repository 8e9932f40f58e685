"""What is near, and how unusual it is, again slowly: every distance, a lattice of all shifts."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, log

Spot = tuple[float, float]


def near(spots: Sequence[Spot], features: Sequence[Spot], radius_m: float) -> list[bool]:
    return [any(hypot(e - fe, n - fn) <= radius_m for fe, fn in features) for e, n in spots]


def log_ratio(records: Sequence[float], is_near: Sequence[bool]) -> float:
    """Of one snap point a place: half a record more on each side."""
    with_ = [r for r, yes in zip(records, is_near, strict=True) if yes]
    without = [r for r, yes in zip(records, is_near, strict=True) if not yes]
    return log((sum(with_) + 0.5) / len(with_)) - log((sum(without) + 0.5) / len(without))


def p_value_over_all_shifts(
    spots: Sequence[Spot],
    records: Sequence[float],
    features: Sequence[Spot],
    radius_m: float,
    *,
    steps: int,
) -> float:
    """Twice the smaller tail among steps × steps shifts that wrap round the rectangle."""
    is_near = near(spots, features, radius_m)
    observed, count = log_ratio(records, is_near), sum(is_near)
    west, south = min(e for e, _ in spots), min(n for _, n in spots)
    width = max(e for e, _ in spots) - west
    height = max(n for _, n in spots) - south
    high = low = fitting = 0
    for i in range(steps):
        for j in range(steps):
            moved = [
                (
                    west + (e - west + width * (i + 0.5) / steps) % width,
                    south + (n - south + height * (j + 0.5) / steps) % height,
                )
                for e, n in spots
            ]
            shifted = near(moved, features, radius_m)
            others = len(spots) - count
            if not count / 2 <= sum(shifted) <= 2 * count:
                continue
            if not others / 2 <= len(spots) - sum(shifted) <= 2 * others:
                continue
            fitting += 1
            high += log_ratio(records, shifted) >= observed
            low += log_ratio(records, shifted) <= observed
    return min(1.0, 2 * min(high, low) / fitting)
