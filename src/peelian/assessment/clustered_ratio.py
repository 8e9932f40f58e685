"""An interval of the ratio from how the places of each side differ, where there are many."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

LEAST_CLUSTERS = 10  # on either side


def clustered_interval(
    treated: tuple[NDArray[np.float64], NDArray[np.float64]],
    untreated: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    level: float,
) -> tuple[float, float] | None:
    """The interval from standard errors clustered by place, on the scale of logarithms.

    treated, untreated: records before and after, one entry a place. The sandwich estimate
    of Liang and Zeger (1986, doi:10.1093/biomet/73.1.13) for a Poisson model of places and
    months, each side times its places over places less one, with Student's t of the smaller
    side's places less one. None with fewer than ten places on a side, where such errors are
    known to be too small, or without records of a side before or after.
    """
    from scipy.special import stdtrit

    sides = treated, untreated
    fewest = min(len(before) for before, _ in sides)
    sums = [(before.sum(), after.sum()) for before, after in sides]
    if fewest < LEAST_CLUSTERS or not np.all(sums):
        return None
    variance = 0.0
    for before, after in sides:
        pull = after / after.sum() - before / before.sum()
        variance += float((pull**2).sum()) * len(pull) / (len(pull) - 1)
    middle = log(sums[0][1] / sums[0][0] * sums[1][0] / sums[1][1])
    reach = float(stdtrit(fewest - 1, (1 + level) / 2)) * sqrt(variance)
    return exp(middle - reach), exp(middle + reach)
