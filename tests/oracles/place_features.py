"""What is near, and how unusual it is, again slowly: every distance, a lattice of shifts."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, log, sqrt

Spot = tuple[float, float]


def near(spots: Sequence[Spot], features: Sequence[Spot], radius_m: float) -> list[bool]:
    return [any(hypot(e - fe, n - fn) <= radius_m for fe, fn in features) for e, n in spots]


def score(records: Sequence[float], is_near: Sequence[bool]) -> float | None:
    """The log ratio of the mean records near and not near, times what makes it comparable."""
    with_ = [r for r, yes in zip(records, is_near, strict=True) if yes]
    without = [r for r, yes in zip(records, is_near, strict=True) if not yes]
    if not with_ or not without:
        return None
    ratio = log((sum(with_) + 0.5) / len(with_)) - log((sum(without) + 0.5) / len(without))
    return ratio * sqrt(len(with_) * len(without) / (len(with_) + len(without)))


def p_value_over_a_lattice(
    spots: Sequence[Spot],
    records: Sequence[float],
    features: Sequence[Spot],
    radius_m: float,
    *,
    steps: int,
) -> float:
    """Twice the smaller tail among steps × steps shifts of up to half the places' extent.

    Places that a shift moves farther than the radius from all places are left out; shifts
    that leave out more than half of them are not counted.
    """
    observed = score(records, near(spots, features, radius_m))
    assert observed is not None
    half_width = (max(e for e, _ in spots) - min(e for e, _ in spots)) / 2
    half_height = (max(n for _, n in spots) - min(n for _, n in spots)) / 2
    high = low = counted = 0
    for i in range(steps):
        for j in range(steps):
            east = half_width * (2 * (i + 0.5) / steps - 1)
            north = half_height * (2 * (j + 0.5) / steps - 1)
            moved = [(e + east, n + north) for e, n in spots]
            on_ground = near(moved, spots, radius_m)
            if sum(on_ground) < len(spots) / 2:
                continue
            kept = [spot for spot, yes in zip(moved, on_ground, strict=True) if yes]
            own = [record for record, yes in zip(records, on_ground, strict=True) if yes]
            found = score(own, near(kept, features, radius_m))
            if found is not None:
                counted += 1
                high += found >= observed
                low += found <= observed
    return min(1.0, 2 * min(high, low) / counted)
