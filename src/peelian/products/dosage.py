"""The dosage report: what a patrol plan delivered, for the team that made it.

True numbers, for desk use. It holds no unit: what is said is said of places, bands and weeks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from peelian.core.patrols import PatrolMode, PatrolPlan, Visit
from peelian.products.patrol_plan.plan_file import seal_of
from peelian.response.dosage import Dosage, dosage
from peelian.response.dose_delivery import ON_TIME_MINUTES
from peelian.response.gps_visits import traced_patrol
from peelian.response.patrol_trend import PatrolTrend, patrol_trend
from peelian.response.visits_once import visits_once

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from peelian.core.streets import StreetNetwork

_SURE_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class DosageReport:
    """A plan's dosage with the words to read it by.

    plan_seal: of the plan's file. names: place id and name, in the plan's order. trend: of all
    visits that were given, those of other weeks too. notices: what a reader must know, each a
    sentence.
    """

    area_code: str
    area_name: str
    first: date
    last: date
    plan_version: int
    plan_seal: str
    shortest_minutes: int
    longest_minutes: int
    on_time_minutes: float
    names: tuple[tuple[str, str], ...]
    dosage: Dosage
    trend: PatrolTrend
    notices: tuple[str, ...]

    @property
    def name_of(self) -> Mapping[str, str]:
        """Each place's name, and what no place is called."""
        return {**dict(self.names), "": "Background patrol"}


def dosage_of_plan(
    plan: PatrolPlan,
    visits: Sequence[Visit],
    *,
    complete: Collection[date] = (),
    changed_on: date | None = None,
    on_time_minutes: float = ON_TIME_MINUTES,
    notices: Sequence[str] = (),
) -> DosageReport:
    """Reckon what a plan delivered from the visits of a log.

    visits: of the plan's days, and of weeks before it where a trend is wanted. complete: days of
    which somebody says that the log has every patrol. changed_on: the day from which patrol is
    compared with the weeks before; the plan's first day unless given. notices: what the readers
    of the logs have to say.
    """
    once = visits_once(visits)
    found = dosage(once.visits, plan, complete=complete, on_time_minutes=on_time_minutes)
    said = list(notices)
    if once.joined:
        said.append(
            f"{_so_many(once.joined, 'record')} told of a unit's visit that another had told of; "
            f"the time counts once."
        )
    if once.at_two_places:
        said.append(
            f"In {_so_many(len(once.at_two_places), 'pair')} of records one unit is at two places "
            f"at a time; both count, and one of each must be wrong."
        )
    if once.perhaps_twice:
        said.append(
            f"{_so_many(once.perhaps_twice, 'visit')} to a place fell within another visit to it, "
            f"and one or both have no unit: two units, or one told of twice. They count as two."
        )
    if together := _together(once.visits, plan):
        said.append(
            f"{_so_many(together, 'useful visit')} began while another was at the place: each "
            f"counts, but who is there sees one presence, not two doses."
        )
    trend = patrol_trend(once.visits, changed_on=changed_on or plan.first, complete=complete)
    if trend.not_whole and trend.weeks[0].week < plan.first:
        said.append(
            f"Of {_so_many(trend.not_whole, 'week')} some day has no log: they are not compared "
            f"before and after, where they would look like a fall in patrol. If nobody patrolled "
            f"on such days, say with --complete that the log has them whole."
        )
    return DosageReport(
        area_code=plan.area_code,
        area_name=plan.area_name,
        first=plan.first,
        last=plan.last,
        plan_version=plan.version,
        plan_seal=seal_of(plan),
        shortest_minutes=plan.dose.shortest_minutes,
        longest_minutes=plan.dose.longest_minutes,
        on_time_minutes=on_time_minutes,
        names=tuple((each.place_id, each.name) for each in plan.hotspots),
        dosage=found,
        trend=trend,
        notices=(*said, *_notices(found, plan), *_silent_shifts(once.visits, found, plan)),
    )


def _together(visits: Sequence[Visit], plan: PatrolPlan) -> int:
    """Useful visits of the plan's days that begin before another at the place has ended."""
    ends: dict[str, datetime] = {}
    found = 0
    for each in sorted(visits, key=lambda visit: visit.start):
        in_days = plan.first <= each.start.date() <= plan.last
        if each.place_id and in_days and each.minutes >= plan.dose.shortest_minutes:
            found += each.start < ends.get(each.place_id, each.start)
            ends[each.place_id] = max(each.end, ends.get(each.place_id, each.end))
    return found


