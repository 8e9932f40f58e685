"""Bands planned one after another, each with what its places are still owed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from peelian.core.patrols import Dose, Hotspot, PlannedVisit
from peelian.response.dose import visits_that_fit
from peelian.response.patrol_bands import Band
from peelian.response.patrol_hours import Stretch
from peelian.response.patrol_ways import PatrolWays
from peelian.response.route_problem import RouteProblem, Routes

Solve = Callable[[RouteProblem], Routes]

_MINUTE = timedelta(minutes=1)
# Of the worth of the place with most: a place that people know of and records do not show is
# visited where there is time.
_LEAST_WORTH = 0.001


@dataclass(frozen=True, eq=False)
class PatrolTask:
    """What a period's routes are planned with.

    places: those that are patrolled. stretches: the hours left, one tuple a band. kept: visits
    that stay, in these shifts or before them.
    """

    places: tuple[Hotspot, ...]
    bands: tuple[Band, ...]
    stretches: tuple[tuple[Stretch, ...], ...]
    ways: PatrolWays
    dose: Dose
    kept: tuple[PlannedVisit, ...]

    def kept_in(self, band: Band) -> NDArray[np.int64]:
        """How many visits that stay each place has in a band: (P,)."""
        return self.counts(self.kept, band)

    def counts(self, visits: Sequence[PlannedVisit], *bands: Band) -> NDArray[np.int64]:
        """How many of some visits each place gets in some bands: (P,)."""
        row = {place.place_id: index for index, place in enumerate(self.places)}
        shifts = {shift.shift_id for band in bands for shift in band.shifts}
        found = [row[v.place_id] for v in visits if v.shift_id in shifts and v.place_id in row]
        return np.bincount(found, minlength=len(row)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class BandRoutes:
    """A band's routes. among: the places of the problem, as indices of the task's.

    problem: as it was solved, but with the end of `open` so early that visits timed anew leave
    the bands after it what they were planned with.
    """

    band: Band
    stretches: tuple[Stretch, ...]
    among: NDArray[np.int64]
    problem: RouteProblem
    routes: Routes


def roll(task: PatrolTask, solve: Solve) -> tuple[BandRoutes, ...]:
    """Plan each band in order of time, for what its places are owed by then.

    A place is owed what has been asked for it up to the band's end, less what is planned or
    kept, at most what fits with the gaps. A visit keeps its gap to those of earlier bands.
    Bands without hours or without a place that is owed a visit have no routes.
    """
    planned = task.counts(task.kept, *task.bands)
    again = _first_again(task)
    found: list[BandRoutes] = []
    for index, (band, stretches) in enumerate(zip(task.bands, task.stretches, strict=True)):
        problem, among = band_problem(task, band, stretches, band.asked - planned, again)
        if not stretches or not len(among):
            continue
        routes = solve(problem)
        counts = problem.counts(routes.visits)
        planned[among] += counts
        after = task.bands[index + 1].first if index + 1 < len(task.bands) else None
        closing = _closing(problem, routes, band, after)
        visited = counts > 0
        for place, minute in zip(among[visited], closing[visited], strict=True):
            gap = minute + problem.gap_minutes
            again[task.places[place].place_id] = band.first + int(gap) * _MINUTE
        closed = replace(problem, open=np.column_stack([problem.open[:, 0], closing]))
        found.append(BandRoutes(band, stretches, among, closed, routes))
    return tuple(found)


def band_problem(
    task: PatrolTask,
    band: Band,
    stretches: Sequence[Stretch],
    owed: NDArray[np.int64],
    again: Mapping[str, datetime],
) -> tuple[RouteProblem, NDArray[np.int64]]:
    """The routes to be found in a band, among the places that can be visited in it.

    owed: (P,) the most visits wanted. again: when a place may be visited again, by its id.
    """
    hours = [_hours(task, band, place, again) for place in range(len(task.places))]
    fit = [visits_that_fit(close - opens, dose=task.dose) for opens, close in hours]
    most = np.minimum(np.maximum(owed, 0), np.array(fit, dtype=np.int64))
    among = np.flatnonzero(most)
    ids = [task.places[place].place_id for place in among]
    worth = band.weight * 0.5 ** task.kept_in(band)
    worth = np.maximum(worth, _LEAST_WORTH * worth.max(initial=0.0) or 1.0)
    problem = RouteProblem(
        travel=tuple(task.ways.of_stretch(stretch, ids) for stretch in stretches),
        hours=tuple((_since(band, s.start), _since(band, s.end)) for s in stretches),
        weight=worth[among],
        most_visits=most[among],
        open=np.array(hours, dtype=np.int64).reshape(-1, 2)[among],
        visit_minutes=task.dose.route_minutes,
        gap_minutes=task.dose.gap_minutes,
    )
    return problem, among


def _hours(
    task: PatrolTask, band: Band, place: int, again: Mapping[str, datetime]
) -> tuple[int, int]:
    """Minutes of the band from and until which a place may be visited; (0, 0) for none."""
    if (hours := band.hours[place]) is None:
        return 0, 0
    opens, closes = (_since(band, moment) for moment in hours)
    before = again.get(task.places[place].place_id)
    opens = max(opens, _since(band, before)) if before else opens
    return (opens, closes) if closes - opens >= task.dose.route_minutes else (0, 0)


def _first_again(task: PatrolTask) -> dict[str, datetime]:
    """When each place may be visited again after the visits that stay."""
    again: dict[str, datetime] = {}
    for visit in task.kept:
        free = visit.end + task.dose.gap_minutes * _MINUTE
        again[visit.place_id] = max(free, again.get(visit.place_id, free))
    return again


def _closing(
    problem: RouteProblem, routes: Routes, band: Band, after: datetime | None
) -> NDArray[np.int64]:
    """By which minute each place's visits must end, however they are timed in the end.

    A place may be visited in the next band as soon as the gap is over since the routes' own
    last visit, or since the next band's beginning if that is later. Whatever times are drawn
    keep to this, so that the next band's routes do not hang on the draw.
    """
    closes: NDArray[np.int64] = np.asarray(problem.open, dtype=np.int64)[:, 1]
    if after is None:
        return closes
    last = np.full(len(problem.weight), _since(band, after) - problem.gap_minutes)
    for route in routes.visits:
        for place, start in route:
            last[place] = max(last[place], start + problem.visit_minutes)
    closing: NDArray[np.int64] = np.minimum(closes, last)
    return closing


def _since(band: Band, moment: datetime) -> int:
    return (moment - band.first) // _MINUTE
