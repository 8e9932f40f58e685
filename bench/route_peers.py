"""The same problems of routes given whole to OR-Tools' own solvers, as peers."""

from __future__ import annotations

from typing import Any

from peelian.response.patrol_routes import RouteProblem, Routes, covered

_SCALE = 1_000_000  # the largest weight, in whole numbers


class Circuits:
    """Routes as one circuit a unit, by CP-SAT. Every visit that a place may have is a node."""

    def __init__(self, problem: RouteProblem, hint: Routes) -> None:
        from ortools.sat.python import cp_model

        self.problem, self.model = problem, cp_model.CpModel()
        self.largest = float(max(problem.weight))
        self.nodes = [
            (place, visit)
            for place, most in enumerate(problem.most_visits.tolist())
            for visit in range(most)
            if problem.weight[place] > 0
        ]
        ends = [min(int(problem.open[p, 1]), problem.last_minute) for p, _ in self.nodes]
        firsts = [int(problem.open[p, 0]) for p, _ in self.nodes]
        lasts = [end - problem.visit_minutes for end in ends]
        self.start = [
            self.model.new_int_var(first, max(first, last), "")
            for first, last in zip(firsts, lasts, strict=True)
        ]
        self.by = [[self.model.new_bool_var("") for _ in self.nodes] for _ in problem.hours]
        self.made = [self.model.new_bool_var("") for _ in self.nodes]
        self._bind(firsts, lasts)
        for unit in range(len(problem.hours)):
            self._add_circuit(unit)
        gains = [problem.weight[p] * 0.5 ** (k + 1) / self.largest for p, k in self.nodes]
        self.model.maximize(
            sum(round(g * _SCALE) * m for g, m in zip(gains, self.made, strict=True))
        )
        self._hint(hint)

    def _bind(self, firsts: list[int], lasts: list[int]) -> None:
        apart = self.problem.visit_minutes + self.problem.gap_minutes
        for n, (_, visit) in enumerate(self.nodes):
            self.model.add(sum(row[n] for row in self.by) == self.made[n])
            if lasts[n] < firsts[n]:
                self.model.add(self.made[n] == 0)
            if visit:
                self.model.add_implication(self.made[n], self.made[n - 1])
                later = self.start[n] >= self.start[n - 1] + apart
                self.model.add(later).only_enforce_if(self.made[n])

    def _add_circuit(self, unit: int) -> None:
        problem, model = self.problem, self.model
        begins, ends = problem.hours[unit]
        ways = problem.ways(unit).tolist()
        idle = model.new_bool_var("")
        arcs: list[Any] = [(0, 0, idle)]
        for n, (place, visit) in enumerate(self.nodes):
            arcs.append((n + 1, n + 1, ~self.by[unit][n]))
            model.add_implication(idle, ~self.by[unit][n])
            first, last = model.new_bool_var(""), model.new_bool_var("")
            arcs += [(0, n + 1, first), (n + 1, 0, last)]
            done = self.start[n] + problem.visit_minutes
            model.add(self.start[n] >= begins + ways[0][place + 1]).only_enforce_if(first)
            model.add(done + ways[place + 1][0] <= ends).only_enforce_if(last)
            for m, (other, again) in enumerate(self.nodes):
                if place != other or again == visit + 1:
                    way = problem.gap_minutes if place == other else ways[place + 1][other + 1]
                    after = model.new_bool_var("")
                    arcs.append((n + 1, m + 1, after))
                    model.add(self.start[m] >= done + way).only_enforce_if(after)
        model.add_circuit(arcs)

    def _hint(self, hint: Routes) -> None:
        visits = sorted((s, p, u) for u, route in enumerate(hint.visits) for p, s in route)
        number = {node: n for n, node in enumerate(self.nodes)}
        seen = dict.fromkeys(range(len(self.problem.weight)), 0)
        made: dict[int, int] = {}
        for start, place, unit in visits:
            node = number[place, seen[place]]
            seen[place] += 1
            made[node] = unit
            self.model.add_hint(self.start[node], start)
        for n in range(len(self.nodes)):
            for unit, row in enumerate(self.by):
                self.model.add_hint(row[n], made.get(n) == unit)

    def solve(self, *, seconds: float, workers: int = 1) -> tuple[float, float]:
        """What the best routes found cover, and the bound; by the clock, so not repeatable."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.max_time_in_seconds = seconds
        if workers == 1:
            solver.parameters.interleave_search = True
        status = solver.solve(self.model)
        unit = self.largest / _SCALE
        bound = (solver.best_objective_bound + len(self.nodes)) * unit
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return 0.0, bound
        counts = [0] * len(self.problem.weight)
        for (place, _), made in zip(self.nodes, self.made, strict=True):
            counts[place] += solver.boolean_value(made)
        return covered(self.problem.weight, counts), bound


def routing_library(problem: RouteProblem, *, seconds: float) -> float:
    """What routes by the routing library cover, by guided local search, by the clock."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    nodes = [
        (place, visit)
        for place, most in enumerate(problem.most_visits.tolist())
        for visit in range(most)
        if problem.weight[place] > 0
    ]
    units, horizon = len(problem.hours), problem.last_minute
    manager = pywrapcp.RoutingIndexManager(len(nodes) + 1, units, 0)
    model = pywrapcp.RoutingModel(manager)
    transits = []
    for unit in range(units):
        ways = problem.ways(unit).tolist()

        def transit(a: int, b: int, ways: list[list[int]] = ways) -> int:
            one, other = manager.IndexToNode(a), manager.IndexToNode(b)
            here = nodes[one - 1][0] + 1 if one else 0
            there = nodes[other - 1][0] + 1 if other else 0
            return ways[here][there] + (problem.visit_minutes if one else 0)

        transits.append(model.RegisterTransitCallback(transit))
    zero = model.RegisterTransitCallback(lambda a, b: 0)
    model.SetArcCostEvaluatorOfAllVehicles(zero)
    model.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
    time = model.GetDimensionOrDie("time")
    for unit, (begins, ends) in enumerate(problem.hours):
        time.CumulVar(model.Start(unit)).SetRange(begins, ends)
        time.CumulVar(model.End(unit)).SetRange(begins, ends)
    largest, solver = float(max(problem.weight)), model.solver()
    for n, (place, visit) in enumerate(nodes):
        index = manager.NodeToIndex(n + 1)
        gain = problem.weight[place] * 0.5 ** (visit + 1) / largest
        model.AddDisjunction([index], round(gain * _SCALE))
        first, last = int(problem.open[place, 0]), int(problem.open[place, 1])
        last = min(last, horizon) - problem.visit_minutes
        if last < first:
            solver.Add(model.ActiveVar(index) == 0)
            continue
        time.CumulVar(index).SetRange(first, last)
        if visit:
            before = manager.NodeToIndex(n)
            solver.Add(model.ActiveVar(index) <= model.ActiveVar(before))
            apart = problem.visit_minutes + problem.gap_minutes
            solver.Add(
                time.CumulVar(index) + 2 * horizon
                >= time.CumulVar(before) + (apart + 2 * horizon) * model.ActiveVar(index)
            )
    options = pywrapcp.DefaultRoutingSearchParameters()
    options.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    options.time_limit.FromMilliseconds(int(seconds * 1000))
    solution = model.SolveWithParameters(options)
    if solution is None:
        return 0.0
    counts = [0] * len(problem.weight)
    for n, (place, _) in enumerate(nodes):
        index = manager.NodeToIndex(n + 1)
        counts[place] += solution.Value(model.NextVar(index)) != index
    return covered(problem.weight, counts)
