"""The hours of a shift that are left for planned patrol: neither lost, nor used, nor over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peelian.core.errors import InputError
from peelian.core.patrols import Abstraction, PlannedVisit, Shift
from peelian.response.clock_hours import unclear_hours

_LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Stretch:
    """Hours of a shift in one piece. A unit is back at its base at the end.

    sets_out_from: the place of a visit already made; empty for the base.
    """

    shift: Shift
    start: datetime
    end: datetime
    sets_out_from: str = ""


def refuse_impossible_shifts(shifts: Sequence[Shift]) -> None:
    """InputError for no shift, for two with one id, and for hours that no shift can have."""
    if not shifts:
        raise InputError(
            "A plan is made of the hours that a team has; there is no shift. Name the hours in the "
            "tasking file, or leave it out to use the usual ones."
        )
    ids = [shift.shift_id for shift in shifts]
    if twice := sorted({shift_id for shift_id in ids if ids.count(shift_id) > 1}):
        raise InputError(
            f"Each shift of a plan has an id of its own; several are called {', '.join(twice)}. "
            f"Give each unit of a day and band another letter."
        )
    for shift in shifts:
        whole = all(moment.second == moment.microsecond == 0 for moment in (shift.start, shift.end))
        if not whole or not timedelta(0) < shift.end - shift.start <= _LONGEST:
            raise InputError(
                f"A shift lasts up to 24 hours, from one whole minute to a later one; "
                f"{shift.shift_id} is from {shift.start} to {shift.end}. Correct its hours in the "
                f"tasking file."
            )


def stretches_left(
    shift: Shift,
    *,
    lost: Sequence[Abstraction],
    kept: Sequence[PlannedVisit],
    now: datetime | None,
) -> tuple[Stretch, ...]:
    """What is left of a shift, in order: after `now` and its last kept visit, without lost hours.

    The hour at which clocks are changed is as good as lost. kept: visits that stay, of any
    shift. A unit sets out from the place of its last kept visit, and from its base where hours
    were lost since; it is back at its base before hours are lost.
    """
    own = [visit for visit in kept if visit.shift_id == shift.shift_id]
    last = max(own, key=lambda visit: visit.end, default=None)
    since = last.end if last else shift.start
    sets_out_from = last.place_id if last else ""
    free_from = max(since, now or since)
    left: list[Stretch] = []
    for begins, ends in _lost_of(shift, lost):
        if ends <= since:
            continue
        if begins > free_from:
            left.append(Stretch(shift, free_from, begins, sets_out_from))
        free_from, sets_out_from = max(free_from, ends), ""
    if free_from < shift.end:
        left.append(Stretch(shift, free_from, shift.end, sets_out_from))
    return tuple(left)


def _lost_of(shift: Shift, lost: Sequence[Abstraction]) -> list[tuple[datetime, datetime]]:
    """The shift's lost hours, none after its end, by their start."""
    own = [(each.start, each.end) for each in lost if each.shift_id == shift.shift_id]
    both = sorted([*own, *unclear_hours(shift.start, shift.end)])
    return [(begins, min(ends, shift.end)) for begins, ends in both if begins < shift.end]
