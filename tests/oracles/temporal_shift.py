"""Watson's two-sample statistic again, slowly: by its definition, one time at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt


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


def score_limit(records: int, total: int, z: float, *, upper: bool) -> float:
    """Where a share lies z of its own standard errors from the observed one, by bisection."""
    observed = records / total
    near, far = observed, 1.0 if upper else 0.0
    for _ in range(200):
        middle = (near + far) / 2
        error = sqrt(middle * (1 - middle) / total)
        near, far = (middle, far) if abs(middle - observed) <= z * error else (near, middle)
    return near


def difference_limits(
    before: int, total_before: int, after: int, total_after: int, z: float
) -> tuple[float, float]:
    """Newcombe's tenth method: each share's own distance to its limit, as sides of a triangle."""
    one, two = before / total_before, after / total_after
    low_one, high_one = (score_limit(before, total_before, z, upper=end) for end in (False, True))
    low_two, high_two = (score_limit(after, total_after, z, upper=end) for end in (False, True))
    return (
        two - one - sqrt((two - low_two) ** 2 + (high_one - one) ** 2),
        two - one + sqrt((high_two - two) ** 2 + (one - low_one) ** 2),
    )
