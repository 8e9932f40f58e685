"""The plan as a file: JSON that is read back equal, and the seal that shows a change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from peelian.core.errors import InputError, SchemaError
from peelian.core.patrols import Abstraction, PatrolPlan, PlannedVisit, Trial
from peelian.response.trial import trial_seal


def plan_text(plan: PatrolPlan) -> str:
    """The plan as JSON, the same bytes for the same plan."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1).decode() + "\n"


def seal_of(plan: PatrolPlan) -> str:
    """SHA-256 of the plan's text, in hexadecimal."""
    return hashlib.sha256(plan_text(plan).encode()).hexdigest()


def read_plan(path: Path) -> PatrolPlan:
    """Read a plan that `peelian plan` wrote; InputError where none is there, SchemaError else.

    A plan that a person has edited is read if it still holds together: ids are once there and
    known, visits lie in their shifts, times are whole minutes without a zone, and its trial's
    seal holds.
    """
    if not path.is_file():
        raise InputError(
            f"A plan is the file plan.json that `peelian plan` writes; there is none at {path}. "
            f"Name the plan's own file."
        )
    try:
        plan = msgspec.json.decode(path.read_bytes(), type=PatrolPlan)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SchemaError(
            f"A plan is read as `peelian plan` wrote it; {path.name} is not: {error}. Make the "
            f"plan again, or name another file."
        ) from error
    if wrong := next(_slips(plan), ""):
        raise SchemaError(
            f"A plan is read as `peelian plan` wrote it; {path.name} has been changed since: "
            f"{wrong}. Take the plan as it was written, or make it again with what has to change "
            f"in the tasking file."
        )
    return plan


def _slips(plan: PatrolPlan) -> Iterator[str]:
    """What does not hold together in a plan, each in words."""
    if plan.last < plan.first or plan.version < 1:
        yield f"it is of {plan.first} to {plan.last}, version {plan.version}"
    places = [each.place_id for each in plan.hotspots]
    shifts = {each.shift_id: each for each in plan.shifts}
    yield from (f"place {each!r} is there twice" for each in _twice(places))
    yield from (f"shift {each} is there twice" for each in _twice(s.shift_id for s in plan.shifts))
    known = set(places)
    named = [*(place for place, _ in plan.asked), *(each.place_id for each in plan.visits)]
    yield from (f"it has no place {each}" for each in named if each not in known)
    for shift in plan.shifts:
        if not (_is_plain(shift.start, shift.end) and shift.start < shift.end):
            yield f"the hours of shift {shift.shift_id} are {shift.start} to {shift.end}"
        elif not plan.first <= shift.start.date() <= plan.last:
            yield f"shift {shift.shift_id} is not within {plan.first} to {plan.last}"
    timed: list[tuple[str, PlannedVisit | Abstraction]] = [
        *(("a visit", each) for each in plan.visits),
        *(("lost time", each) for each in plan.abstractions),
    ]
    for kind, each in timed:
        own = shifts.get(each.shift_id)
        if own is None:
            yield f"it has no shift {each.shift_id}, which {kind} names"
        elif not (
            _is_plain(each.start, each.end) and own.start <= each.start < each.end <= own.end
        ):
            yield f"{kind} of shift {own.shift_id}, {each.start} to {each.end}, is not within it"
    if plan.trial is not None and not _seal_holds(plan.trial):
        yield "the seal of its trial does not hold"


def _seal_holds(trial: Trial) -> bool:
    # Of other lengths it is no trial, and has no seal that could be reckoned.
    return len(trial.places) == len(trial.blocks) == len(trial.treated) and trial.seal == (
        trial_seal(trial)
    )


def _is_plain(*times: datetime) -> bool:
    """Whether they are whole minutes of the clock on the wall, without a zone."""
    return all(
        each.tzinfo is None and each == each.replace(second=0, microsecond=0) for each in times
    )


def _twice(ids: Iterable[str]) -> list[str]:
    return [each for each, times in Counter(ids).items() if times > 1]
