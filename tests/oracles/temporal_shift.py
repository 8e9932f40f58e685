"""Watson's two-sample statistic again, slowly: by its definition, one time at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations


def u2(before: Sequence[float], after: Sequence[float]) -> float:
    together = [*before, *after]
    apart = [
        sum(other <= time for other in after) / len(after)
        - sum(other <= time for other in before) / len(before)
        for time in together
    ]
    total = len(together)
    spread = sum(d * d for d in apart) - sum(apart) ** 2 / total
    return len(before) * len(after) / total**2 * spread


def share_as_far(before: Sequence[float], after: Sequence[float]) -> float:
    """Over every way to divide the times between the periods."""
    together, found = [*before, *after], u2(before, after)
    as_far = ways = 0
    for chosen in combinations(range(len(together)), len(before)):
        one = [together[i] for i in chosen]
        other = [together[i] for i in range(len(together)) if i not in chosen]
        ways += 1
        as_far += u2(one, other) >= found - 1e-12
    return as_far / ways
