"""Kernel density again, as a sum over every record at every middle of a cell."""

from __future__ import annotations

from math import exp, pi


def height(kernel: str, away: float, bandwidth: float) -> float:
    """The kernel at a distance: its integral over the plane is one."""
    u = (away / bandwidth) ** 2
    if kernel == "quartic":
        return 3 / (pi * bandwidth**2) * (1 - u) ** 2 if u < 1 else 0.0
    return exp(-u / 2) / (2 * pi * bandwidth**2)


def density(
    records: list[tuple[float, float]], middle: tuple[float, float], kernel: str, bandwidth: float
) -> float:
    """Records a square kilometre at one point; all in metres."""
    total = 0.0
    for x, y in records:
        away = ((x - middle[0]) ** 2 + (y - middle[1]) ** 2) ** 0.5
        total += height(kernel, away, bandwidth)
    return total * 1e6


def smoothed(
    counts: list[float], spots: list[tuple[float, float]], kernel: str, bandwidth: float
) -> list[float]:
    """Each place's count and the others', by the kernel's height over that at its middle."""
    reach = bandwidth if kernel == "quartic" else 4 * bandwidth
    found = []
    for x, y in spots:
        total = 0.0
        for count, (other_x, other_y) in zip(counts, spots, strict=True):
            away = ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5
            if away <= reach:
                total += count * height(kernel, away, bandwidth) / height(kernel, 0, bandwidth)
        found.append(total)
    return found
