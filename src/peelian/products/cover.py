"""A ward's cover: do rostered, planned and delivered hours fall where concern falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError, InputError
from peelian.core.months import MonthSpan
from peelian.measures import load_measures
from peelian.products.ward_records import each_crime_once, read_ward_records, refuse_police_made
from peelian.response.concern_hours import Concern, concern_from_records, concern_from_words
from peelian.response.cover import (
    CoverFound,
    cover_of,
    delivered_hours,
    rostered_hours,
    worked_hours,
)
from peelian.response.cover_changes import RosterChange, smallest_change
from peelian.response.roster import weekly_shifts
from peelian.response.visits_once import visits_once
from peelian.scanning.series import rows_counted
from peelian.store import places

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.core.patrols import PatrolPlan, Visit
    from peelian.core.tasking import Tasking
    from peelian.store import Store

# A year has every season's evenings once.
_MONTHS = 12


@dataclass(frozen=True)
class WardCover:
    """What a ward's hours of concern have in common with its hours of cover.

    months: of the records that concern is from; None where people said it. planned: the plan's
    visits at places; delivered: those of the log, in uniform, at places. Both are None without a
    plan, or a log. background_hours, plain_hours: unit-hours of the log in the plan's days that
    are not counted, outside places and out of uniform. change: None where no single change
    makes the fit better, or what was to be reached is. reach: what was to be; None where nothing
    was said.
    """

    area: Area
    measure: Measure
    concern: Concern
    months: MonthSpan | None
    rostered: CoverFound
    planned: CoverFound | None
    delivered: CoverFound | None
    background_hours: float
    plain_hours: float
    change: RosterChange | None
    reach: float | None
    notices: tuple[str, ...]


def cover_of_ward(
    store: Store,
    ward: str,
    tasking: Tasking,
    *,
    seed: int,
    measure: str = "public-reported",
    source: str = "police.uk",
    boundary_set: str | None = None,
    plan: PatrolPlan | None = None,
    visits: Sequence[Visit] | None = None,
    reach: float | None = None,
) -> WardCover:
    """Hold a ward's roster, plan and log against the hours of concern.

    Concern is when a measure's records of the last twelve months fall, each crime once, where
    any has a time: only a force's own extract (`source`) has. Else it is what the tasking file
    says of it; with neither, a MonthOnlyError. A measure that follows police activity is an
    InputError: its hours are those in which officers were there. visits: of the plan's log;
    without a plan an InputError. reach: the fit that the smallest change is to reach.
    """
    known = load_measures()
    if measure not in known:
        raise InputError(
            f"A measure is named by its id; no measure is called {measure!r}. Use one of: "
            f"{', '.join(known)}."
        )
    refuse_police_made(known[measure], question="Hours of concern are told by")
    _check_given(tasking, plan, visits)
    area = places.area(store, ward, boundary_set=boundary_set)
    concern, months, notices = _concern(store, area, known[measure], tasking, source, seed)
    shifts = weekly_shifts(tasking.shifts)
    planned = delivered = None
    if plan is not None and plan.visits:
        hours = worked_hours(
            ((v.start, v.end) for v in plan.visits), first=plan.first, last=plan.last
        )
        planned = cover_of(concern, hours)
    background = plain = 0.0
    if plan is not None and visits is not None:
        own = [v for v in visits_once(visits).visits if _is_of(plan, v)]
        delivered, log_notices = _delivered(concern, plan, own)
        notices += log_notices
        if other := sum(not _is_of(plan, v) for v in visits):
            notices += (f"{other:,} visits are of other days than the plan's.",)
        background = sum(v.minutes for v in own if not v.place_id) / 60
        plain = sum(v.minutes for v in own if v.place_id and not v.visible) / 60
    return WardCover(
        area=area,
        measure=known[measure],
        concern=concern,
        months=months,
        rostered=cover_of(concern, rostered_hours(shifts)),
        planned=planned,
        delivered=delivered,
        background_hours=background,
        plain_hours=plain,
        change=smallest_change(concern, shifts, reach=reach),
        reach=reach,
        notices=notices,
    )


def _check_given(tasking: Tasking, plan: PatrolPlan | None, visits: Sequence[Visit] | None) -> None:
    if not tasking.shifts:
        raise InputError(
            "Cover is of the shifts that the tasking file lists, and it lists none. Write them as "
            "[[shifts]] with band, start and end."
        )
    if visits is not None and plan is None:
        raise InputError(
            "A log is of a plan, which says where its places are and which days it has. Give the "
            "plan with the log."
        )


def _concern(
    store: Store, area: Area, measure: Measure, tasking: Tasking, source: str, seed: int
) -> tuple[Concern, MonthSpan | None, tuple[str, ...]]:
    """Concern by records where any has a time, else by words; what a reader has to know."""
    try:
        return _recorded(store, area, measure, source, seed)
    except CoverageError as error:
        concern = concern_from_words(tasking.concern_hours) if tasking.concern_hours else None
        if concern is None:
            raise
        return concern, None, (f"What people say is used, and has no interval. {error}",)


def _recorded(
    store: Store, area: Area, measure: Measure, source: str, seed: int
) -> tuple[Concern, MonthSpan, tuple[str, ...]]:
    import polars as pl

    from peelian.analysis.time_of_week import hours_of_week, require_times

    read = read_ward_records(store, "", area, {}, include_btp=True, source=source)
    months = MonthSpan.ending(read.span.last, months=min(_MONTHS, len(read.span)))
    in_span = pl.col("month").is_between(months.first.first_day, months.last.first_day)
    rows = each_crime_once(rows_counted(read.inside.filter(in_span), measure))
    require_times(rows, to="say at which hours concern falls")
    found = hours_of_week(rows["occurred_from"].to_numpy(), rows["occurred_to"].to_numpy())
    concern = concern_from_records(found.counts, seed=seed)
    notices = []
    if found.without_time:
        notices.append(f"{found.without_time:,} records have no time, and are not counted.")
    if found.set_aside:
        notices.append(
            f"{found.set_aside:,} records are at midnight to the second, far more than beside it: "
            f"dates without a time. They are not counted."
        )
    return concern, months, tuple(notices)


def _is_of(plan: PatrolPlan, visit: Visit) -> bool:
    return plan.first <= visit.start.date() <= plan.last


def _delivered(
    concern: Concern, plan: PatrolPlan, visits: Sequence[Visit]
) -> tuple[CoverFound | None, tuple[str, ...]]:
    """The cover of a log's visits, from the plan's first day to the last one that has any."""
    logged = {v.start.date() for v in visits}
    last = max(logged, default=plan.first)
    hours = delivered_hours(visits, first=plan.first, last=last)
    if not hours.sum() > 0:
        return None, ("The log has no visit at a place, in uniform, in the plan's days.",)
    notices = []
    length = (last - plan.first).days + 1
    if length < 7:
        notices.append(
            f"The log has {length} of the week's days so far: those to come count as uncovered."
        )
    if silent := length - len(logged):
        notices.append(
            f"Nothing is logged on {silent} of the {length} days up to the log's last: they count "
            f"as uncovered, though a log may be missing."
        )
    return cover_of(concern, hours), tuple(notices)
