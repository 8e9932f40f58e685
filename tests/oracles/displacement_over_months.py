"""The interval of a displacement over months, month by month with plain loops."""

from __future__ import annotations

from math import sqrt

from scipy.stats import norm, t

from oracles.count_contrast import joined_limits, wheeler_ratcliffe

Role = list[list[int | None]]
Span = tuple[int, int]


def _places(
    roles: list[Role], before: Span, after: Span
) -> tuple[list[tuple[int, int, float]], float] | None:
    """Each role's counts and size, and the months before for one after; None if half is missing."""
    held = [
        [m for m in range(*span) if all(row[m] is not None for role in roles for row in role)]
        for span in (before, after)
    ]
    if any(2 * len(h) < b - a for h, (a, b) in zip(held, (before, after), strict=True)):
        return None
    found = []
    for role in roles:
        old, new = (sum(row[m] or 0 for row in role for m in months) for months in held)
        found.append((old, new, float(len(role))))
    return found, len(held[0]) / len(held[1])


def interval(
    roles: list[Role], *, before: Span, after: Span, level: float
) -> tuple[float, float, float]:
    """Estimate and limits. roles: of the treated place, its comparison, and those around both."""
    squares = variances = dates = 0.0
    for back in range(after[1] - after[0], before[0] + 1):
        moved = _places(
            roles,
            (before[0] - back, before[1] - back),
            (after[0] - back, after[1] - back),
        )
        if moved is None:
            continue
        estimate, error = wheeler_ratcliffe(moved[0], times=(moved[1], 1.0))
        squares, variances, dates = squares + estimate**2, variances + error**2, dates + 1
    spread = max(1.0, squares / variances)
    own = _places(roles, before, after)
    assert own is not None
    counts: list[int] = []
    weights: list[float] = []
    for number, (old, new, size) in enumerate(own[0]):
        sign = 1 if number in (0, 2) else -1
        counts += [old, new]
        weights += [-sign / size / own[1], sign / size]
    estimate = sum(n * w for n, w in zip(counts, weights, strict=True))
    low, high = joined_limits(counts, weights, level)
    share = (1 + level) / 2
    reach = norm.ppf(share)
    if spread > 1:
        length = before[1] - before[0] + after[1] - after[0]
        reach = t.ppf(share, max(1.0, 3 * dates / length * spread / (spread - 1)))
    stretch = sqrt(spread) * reach / norm.ppf(share)
    return estimate, estimate - stretch * (estimate - low), estimate + stretch * (high - estimate)
