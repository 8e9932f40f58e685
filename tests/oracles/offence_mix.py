"""Location quotients again, slowly: what the limits of a ratio make of the whole's share."""

from __future__ import annotations

from math import inf

from oracles.rate_ratio import rate_ratio_limits


def quotient_limits(
    here: int, total: int, around: int, total_around: int, level: float
) -> tuple[float, float]:
    """Limits of the place's share over the rest's, and what each makes of the whole's."""
    rest = total_around - total
    limits = []
    for odds in rate_ratio_limits(around - here, here, level):
        share_here, share_rest = odds * rest / total, 1.0
        if odds == inf:
            share_here, share_rest = 1.0, 0.0
        whole = (share_here * total + share_rest * rest) / total_around
        limits.append(share_here / whole)
    return limits[0], limits[1]
