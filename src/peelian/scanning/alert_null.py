"""What to expect of each place in the last months if nothing has changed there.

A place's usual rate comes from its own months before, older ones counting less, drawn towards
the ward's mean place (shrinkage.py). The level and season of the last months come from the
ward's other places in the same months. How far a place's rate strays without anything new
having begun, in bursts and by drifting, is estimated from all places of the ward together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.scanning.shrinkage import fit_rate_prior, weigh_by_age

HALF_LIFE_MONTHS = 12.0  # as in ranking.py, whose back-test found that it hardly matters
LAST_MONTHS = 3
LEAST_MONTHS_BEFORE = 12
# Fewer cannot say how the ward's places differ.
LEAST_RECORDS_BEFORE = 30

# How much a ward's level may differ from that of the months before, before its other places
# have been looked at: a standard deviation of a quarter. On the 20 wards of Camden, 2016 to
# 2018, it was 0.13 to 0.2 for most types, and 0.4 for bicycles (season) and moped thefts (a wave).
LEVEL_WEIGHT = 16.0

# Where a ward has few records its strays cannot be estimated: the typical ones of the same wards
# then count for as many records as this. Bursts: the variance of a month's records is 1.3 times
# their mean. Drift: a place's rate over a quarter has a relative standard deviation of 0.2.
PRIOR_RECORDS = 50.0
USUAL_BURSTS, USUAL_DRIFT = 0.3, 0.05


@dataclass(frozen=True)
class UsualRecords:
    """The null of one measure in one ward, for the last months held: one row a place.

    observed, expected: records in each of those months, newest first, one column a month.
    size: of the gamma distribution that a place's rate over these months is drawn from, with
    mean one: the smaller, the further it strays.
    """

    columns: tuple[int, ...]  # which months of the counts: newest first
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    size: NDArray[np.float64]


def usual_records(counts: NDArray[np.float64], *, column: int) -> UsualRecords | None:
    """What to expect at each place in the months up to one, from the months before them.

    counts: places by months, NaN where missing. column: the month that is looked at. The last
    months are those held of it and the two before; the months before end where these begin.
    None where the month is missing, or there is too little before it to say.
    """
    held = np.atleast_1d(~np.isnan(counts).all(axis=0))
    start = max(column - LAST_MONTHS + 1, 0)
    before = np.flatnonzero(held[:start])
    if not held[column] or len(before) < LEAST_MONTHS_BEFORE:
        return None
    past = counts[:, before]
    if past.sum() < LEAST_RECORDS_BEFORE:
        return None
    columns = np.arange(column, start - 1, -1)
    columns = columns[held[columns]]

    records, exposure = weigh_by_age(counts[:, :start], half_life_months=HALF_LIFE_MONTHS)
    prior = fit_rate_prior(records, exposure)
    shape = prior.shape + records
    rate = shape / (prior.rate + exposure)

    observed = counts[:, columns]
    others_expected = rate.sum() - rate
    level = (observed.sum(axis=0) - observed + LEVEL_WEIGHT) / (others_expected + LEVEL_WEIGHT)[
        :, None
    ]
    expected = rate[:, None] * level
    bursts, drift = _strays(past)
    spread = 1 / shape + 1 / (others_expected + LEVEL_WEIGHT) + drift + bursts / rate
    return UsualRecords(tuple(columns.tolist()), observed.astype(np.int64), expected, 1 / spread)


def _strays(past: NDArray[np.float64]) -> tuple[float, float]:
    """How much more than chance places' months vary: (bursts, drift), both 0 or more.

    The variance of a month's records with mean m is taken as m (1 + bursts) + drift m². Both
    are fitted by least squares to the squared differences from each place's share of the
    ward's month, each weighted by 1/m, and to the usual values.
    """
    places, months = past.shape
    mean = np.outer(past.sum(axis=1), past.sum(axis=0)) / past.sum()
    met = mean > 0
    freedom = max((places - 1) * (months - 1), 1) / (places * months)
    squares = ((past - mean)[met] ** 2) / freedom
    mean = mean[met]
    # Sums for: squares / mean - 1 = bursts + drift * mean, each weighted by the mean.
    a, b, c = mean.sum(), (mean**2).sum(), (mean**3).sum()
    first, second = (squares - mean).sum(), (mean * (squares - mean)).sum()
    a, first = a + PRIOR_RECORDS, first + PRIOR_RECORDS * USUAL_BURSTS
    c, second = c + PRIOR_RECORDS, second + PRIOR_RECORDS * USUAL_DRIFT
    determinant = a * c - b * b
    bursts = (first * c - second * b) / determinant
    drift = (second * a - first * b) / determinant
    if drift < 0:
        bursts, drift = first / a, 0.0
    elif bursts < 0:
        bursts, drift = 0.0, second / c
    return max(float(bursts), 0.0), max(float(drift), 0.0)
