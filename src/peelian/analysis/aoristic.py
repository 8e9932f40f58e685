"""Records known to have happened between two times, spread evenly over what lies between.

Ratcliffe's aoristic analysis (2002, doi:10.1023/A:1013240828824; 2000,
doi:10.1080/136588100424963). A variation: he gives each unit of time that an interval touches an
equal part; here each gets the part of the interval that lies in it, exactly. Where an interval
begins and ends on the hour the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from peelian.analysis.clock_changes import DAY, HOUR, LONDON, clock_changes
from peelian.core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

WEEK_HOURS = 168
_MONDAY = 72  # hours from the Monday before to the start of 1970, a Thursday
_SHOWN = 5


@dataclass(frozen=True)
class AoristicHours:
    """How much of a set of records falls in each hour of the week.

    weights, least, most: shape (7, 24), Monday first, local time. weights: sums of parts of
    records; all together they are `records`. least: records known to lie in the hour; most:
    records that can. exact: records whose two times are equal. a_day_or_longer: records that
    say nothing of the hour, and spread almost evenly over all of them.
    """

    weights: NDArray[np.float64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    records: int
    exact: int
    a_day_or_longer: int


@dataclass(frozen=True)
class AoristicBins:
    """How much of a set of records falls in each of some bins of time.

    weights, least, most: one entry a bin, as in AoristicHours. outside: the weight before the
    first bin and after the last; with `weights` it adds up to `records`.
    """

    weights: NDArray[np.float64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    outside: float
    records: int


def aoristic_hours(
    from_times: ArrayLike, to_times: ArrayLike, *, zone: str = LONDON
) -> AoristicHours:
    """Spread each record over the hours of the week between its earliest and latest time.

    from_times, to_times: local times (datetime64), one of each a record. An interval holds its
    start and not its end; 10:00 to 11:00 lies wholly in the hour from ten. Equal times are an
    exact time. An interval over a week goes round. Time is time that passed: a night on which
    `zone` put its clocks forward has an hour less, and the hour that was skipped gets nothing.
    Of an hour that comes twice, the first is meant. An interval that ends before it starts, or
    lacks a time, is an InputError that names the rows. No records give zeros.
    """
    start, end = intervals(from_times, to_times)
    zeros = np.zeros((7, 24), dtype=np.int64)
    if not len(start):
        return AoristicHours(zeros.astype(float), zeros, zeros, 0, 0, 0)
    # All hours from the first to the last, to be folded into a week at the end.
    opening = int(start.min()) // HOUR - 1
    hours = int(end.max()) // HOUR - opening + 3
    edges = (opening + np.arange(hours + 1)) * HOUR
    weights = _weights(start, end, edges, zone)
    first, last = _bins(start, end, edges)
    within = np.bincount(first[first == last], minlength=hours)
    touched = np.minimum(last - first + 1, WEEK_HOURS)
    begin = (first + opening + _MONDAY) % WEEK_HOURS
    most = np.cumsum(_steps(begin, begin + touched, None, 2 * WEEK_HOURS))
    shift = (opening + _MONDAY) % WEEK_HOURS
    return AoristicHours(
        weights=_folded(weights, shift),
        least=_folded(within, shift).astype(np.int64),
        most=_folded(most, 0).astype(np.int64),
        records=len(start),
        exact=int((start == end).sum()),
        a_day_or_longer=int((end - start >= DAY).sum()),
    )


def aoristic_bins(
    from_times: ArrayLike, to_times: ArrayLike, *, edges: ArrayLike, zone: str = LONDON
) -> AoristicBins:
    """Spread each record over bins of time: days, weeks, months.

    edges: local times (datetime64) at which a bin begins and the one before it ends, ascending;
    the last edge ends the last bin. A bin holds its start and not its end. Otherwise as
    `aoristic_hours`.
    """
    start, end = intervals(from_times, to_times)
    given = _microseconds(edges)
    if len(given) < 2 or not (np.diff(given) > 0).all():
        raise InputError(
            f"Bins of time have at least two edges, each later than the one before; found "
            f"{len(given)}. Put them in order, each once."
        )
    bins = len(given) - 1
    if not len(start):
        none = np.zeros(bins, dtype=np.int64)
        return AoristicBins(none.astype(float), none, none, 0.0, 0)
    # One bin more on each side takes what lies outside.
    around = min(given[0], start.min()) - HOUR, max(given[-1], end.max()) + HOUR
    wide = np.r_[around[0], given, around[1]]
    weights = _weights(start, end, wide, zone)
    first, last = _bins(start, end, wide)
    within = np.bincount(first[first == last], minlength=bins + 2)
    most = np.cumsum(_steps(first, last + 1, None, bins + 3))
    return AoristicBins(
        weights=weights[1:-1],
        least=within[1:-1].astype(np.int64),
        most=most[1 : bins + 1].astype(np.int64),
        outside=float(weights[0] + weights[-1]),
        records=len(start),
    )


def intervals(
    from_times: ArrayLike, to_times: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both times in microseconds, checked: one of each a record, none missing, none reversed."""
    start, end = _microseconds(from_times), _microseconds(to_times)
    if len(start) != len(end):
        raise InputError(
            f"Each record has an earliest and a latest time; found {len(start):,} of the one and "
            f"{len(end):,} of the other. Pass one of each a record."
        )
    missing = np.iinfo(np.int64).min
    _refuse((start == missing) | (end == missing), "has both its times", "without")
    _refuse(end < start, "ends at or after its start", "reversed")
    return start, end


