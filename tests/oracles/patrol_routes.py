"""Routes the slow way: every order tried, and the best next place looked up step by step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

Route = list[tuple[int, int]]


def faults(problem: Any, visits: Any, *, home: bool = True) -> list[str]:
    """Every rule that some routes break, written out again. home: with the way back."""
    found = []
    if len(visits) != len(problem.hours):
        found.append("one route a unit")
    for unit, route in enumerate(visits):
        begins, ends = problem.hours[unit]
        at, minute = 0, begins
        for place, start in route:
            way = int(problem.travel[unit][at][place + 1])
            if way < 0:
                found.append(f"unit {unit} has no way to {place}")
            if start < minute + way:
                found.append(f"unit {unit} cannot be at {place} by {start}")
            if start < problem.open[place][0]:
                found.append(f"{place} is not open at {start}")
            if start + problem.visit_minutes > problem.open[place][1]:
                found.append(f"{place} closes during the visit of {start}")
            at, minute = place + 1, start + problem.visit_minutes
        if route and home:
            back = int(problem.travel[unit][at][0])
            if back < 0 or minute + back > ends:
                found.append(f"unit {unit} is not back by {ends}")
    starts: dict[int, list[int]] = {}
    for route in visits:
        for place, start in route:
            starts.setdefault(place, []).append(start)
    for place, times in starts.items():
        times.sort()
        if len(times) > problem.most_visits[place]:
            found.append(f"{place} is visited more often than it may be")
        for one, other in pairwise(times):
            if other - (one + problem.visit_minutes) < problem.gap_minutes:
                found.append(f"{place} is visited at {one} and {other}")
    return found


def covered_by(problem: Any, visits: Any) -> float:
    """Halves added up, visit by visit."""
    total = 0.0
    left = [float(weight) for weight in problem.weight]
    for route in visits:
        for place, _ in route:
            total += left[place] / 2
            left[place] /= 2
    return total


def most_covered(problem: Any) -> float:
    """The most that any routes cover: all assignments and orders, each visit as early as it can be.

    Visits are placed one after another in order of their starts, so that a visit waits only
    for those before it; every such sequence over all units is tried.
    """
    return max(
        covered_by(problem, visits)
        for visits in _all_routes(problem, [[] for _ in problem.hours], 0)
        if not faults(problem, visits)
    )


def _all_routes(problem: Any, routes: list[Route], since: int) -> Iterator[list[Route]]:
    yield routes
    for unit, place in product(range(len(routes)), range(len(problem.weight))):
        start = _earliest(problem, routes, unit, place, since, home=False)
        if start is not None:
            longer = [[*route] for route in routes]
            longer[unit].append((place, start))
            yield from _all_routes(problem, longer, start)


def _earliest(
    problem: Any, routes: list[Route], unit: int, place: int, since: int, *, home: bool
) -> int | None:
    """The first minute, not before `since`, at which one more visit breaks no rule."""
    for start in range(since, problem.hours[unit][1]):
        longer = [[*route] for route in routes]
        longer[unit].append((place, start))
        if not faults(problem, longer, home=home):
            return start
    return None


def next_best(problem: Any) -> list[Route]:
    """The unit free first goes where a minute covers most; minutes are tried one by one."""
    routes: list[Route] = [[] for _ in problem.hours]
    home: set[int] = set()
    while len(home) < len(routes):
        free = {
            unit: route[-1][1] + problem.visit_minutes if route else problem.hours[unit][0]
            for unit, route in enumerate(routes)
            if unit not in home
        }
        unit = min(free, key=lambda u: (free[u], u))
        best = None
        for place in range(len(problem.weight)):
            start = _earliest(problem, routes, unit, place, 0, home=True)
            if start is None:
                continue
            now = covered_by(problem, routes)
            more = [[*route] for route in routes]
            more[unit].append((place, start))
            gain = covered_by(problem, more) - now
            rate = gain / (start + problem.visit_minutes - free[unit])
            if gain > 0 and (best is None or rate > best[0] * (1 + 1e-12)):
                best = (rate, place, start)
        if best is None:
            home.add(unit)
        else:
            routes[unit].append(best[1:])
    return routes
