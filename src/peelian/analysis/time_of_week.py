"""When: hours of the week and shifts, where records have times at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.analysis.aoristic import aoristic_hours
from peelian.analysis.clock_changes import DAY, HOUR, LONDON
from peelian.core.errors import InputError, MonthOnlyError
from peelian.scanning.change import exact_rate_ratio
from peelian.scanning.exact_share import exact_limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

# A shift's name, its first hour, and the hour at which it ends.
SHIFTS: Mapping[str, tuple[int, int]] = {"early": (7, 15), "late": (15, 23), "night": (23, 7)}
PEAK_HOURS = 3
# Dates without a time are stored as midnight. This many times its neighbours on the hour, and
# surely so, is no longer how the night goes.
_SPIKE = 2.0


@dataclass(frozen=True)
class ShiftShare:
    """The records of one part of the day, every day of the week taken together.

    hours: which hours of the day. records: with parts of records whose time is an interval.
    least, most: records that surely lie in it, and that can. share, low, high: of all records,
    with an exact interval. even_share: what the hours' number alone would give.
    """

    name: str
    hours: tuple[int, ...]
    records: float
    least: int
    most: int
    share: float
    low: float
    high: float
    even_share: float

    @property
    def is_unlike_even(self) -> bool:
        """Whether the interval excludes what the hours' number alone would give."""
        return not self.low <= self.even_share <= self.high


@dataclass(frozen=True)
class PeakHours:
    """The hours in a row that have most records, and which others it could as well have been.

    band: the hours' records and share; its interval allows for their having been picked as the
    fullest of 24. starts: first hours of all bands that cannot be told from the fullest; they
    hold the true peak at least as often as `level` says.
    """

    band: ShiftShare
    starts: tuple[int, ...]

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether half of the clock could as well be the peak."""
        return len(self.starts) >= 12


@dataclass(frozen=True)
class HoursOfWeek:
    """Records by weekday and hour, local time.

    counts, least, most: shape (7, 24), Monday first: parts of records summed, records surely in
    the hour, records that can be. records: those counted. without_time: those without any.
    exact: records with one exact time. a_day_or_longer: intervals that say nothing of the
    hour; they are counted, spread evenly. at_midnight: exact times of 00:00 to the second.
    midnight_neighbours: exact times of 23:00 and 01:00 to the second. set_aside: records at
    midnight that were not counted, since their dates have no time. peak: None without records.
    """

    counts: NDArray[np.float64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    records: int
    without_time: int
    exact: int
    a_day_or_longer: int
    at_midnight: int
    midnight_neighbours: int
    set_aside: int
    level: float
    peak: PeakHours | None
    shift_bands: tuple[ShiftShare, ...]

    @property
    def midnight_share(self) -> float:
        """Of the records with an exact time, the share at midnight to the second."""
        with_exact = self.exact + self.set_aside
        return self.at_midnight / with_exact if with_exact else 0.0

    @property
    def is_midnight_spike(self) -> bool:
        """Whether midnight has at least twice its neighbours' records, beyond chance."""
        return _is_spike(self.at_midnight, self.midnight_neighbours)


def require_times(rows: pl.DataFrame, *, to: str) -> None:
    """Nothing where some record has a time; a MonthOnlyError that says why not, where none has.

    rows: crimes; only a force's or a council's own extract has `occurred_from`. to: what times
    are needed for, after "to": "say at what hours". No rows pass, if they have the column.
    """
    if "occurred_from" in rows.columns and (
        rows.height == 0 or rows["occurred_from"].null_count() < rows.height
    ):
        return
    raise MonthOnlyError(
        f"To {to}, records need times. None of these {rows.height:,} has one: open crime records "
        f"are known only to the month. Use a force's own extract whose column map names its "
        f"times (docs/column-maps.md)."
    )


def hours_of_week(
    from_times: ArrayLike,
    to_times: ArrayLike | None = None,
    *,
    shifts: Mapping[str, tuple[int, int]] = SHIFTS,
    keep_midnight: bool = False,
    level: float = 0.95,
    zone: str = LONDON,
) -> HoursOfWeek:
    """Count records by hour and weekday, with their share in each shift.

    from_times, to_times: local times (datetime64), one of each a record; without `to_times`
    every time is exact. NaT in `from_times` is a record without a time, counted apart; in
    `to_times` alone, an exact time. Intervals are spread as in `aoristic_hours`. shifts: first
    hour and the hour of the end, which does not belong to it; over midnight if it is earlier.
    keep_midnight: exact times of midnight are set aside where they are a spike, dates stored
    without a time, unless this says to keep them. Shares have the interval of `exact_limits`.
    No records give zeros and no peak.
    """
    start = np.asarray(from_times, dtype="datetime64[us]")
    end = start if to_times is None else np.asarray(to_times, dtype="datetime64[us]")
    if len(start) != len(end):
        raise InputError(
            f"Each record has an earliest and a latest time; found {len(start):,} of the one "
            f"and {len(end):,} of the other. Pass one of each a record."
        )
    timed = ~np.isnat(start)
    start, end = start[timed], np.where(np.isnat(end), start, end)[timed]
    midnight, beside = _exact_at(start, end, 0), _exact_at(start, end, 1, 23)
    aside = is_midnight_without_time(start, end) & (not keep_midnight)
    start, end = start[~aside], end[~aside]
    spread = aoristic_hours(start, end, zone=zone)
    spans = _Spans.of(start, end, spread.weights.sum(axis=0))
    return HoursOfWeek(
        counts=spread.weights,
        least=spread.least,
        most=spread.most,
        records=spread.records,
        without_time=int((~timed).sum()),
        exact=spread.exact,
        a_day_or_longer=spread.a_day_or_longer,
        at_midnight=int(midnight.sum()),
        midnight_neighbours=int(beside.sum()),
        set_aside=int(aside.sum()),
        level=level,
        peak=_peak(spans, level) if spread.records else None,
        shift_bands=tuple(
            spans.share(name, hours_of_shift(name, *ends), level) for name, ends in shifts.items()
        ),
    )


