"""Alerts month by month: which are new, which go on, and whether past ones came true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.scanning.alert import FALSE_ALARMS, Limit, Unusual, alert_limit, unusual_places
from peelian.scanning.alert_bursts import ward_burst
from peelian.scanning.alert_null import LAST_MONTHS, usual_records
from peelian.scanning.exact_share import exact_limits

if TYPE_CHECKING:
    from peelian.core.months import Month, MonthSpan
    from peelian.scanning.series import PlaceCounts

# A place that passed the limit so lately is not new: its months overlap, and its own rate from
# before takes in what is new only slowly.
QUIET_MONTHS = 6
LATER_MONTHS = 3
LEAST_LATER_HELD = 2
# With fewer, an exact interval of the share is wider than half of all there is.
LEAST_JUDGED = 10

AlertState = Literal["new", "going on", "as a year before"]


@dataclass(frozen=True)
class PlaceAlert:
    """A place where one measure's records are unusual, in the months up to one.

    state: "new" where the place was not unusual in the six months before; "as a year before"
    where it would be, and the same months a year before were as high: a season of its own.
    since: the first month of the run that was unusual first. months: the run that is counted now.
    low, high: the central predictive interval of the run's records at `level`. p_value: the
    chance of a run as unlikely at this place in a month.
    """

    measure_id: str
    place_id: str
    name: str
    month: Month
    state: AlertState
    since: Month
    months: tuple[Month, ...]
    observed: int
    expected: float
    low: int
    high: int
    level: float
    p_value: float


@dataclass(frozen=True)
class WardBurst:
    """A measure with too few records for its places, in a burst in the ward as a whole.

    See `alert_bursts.Burst` for the figures, PlaceAlert for state and since.
    """

    measure_id: str
    month: Month
    state: AlertState
    since: Month
    observed: int
    usual: float
    chance: float


@dataclass(frozen=True)
class WatchedMonth:
    """What a ward's watch found in one month.

    watched: measures whose places were looked at; too_few: those with too few records or months
    before, looked at in the ward as a whole; missing: those whose month is not held.
    """

    month: Month
    limit: Limit
    alerts: tuple[PlaceAlert, ...]
    bursts: tuple[WardBurst, ...]
    watched: tuple[str, ...]
    too_few: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def new(self) -> tuple[PlaceAlert, ...]:
        """The alerts that are new in this month."""
        return tuple(alert for alert in self.alerts if alert.state == "new")


@dataclass(frozen=True)
class PastAlert:
    """A new alert, and what became of it.

    came_true: whether, in the three months after it, the mean of the place's records lay above
    the expected by at least half as much as in the run that was counted. None where those
    months, or two of them, are not held.
    """

    alert: PlaceAlert
    came_true: bool | None


@dataclass(frozen=True)
class AlertRecord:
    """How past alerts turned out: how many `came_true` of those `judged` (see PastAlert).

    low, high: the exact interval of the share at `level`. unjudged: alerts whose months after
    are not held.
    """

    judged: int
    came_true: int
    unjudged: int
    low: float
    high: float
    level: float

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether so few alerts were judged that their share says little."""
        return self.judged < LEAST_JUDGED


def watched_months(
    counts: Sequence[PlaceCounts], *, span: MonthSpan, false_alarms: float = FALSE_ALARMS
) -> tuple[WatchedMonth, ...]:
    """Look at a ward's places in each month of a span, as if it were the last one.

    counts: one entry a measure, all over the same months, each with all places of the ward;
    months before a series break missing. No later month is used, but for which places there
    are. false_alarms: a hundred ward-years, all measures together. InputError where a month of
    the span lies outside the counts.
    """
    if not counts:
        return ()
    held = counts[0].span
    if span.first not in held or span.last not in held:
        raise InputError(
            f"A month is watched by its counts, and these cover {held.in_words}; found "
            f"{span.in_words}. Ask for months within them."
        )
    # The months before the span tell which of its alerts are new.
    start = max(span.first.minus(held.first) - QUIET_MONTHS, 0)
    spells = _Spells()
    watched = [
        _watch(counts, column, spells, false_alarms)
        for column in range(start, span.last.minus(held.first) + 1)
    ]
    return tuple(each for each in watched if each.month in span)


def past_alerts(
    counts: Sequence[PlaceCounts], watched: Sequence[WatchedMonth]
) -> tuple[PastAlert, ...]:
    """The new alerts of watched months, and whether each came true. counts: those watched."""
    by_measure = {each.measure_id: each for each in counts}
    return tuple(
        PastAlert(alert, _came_true(by_measure[alert.measure_id], alert))
        for month in watched
        for alert in month.new
    )


