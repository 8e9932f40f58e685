"""The door for patrols: from a plan and its log to minutes that residents may see.

A plan says when officers will be where; a log, when they were. Neither leaves. What leaves is
minutes by week: of weeks that are over by place, of weeks to come what the ward aims for alone
(docs/decisions/0018-what-residents-see-of-patrols.md). The plan's seed does not leave either:
with it, and the plan's inputs, anybody could draw its times again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from peelian.core.week import DAYS, mondays, week_of
from peelian.publication.disclosed import DisclosedCount
from peelian.publication.disclosed_minutes import (
    DisclosedMinutes,
    DisclosedMinutesAtPlace,
    DisclosedWeek,
)
from peelian.publication.disclosure import is_small
from peelian.publication.patrol_minutes_words import (
    day_in_words,
    finding_of,
    notes,
    trend_of,
    week_note,
)
from peelian.publication.shown_counts import about
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.core.patrols import PatrolPlan, Visit
    from peelian.products.dosage import DosageReport
    from peelian.response.dosage import PlaceWeek
    from peelian.response.patrol_trend import PatrolWeek


@dataclass(frozen=True)
class _Spent:
    """Visits and minutes of a place in a week. delivered visits: None where nothing is logged."""

    names: tuple[str, ...]
    planned_visits: int
    planned_minutes: float
    visits: int | None
    minutes: float

    def with_(self, other: _Spent) -> _Spent:
        known = self.visits is not None and other.visits is not None
        return _Spent(
            tuple(sorted(self.names + other.names, key=str.casefold)),
            self.planned_visits + other.planned_visits,
            self.planned_minutes + other.planned_minutes,
            (self.visits or 0) + (other.visits or 0) if known else None,
            self.minutes + other.minutes,
        )

    @property
    def is_small(self) -> bool:
        """Whether either is of so few visits that its minutes would tell of one."""
        return is_small(self.planned_visits) or is_small(self.visits or 0)


def disclosed_minutes(
    plan: PatrolPlan,
    visits: Sequence[Visit] | None = None,
    *,
    day: date,
    operator: str = "",
    licence: str = "",
) -> DisclosedMinutes:
    """What residents may see of a plan and its log on a day.

    visits: of the plan, and of weeks before it for the comparison; those out of uniform are not
    counted, and those of the week of `day` or later not looked at. None or nothing is no log.
    A week of which nothing is logged has no places: on a wrong `day` it may be yet to come. Nor
    has one of a trial that still goes on: who had no patrol in it has none in the next either.
    Minutes are to the nearest five. A place stands by itself in a week where neither its planned
    nor its delivered visits are from 1 to 4; others stand together, at least two, with as many
    more as it takes until together they are not so few.
    """
    from peelian.products.dosage import dosage_of_plan

    this_week = week_of(day)
    over = [v for v in visits or () if v.start.date() < this_week]
    seen = [visit for visit in over if visit.visible]
    report = dosage_of_plan(plan, seen, complete={visit.start.date() for visit in over})
    planned = tuple(
        _week(
            monday,
            report,
            aimed=_aimed(plan, monday),
            is_over=monday < this_week,
            by_place=not _tells_of_a_trial(plan, monday, this_week),
        )
        for monday in mondays(plan.first, plan.last)
    )
    earlier = tuple(
        _week_before(each, seen) for each in report.trend.weeks if each.week < week_of(plan.first)
    )
    return DisclosedMinutes(
        ward_code=plan.area_code,
        ward_name=plan.area_name,
        operator=operator,
        snapshot_day=this_week.isoformat(),
        finding=finding_of(planned),
        trend=trend_of(
            report.trend.change,
            few=_is_few_on_a_side(plan, seen) or any(map(_holds_back, (*earlier, *planned))),
        ),
        weeks=(*earlier, *planned),
        place_names=_names(plan),
        notes=notes(plan.records_until),
        licence=licence,
    )


def public_minutes_files(
    plan: PatrolPlan,
    visits: Sequence[Visit] | None = None,
    *,
    day: date,
    operator: str = "",
    licence: str = "",
) -> dict[str, bytes]:
    """The public version as files, by name: a page, two tables and JSON. As `disclosed_minutes`."""
    from peelian.publication.patrol_minutes_layout import minutes_files

    return minutes_files(
        disclosed_minutes(plan, visits, day=day, operator=operator, licence=licence)
    )


def write_public_minutes(
    plan: PatrolPlan,
    visits: Sequence[Visit] | None = None,
    *,
    to: Path,
    day: date,
    operator: str = "",
    licence: str = "",
) -> Path:
    """Write the public version into a folder, which is made where it is absent; its page's path."""
    from peelian.publication.swapping import write_whole

    files = public_minutes_files(plan, visits, day=day, operator=operator, licence=licence)
    to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(to / name, content)
    return to / "index.html"


def _is_few_on_a_side(plan: PatrolPlan, visits: Sequence[Visit]) -> bool:
    """Whether a mean of minutes before the plan, or since, would be that of a few visits."""
    since = sum(visit.start.date() >= plan.first for visit in visits)
    return is_small(since) or is_small(len(visits) - since)


