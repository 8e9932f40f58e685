"""Whether a plan keeps its own rules, told without the solver and without the drawing of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from peelian.core.patrols import Abstraction, Hotspot, PatrolMode, PatrolPlan, PlannedVisit, Shift
from peelian.response.travel_times import minutes_between

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

Rule = Literal[
    "place", "shift", "length", "hours", "until", "trial", "lost hours", "way", "gap", "asked",
    "cover", "clock",
]  # fmt: skip

_LONDON = ZoneInfo("Europe/London")
_MINUTE = timedelta(minutes=1)
_BY: Mapping[PatrolMode, str] = {"foot": "on foot", "cycle": "by cycle", "vehicle": "by vehicle"}
_NOISE = 1e-6  # minutes of a way, and shares of what is covered


@dataclass(frozen=True)
class Fault:
    """A rule that a plan breaks. visit: none where the rule is of the whole plan."""

    rule: Rule
    visit: PlannedVisit | None
    found: str  # a sentence: what is wrong, with its numbers


def faults_of(plan: PatrolPlan, *, network: StreetNetwork) -> tuple[Fault, ...]:
    """Every rule that a plan breaks; none for a plan that can be walked as it stands.

    A visit is at an active place of the plan, in its hours, up to its last day, and not on a day
    on which a trial keeps visits from it; lies in a shift of the plan and in no lost hours;
    lasts as the dose says. A unit has the time to go from its base to each visit in turn and
    back; after lost hours it sets out from its base anew. Visits to one place keep the gap,
    whichever units make them. No visit is in an hour at which clocks are changed, and ways and
    gaps are of the minutes that pass. No place gets more visits than were asked. What is
    covered lies between what going to the best next place covers and the bound. Ways are
    measured here by `minutes_between`, to the fraction of a minute. CoverageError where the map
    has no street for a unit.
    """
    spots = {spot.place_id: spot for spot in plan.hotspots}
    shifts = {shift.shift_id: shift for shift in plan.shifts}
    faults: list[Fault] = []
    known: list[PlannedVisit] = []
    for visit in plan.visits:
        if found := _unknown(visit, spots, shifts):
            faults.append(found)
        else:
            known.append(visit)
            faults += _of_visit(plan, visit, spots[visit.place_id], shifts[visit.shift_id])
    faults += _of_ways(plan, known, network)
    faults += _of_gaps(plan, known)
    faults += _of_plan(plan, known)
    return tuple(faults)


def _unknown(
    visit: PlannedVisit, spots: Mapping[str, Hotspot], shifts: Mapping[str, Shift]
) -> Fault | None:
    if visit.place_id not in spots:
        return Fault("place", visit, f"The plan has no place {visit.place_id}.")
    if visit.shift_id not in shifts:
        return Fault("shift", visit, f"The plan has no shift {visit.shift_id}.")
    return None


def _of_visit(
    plan: PatrolPlan, visit: PlannedVisit, spot: Hotspot, shift: Shift
) -> Iterator[Fault]:
    dose, name = plan.dose, spot.name
    if spot.lifecycle != "active":
        yield Fault("place", visit, f"{name} is {spot.lifecycle}, not active.")
    if visit.start < shift.start or visit.end > shift.end:
        yield Fault("shift", visit, f"It is not within {shift.start} to {shift.end}.")
    lasts = _minutes(visit.start, visit.end)
    if not dose.shortest_minutes <= lasts <= dose.longest_minutes or lasts != int(lasts):
        yield Fault(
            "length",
            visit,
            f"It lasts {lasts:g} minutes, not {dose.shortest_minutes} to {dose.longest_minutes}.",
        )
    for lost in plan.abstractions:
        if lost.shift_id == shift.shift_id and visit.start < lost.end and lost.start < visit.end:
            yield Fault("lost hours", visit, f"The unit is away from {lost.start} to {lost.end}.")
    minutes = [visit.start + n * _MINUTE for n in range(max(1, int(lasts)))]
    closed = [minute for minute in minutes if not _in_hours(plan, spot, minute)]
    if closed:
        yield Fault("hours", visit, f"{name} is for the {spot.hours_set}; found {closed[0]:%H:%M}.")
    if any(_moment(m) != _moment(m.replace(fold=1)) for m in minutes):
        yield Fault(
            "clock", visit, "Clocks are changed in this hour: it is skipped or comes twice."
        )
    days = {minute.date() for minute in minutes}
    if spot.until is not None and max(days) > spot.until:
        yield Fault("until", visit, f"{name} is patrolled until {spot.until}; found {max(days)}.")
    for day in sorted(days):
        if _is_withheld(plan, visit.place_id, day):
            yield Fault("trial", visit, f"The trial keeps visits from {name} on {day}.")


def _moment(wall: datetime) -> datetime:
    return wall.replace(tzinfo=_LONDON).astimezone(UTC)


def _minutes(start: datetime, end: datetime) -> float:
    """Minutes that pass from one time on the wall to another."""
    return (_moment(end) - _moment(start)) / _MINUTE


def _in_hours(plan: PatrolPlan, spot: Hotspot, minute: datetime) -> bool:
    is_day = plan.dose.day_begins <= minute.hour < plan.dose.night_begins
    return {"always": True, "day": is_day, "night": not is_day}[spot.hours_set]


def _is_withheld(plan: PatrolPlan, place_id: str, day: date) -> bool:
    trial = plan.trial
    if trial is None or place_id not in trial.places:
        return False
    treated = trial.treated[trial.places.index(place_id)]
    return any(
        first <= day < after and not is_treated
        for (first, after), is_treated in zip(pairwise(trial.period_starts), treated, strict=True)
    )


def _of_ways(
    plan: PatrolPlan, visits: list[PlannedVisit], network: StreetNetwork
) -> Iterator[Fault]:
    """Whether each unit can be where it is to be in time, shift by shift."""
    for mode in sorted({shift.mode for shift in plan.shifts}):
        shifts = [shift for shift in plan.shifts if shift.mode == mode]
        at = {spot.place_id: spot.centre for spot in plan.hotspots}
        at |= {f"base of {shift.shift_id}": shift.base for shift in shifts}
        minutes = minutes_between(network, list(at.values()), mode=mode).tolist()
        row = {name: index for index, name in enumerate(at)}
        for shift in shifts:
            own = sorted((v for v in visits if v.shift_id == shift.shift_id), key=lambda v: v.start)
            lost = [each for each in plan.abstractions if each.shift_id == shift.shift_id]
            for leg in _legs(shift, own, lost):
                way = minutes[row[leg.start]][row[leg.end]]
                has = _minutes(leg.free, leg.due)
                if has < way - _NOISE:
                    yield Fault(
                        "way",
                        leg.visit,
                        f"From {leg.start} to {leg.end} takes {way:.1f} minutes {_BY[mode]}; the "
                        f"unit has {has:g}, from {leg.free:%H:%M} to {leg.due:%H:%M}.",
                    )


@dataclass(frozen=True)
class _Leg:
    """A way that a unit goes, from when it is free until it is due. visit: to or from which."""

    visit: PlannedVisit
    start: str
    end: str
    free: datetime
    due: datetime


def _legs(shift: Shift, own: list[PlannedVisit], lost: list[Abstraction]) -> Iterator[_Leg]:
    """The ways of a shift: from the base to each visit in turn, and back.

    After lost hours a unit sets out from its base; into them it goes from wherever it is.
    """
    base = f"base of {shift.shift_id}"
    at, free = base, shift.start
    for visit in own:
        if away := [each.end for each in lost if each.end > free and each.start < visit.start]:
            at, free = base, max(away)
        yield _Leg(visit, at, visit.place_id, free, visit.start)
        at, free = visit.place_id, visit.end
    if own and not any(each.end > free for each in lost):
        yield _Leg(own[-1], at, base, free, shift.end)


def _of_gaps(plan: PatrolPlan, visits: list[PlannedVisit]) -> Iterator[Fault]:
    """Whether visits to a place are far enough apart, whichever units make them."""
    for place_id in sorted({visit.place_id for visit in visits}):
        there = sorted((v for v in visits if v.place_id == place_id), key=lambda v: v.start)
        for before, after in pairwise(there):
            apart = _minutes(before.end, after.start)
            if apart < plan.dose.gap_minutes:
                yield Fault(
                    "gap",
                    after,
                    f"The visit before ends at {before.end:%H:%M}, {apart:g} minutes earlier; the "
                    f"gap is {plan.dose.gap_minutes}.",
                )


def _of_plan(plan: PatrolPlan, visits: list[PlannedVisit]) -> Iterator[Fault]:
    """Whether visits and what they cover lie within what the plan says."""
    asked = dict(plan.asked)
    for place_id, count in sorted(Counter(visit.place_id for visit in visits).items()):
        if count > asked.get(place_id, 0):
            yield Fault(
                "asked",
                None,
                f"{place_id} gets {count} visits; {asked.get(place_id, 0)} were asked for.",
            )
    slack = _NOISE * max(1.0, plan.bound)
    if not plan.next_best - slack <= plan.covered <= plan.bound + slack:
        yield Fault(
            "cover",
            None,
            f"Covered is {plan.covered:g}; next best is {plan.next_best:g} and the bound "
            f"{plan.bound:g}.",
        )