def alert_record(past: Iterable[PastAlert], *, level: float = 0.95) -> AlertRecord:
    """How many past alerts came true, of one ward or of many. No alert gives 0 of 0, 0 to 1."""
    outcomes = [each.came_true for each in past]
    judged, true = sum(each is not None for each in outcomes), outcomes.count(True)
    low, high = exact_limits(true, judged, level=level)
    return AlertRecord(
        judged=judged,
        came_true=true,
        unjudged=len(outcomes) - judged,
        low=low,
        high=high,
        level=level,
    )


class _Spells:
    """Since when each place, or the ward, has been unusual, as months are watched in turn."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], int] = {}
        self._began: dict[tuple[str, str], tuple[AlertState, Month]] = {}

    def state(
        self, measure_id: str, place_id: str, column: int, *, first: Month, seasonal: bool
    ) -> tuple[AlertState, Month]:
        """The state of what is unusual in this month, and since when it has been so.

        first: the first month of the run that is unusual.
        """
        key = measure_id, place_id
        last = self._last.get(key)
        self._last[key] = column
        if last is None or column - last > QUIET_MONTHS:
            self._began[key] = "as a year before" if seasonal else "new", first
            return self._began[key]
        state, since = self._began[key]
        return "going on" if state == "new" else state, since


def _watch(
    counts: Sequence[PlaceCounts], column: int, spells: _Spells, false_alarms: float
) -> WatchedMonth:
    held = [each for each in counts if not np.isnan(each.counts[:, column]).all()]
    usual = [usual_records(each.counts, column=column) for each in held]
    few = [each for each, its in zip(held, usual, strict=True) if its is None]
    watched = [each for each, its in zip(held, usual, strict=True) if its is not None]
    known = [its for its in usual if its is not None]
    # Each measure has its share of the false alarms, whichever way it is watched.
    a_measure = false_alarms / max(len(held), 1)
    limit = alert_limit(known, false_alarms=a_measure * max(len(known), 1))
    found = unusual_places(known, limit)
    bursts = (_burst(each, column, spells, a_measure / 100) for each in few)
    return WatchedMonth(
        month=counts[0].span.first.plus(column),
        limit=limit,
        alerts=tuple(_alert(watched[each.measure], each, column, spells) for each in found),
        bursts=tuple(burst for burst in bursts if burst is not None),
        watched=tuple(each.measure_id for each in watched),
        too_few=tuple(each.measure_id for each in few),
        missing=tuple(each.measure_id for each in counts if each not in held),
    )


def _alert(of: PlaceCounts, found: Unusual, column: int, spells: _Spells) -> PlaceAlert:
    place = of.places[found.place]
    run = np.flatnonzero(~np.isnan(of.counts[found.place, : column + 1]))[-found.months :]
    months = tuple(of.span.first.plus(int(month)) for month in run)
    state, since = spells.state(
        of.measure_id,
        place.place_id,
        column,
        first=months[0],
        seasonal=_records_year_before(of, found.place, run) > found.high,
    )
    return PlaceAlert(
        measure_id=of.measure_id,
        place_id=place.place_id,
        name=place.name,
        month=of.span.first.plus(column),
        state=state,
        since=since,
        months=months,
        observed=found.observed,
        expected=found.expected,
        low=found.low,
        high=found.high,
        level=found.level,
        p_value=found.p_value,
    )


def _burst(of: PlaceCounts, column: int, spells: _Spells, highest: float) -> WardBurst | None:
    found = ward_burst(of.counts.sum(axis=0), column=column, highest=highest)
    if found is None:
        return None
    month = of.span.first.plus(column)
    first = month.plus(1 - LAST_MONTHS)
    state, since = spells.state(of.measure_id, "", column, first=first, seasonal=False)
    return WardBurst(of.measure_id, month, state, since, found.observed, found.usual, found.chance)


def _records_year_before(counts: PlaceCounts, place: int, run: NDArray[np.int64]) -> float:
    """A place's records in the same months a year before, of those that are held."""
    before = run - 12
    if before[0] < 0:
        return 0.0
    return float(np.nan_to_num(counts.counts[place, before].sum()))


def _came_true(counts: PlaceCounts, alert: PlaceAlert) -> bool | None:
    place = next(i for i, each in enumerate(counts.places) if each.place_id == alert.place_id)
    first = alert.month.plus(1).minus(counts.span.first)
    later = counts.counts[place, first : first + LATER_MONTHS]
    later_held = later[~np.isnan(later)]
    if len(later) < LATER_MONTHS or len(later_held) < LEAST_LATER_HELD:
        return None
    usual, unusual = (n / len(alert.months) for n in (alert.expected, alert.observed))
    return bool(later_held.mean() - usual >= (unusual - usual) / 2)