def _refuse(wrong: NDArray[np.bool_], rule: str, found: str) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        named = ", ".join(str(row) for row in rows[:_SHOWN])
        more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
        raise InputError(
            f"An interval {rule}; found {len(rows):,} {found}: row {named}{more} (from 0). "
            f"Correct them or leave them out, and say how many they were."
        )


def _microseconds(times: ArrayLike) -> NDArray[np.int64]:
    return np.asarray(times, dtype="datetime64[us]").astype(np.int64)


def _weights(
    start: NDArray[np.int64], end: NDArray[np.int64], edges: NDArray[np.int64], zone: str
) -> NDArray[np.float64]:
    """The weight in each bin: exact times whole, intervals by the time that passed in it."""
    changes = clock_changes(int(edges[0]), int(edges[-1]), zone=zone)
    begun = changes.to_utc(start)
    passed = changes.to_utc(end) - begun
    exact = passed <= 0
    weights = np.bincount(_first_bin(start[exact], edges), minlength=len(edges) - 1).astype(float)
    begun, finished, density = begun[~exact], (begun + passed)[~exact], 1 / passed[~exact]
    changed = np.searchsorted(changes.at, begun, "right")
    across = changed != np.searchsorted(changes.at, finished, "left")
    ahead = changes.ahead[changed]
    plain = ~across
    weights += _spread((begun + ahead)[plain], (finished + ahead)[plain], density[plain], edges)
    # Those during which clocks were changed are cut there, and each part is shown by its clock.
    begun, finished, density = begun[across], finished[across], density[across]
    stops = np.r_[np.iinfo(np.int64).min, changes.at, np.iinfo(np.int64).max]
    for shown, since, until in zip(changes.ahead, stops, stops[1:], strict=False):
        one, other = np.maximum(begun, since), np.minimum(finished, until)
        part = one < other
        weights += _spread(one[part] + shown, other[part] + shown, density[part], edges)
    return weights


def _spread(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    density: NDArray[np.float64],
    edges: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Weight a microsecond times the microseconds in each bin, summed over intervals."""
    bins = len(edges) - 1
    first, last = _bins(start, end, edges)
    inside = np.minimum(end, edges[first + 1]) - start
    weights = np.bincount(first, inside * density, minlength=bins).astype(np.float64)
    two = last > first
    tail = (end[two] - edges[last[two]]) * density[two]
    weights += np.bincount(last[two], tail, minlength=bins).astype(np.float64)
    # Bins that an interval fills: its density goes on where the first begins, off at the end.
    many = last > first + 1
    steps = _steps(first[many] + 1, last[many], density[many], bins + 1)
    filled: NDArray[np.float64] = weights + np.cumsum(steps)[:bins] * np.diff(edges)
    return filled


def _steps(
    on: NDArray[np.int64], off: NDArray[np.int64], by: NDArray[np.float64] | None, size: int
) -> NDArray[np.float64]:
    """What a running sum over bins has to add at each: the difference array."""
    return (np.bincount(on, by, size) - np.bincount(off, by, size)).astype(np.float64)


def _bins(
    start: NDArray[np.int64], end: NDArray[np.int64], edges: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and the last bin that each interval touches; the end does not belong to it."""
    return _first_bin(start, edges), _first_bin(np.maximum(end - 1, start), edges)


def _first_bin(times: NDArray[np.int64], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    if (np.diff(edges) == HOUR).all():  # no need to search
        return np.asarray((times - edges[0]) // HOUR, dtype=np.int64)
    return np.asarray(np.searchsorted(edges, times, side="right") - 1, dtype=np.int64)


def _folded(values: NDArray[Any], shift: int) -> NDArray[np.float64]:
    """Hours one after another into hours of the week. shift: the hour of the week of the first."""
    hour = (np.arange(len(values)) + shift) % WEEK_HOURS
    return np.bincount(hour, values, minlength=WEEK_HOURS).reshape(7, 24).astype(np.float64)