def _holds_back(week: DisclosedWeek) -> bool:
    """Whether a week has minutes that are not shown: a mean beside the others would tell them."""
    return any(c is not None and c.state == "suppressed" for c in (week.delivered, week.elsewhere))


def _tells_of_a_trial(plan: PatrolPlan, monday: date, this_week: date) -> bool:
    """Whether a week's places would say which ones a trial keeps without patrol from now on."""
    if plan.trial is None:
        return False
    starts = plan.trial.period_starts
    return starts[-1] > this_week and week_of(starts[0]) <= monday


def _aimed(plan: PatrolPlan, monday: date) -> DisclosedCount:
    """Minutes aimed for in a week: those of the visits asked for, whatever hours are lost later."""
    visits = sum(count for _place, count in plan.asked)
    days = sum(plan.first <= monday + timedelta(days=day) <= plan.last for day in range(len(DAYS)))
    share = days / ((plan.last - plan.first).days + 1)
    return _shown(round(visits * share), visits * share * plan.dose.route_minutes)


def _week(
    monday: date, report: DosageReport, *, aimed: DisclosedCount, is_over: bool, by_place: bool
) -> DisclosedWeek:
    own = [each for each in report.dosage.place_weeks if each.week == monday]
    spent = [_spent(each, report.name_of[each.place_id]) for each in own if each.place_id]
    (rest,) = (_spent(each, "") for each in own if not each.place_id)
    total = _sum(spent)
    shows_places = is_over and by_place and own[0].days_logged > 0
    return DisclosedWeek(
        monday=monday.isoformat(),
        words=day_in_words(monday),
        is_over=is_over,
        planned=_shown(total.planned_visits, total.planned_minutes) if is_over else aimed,
        delivered=_delivered(total) if is_over else None,
        elsewhere=_delivered(rest) if is_over else None,
        places=tuple(_places(spent)) if shows_places and not total.is_small else (),
        note=week_note(own[0].days_logged, _days_of(monday, report), by_place=by_place)
        if is_over
        else "",
    )


def _week_before(week: PatrolWeek, visits: Iterable[Visit]) -> DisclosedWeek:
    """A week before the plan: what was delivered then, as far as a log says."""
    elsewhere = sum(week_of(v.start.date()) == week.week and not v.place_id for v in visits)
    return DisclosedWeek(
        monday=week.week.isoformat(),
        words=day_in_words(week.week),
        is_over=True,
        planned=None,
        delivered=_shown(week.visits, week.minutes - week.background_minutes),
        elsewhere=_shown(elsewhere, week.background_minutes),
        places=(),
        note=week_note(week.days_logged, 7),
    )


def _places(spent: Iterable[_Spent]) -> Iterable[DisclosedMinutesAtPlace]:
    """Places by themselves, by alphabet, and last those that stand together."""
    held = [each for each in spent if each.planned_visits or each.visits]
    alone = sorted(
        (each for each in held if not each.is_small),
        key=lambda each: (each.planned_minutes + each.minutes, each.names),
    )
    together = [each for each in held if each.is_small]
    while together and alone and (len(together) == 1 or _sum(together).is_small):
        together.append(alone.pop(0))
    for each in sorted(alone, key=lambda each: each.names[0].casefold()):
        yield _row(each.names[0], each)
    if together:
        yield _row(
            _("{n} other places together").format(n=len(together))
            if alone
            else _("All {n} places together").format(n=len(together)),
            _sum(together),
        )


def _row(name: str, spent: _Spent) -> DisclosedMinutesAtPlace:
    return DisclosedMinutesAtPlace(
        name, spent.names, _shown(spent.planned_visits, spent.planned_minutes), _delivered(spent)
    )


def _spent(found: PlaceWeek, name: str) -> _Spent:
    got = found.delivered
    return _Spent(
        (name,),
        found.planned.visits,
        found.planned.minutes,
        None if got is None else got.visits,
        0.0 if got is None else got.minutes,
    )


def _sum(spent: Sequence[_Spent]) -> _Spent:
    total = _Spent((), 0, 0.0, 0 if all(s.visits is not None for s in spent) else None, 0.0)
    for each in spent:
        total = total.with_(each)
    return total


def _delivered(spent: _Spent) -> DisclosedCount | None:
    return None if spent.visits is None else _shown(spent.visits, spent.minutes)


def _shown(visits: int, minutes: float) -> DisclosedCount:
    """Minutes to the nearest five; not those of so few visits that they would tell of one."""
    if is_small(visits):
        return DisclosedCount(None, "suppressed", _("too few visits to show"))
    return about(round(minutes))


def _names(plan: PatrolPlan) -> tuple[str, ...]:
    """All active places, visited in these days or not: one left out is one where nobody goes."""
    names = {hotspot.name for hotspot in plan.hotspots if hotspot.lifecycle == "active"}
    return tuple(sorted(names, key=str.casefold))


def _days_of(monday: date, report: DosageReport) -> int:
    """How many of a week's days are the plan's."""
    days = (monday + timedelta(days=day) for day in range(7))
    return sum(report.first <= day <= report.last for day in days)
