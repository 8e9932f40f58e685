"""Routes as circuits, by CP-SAT: exact where there are few places."""

from __future__ import annotations

from typing import Any

from peelian.response.route_problem import RouteProblem, Visits

_SCALE = 1_000_000


def best_circuits(problem: RouteProblem, hint: Visits, *, effort: float) -> tuple[Visits, float]:
    """The best routes found from some routes on, and a bound on what any can cover."""
    from ortools.sat.python import cp_model

    largest = max((float(w) for w in problem.weight), default=0.0)
    copies = [
        (place, k)
        for place, most in enumerate(problem.most_visits)
        for k in range(int(most))
        if problem.weight[place] > 0
    ]
    if not copies or not problem.hours:
        return hint, 0.0
    model = cp_model.CpModel()
    apart = problem.visit_minutes + problem.gap_minutes
    start = [
        model.new_int_var(
            int(problem.open[p, 0]),
            max(
                int(problem.open[p, 0]),
                int(min(problem.open[p, 1], problem.last_minute)) - problem.visit_minutes,
            ),
            "",
        )
        for p, _ in copies
    ]
    by_unit = [[model.new_bool_var("") for _ in copies] for _ in problem.hours]
    there = [model.new_bool_var("") for _ in copies]
    for c, (p, k) in enumerate(copies):
        model.add(sum(row[c] for row in by_unit) == there[c])
        if int(min(problem.open[p, 1], problem.last_minute)) - problem.visit_minutes < int(
            problem.open[p, 0]
        ):
            model.add(there[c] == 0)
        if k:
            model.add_implication(there[c], there[c - 1])
            model.add(start[c] >= start[c - 1] + apart).only_enforce_if(there[c])
    literals = []
    for unit, (begins, ends) in enumerate(problem.hours):
        ways = problem.ways(unit)
        empty = model.new_bool_var("")
        arcs: list[Any] = [(0, 0, empty)]
        for c, (p, k) in enumerate(copies):
            arcs.append((c + 1, c + 1, ~by_unit[unit][c]))
            model.add_implication(empty, ~by_unit[unit][c])
            first, last = model.new_bool_var(""), model.new_bool_var("")
            arcs += [(0, c + 1, first), (c + 1, 0, last)]
            literals += [(first, unit, None, c), (last, unit, c, None)]
            model.add(start[c] >= begins + int(ways[0, p + 1])).only_enforce_if(first)
            model.add(
                start[c] + problem.visit_minutes + int(ways[p + 1, 0]) <= ends
            ).only_enforce_if(last)
            for d, (q, j) in enumerate(copies):
                if c != d and (p != q or j == k + 1):
                    after = model.new_bool_var("")
                    arcs.append((c + 1, d + 1, after))
                    literals.append((after, unit, c, d))
                    way = int(ways[p + 1, q + 1]) if p != q else problem.gap_minutes
                    model.add(start[d] >= start[c] + problem.visit_minutes + way).only_enforce_if(
                        after
                    )
        model.add_circuit(arcs)
    gains = [round(float(problem.weight[p]) * 0.5 ** (k + 1) / largest * _SCALE) for p, k in copies]
    model.maximize(sum(g * b for g, b in zip(gains, there, strict=True)))
    _give_hint(model, problem, hint, copies, start, by_unit)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 5.0 * effort
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint, float("inf")
    routes: list[list[tuple[int, int]]] = [[] for _ in problem.hours]
    for unit, row in enumerate(by_unit):
        for c, (p, _) in enumerate(copies):
            if solver.boolean_value(row[c]):
                routes[unit].append((p, solver.value(start[c])))
    visits = tuple(tuple(sorted(route, key=lambda v: v[1])) for route in routes)
    bound = (solver.best_objective_bound + len(copies)) * largest / _SCALE
    return visits, bound


def _give_hint(
    model: Any,
    problem: RouteProblem,
    hint: Visits,
    copies: list[tuple[int, int]],
    start: list[Any],
    by_unit: list[list[Any]],
) -> None:
    order = sorted((s, p, u) for u, route in enumerate(hint) for p, s in route)
    index = {copy: c for c, copy in enumerate(copies)}
    seen: dict[int, int] = {}
    used = {}
    for s, p, u in order:
        k = seen.get(p, 0)
        seen[p] = k + 1
        used[index[p, k]] = (s, u)
    for c in range(len(copies)):
        if c in used:
            model.add_hint(start[c], used[c][0])
        for u, row in enumerate(by_unit):
            model.add_hint(row[c], c in used and used[c][1] == u)
