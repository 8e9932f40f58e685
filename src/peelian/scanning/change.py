"""Change against the same months a year before, with an exact interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan
from peelian.core.results import RateRatio
from peelian.scanning.exact_share import exact_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from peelian.core.counts import Series


@dataclass(frozen=True)
class RatioInterval:
    """A ratio of two Poisson rates. `estimate` is None where the first count is zero."""

    estimate: float | None
    low: float
    high: float
    p_value: float


def exact_rate_ratio(
    before: int,
    after: int,
    *,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    level: float = 0.95,
) -> RatioInterval:
    """Compare two counts as the rate after over the rate before.

    Given the sum of two Poisson counts, the second is binomial; its limits (`exact_limits`)
    become the ratio's (Przyborowski and Wilenski 1940, doi:10.1093/biomet/31.3-4.313). The
    interval covers the true ratio at least as often as `level` says if records come one by
    one; where they come in bursts it is too narrow. The p-value doubles the smaller tail, at
    most 1, so that it is below 1 - level exactly when the interval excludes 1. Nothing in both
    periods gives 0 to infinity and p = 1.
    """
    from scipy.special import bdtr, bdtrc

    total = before + after
    scale = exposure_before / exposure_after
    low, high = exact_limits(after, total, level=level)
    share = exposure_after / (exposure_before + exposure_after)
    lower_tail = bdtr(after, total, share)
    upper_tail = bdtrc(after - 1, total, share) if after else 1.0
    return RatioInterval(
        estimate=after / before * scale if before else None,
        low=float(low / (1 - low) * scale),
        high=float(high / (1 - high) * scale) if before else float("inf"),
        p_value=float(min(1.0, 2 * min(lower_tail, upper_tail))),
    )


def poisson_e_test(
    before: int, after: int, *, exposure_before: float = 1.0, exposure_after: float = 1.0
) -> float:
    """The two-sided p-value of equal rates, from two Poisson counts.

    The E-test of Krishnamoorthy and Thomson (2004, doi:10.1016/S0378-3758(02)00408-1), the
    paper's formula: both counts are free, with the rate estimated from their sum, and those at
    least as far apart count, by the difference over its estimated standard error. It finds
    more than `exact_rate_ratio`, which holds the sum fixed, where counts are small; it can
    exceed its level slightly, and so can say "unequal" where that interval still includes 1.
    Nothing in both periods gives 1.
    """
    from scipy.special import gammaln

    total = before + after
    if total == 0:
        return 1.0
    means = [
        total * e / (exposure_before + exposure_after) for e in (exposure_before, exposure_after)
    ]

    def chances(mean: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        # Counts further out add less than 1e-12.
        reach = 8 * mean**0.5 + 20
        counts = np.arange(max(0, int(mean - reach)), int(mean + reach) + 1)
        return counts, np.exp(counts * np.log(mean) - mean - gammaln(counts + 1))

    def distance(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
        variance = first / exposure_before**2 + second / exposure_after**2
        apart = np.abs(first / exposure_before - second / exposure_after)
        # Both zero are not apart at all.
        return np.divide(
            apart, np.sqrt(variance), out=np.zeros(np.shape(apart)), where=variance > 0
        )

    (first, first_chance), (second, second_chance) = map(chances, means)
    bar = float(distance(np.array([before]), np.array([after]))[0]) * (1 - 1e-12)

    def is_far(at: NDArray[np.int64]) -> NDArray[np.bool_]:
        return distance(first, second[np.minimum(at, len(second) - 1)]) >= bar

    # Away from where both rates are equal the distance grows to either side, so the far counts
    # are those below one and those from another on; a table of all pairs would take gigabytes.
    equal = np.searchsorted(second, first * (exposure_after / exposure_before))
    below = _first_where(lambda at: ~is_far(at), np.zeros(len(first), dtype=np.int64), equal)
    above = _first_where(is_far, equal, np.full(len(first), len(second)))
    as_low = np.concatenate([[0.0], np.cumsum(second_chance)])
    as_high = np.concatenate([np.cumsum(second_chance[::-1])[::-1], [0.0]])
    return min(1.0, float(first_chance @ (as_low[below] + as_high[above])))


def _first_where(
    holds: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Of each range, the first number at which something holds that then goes on; else its end."""
    while (open_ := low < high).any():
        middle = (low + high) // 2
        held = holds(middle)
        low, high = (
            np.where(open_ & ~held, middle + 1, low),
            np.where(open_ & held, middle, high),
        )
    return low


def change_since_year_before(
    series: Series, *, months: int = 6, ending: Month | None = None, level: float = 0.95
) -> RateRatio:
    """Compare the last months of a series with the same calendar months a year before.

    months: how many, 1 to 12. ending: the last of them; the last month held unless given.
    A month that is missing in either year is left out of both, so that the two sides have
    the same exposure; none left is a CoverageError. See `exact_rate_ratio` for the interval.
    """
    if not 1 <= months <= 12:
        raise InputError(
            f"A comparison with the year before takes 1 to 12 months, so that no month stands "
            f"on both sides; found {months}. Ask for 12 or fewer."
        )
    if not series.held:
        raise CoverageError(
            f"No month of {series.measure_id} is held for {series.place} in {series.span}. "
            f"Ingest an archive that has them."
        )
    span = MonthSpan.ending(ending or series.held[-1], months=months)
    compared = tuple(
        m for m in span if series.at(m) is not None and series.at(m.plus(-12)) is not None
    )
    if not compared:
        raise CoverageError(
            f"A change needs a month that is held in both years. None of {span.in_words} is "
            f"held together with the same month a year before, for {series.measure_id} in "
            f"{series.place}. Ingest an archive that has them, or ask for another period."
        )
    after = sum(series.at(m) or 0 for m in compared)
    before = sum(series.at(m.plus(-12)) or 0 for m in compared)
    interval = exact_rate_ratio(before, after, level=level)
    return RateRatio(
        before=before,
        after=after,
        months=len(compared),
        estimate=interval.estimate,
        low=interval.low,
        high=interval.high,
        level=level,
        span=span,
        compared=compared,
        p_value=interval.p_value,
    )


def breaks_crossed(series: Series, ratio: RateRatio) -> Mapping[Month, str]:
    """The series breaks between the first month compared and the last, with their reasons.

    Where there is one, the two sides are not counts of the same thing.
    """
    first, last = ratio.compared[0].plus(-12), ratio.compared[-1]
    return {month: why for month, why in series.breaks.items() if first < month <= last}
