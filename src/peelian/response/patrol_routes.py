"""Which places the units of a band visit, in which order, so that most expected harm is covered.

A team orienteering problem (Chao, Golden and Wasil 1996, doi:10.1016/0377-2217(94)00289-4) with
time windows, dwell, and places that may be visited again after a gap for half as much. Routes
know no chance: the same problem has the same routes, on a busy machine and on an idle one.
"""

from __future__ import annotations

from peelian.core.extras import require_extra
from peelian.response.route_greedy import next_best_visits
from peelian.response.route_problem import RouteProblem, Routes, Visits, covered

__all__ = ["RouteProblem", "Routes", "best_routes", "covered", "next_best_routes"]


def next_best_routes(problem: RouteProblem) -> Routes:
    """Routes of units that always go to the place where a minute covers most.

    What a better method has to beat. bound: every place visited as often as it may be.
    """
    return _routes(problem, next_best_visits(problem), covered(problem.weight, problem.most_visits))


def best_routes(problem: RouteProblem, *, effort: float = 1.0) -> Routes:
    """Routes that cover the most expected harm that is found, and a bound on what any could.

    effort: how long is searched, 1 for a few seconds where there are two units and twenty places;
    reckoned in steps of work, not on a clock. Never below `next_best_routes`. Without units,
    places, or time for a visit no routes cover anything, and the bound says so. Needs the extra
    `optimise`.
    """
    require_extra("optimise", to="plan routes")
    from peelian.response.route_circuits import best_circuits

    greedy = next_best_routes(problem)
    visits, bound = best_circuits(problem, greedy.visits, effort=effort)
    return _routes(problem, visits, min(bound, greedy.bound))


def _routes(problem: RouteProblem, visits: Visits, bound: float) -> Routes:
    found = covered(problem.weight, problem.counts(visits))
    return Routes(visits, found, max(bound, found))
