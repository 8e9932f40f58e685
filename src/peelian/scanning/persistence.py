"""Whether a place's records are new, growing, steady, shrinking, now and then, or past.

The six names and the idea (is a place hot, window by window, and has it a trend?) are those
of emerging hot spot analysis. This is a variation for wards: a few dozen places with few
records each, known only to the month. A window is six months instead of one step; hot is
an excess over an even spread on the ward's places instead of Gi*; the trend is a place's
share of the ward's records instead of a Mann-Kendall test of its z-scores. For hundreds of
places or more, whose neighbours are known, use `emerging`: it sees a cluster of places each too
quiet to stand out alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from peelian.core.results import PersistenceClass
from peelian.scanning.emerging_trend import lateness
from peelian.scanning.false_discovery import discoveries

Trend = Literal["rising", "falling"]

# Three-month windows were tried on the real wards: with two or three records a place, even
# the place with the most records of two years stood out in few of them.
WINDOW_MONTHS = 6


@dataclass(frozen=True)
class PlacePersistence:
    """A place's class and what justifies it.

    hot: one entry a window, oldest first: whether the place had more records than the
    ward's average place, beyond chance. Windows without a month held are left out.
    trend: of its share of the ward's records; None where chance could explain it.
    """

    kind: PersistenceClass
    hot: tuple[bool, ...]
    trend: Trend | None
    trend_p_value: float


def persistence_classes(
    counts: NDArray[np.float64],
    *,
    window_months: int = WINDOW_MONTHS,
    discovery_rate: float = 0.1,
    trend_level: float = 0.05,
) -> tuple[PlacePersistence, ...]:
    """Class each place of a ward by when it stood out among the ward's places.

    counts: places by months, oldest month first, NaN where missing; all places of the ward,
    those without a record too. Windows are counted back from the last month.
    discovery_rate: the expected share of windows wrongly called hot (Benjamini and
    Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x), within each window.
    trend_level: two-sided.

    new           hot now, in the last window, in none before, with a rising share
    intensifying  hot now and in another window, with a rising share
    diminishing   hot in half the windows or more, in one of the last two, share falling
    persistent    hot in half the windows or more, in one of the last two, share not falling
    historical    hot in two windows or more, in neither of the last two
    sporadic      all else: records come and go, or the place never stood out

    The first line that fits decides. "New", "intensifying" and "historical" need three
    windows, so that there is a before and an after; one leaves every place sporadic.
    """
    hot = _hot_windows(counts, window_months, discovery_rate)
    held = ~np.isnan(counts).any(axis=0)
    known, months = counts[:, held], np.flatnonzero(held).astype(float)
    late, p_values = lateness(known, known.sum(axis=0), at=months)
    return tuple(
        _classed(row, z, p, trend_level)
        for row, z, p in zip(hot.tolist(), late.tolist(), p_values.tolist(), strict=True)
    )


def _classed(hot: list[bool], late: float, p_value: float, trend_level: float) -> PlacePersistence:
    trend: Trend | None = None
    if p_value < trend_level:
        trend = "rising" if late > 0 else "falling"
    kind = _kind(hot, trend) if len(hot) > 1 else "sporadic"
    return PlacePersistence(kind, tuple(hot), trend, p_value)


def _kind(hot: list[bool], trend: Trend | None) -> PersistenceClass:
    times, lately = sum(hot), any(hot[-2:])
    if hot[-1] and trend == "rising" and len(hot) > 2:
        # Without the rise, a steady place that crosses the line once would be called new.
        return "new" if times == 1 else "intensifying"
    if lately and 2 * times >= len(hot):
        return "diminishing" if trend == "falling" else "persistent"
    if times > 1 and not lately:
        return "historical"
    return "sporadic"


def _hot_windows(
    counts: NDArray[np.float64], window_months: int, discovery_rate: float
) -> NDArray[np.bool_]:
    """Places by windows: whether the count is above an even spread of the window's records."""
    from scipy.special import betainc

    places, months = counts.shape
    columns = []
    for end in range(months, 0, -window_months):
        window = counts[:, max(0, end - window_months) : end]
        if np.isnan(window).all():
            continue
        tally = np.nansum(window, axis=1)
        # The chance of this many or more, were each record as likely at any place (a
        # binomial tail). A window with a missing month has fewer records in all, so it needs
        # no correction.
        others = tally.sum() - tally
        chance = np.where(tally > 0, betainc(np.maximum(tally, 1), others + 1, 1 / places), 1.0)
        columns.append(discoveries(chance, rate=discovery_rate))
    if not columns:
        return np.zeros((places, 0), dtype=np.bool_)
    return np.column_stack(columns[::-1])
