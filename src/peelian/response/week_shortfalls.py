"""Places that get fewer visits than asked, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from peelian.core.patrols import PlannedVisit
from peelian.response.dose import visits_that_fit
from peelian.response.patrol_rolling import PatrolTask

_MINUTE = timedelta(minutes=1)
_PLANNED = "visits asked for are planned"


def shortfalls(task: PatrolTask, visits: Sequence[PlannedVisit]) -> tuple[str, ...]:
    """A sentence for each place that gets fewer visits than asked, by rank.

    The first reason that holds: no hours in which it may be visited, no way there and back in
    them, the gap between visits, and else that the time goes to places where it covers more.
    """
    planned = task.counts(visits, *task.bands)
    return tuple(
        f"{place.name}: {planned[row]} of {asked} {_PLANNED}; {_why(task, row, int(asked))}."
        for row, (place, asked) in enumerate(zip(task.places, task.bands[-1].asked, strict=True))
        if planned[row] < asked
    )


def is_shortfall(notice: str) -> bool:
    """Whether a notice is one of these, which a later plan says anew."""
    return _PLANNED in notice


def _why(task: PatrolTask, row: int, asked: int) -> str:
    fits = [
        visits_that_fit(int(band.minutes[row]), dose=task.dose)
        for band, stretches in zip(task.bands, task.stretches, strict=True)
        if stretches
    ]
    if not any(band.hours[row] for band in task.bands):
        return "the shifts have no hours in which it may be visited"
    if not any(fits):
        return "no hours are left in which it may be visited"
    if not any(_can_be_visited(task, row, index) for index in range(len(task.bands))):
        return "no unit can get there and back within its hours"
    made = int(task.counts(task.kept, *task.bands)[row])
    if made + sum(fits) < asked:
        return f"its hours hold no more, {task.dose.gap_minutes} minutes apart"
    return "the hours go to visits that cover more"


def _can_be_visited(task: PatrolTask, row: int, index: int) -> bool:
    """Whether some unit of a band has the time to go there, visit, and go back."""
    place, hours = task.places[row], task.bands[index].hours[row]
    if hours is None:
        return False
    for stretch in task.stretches[index]:
        ways = task.ways.of_stretch(stretch, [place.place_id])
        there, back = (int(way) * _MINUTE for way in (ways[0, 1], ways[1, 0]))
        starts = max(stretch.start + there, hours[0])
        ends = min(stretch.end - back, hours[1])
        if min(ways[0, 1], ways[1, 0]) >= 0 and ends - starts >= task.dose.route_minutes * _MINUTE:
            return True
    return False
