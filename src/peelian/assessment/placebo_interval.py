"""The interval of a ratio: what placebos do not refuse, and what counts alone would hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.results import RatioInterval
from peelian.scanning.change import exact_rate_ratio

Floats = NDArray[np.float64]

_FURTHEST = 1e6  # no end is looked for beyond this ratio, or below one over it


@dataclass(frozen=True)
class Interval(RatioInterval):
    """Two ends of a ratio, both included."""

    low: float
    high: float


def p_value_among(observed: float, placebos: Floats) -> float:
    """The share of statistics, the observed counted among them, that are as far from 0."""
    # One that is equal but for rounding is as far.
    further = int((np.abs(placebos) >= abs(observed) * (1 - 1e-9)).sum())
    return (1 + further) / (1 + len(placebos))


def ratio_interval(
    treated: int,
    records: Floats,
    weights: Floats,
    *,
    p_value: Callable[[float], float],
    level: float,
) -> Interval:
    """Ratios that a test does not refuse at a level, and those that two Poisson counts hold.

    treated: records of the treated areas; records, weights: of each comparison area. p_value:
    the test's, of a ratio. No count is surer than the second interval, so with few records this
    one can hold 1 where the p-value of 1 is below 1 - level. 0 to infinity where both sides
    have no record.
    """
    expected = float((records * weights).sum())
    by_chance = _by_chance(treated, records, weights, level)
    if treated == 0 or expected == 0:
        return by_chance
    centre = treated / expected
    low = _end(p_value, centre, 1 / _FURTHEST, level)
    high = _end(p_value, centre, _FURTHEST, level)
    return Interval(min(low, by_chance.low), max(high, by_chance.high))


def _by_chance(treated: int, records: Floats, weights: Floats, level: float) -> Interval:
    """What two Poisson counts hold, the comparison's as many as its weights leave it."""
    expected = float((records * weights).sum())
    # A sum of weighted counts is as sure as one count of (sum)^2 / (sum of squares); where
    # none is seen, one record is taken to weigh as the areas do.
    squares = float((records * weights**2).sum())
    as_sure = max(round(expected**2 / squares), 1) if squares > 0 else 0
    exposure = as_sure / expected if as_sure else float(weights.sum() / (weights**2).sum())
    found = exact_rate_ratio(as_sure, treated, exposure_before=exposure, level=level)
    return Interval(found.low, found.high)


def _end(p_value: Callable[[float], float], inside: float, outside: float, level: float) -> float:
    """Between the estimate and a far ratio, the furthest not refused; 0 or infinity past that."""
    if p_value(outside) > 1 - level:
        return math.inf if outside > 1 else 0.0
    near, far = math.log(inside), math.log(outside)
    while abs(far - near) > 1e-6:
        middle = (near + far) / 2
        if p_value(math.exp(middle)) > 1 - level:
            near = middle
        else:
            far = middle
    return math.exp(far)
