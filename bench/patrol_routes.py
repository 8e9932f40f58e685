"""Routes of patrols on twenty held problems, beside the best next place and OR-Tools' own solvers.

The problems are bands of real wards, with one to four units of three to eight hours, on foot and
by cycle, and eight to forty places; they are held in `held_routes.json` with the best that a solve
of ten minutes found. No routes cover more than the bound.

    python -m bench.patrol_routes
    python -m bench.patrol_routes --long FOLDER   the solves of ten minutes, each kept as it ends
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from peelian.response.patrol_routes import RouteProblem, Routes, best_routes, next_best_routes

HELD = Path(__file__).with_name("held_routes.json")
GOAL_S, GOAL_SHARE = 10.0, 0.98
PEERS_AT, PEER_S = (0, 7, 13), 5.0
LONG_S, LONG_EFFORT = 600.0, 100.0


def held_problems() -> list[RouteProblem]:
    """The held problems, in order."""
    held = json.loads(HELD.read_text(encoding="utf-8"))
    return [_problem(each, held) for each in held["problems"]]


def _problem(each: dict[str, Any], held: dict[str, Any]) -> RouteProblem:
    return RouteProblem(
        travel=tuple(np.array(each["travel"][mode]) for mode in each["modes"]),
        hours=tuple((start, end) for start, end in each["hours"]),
        weight=np.array(each["weight"], dtype=float),
        most_visits=np.array(each["most_visits"]),
        open=np.array(each["open"]),
        visit_minutes=held["visit_minutes"],
        gap_minutes=held["gap_minutes"],
    )


def main() -> None:
    best_known = json.loads(HELD.read_text(encoding="utf-8"))["best"]
    problems = held_problems()
    best_routes(problems[0], effort=0.01)  # loops are compiled once
    gains, shares, seconds = [], [], []
    for number, (problem, known) in enumerate(zip(problems, best_known, strict=True)):
        greedy = next_best_routes(problem)
        began = time.perf_counter()
        best = best_routes(problem)
        seconds.append(time.perf_counter() - began)
        gains.append(best.covered / greedy.covered - 1)
        shares.append(best.covered / max(best.covered, known["covered"]))
        print(
            f"routes {number:2d}: {len(problem.hours)} units, {len(problem.weight):2d} places: "
            f"next best {greedy.covered:7.1f}, best {best.covered:7.1f} (+{gains[-1]:6.1%}) in "
            f"{seconds[-1]:5.2f} s, {shares[-1]:6.1%} of the longest solve, at most "
            f"{best.gap_share:.1%} left",
            flush=True,
        )
    print(
        f"routes: gain over the best next place {np.mean(gains):.1%} in the mean, "
        f"{min(gains):.1%} to {max(gains):.1%}; none below it: {_verdict(min(gains) >= 0)}"
    )
    print(f"routes: {min(shares):.1%} of the longest solve: {_verdict(min(shares) >= GOAL_SHARE)}")
    print(
        f"routes: {max(seconds):.1f} s at most (goal {GOAL_S}): {_verdict(max(seconds) <= GOAL_S)}"
    )
    for number in PEERS_AT:
        _contest(number, problems[number])


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _contest(number: int, problem: RouteProblem) -> None:
    from bench.route_peers import Circuits, routing_library

    circuits, bound = Circuits(problem, next_best_routes(problem)).solve(seconds=PEER_S)
    print(
        f"routes {number:2d}, {PEER_S:g} s: CP-SAT {circuits:.1f}, bound {bound:.1f}; "
        f"routing library {routing_library(problem, seconds=PEER_S):.1f}",
        flush=True,
    )


def solve_long(folder: Path) -> None:
    """Solve every problem by a long search, and then by CP-SAT from there for ten minutes.

    One file a problem and solve, so that an interrupted run goes on where it stopped; the last
    file of a problem has the best of both. Where the search reaches the bound nothing is left.
    """
    from bench.route_peers import Circuits

    folder.mkdir(parents=True, exist_ok=True)
    problems = list(enumerate(held_problems()))
    for number, problem in problems:
        kept = folder / f"{number}.search.json"
        if not kept.exists():
            found = best_routes(problem, effort=LONG_EFFORT)
            _keep(kept, covered=found.covered, bound=found.bound, visits=found.visits)
    for number, problem in problems:
        kept = folder / f"{number}.json"
        found = Routes(**json.loads((folder / f"{number}.search.json").read_text()))
        if not kept.exists() and found.gap_share > 1e-6:
            covered, bound = Circuits(problem, found).solve(seconds=LONG_S)
            _keep(kept, covered=max(found.covered, covered), bound=min(found.bound, bound))


def _keep(file: Path, **figures: object) -> None:
    file.write_text(json.dumps(figures), encoding="utf-8")
    print(file.name, figures["covered"], figures["bound"], flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--long"]:
        solve_long(Path(sys.argv[2]))
    else:
        main()
