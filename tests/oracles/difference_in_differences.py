"""Differences in differences again, slowly: a Poisson model with an effect for each place and
month, Fisher's noncentral hypergeometric term by term, and ranks counted one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import asin, comb, sqrt

import numpy as np
from numpy.typing import NDArray


def poisson_model(
    counts: NDArray[np.float64], treated: NDArray[np.bool_], after: NDArray[np.bool_]
) -> tuple[float, float]:
    """The ratio from statsmodels, and the standard error of its logarithm, clustered by place,
    without any correction for few places."""
    import statsmodels.api as sm

    places, months = counts.shape
    place, month = np.divmod(np.arange(counts.size), months)
    columns = [(treated[place] & after[month]).astype(float)]
    columns += [(place == each).astype(float) for each in range(places)]
    columns += [(month == each).astype(float) for each in range(1, months)]
    model = sm.GLM(counts.ravel(), np.array(columns).T, family=sm.families.Poisson())
    fitted = model.fit(
        cov_type="cluster", cov_kwds={"groups": place, "use_correction": False}, tol=1e-12
    )
    return float(np.exp(fitted.params[0])), float(fitted.bse[0])


def upper_tail(treated: tuple[int, int], untreated: tuple[int, int], ratio: float) -> float:
    """The chance of as many records or more after, given all sums of the table."""
    total, others = sum(treated), sum(untreated)
    after = treated[1] + untreated[1]
    weights = {
        count: comb(total, count) * comb(others, after - count) * ratio**count
        for count in range(max(0, after - others), min(total, after) + 1)
    }
    return sum(w for count, w in weights.items() if count >= treated[1]) / sum(weights.values())


def rank_p_value(before: Sequence[float], after: Sequence[float], treated: Sequence[int]) -> float:
    """The treated places' rank among all groups of as many others, the treated counted."""
    others = [place for place in range(len(before)) if place not in treated]
    own = score(before, after, treated, others)
    groups = list(combinations(others, len(treated)))
    scores = [
        score(before, after, group, [place for place in others if place not in group])
        for group in groups
    ]
    return (1 + sum(abs(each) >= abs(own) - 1e-9 for each in scores)) / (1 + len(groups))


def score(
    before: Sequence[float], after: Sequence[float], group: Sequence[int], rest: Sequence[int]
) -> float:
    total = [b + a for b, a in zip(before, after, strict=True)]
    # The share from which chance is reckoned is that of all comparison places.
    everyone = sorted(set(rest) | (set(group) - _treated(before, group, rest)))
    records = sum(total[i] for i in everyone)
    share = sum(after[i] for i in everyone) / records
    beyond = weight = 0.0
    for i in rest:
        if total[i]:
            free = 1 - total[i] / records
            chance = total[i] * share * (1 - share)
            beyond += (after[i] - total[i] * share) ** 2 / chance - free
            weight += (total[i] - 1) * free
    drift = min(max(beyond / weight, 0.0), 1.0) if weight else 0.0
    own, others = sum(total[i] for i in group), sum(total[i] for i in rest)
    spread = sum(total[i] ** 2 for i in group) / own**2 if own else 0.0
    spread += sum(total[i] ** 2 for i in rest) / others**2
    deviation = sqrt(1 / (own + 0.5) + 1 / (others + 0.5) + drift * spread)
    turned = [
        2 * asin(sqrt((sum(after[i] for i in side) + 0.375) / (records_of + 0.75)))
        for side, records_of in ((group, own), (rest, others))
    ]
    return (turned[0] - turned[1]) / deviation


def _treated(before: Sequence[float], group: Sequence[int], rest: Sequence[int]) -> set[int]:
    """The group itself where it is the treated one: then it and the rest are all places."""
    return set(group) if len(group) + len(rest) == len(before) else set()
