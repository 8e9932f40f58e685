"""What is newly unusual in a ward: the watch that is run after each ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan
from peelian.measures import load_measures
from peelian.measures import measure as measure_of
from peelian.products.ward_records import WardRecords, read_ward_records
from peelian.scanning.alert import FALSE_ALARMS
from peelian.scanning.alert_history import (
    AlertRecord,
    PastAlert,
    PlaceAlert,
    WardBurst,
    alert_record,
    past_alerts,
    watched_months,
)
from peelian.scanning.alert_null import LAST_MONTHS, LEAST_MONTHS_BEFORE
from peelian.scanning.series import PlaceCounts, place_counts
from peelian.store import places

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.store import Store


@dataclass(frozen=True)
class WatchReport:
    """A ward's watch for one month, and how its past alerts turned out.

    alerts, bursts: of measures that mostly rest on reports by the public; those of measures
    that police make stand apart, in police_generated and police_generated_bursts. false_alarms:
    a hundred ward-years, at most, all measures together; expected_false_alarms: in this month.
    too_few: ids of measures looked at in the ward as a whole only. missing: measures whose
    month is not held, and why. breaks: measures learned from after a series break alone, and
    why. past: the new alerts of earlier months, each judged by the months after it.
    """

    area: Area
    force: str
    month: Month
    held: MonthSpan
    measures: Mapping[str, Measure]
    false_alarms: float
    expected_false_alarms: float
    alerts: tuple[PlaceAlert, ...]
    bursts: tuple[WardBurst, ...]
    police_generated: tuple[PlaceAlert, ...]
    police_generated_bursts: tuple[WardBurst, ...]
    watched: tuple[str, ...]
    too_few: tuple[str, ...]
    missing: Mapping[str, str]
    breaks: Mapping[str, str]
    past: tuple[PastAlert, ...]

    @property
    def record(self) -> AlertRecord:
        """How this ward's past alerts turned out."""
        return alert_record(self.past)


def watch_ward(
    store: Store,
    ward: str,
    *,
    measures: Sequence[str] = (),
    month: Month | None = None,
    false_alarms: float = FALSE_ALARMS,
    boundary_set: str | None = None,
    include_btp: bool = True,
    source: str = "police.uk",
) -> WatchReport:
    """Look for what is newly unusual at a ward's places, as of one month.

    ward: a code or an unambiguous name. measures: ids; unless given, every measure of a single
    crime type that rests on reports by the public. month: the last one held unless given. No
    record after it is used. True counts: for desk use, not for publication.
    UnknownPlaceError where no ward is called so; CoverageError where the store has no record
    in it, does not hold the month, or has less than fifteen months up to it.
    """
    chosen = _chosen(measures, source)
    area = places.area(store, ward, boundary_set=boundary_set)
    read = read_ward_records(store, "", area, chosen, include_btp=include_btp, source=source)
    return watch_records(read, chosen, month=month, false_alarms=false_alarms)


def watch_records(
    read: WardRecords,
    chosen: Mapping[str, Measure],
    *,
    month: Month | None = None,
    false_alarms: float = FALSE_ALARMS,
) -> WatchReport:
    """The same for a ward whose records are read already. chosen: measures of crimes, by id."""
    at = month or read.span.last
    _check_months(read, at)
    held = MonthSpan(read.span.first, at)
    counts, breaks = [], {}
    for each in chosen.values():
        one, broken = _counts(read, each, held)
        counts.append(one)
        if broken:
            breaks[each.id] = broken
    *earlier, now = watched_months(counts, span=held, false_alarms=false_alarms)
    reported = [m.id for m in chosen.values() if not m.police_generated]
    return WatchReport(
        area=read.area,
        force=read.force,
        month=at,
        held=held,
        measures=chosen,
        false_alarms=false_alarms,
        expected_false_alarms=now.limit.expected_alarms,
        alerts=tuple(a for a in now.alerts if a.measure_id in reported),
        bursts=tuple(b for b in now.bursts if b.measure_id in reported),
        police_generated=tuple(a for a in now.alerts if a.measure_id not in reported),
        police_generated_bursts=tuple(b for b in now.bursts if b.measure_id not in reported),
        watched=now.watched,
        too_few=now.too_few,
        missing={each: read.missing(chosen[each]).get(at, "") for each in now.missing},
        breaks=breaks,
        past=past_alerts(counts, earlier),
    )


def _chosen(measures: Sequence[str], source: str) -> dict[str, Measure]:
    if not measures:
        return {
            each.id: each
            for each in load_measures().values()
            if _can_be_watched(each, source)
            and len(each.crime_types) == 1
            and not each.police_generated
        }
    chosen = {each: measure_of(each) for each in measures}
    for each in chosen.values():
        if not _can_be_watched(each, source):
            raise InputError(
                f"A watch counts recorded crimes and incidents from {source} at places; "
                f"{each.id} counts {each.records} from {' or '.join(each.sources)}. Watch another "
                f"measure, or name its source."
            )
    return chosen


def _can_be_watched(measure: Measure, source: str) -> bool:
    return measure.records == "crimes" and measure.preference(source) is not None


def _check_months(read: WardRecords, month: Month) -> None:
    name = read.area.name
    if month not in read.span:
        raise CoverageError(
            f"A ward is watched in a month that is held. For {name} the store covers "
            f"{read.span.in_words}; found {month.in_words}. Name another month, or ingest it."
        )
    least = LAST_MONTHS + LEAST_MONTHS_BEFORE
    up_to = month.minus(read.span.first) + 1
    if up_to < least:
        raise CoverageError(
            f"What is unusual is told from {LEAST_MONTHS_BEFORE} months before the last "
            f"{LAST_MONTHS}: {least} in all. For {name} the store has {up_to} up to "
            f"{month.in_words}, from {read.span.first.in_words} on. Ingest earlier months."
        )


def _counts(read: WardRecords, measure: Measure, held: MonthSpan) -> tuple[PlaceCounts, str]:
    """A measure's counts by place up to a month; those before a series break left out, and why."""
    counts = place_counts(
        read.inside, measure, read.micro_places, span=held, missing=read.missing(measure)
    )
    breaks = {
        Month.parse(each.first_month): each.reason
        for each in measure.series_breaks
        if each.force in ("all", read.force) and Month.parse(each.first_month) in held
    }
    if not breaks:
        return counts, ""
    last = max(breaks)
    after = counts.counts.copy()
    after[:, : last.minus(held.first)] = np.nan
    before = {m: breaks[last] for m in held if m < last}
    return replace(counts, counts=after, missing={**counts.missing, **before}), breaks[last]
