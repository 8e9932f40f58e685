"""Whether treated places were already moving away from the others before the response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_YEAR = 12


@dataclass(frozen=True)
class PreTrend:
    """How the treated places moved against the others, a year: 0.9 is a tenth down each year.

    p_value: how often a comparison place moves as far against the rest, the treated counted.
    """

    a_year: float
    p_value: float


def pre_trend(treated: NDArray[np.float64], comparison: NDArray[np.float64]) -> PreTrend | None:
    """Compare slopes over the months before: one row a place, one column a month, in order.

    Given a place's records in all and the others' share of each month, the slope is the score
    estimate of a Poisson trend; its scatter is that of chance and of what places' slopes
    differ by beyond it (a moment estimate). It is ranked among comparison places, each against
    all: so many slopes apart are not called a trend. None with fewer than six months, without a
    record of the treated places, or without records of others in different months.
    """
    months = treated.shape[1]
    by_month = comparison.sum(axis=0)
    if months < _YEAR / 2 or not treated.sum() or (by_month > 0).sum() < 2:
        return None
    when = np.arange(months) - np.arange(months) @ by_month / by_month.sum()
    spread = float(when**2 @ by_month / by_month.sum())
    others = comparison[comparison.sum(axis=1) > 0]
    records = others.sum(axis=1)
    slopes, chance = others @ when / (records * spread), 1 / (records * spread)
    weight = 1 / chance
    beyond = float((weight * (slopes**2 - chance)).sum() / weight.sum())
    own = treated.sum(axis=1)
    slope = float(treated.sum(axis=0) @ when / (own.sum() * spread))
    drift = max(beyond, 0.0)
    apart = abs(slope) / np.sqrt(
        1 / (own.sum() * spread) + drift * float((own**2).sum()) / float(own.sum()) ** 2
    )
    as_far = int((np.abs(slopes) / np.sqrt(chance + drift) >= apart * (1 - 1e-12)).sum())
    return PreTrend(float(np.exp(slope * _YEAR)), (1 + as_far) / (1 + len(others)))
