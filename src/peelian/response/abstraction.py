"""A plan made anew from now on, where units have lost hours to other work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from peelian.core.errors import InputError
from peelian.core.patrols import Abstraction, PatrolPlan, PlannedVisit
from peelian.response.dose import withheld_by
from peelian.response.patrol_week import plan_week
from peelian.response.plan_check import faults_of
from peelian.response.week_shortfalls import is_shortfall

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork


def replan(
    plan: PatrolPlan,
    lost: Sequence[Abstraction],
    *,
    network: StreetNetwork,
    now: datetime,
    made_on: date,
    reason: str,
    replaces: str,
    code_version: str,
) -> PatrolPlan:
    """Plan the rest of a period again, so that visits of lost hours are made up where they can be.

    Visits that started before `now`, a whole minute, stay as they are; those that lie in lost
    hours are gone, and so is one to which its unit cannot get in time after them. From `now` on
    all is planned again with the same seed, places, shifts, dose and trial: bands for which
    nothing changes keep their times. replaces: the seal of `plan`. reason: a person's words, put
    first in `change`. Hours lost before stay lost. InputError for hours of no shift of the plan,
    or where none is named that is not lost already.
    """
    new = tuple(each for each in lost if each not in plan.abstractions)
    _refuse_impossible(plan, new, now)
    abstractions = tuple(
        sorted((*plan.abstractions, *new), key=lambda each: (each.start, each.shift_id))
    )
    kept = _kept(replace(plan, abstractions=abstractions), now, network)
    week = plan_week(
        plan.hotspots,
        plan.shifts,
        dose=plan.dose,
        network=network,
        seed=plan.seed,
        kept=kept,
        lost=abstractions,
        withheld=withheld_by(plan.trial),
        now=now,
    )
    others = tuple(notice for notice in plan.notices if not is_shortfall(notice))
    return replace(
        plan,
        made_on=made_on,
        code_version=code_version,
        asked=week.asked,
        visits=week.visits,
        covered=week.covered,
        bound=week.bound,
        next_best=week.next_best,
        abstractions=abstractions,
        notices=(*others, *week.notices),
        version=plan.version + 1,
        replaces=replaces,
        change=_change(plan, new, week.visits, reason),
    )


def _refuse_impossible(plan: PatrolPlan, new: Sequence[Abstraction], now: datetime) -> None:
    if not new:
        raise InputError(
            "A plan is made anew for hours that were lost since; all hours named are lost in it "
            "already. Name the new ones, or keep the plan."
        )
    if now.second or now.microsecond:
        raise InputError(
            f"A plan knows whole minutes, and is made anew from {now}. Name a whole minute."
        )
    if (ends := max(shift.end for shift in plan.shifts)) <= now:
        raise InputError(
            f"A plan is made anew for the hours still to come; its last ends at {ends}, and now is "
            f"{now}. Plan the days after it instead."
        )
    shifts = {shift.shift_id: shift for shift in plan.shifts}
    for each in new:
        shift = shifts.get(each.shift_id)
        if shift is None:
            raise InputError(
                f"Hours are lost from a shift of the plan; it has no {each.shift_id}. "
                f"Its shifts: {', '.join(shifts)}."
            )
        if not max(each.start, shift.start) < min(each.end, shift.end):
            raise InputError(
                f"Hours lost from {each.shift_id} lie between {shift.start} and {shift.end}; "
                f"found {each.start} to {each.end}. Correct them."
            )


def _kept(plan: PatrolPlan, now: datetime, network: StreetNetwork) -> tuple[PlannedVisit, ...]:
    """The visits made before now that lost hours leave standing."""
    visits = tuple(visit for visit in plan.visits if visit.start < now)
    while True:
        faults = faults_of(replace(plan, visits=visits), network=network)
        gone = {fault.visit for fault in faults if fault.rule in ("lost hours", "way")}
        if not gone:
            return visits
        # A visit to which there is no time to get may only look so because of the one before.
        first = min((visit for visit in gone if visit), key=lambda visit: visit.start)
        visits = tuple(visit for visit in visits if visit != first)


def _change(
    plan: PatrolPlan, new: Sequence[Abstraction], visits: Sequence[PlannedVisit], reason: str
) -> str:
    """What was lost, how many visits moved, and which places get fewer: sentences."""
    hours = "; ".join(
        f"{each.shift_id} from {each.start:%H:%M} to {each.end:%H:%M}"
        + (f" ({each.reason})" if each.reason else "")
        for each in new
    )
    gone = {v for v in plan.visits if any(_lies_in(v, each) for each in new)}
    moved = set(plan.visits) - gone - set(visits)
    had, has = (Counter(v.place_id for v in some) for some in (plan.visits, visits))
    fewer = [
        f"{spot.name} {has[spot.place_id]} instead of {had[spot.place_id]}"
        for spot in plan.hotspots
        if has[spot.place_id] < had[spot.place_id]
    ]
    return " ".join(
        filter(
            None,
            (
                reason,
                f"Hours lost: {hours}.",
                f"Visits in lost hours: {len(gone)}; others that were moved: {len(moved)}.",
                f"Fewer visits than before: {', '.join(fewer)}."
                if fewer
                else "No place gets fewer visits than before.",
            ),
        )
    )


def _lies_in(visit: PlannedVisit, lost: Abstraction) -> bool:
    same = visit.shift_id == lost.shift_id
    return same and visit.start < lost.end and lost.start < visit.end
