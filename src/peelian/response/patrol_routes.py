"""Which places the units of a band visit, in which order, so that most expected harm is covered.

A team orienteering problem (Chao, Golden and Wasil 1996, doi:10.1016/0377-2217(94)00289-4) with
time windows, dwell, and places that may be visited again after a gap for half as much. Routes
know no chance: the same problem has the same routes, on a busy machine and on an idle one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import InputError
from peelian.core.extras import require_extra
from peelian.response.route_greedy import next_best_visits
from peelian.response.route_problem import Route, RouteProblem, Routes, Visits, covered

if TYPE_CHECKING:
    from peelian.response.route_search import Rules, Tours

__all__ = ["RouteProblem", "Routes", "best_routes", "covered", "next_best_routes"]

# A round takes about as long as there are visits to choose from times visits made; a run has as
# many rounds as use this up. Several runs, since one may be stuck far below the best.
_WORK, _RUNS = 4_000_000, 4
_SMALL = 500  # nothing is gained by more rounds where there is less to choose
_STEPS = 150  # of pricing
_AS_GOOD = 1e-9  # a share of the bound that is lost to rounding


def next_best_routes(problem: RouteProblem) -> Routes:
    """Routes of units that always go to the place where a minute covers most.

    What a better method has to beat. bound: every place visited as often as it may be.
    """
    return _routes(problem, next_best_visits(problem), covered(problem.weight, problem.most_visits))


def best_routes(problem: RouteProblem, *, effort: float = 1.0) -> Routes:
    """Routes that cover the most expected harm that is found, and a bound on what any could.

    effort: above 0; how long is searched, 1 for about two seconds where there are two units and
    twenty places; counted in steps of work, never on a clock. Never below `next_best_routes`.
    Without units, places, or time for a visit no routes cover anything, and the bound is 0. Where
    no way is longer than one round about, as along streets, nothing is overlooked; elsewhere
    routes that need two further visits at once to be possible are not found.
    Needs the extras `optimise` and `statistics`.
    """
    if not effort > 0:
        raise InputError(f"An effort is above 0; found {effort}. Give 1 for the usual one.")
    require_extra("optimise", "statistics", to="plan routes")
    greedy = next_best_routes(problem)
    if not problem.hours or not greedy.bound:
        return Routes(greedy.visits, 0.0, 0.0)
    visits, bound = _searched(problem, greedy, effort)
    return _routes(problem, visits, bound)


def _searched(problem: RouteProblem, greedy: Routes, effort: float) -> tuple[Visits, float]:
    """The best routes of several runs, and the bound at which the runs may end."""
    from peelian.response.route_columns import price_routes
    from peelian.response.route_search import covered_by, search, set_all_times

    rules, greedy_tours = _rules(problem), _tours(problem, greedy.visits)
    visits = int(greedy_tours.length.sum())
    size = max(_SMALL, int(rules.most.sum()) * (visits + 1))
    rounds, steps = (max(1, round(effort * each)) for each in (_WORK / size, _STEPS))
    bound = greedy.bound
    best = search(rules, greedy_tours, rounds, bound * (1 - _AS_GOOD), 0)
    if covered_by(rules, best) < bound * (1 - _AS_GOOD):
        priced = price_routes(rules, list(_visits(best)), steps=steps)
        bound = min(bound, priced.bound)
        for run in range(_RUNS - 1):
            start = _tours(problem, _mixture(rules, priced.driven, run))
            if not set_all_times(rules, start):
                start = greedy_tours
            found = search(rules, start, rounds, bound * (1 - _AS_GOOD), run + 1)
            if covered_by(rules, found) > covered_by(rules, best):
                best = found
            if covered_by(rules, best) >= bound * (1 - _AS_GOOD):
                break
    return _visits(best), bound


def _mixture(rules: Rules, driven: tuple[tuple[Route, ...], ...], run: int) -> Visits:
    """One of each unit's priced routes, without the visits that break a gap or are too many.

    run: 0 takes the most driven of each, and each further run another combination of them.
    """
    kept: dict[int, list[int]] = {}
    routes: list[Route] = []
    for unit, choice in enumerate(driven):
        route: list[tuple[int, int]] = []
        for place, start in choice[run * (unit + 1) % len(choice)] if choice else ():
            others = kept.setdefault(place, [])
            in_time = all(abs(start - other) >= rules.apart for other in others)
            if in_time and len(others) < rules.most[place]:
                others.append(start)
                route.append((place, start))
        routes.append(tuple(route))
    return tuple(routes)


def _routes(problem: RouteProblem, visits: Visits, bound: float) -> Routes:
    found = covered(problem.weight, problem.counts(visits))
    return Routes(visits, found, float(max(bound, found)))


def _rules(problem: RouteProblem) -> Rules:
    from peelian.response.route_search import Rules

    weight = np.array(problem.weight, dtype=np.float64)
    # A place of no weight covers nothing, however often it is visited.
    most = np.where(weight > 0, problem.most_visits, 0).astype(np.int64)
    windows = np.array(problem.open, dtype=np.int64)
    windows[:, 1] -= problem.visit_minutes
    windows[most == 0] = (0, -1)
    return Rules(
        ways=np.stack([problem.ways(unit) for unit in range(len(problem.hours))]),
        hours=np.array(problem.hours, dtype=np.int64),
        windows=windows,
        weight=weight,
        most=most,
        visit=int(problem.visit_minutes),
        apart=int(problem.visit_minutes + problem.gap_minutes),
    )


def _tours(problem: RouteProblem, visits: Visits) -> Tours:
    from peelian.response.route_search import Tours

    room = max(end - start for start, end in problem.hours) // problem.visit_minutes + 1
    places = np.zeros((len(visits), room), dtype=np.int64)
    starts = np.zeros_like(places)
    for unit, route in enumerate(visits):
        places[unit, : len(route)] = [place for place, _ in route]
        starts[unit, : len(route)] = [start for _, start in route]
    length = np.array([len(route) for route in visits], dtype=np.int64)
    return Tours(places, starts, length, problem.counts(visits))


def _visits(tours: Tours) -> Visits:
    return tuple(
        tuple((int(p), int(s)) for p, s in zip(places[:many], starts[:many], strict=True))
        for places, starts, many in zip(tours.places, tours.starts, tours.length, strict=True)
    )
