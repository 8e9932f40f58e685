"""How many records to expect in all: the level of a series now, its drift and its season.

Exponential smoothing of the logarithm with a damped trend (Gardner and McKenzie 1985,
doi:10.1287/mnsc.31.10.1237), and a season of a year ago, drawn half way to none. A variation:
how quickly the level follows is not fitted to the series (two years of months cannot say) but
set by its counts, the gain of a random walk that is seen through Poisson noise (Muth 1960,
doi:10.1080/01621459.1960.10482064).
"""

from __future__ import annotations

from calendar import monthrange

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import CoverageError
from peelian.core.months import Month

# Chosen on the official monthly counts of London boroughs, 2010 to 2024, 17 kinds of crime, six
# boroughs drawn together, without March 2020 to June 2021: none of the archive's months is needed
# for it. Over 1,613 windows of 27 months (origins from the 17th, 3 months ahead) the records that
# came were within 5 % of those predicted in 83 of 100; without a trend in 79, without a season in
# 80, with the whole season in 79, with a level of twelve months' half-life alone in 39.
LEVEL_DRIFT = 0.1  # standard deviation of the level's relative change in a month
TREND_GAIN = 0.1
DAMPING = 0.8
SEASON_KEPT = 0.5
_YEAR = 12


def expected_total(totals: NDArray[np.float64], *, first: Month, horizon_months: int = 3) -> float:
    """Records to expect in all over the months that follow a series.

    totals: one entry a month from `first`, NaN where the month is missing. Missing months are
    passed over: the level stays as it was, and no season is taken from them. A CoverageError
    where no month is held.
    """
    held = ~np.isnan(totals)
    if not held.any():
        raise CoverageError(
            f"A level is read from months held; none of {len(totals)} is. Ingest an archive "
            f"that has them."
        )
    if not np.nansum(totals):
        return 0.0
    days = np.array(
        [
            monthrange(m.year, m.number)[1]
            for m in map(first.plus, range(len(totals) + horizon_months))
        ]
    )
    # Half a record for a month without one: a logarithm needs something.
    rates = np.log(np.maximum(totals, 0.5) / days[: len(totals)])
    recent = float(np.nanmean(totals[held][-_YEAR:]))
    level, trend = _smoothed(rates, gain=_gain(recent), trend_gain=TREND_GAIN)
    ahead = level + np.cumsum(DAMPING ** np.arange(1, horizon_months + 1)) * trend
    season = _season(rates, horizon_months, gain=_gain(recent))
    total: float = (np.exp(ahead + SEASON_KEPT * season) * days[len(totals) :]).sum()
    return total


def _gain(mean: float) -> float:
    """The steady gain of a level that drifts and is seen through Poisson noise."""
    signal = LEVEL_DRIFT**2 * max(mean, 0.5)
    return float((np.sqrt(signal**2 + 4 * signal) - signal) / 2)


def _smoothed(rates: NDArray[np.float64], *, gain: float, trend_gain: float) -> tuple[float, float]:
    """The last level and trend of a series in logarithms, missing months passed over."""
    known = rates[~np.isnan(rates)]
    level, trend = float(known[:3].mean()), 0.0
    for rate in rates[1:]:
        predicted = level + DAMPING * trend
        if np.isnan(rate):
            level, trend = predicted, DAMPING * trend
            continue
        moved = gain * rate + (1 - gain) * predicted
        trend = trend_gain * (moved - level) + (1 - trend_gain) * DAMPING * trend
        level = moved
    return level, trend


def _season(rates: NDArray[np.float64], horizon: int, *, gain: float) -> NDArray[np.float64]:
    """How the same months a year ago stood above the level before them, the year's drift taken off.

    Nothing where there is less than a year and a quarter, or the month is missing.
    """
    season = np.zeros(horizon)
    then = rates[: len(rates) - _YEAR] if len(rates) >= _YEAR + 3 else rates[:0]
    if not (~np.isnan(then)).any():
        return season
    before, _ = _smoothed(then, gain=gain, trend_gain=0.0)
    now, _ = _smoothed(rates, gain=gain, trend_gain=0.0)
    for step in range(min(horizon, _YEAR)):
        rate = rates[len(rates) - _YEAR + step]
        if not np.isnan(rate):
            season[step] = rate - before - (now - before) / _YEAR * (step + 1)
    return season