def is_midnight_without_time(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64]
) -> NDArray[np.bool_]:
    """Which records are exactly at midnight, if those are a spike: dates stored without a time."""
    midnight, beside = _exact_at(start, end, 0), _exact_at(start, end, 1, 23)
    return midnight & _is_spike(int(midnight.sum()), int(beside.sum()))


def _exact_at(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64], *hours: int
) -> NDArray[np.bool_]:
    """Which records have one exact time, on one of these hours to the second."""
    past = start.astype(np.int64) % DAY
    exact: NDArray[np.bool_] = (start == end) & np.isin(past, [hour * HOUR for hour in hours])
    return exact


def _is_spike(midnight: int, neighbours: int) -> bool:
    ratio = exact_rate_ratio(neighbours, midnight, exposure_before=2)
    return ratio.low >= _SPIKE


def hours_of_shift(name: str, first: int, end: int) -> tuple[int, ...]:
    """The hours of a shift, in order; over midnight where it ends earlier than it begins."""
    if not (0 <= first < 24 and 0 <= end <= 24 and first != end):
        raise InputError(
            f"A shift begins at an hour from 0 to 23 and ends at another from 0 to 24; found "
            f"{name} from {first} to {end}. Correct it."
        )
    return tuple(hour % 24 for hour in range(first, end if end > first else end + 24))


@dataclass(frozen=True)
class _Spans:
    """Each record's first hour of the day and how many more it touches; weight by hour."""

    first: NDArray[np.int64]
    more: NDArray[np.int64]
    by_hour: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        start: NDArray[np.datetime64],
        end: NDArray[np.datetime64],
        by_hour: NDArray[np.float64],
    ) -> _Spans:
        begun = start.astype(np.int64) // HOUR
        ended = np.maximum(end.astype(np.int64) - 1, start.astype(np.int64)) // HOUR
        return cls(begun % 24, np.minimum(ended - begun, 23), by_hour)

    def share(self, name: str, hours: Sequence[int], level: float) -> ShiftShare:
        member = np.zeros(48, dtype=np.int64)
        member[list(hours)] = member[[hour + 24 for hour in hours]] = 1
        before = np.r_[0, np.cumsum(member)]
        inside = before[self.first + self.more + 1] - before[self.first]
        records, total = float(self.by_hour[list(hours)].sum()), len(self.first)
        low, high = exact_limits(records, total, level=level)
        return ShiftShare(
            name=name,
            hours=tuple(hours),
            records=records,
            least=int((inside == self.more + 1).sum()),
            most=int((inside > 0).sum()),
            share=records / total if total else 0.0,
            low=low,
            high=high,
            even_share=len(hours) / 24,
        )


def _peak(spans: _Spans, level: float) -> PeakHours:
    """The fullest hours in a row, and all that a fair test cannot tell from them."""
    from scipy.special import bdtrc

    ring = np.arange(24)
    windows = (ring[:, None] + np.arange(PEAK_HOURS)) % 24
    records = spans.by_hour[windows].sum(axis=1)
    fullest = int(np.argmax(records))
    # 24 bands were looked at: each comparison, and the interval, has a 24th of the doubt.
    doubt = (1 - level) / 24
    starts = []
    for first in range(24):
        ours = set(windows[fullest].tolist()) - set(windows[first].tolist())
        theirs = set(windows[first].tolist()) - set(windows[fullest].tolist())
        more, fewer = spans.by_hour[list(ours)].sum(), spans.by_hour[list(theirs)].sum()
        both = round(more + fewer)
        p_value = bdtrc(round(more) - 1, both, 0.5) if round(more) else 1.0
        if p_value > doubt:
            starts.append(first)
    name = f"{fullest:02d}:00 to {(fullest + PEAK_HOURS) % 24:02d}:00"
    return PeakHours(spans.share(name, windows[fullest].tolist(), 1 - doubt), tuple(starts))
