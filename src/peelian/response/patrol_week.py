"""A period's visits: which place, by which unit, when; and how well they cover what is expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from peelian.core.errors import InputError
from peelian.core.patrols import Abstraction, Dose, Hotspot, PlannedVisit, Shift
from peelian.response.dose import refuse_impossible_dose
from peelian.response.patrol_bands import Band, bands_of
from peelian.response.patrol_hours import refuse_impossible_shifts, stretches_left
from peelian.response.patrol_rolling import BandRoutes, PatrolTask, Solve, roll
from peelian.response.patrol_routes import best_routes, next_best_routes
from peelian.response.patrol_ways import PatrolWays
from peelian.response.route_problem import RouteProblem, Routes, covered
from peelian.response.visit_times import draw_visit_times
from peelian.response.week_bound import week_bound
from peelian.response.week_shortfalls import shortfalls

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

_LARGEST_SEED = 2**63 - 1
NO_PLACE = "No place is active, so no visit is planned."


@dataclass(frozen=True)
class PlannedWeek:
    """A period's visits, and what they cover.

    asked: place id and visits asked in the period, for active places by rank. visits: by start,
    with those that were kept in these shifts. expected: harm expected at the places in all bands.
    covered: what of it the visits cover (`route_problem.covered`, band by band). bound: no plan
    of these shifts covers more. next_best: what going to the best next place would cover.
    notices: places that get fewer visits than asked, and why, a sentence each.
    """

    asked: tuple[tuple[str, int], ...]
    visits: tuple[PlannedVisit, ...]
    expected: float
    covered: float
    bound: float
    next_best: float
    notices: tuple[str, ...]


def plan_week(
    hotspots: Sequence[Hotspot],
    shifts: Sequence[Shift],
    *,
    dose: Dose,
    network: StreetNetwork,
    seed: int,
    kept: Sequence[PlannedVisit] = (),
    lost: Sequence[Abstraction] = (),
    withheld: Mapping[date, Collection[str]] | None = None,
    now: datetime | None = None,
    effort: float = 1.0,
) -> PlannedWeek:
    """Plan the visits of all shifts, band by band: best routes, then times drawn by the seed.

    hotspots: only active ones with a rank are visited. kept: visits that stay as they are; those
    in these shifts count as planned, all keep their gap. lost: hours without visits. withheld:
    places that get no visit on a day, as a trial drew (`dose.withheld_by`). now: nothing is
    planned before it. effort: of the search for routes, a band. The seed moves times, orders and
    lengths of visits, and never how many a place gets. Where going to the best next place covers
    more over the whole period, its plan is taken. Without an active place no visit is planned.
    InputError for a dose, shifts or a seed that cannot be; CoverageError where the map has no
    street for a unit. Needs the extras `optimise` and `statistics`.
    """
    refuse_impossible_dose(dose)
    refuse_impossible_shifts(shifts)
    _refuse_impossible(hotspots, kept, shifts, seed)
    places = tuple(sorted((h for h in hotspots if _is_patrolled(h)), key=lambda h: h.rank))
    bands = bands_of(places, shifts, dose=dose, withheld=withheld or {})
    task = PatrolTask(
        places=places,
        bands=bands,
        stretches=tuple(
            tuple(
                stretch
                for shift in band.shifts
                for stretch in stretches_left(shift, lost=lost, kept=kept, now=now)
            )
            for band in bands
        ),
        ways=PatrolWays.between(hotspots, shifts, network),
        dose=dose,
        kept=tuple(kept),
    )
    solve = _solving_once(partial(best_routes, effort=effort))
    best, next_best = roll(task, solve), roll(task, next_best_routes)
    by_best, by_next = _covered(task, best), _covered(task, next_best)
    taken = best if by_best >= by_next else next_best
    reached = max(by_best, by_next)
    visits = _timed(task, taken, seed)
    asked = bands[-1].asked.tolist()
    return PlannedWeek(
        asked=tuple(zip((place.place_id for place in places), asked, strict=True)),
        visits=visits,
        expected=float(sum(band.weight.sum() for band in bands)),
        covered=reached,
        # A plan file holds plain numbers, and a bound is a sum over arrays.
        bound=float(max(reached, week_bound(task, solve, reached=reached))),
        next_best=by_next,
        notices=shortfalls(task, visits) if places else (NO_PLACE,),
    )


def _is_patrolled(hotspot: Hotspot) -> bool:
    return hotspot.lifecycle == "active" and hotspot.rank >= 1


def _refuse_impossible(
    hotspots: Sequence[Hotspot],
    kept: Sequence[PlannedVisit],
    shifts: Sequence[Shift],
    seed: int,
) -> None:
    ids = [hotspot.place_id for hotspot in hotspots]
    if twice := sorted({place_id for place_id in ids if ids.count(place_id) > 1}):
        raise InputError(
            f"Each place of a plan has an id of its own; {', '.join(twice)} stands more than once. "
            f"Leave one of them out."
        )
    own = {shift.shift_id for shift in shifts}
    if unknown := sorted({v.place_id for v in kept if v.shift_id in own} - set(ids)):
        raise InputError(
            f"A visit that is kept is at one of the plan's places; {', '.join(unknown)} is none. "
            f"Give that place too, retired if it is not to be visited again."
        )
    if not 0 <= seed <= _LARGEST_SEED:
        raise InputError(
            f"A seed is a whole number from 0 to {_LARGEST_SEED}; found {seed}. Choose another."
        )


def _solving_once(solve: Solve) -> Solve:
    """The same solver, asked only once for problems that are equal: most days are alike."""
    solved: dict[tuple[object, ...], Routes] = {}

    def solve_once(problem: RouteProblem) -> Routes:
        key = (
            tuple(travel.tobytes() for travel in problem.travel),
            problem.hours,
            problem.weight.tobytes(),
            problem.most_visits.tobytes(),
            problem.open.tobytes(),
        )
        if key not in solved:
            solved[key] = solve(problem)
        return solved[key]

    return solve_once


def _covered(task: PatrolTask, planned: Sequence[BandRoutes]) -> float:
    """What routes and kept visits cover together, over all bands."""
    routes = {id(each.band): each for each in planned}
    total = 0.0
    for band in task.bands:
        counts = task.kept_in(band)
        if each := routes.get(id(band)):
            counts[each.among] += each.problem.counts(each.routes.visits)
        total += covered(band.weight, counts)
    return total


def _timed(task: PatrolTask, planned: Sequence[BandRoutes], seed: int) -> tuple[PlannedVisit, ...]:
    """The visits of all routes at drawn times, with those kept in these shifts, by start."""
    shifts = {shift.shift_id for band in task.bands for shift in band.shifts}
    visits = [visit for visit in task.kept if visit.shift_id in shifts]
    for each in planned:
        drawn = draw_visit_times(
            each.problem,
            each.routes.visits,
            shortest_minutes=task.dose.shortest_minutes,
            longest_minutes=task.dose.longest_minutes,
            seed=seed,
            replicate=_replicate(each.band),
        )
        for visit in drawn:
            place_id = task.places[each.among[visit.place]].place_id
            start, end = (
                each.band.first + timedelta(minutes=minute) for minute in (visit.start, visit.end)
            )
            shift_id = each.stretches[visit.unit].shift.shift_id
            visits.append(PlannedVisit(place_id, shift_id, start, end))
    return tuple(sorted(visits, key=lambda visit: (visit.start, visit.shift_id)))


def _replicate(band: Band) -> int:
    """A band's own stream of random numbers, whichever other bands are planned with it."""
    name = f"{band.day.isoformat()} {band.name}"
    return int.from_bytes(sha256(name.encode()).digest()[:6], "big")
