"""A bound on what routes can cover, by pricing whole routes of one unit after another.

Column generation for team orienteering (Boussier, Feillet and Gendreau 2007,
doi:10.1007/s10288-006-0009-1), with prices drawn towards the best so far (Pessoa and others 2018,
doi:10.1287/ijoc.2017.0784). Ours: halved gains of further visits, and a row for any stretch of
minutes at a place in which, by the gap, only one visit can start.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.response.route_pricing import best_priced_route
from peelian.response.route_problem import Route
from peelian.response.route_search import Rules

_STEADY = 0.5  # how much of the best prices so far is kept
_CLOSE = 1e-3  # between the programme's value and the bound, as a share, before rows are added
_SLACK = 1e-4  # a row is broken by more than this
# What a bound may lose to rounding: far more than a sum of some hundred numbers does.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Priced:
    """What routes are worth where every visit has its price.

    bound: no routes cover more. driven: a unit, its routes in the best mixture found, the most
    driven first; they may break the gap between visits at a place.
    """

    bound: float
    driven: tuple[tuple[Route, ...], ...]


def price_routes(rules: Rules, routes: list[Route], *, steps: int) -> Priced:
    """The bound on routes, and the routes that come near it, priced in at most so many steps.

    routes: one a unit, to begin with. Every step gives a valid bound, whatever the prices are
    (Lagrange's, of the places' and the gaps' rows); the lowest is taken.
    """
    programme = _Programme(rules)
    for unit, route in enumerate(routes):
        programme.add(unit, route)
    best, kept = np.inf, np.zeros(0)
    for _ in range(steps):
        if not programme.solve():
            break
        prices = programme.prices
        kept = (
            np.concatenate([kept, np.zeros(len(prices) - len(kept))]) if best < np.inf else prices
        )
        news = False
        for tried in (_STEADY * kept + (1 - _STEADY) * prices, prices):
            bound, found = _bound_at(rules, tried, programme.stretches)
            if bound < best:
                best, kept = bound, tried
            for unit, route in enumerate(found):
                news |= programme.add(unit, route)
            if news:
                break
        if not news or best - programme.value < _CLOSE * best:
            news |= programme.add_stretches()
        if not news:
            break
    return Priced(best * (1 + _ROUNDING), programme.driven())


def _bound_at(
    rules: Rules, prices: NDArray[np.float64], stretches: list[tuple[int, int]]
) -> tuple[float, list[Route]]:
    """The bound that some prices give, and each unit's best route at them."""
    at_place, of_stretch = prices[: len(rules.weight)], prices[len(rules.weight) :]
    worth = np.repeat(at_place[:, None], rules.hours.max() + 1, axis=1)
    for (place, first), price in zip(stretches, of_stretch, strict=True):
        worth[place, first : first + rules.apart] -= price
    bound = float(of_stretch.sum())
    for place, price in enumerate(at_place):
        bound += sum(max(0.0, gain - price) for gain in _gains(rules, place))
    routes = []
    for unit, (begins, ends) in enumerate(rules.hours):
        value, route = best_priced_route(
            rules.ways[unit], begins, ends, rules.windows, worth, rules.visit, rules.apart
        )
        bound += value
        routes.append(tuple((int(place), int(start)) for place, start in route))
    return bound, routes


def _gains(rules: Rules, place: int) -> list[float]:
    """What the first, second and further visits at a place add."""
    return [float(rules.weight[place]) * 0.5 ** (k + 1) for k in range(rules.most[place])]


class _Programme:
    """The linear programme: how much of each route is driven, and which gains that brings.

    Rows: no more gains at a place than visits; one route a unit; one visit in a stretch of
    minutes at a place. prices: of the places, then of the stretches.
    """

    def __init__(self, rules: Rules) -> None:
        from ortools.linear_solver import pywraplp

        self._rules = rules
        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        self._endless = self._lp.infinity()
        self._lp.Objective().SetMaximization()
        self._places = [self._row(0.0) for _ in rules.weight]
        self._units = [self._row(1.0) for _ in rules.hours]
        self._rows: list[Any] = []
        self._shares: list[Any] = []
        self._routes: list[tuple[int, Route]] = []
        self._known: set[tuple[int, Route]] = set()
        self._driven: NDArray[np.float64] = np.zeros(0)
        self.stretches: list[tuple[int, int]] = []
        self.value = 0.0
        self.prices: NDArray[np.float64] = np.zeros(len(rules.weight))
        for place, row in enumerate(self._places):
            for gain in _gains(rules, place):
                made = self._lp.NumVar(0.0, 1.0, "")
                self._lp.Objective().SetCoefficient(made, gain)
                row.SetCoefficient(made, 1.0)

    def add(self, unit: int, route: Route) -> bool:
        """Take a unit's route in; whether it is new."""
        if (unit, route) in self._known:
            return False
        self._known.add((unit, route))
        self._routes.append((unit, route))
        share = self._lp.NumVar(0.0, self._endless, "")
        self._shares.append(share)
        self._units[unit].SetCoefficient(share, 1.0)
        for place, visits in Counter(place for place, _ in route).items():
            self._places[place].SetCoefficient(share, -float(visits))
        for row, stretch in zip(self._rows, self.stretches, strict=True):
            self._set(row, share, route, stretch)
        return True

    def solve(self) -> bool:
        """Find the best shares and the prices; False where the solver cannot."""
        if self._lp.Solve() != self._lp.OPTIMAL:
            return False
        rows = self._places + self._rows
        self.value = self._lp.Objective().Value()
        self.prices = np.array([max(0.0, row.dual_value()) for row in rows])
        self._driven = np.array([share.solution_value() for share in self._shares])
        return True

    def driven(self) -> tuple[tuple[Route, ...], ...]:
        """Each unit's routes that are driven at all, the most driven first."""
        order = np.argsort(-self._driven, kind="stable")
        used = [self._routes[i] for i in order if self._driven[i] > _SLACK]
        return tuple(
            tuple(route for unit, route in used if unit == u) for u in range(len(self._units))
        )

    def add_stretches(self) -> bool:
        """Add a row for each place's fullest stretch that has over one visit; whether any."""
        minutes = self._rules.hours.max() + 1
        starts = np.zeros((len(self._places), minutes + 1))
        for driven, (_, route) in zip(self._driven, self._routes, strict=False):
            for place, start in route:
                starts[place, start + 1] += driven
        before = np.cumsum(starts, axis=1)
        beyond = np.minimum(np.arange(minutes) + self._rules.apart, minutes)
        within = before[:, beyond] - before[:, :-1]
        added = False
        for place, first in enumerate(within.argmax(axis=1).tolist()):
            if within[place, first] > 1 + _SLACK:
                self._add_stretch((place, first))
                added = True
        return added

    def _add_stretch(self, stretch: tuple[int, int]) -> None:
        row = self._row(1.0)
        self._rows.append(row)
        self.stretches.append(stretch)
        for share, (_, route) in zip(self._shares, self._routes, strict=True):
            self._set(row, share, route, stretch)

    def _set(self, row: Any, share: Any, route: Route, stretch: tuple[int, int]) -> None:
        place, first = stretch
        end = first + self._rules.apart
        if visits := sum(at == place and first <= start < end for at, start in route):
            row.SetCoefficient(share, float(visits))

    def _row(self, most: float) -> Any:
        return self._lp.Constraint(-self._endless, most)
