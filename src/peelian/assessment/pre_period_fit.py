"""How alike places were before a response started: level, trend, season, and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from peelian.core.months import Month

_LEVEL_WITHIN = 2.0
_TREND_WITHIN = 0.10
_BEYOND_CHANCE = 1.96
_QUARTERS_BEYOND_CHANCE = 7.815  # of chi-squared with 3 degrees of freedom, 1 in 20
_SEASON_WITHIN = 0.1


@dataclass(frozen=True, eq=False)
class PrePeriodFit:
    """One entry a candidate: how it compares with the treated place, months before the start.

    level: records of the candidate over those of the treated place (a place, where several
    are treated). trend: by what share more the candidate rose in a year. season: how far quarters
    of the year are apart beyond chance, 0 for not at all (as a coefficient phi). misfit: mean
    squared distance of its months, over that of Poisson counts of one rate. spread: how much
    months vary, trend and season aside, over what chance alone would do; 1 or more.
    has_level: between half and twice as many. moves_alike: trends not apart beyond chance, or by
    less than a tenth a year. has_season: the same for seasons, and a phi of 0.1.
    """

    level: NDArray[np.float64]
    trend: NDArray[np.float64]
    season: NDArray[np.float64]
    misfit: NDArray[np.float64]
    spread: NDArray[np.float64]
    has_level: NDArray[np.bool_]
    moves_alike: NDArray[np.bool_]
    has_season: NDArray[np.bool_]


def fit_of(
    treated: NDArray[np.float64],
    candidates: NDArray[np.float64],
    months: Sequence[Month],
    *,
    places: float = 1,
) -> PrePeriodFit:
    """Compare candidates, one row each, with a treated series, month by month.

    places: how many places the treated series is of, for each that a candidate is of. A
    candidate without a record fits nothing. Trends are the score test's first step for a
    log-linear trend in two Poisson series given their sum (Cox and Lewis 1966, The Statistical
    Analysis of Series of Events, chapter 9), widened by `spread`.
    """
    own, theirs = float(treated.sum()), candidates.sum(axis=1)
    share = np.divide(theirs, own + theirs, out=np.zeros(len(theirs)), where=own + theirs > 0)
    both = treated + candidates
    slope, error = _trend(candidates, both, share, months)
    quarters = np.array([(month.number - 1) // 3 for month in months])
    by_quarter = np.eye(4)[quarters]
    apart = _apart(treated @ by_quarter, candidates @ by_quarter, share)
    freedom = len(np.unique(quarters)) - 1
    # Trend and season are taken off, or they would make themselves look like chance.
    left = _apart(treated, candidates, share) - (slope / error) ** 2 - apart
    spread = np.maximum(left / max(len(months) - 2 - freedom, 1), 1.0)
    records = np.maximum(own + theirs, 1)
    season = np.sqrt(np.maximum(apart / spread - freedom, 0) / records)
    level = theirs * places / own if own else np.full(len(theirs), np.nan)
    scaled = candidates * places
    variance = treated + candidates * places**2
    distance = np.divide(
        (treated - scaled) ** 2, variance, out=np.zeros(candidates.shape), where=variance > 0
    )
    is_clear = np.abs(slope) > _BEYOND_CHANCE * error * np.sqrt(spread)
    return PrePeriodFit(
        level=level,
        trend=np.expm1(slope),
        season=season,
        misfit=distance.mean(axis=1),
        spread=spread,
        has_level=(level >= 1 / _LEVEL_WITHIN) & (level <= _LEVEL_WITHIN),
        moves_alike=~is_clear | (np.abs(slope) <= np.log1p(_TREND_WITHIN)),
        has_season=(apart / spread <= _QUARTERS_BEYOND_CHANCE) | (season <= _SEASON_WITHIN),
    )


def _apart(
    treated: NDArray[np.float64], candidates: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Pearson's statistic of two rows of counts, for each candidate."""
    both = treated + candidates
    variance = both * (share * (1 - share))[:, None]
    off = (candidates - both * share[:, None]) ** 2
    apart: NDArray[np.float64] = np.divide(
        off, variance, out=np.zeros(both.shape), where=variance > 0
    ).sum(axis=1)
    return apart


def _trend(
    candidates: NDArray[np.float64],
    both: NDArray[np.float64],
    share: NDArray[np.float64],
    months: Sequence[Month],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The candidate's log rate a year over the treated one's, and its standard error."""
    years = np.array([month.minus(months[0]) / 12 for month in months])
    records = np.maximum(both.sum(axis=1), 1)
    centred = years - (both @ years / records)[:, None]
    score = ((candidates - both * share[:, None]) * centred).sum(axis=1)
    information = (both * centred**2).sum(axis=1) * share * (1 - share)
    known = information > 0
    none = np.zeros(len(candidates))
    slope = np.divide(score, information, out=none.copy(), where=known)
    error = np.divide(1.0, np.sqrt(information), out=none + np.inf, where=known)
    return slope, error