def _silent_shifts(visits: Sequence[Visit], found: Dosage, plan: PatrolPlan) -> Iterator[str]:
    """Shifts of logged days of whose unit nothing is told, where every record has its unit."""
    if not all(each.unit for each in visits):
        return
    silent = [
        shift
        for shift in plan.shifts
        if shift.start.date() in found.days_logged
        and not any(v.unit == shift.unit and shift.start <= v.start < shift.end for v in visits)
    ]
    if silent:
        yield (
            f"Of {_so_many(len(silent), 'shift')} on logged days no record tells: if a log is "
            f"missing, what that unit did is counted as not delivered."
        )


@dataclass(frozen=True)
class TraceVisits:
    """The visits of a trace, and what a reader must know of them, each a sentence."""

    visits: tuple[Visit, ...]
    notices: tuple[str, ...]


def visits_of_trace(
    plan: PatrolPlan,
    times: ArrayLike,
    points: ArrayLike,
    *,
    name: str,
    network: StreetNetwork | None = None,
    mode: PatrolMode | None = None,
    unit: str = "",
) -> TraceVisits:
    """Find a unit's visits at a plan's hot spots; `gps_visits.traced_patrol` says how.

    Retired places are not looked for; time at a base of the plan's shifts is no patrol. name:
    of the file, for the notices. The points are not kept.
    """
    found = traced_patrol(
        times,
        points,
        hotspots=[each for each in plan.hotspots if each.lifecycle != "retired"],
        network=network,
        mode=mode,
        unit=unit,
        bases=sorted({each.base for each in plan.shifts}),
    )
    if not found.points:
        return TraceVisits((), (f"{name}: it has no point that can be used.",))
    unsure = sum(
        max(each.latest_start - each.earliest_start, each.latest_end - each.earliest_end)
        > _SURE_WITHIN
        for each in found.visits
    )
    going = f", {found.mode} by its speed" if found.mode and not mode else ""
    said = [
        f"{name}: {_so_many(len(found.visits), 'visit')} and "
        f"{sum(each.minutes for each in found.background):,.0f} minutes of background patrol in "
        f"{found.points:,} points{going}; {found.jumps:,} of them are jumps and left out. "
        f"A trace does not say so, but the unit is taken to have been in uniform."
    ]
    if found.gaps:
        unseen = sum((end - start).total_seconds() / 60 for start, end in found.gaps)
        said.append(
            f"{name}: without points for {unseen:,.0f} minutes, in "
            f"{_so_many(len(found.gaps), 'gap')} of over a minute."
        )
    if unsure:
        said.append(
            f"{name}: of {_so_many(unsure, 'visit')} the start or the end is not known to within "
            f"{_SURE_WITHIN.total_seconds() / 60:g} minutes: no points, or near the circle's edge."
        )
    return TraceVisits((*(each.visit for each in found.visits), *found.background), tuple(said))


def _notices(found: Dosage, plan: PatrolPlan) -> Iterator[str]:
    missing = found.days - len(found.days_logged)
    if missing:
        yield (
            f"Nothing is logged on {missing} of the plan's {found.days} days; whether "
            f"{_so_many(found.planned.not_logged, 'planned visit')} of those days took place is "
            f"not known."
        )
    short = found.at_places.visits - found.at_places.useful
    if short:
        yield (
            f"Visits shorter than {plan.dose.shortest_minutes} minutes, which do not count as a "
            f"dose (Koper 1995, doi:10.1080/07418829500096231): {short} of "
            f"{found.at_places.visits}."
        )
    if found.at_places.extra_minutes >= 1:
        yield (
            f"{found.at_places.extra_minutes:,.0f} minutes of visits lay beyond "
            f"{plan.dose.longest_minutes} minutes, from about which Koper (1995) found that a "
            f"longer stay adds less."
        )
    if found.outside:
        yield (f"Visits of other days than the plan's count in the trend alone: {found.outside:,}.")
    for band in found.bands:
        if band.band and band.logged_shifts < band.shifts:
            yield (
                f"{band.band.capitalize()} shifts without a log: "
                f"{band.shifts - band.logged_shifts} of {band.shifts}."
            )


def _so_many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
