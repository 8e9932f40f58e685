"""Times of visits: nobody can foretell them, everybody can check them, and all rules hold."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.response.patrol_routes import next_best_routes
from peelian.response.route_problem import RouteProblem, Visits
from peelian.response.visit_times import DrawnVisit, draw_visit_times

SEEDS = st.integers(min_value=0, max_value=2**63 - 1)


def problem_of(
    places: int, hours: tuple[tuple[int, int], ...], *, most: int = 2, gap: int = 60, seed: int = 0
) -> RouteProblem:
    """Places scattered over a square that takes half an hour to cross, the base among them."""
    rng = np.random.default_rng([seed, places])
    at = rng.uniform(0, 30, size=(places + 1, 2))
    way = np.abs(at[:, None] - at[None, :]).sum(axis=2)
    return RouteProblem(
        travel=tuple(np.ceil(way).astype(np.int64) for _ in hours),
        hours=hours,
        weight=rng.uniform(1, 5, size=places),
        most_visits=np.full(places, most),
        open=np.array([[0, max(end for _, end in hours)]] * places, dtype=np.int64),
        visit_minutes=14,
        gap_minutes=gap,
    )


def drawn(problem: RouteProblem, visits: Visits, *, seed: int = 1, replicate: int = 0):
    return draw_visit_times(
        problem, visits, shortest_minutes=10, longest_minutes=16, seed=seed, replicate=replicate
    )


def broken_rules(problem: RouteProblem, visits: tuple[DrawnVisit, ...]) -> list[str]:
    """The rules of routes once more, one visit against all others."""
    broken = []
    for unit, (start, end) in enumerate(problem.hours):
        ways, at, free = problem.travel[unit], 0, start
        for visit in sorted((v for v in visits if v.unit == unit), key=lambda v: v.start):
            if visit.start < free + ways[at, visit.place + 1]:
                broken.append(f"no time to get to {visit}")
            at, free = visit.place + 1, visit.end
        if free + ways[at, 0] > end:
            broken.append(f"unit {unit} is late home")
    for visit in visits:
        opens, closes = problem.open[visit.place]
        if not opens <= visit.start <= visit.end <= closes:
            broken.append(f"closed: {visit}")
        if not 10 <= visit.end - visit.start <= 16:
            broken.append(f"too short or long: {visit}")
        for other in visits:
            later = other.start > visit.start and other.place == visit.place
            if later and other.start < visit.end + problem.gap_minutes:
                broken.append(f"too soon: {other}")
    return broken


@given(
    places=st.integers(1, 6), most=st.integers(1, 3), gap=st.sampled_from([0, 20, 60]),
    hours=st.lists(st.sampled_from([(0, 120), (0, 240), (30, 180), (60, 75)]), min_size=1,
                   max_size=3),
    seed=SEEDS,
)  # fmt: skip
def test_drawn_times_keep_every_rule_and_every_visit(places, most, gap, hours, seed) -> None:
    problem = problem_of(places, tuple(hours), most=most, gap=gap)
    routes = next_best_routes(problem)

    visits = drawn(problem, routes.visits, seed=seed)

    assert broken_rules(problem, visits) == []
    assert Counter(v.place for v in visits) == Counter(
        place for route in routes.visits for place, _ in route
    )


def test_the_same_seed_draws_the_same_times_and_another_seed_others() -> None:
    problem = problem_of(5, ((0, 240), (0, 240)))
    visits = next_best_routes(problem).visits

    once, again = drawn(problem, visits), drawn(problem, visits)
    other, next_band = drawn(problem, visits, seed=2), drawn(problem, visits, replicate=1)

    assert once == again
    assert once != other
    assert once != next_band


def test_over_eight_weeks_no_quarter_of_an_hour_has_more_than_a_fifth_of_a_places_visits() -> None:
    problem = problem_of(8, ((0, 240), (0, 240)), most=1)
    visits = next_best_routes(problem).visits
    days = 56

    starts = [[v.start for v in drawn(problem, visits, replicate=d) if v.place == 3]
              for d in range(days)]  # fmt: skip

    quarters = Counter(minute // 15 for day in starts for minute in day)
    assert sum(quarters.values()) == days
    assert max(quarters.values()) <= days / 5
    assert len(quarters) >= 10
    same_as_day_before = sum(a[0] // 15 == b[0] // 15 for a, b in pairwise(starts))
    assert same_as_day_before <= days / 5


def test_a_single_visit_starts_at_any_minute_that_it_can() -> None:
    way = np.array([[0, 5], [5, 0]])
    problem = RouteProblem(
        (way,), ((0, 60),), np.ones(1), np.ones(1, dtype=int), np.array([[0, 60]]), 14, 60
    )

    visits = [drawn(problem, (((0, 5),),), replicate=n)[0] for n in range(2_000)]

    # From minute 5, the way there, to 45: ten minutes and the way back before 60.
    assert {v.start for v in visits} == set(range(5, 46))
    assert {v.end - v.start for v in visits} == set(range(10, 17))


def test_visits_are_shortened_where_longer_ones_would_not_fit() -> None:
    way = np.zeros((3, 3), dtype=np.int64)
    problem = RouteProblem(
        (way,), ((0, 28),), np.ones(2), np.ones(2, dtype=int), np.array([[0, 28]] * 2), 14, 0
    )

    draws = [drawn(problem, (((0, 0), (1, 14)),), replicate=n) for n in range(200)]

    assert all(broken_rules(problem, visits) == [] for visits in draws)
    total = [sum(v.end - v.start for v in visits) for visits in draws]
    assert max(total) == 28
    # Two lengths of 10 to 16 come to 26; 20 of their 49 pairs' minutes lie beyond 28 and are cut.
    # Four standard errors of 200 draws are 0.7.
    assert np.mean(total) == pytest.approx(26 - 20 / 49, abs=0.7)


def test_no_visits_give_none() -> None:
    problem = problem_of(3, ((0, 240),))

    assert drawn(problem, ((),)) == ()


def test_visits_move_between_units() -> None:
    problem = problem_of(4, ((0, 240), (0, 240)), most=1)
    visits = next_best_routes(problem).visits

    units = {v.unit for n in range(50) for v in drawn(problem, visits, replicate=n) if v.place == 0}

    assert units == {0, 1}
