from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from camden_map import camden_store
from made_places import ways
from peelian.core.errors import InputError
from peelian.response.gps_visits import traced_patrol
from peelian.response.trace_cleaning import mode_by_speed, reachable, smoothed
from peelian.response.trace_stays import TraceRule
from peelian.store import places
from peelian.store.street_network import network_of
from walked_traces import (
    Walk,
    hotspot,
    plan_of_visits,
    received,
    seconds_utc,
    true_stays,
    walked,
)

AFTERNOON = datetime(2026, 12, 1, 15, 0)
BASE = (0.0, 0.0)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def grid():
    """Ten streets east and ten north, a hundred metres apart."""
    return network_of(
        ways(
            *({"nodes": [row * 10 + column for column in range(10)]} for row in range(10)),
            *({"nodes": [row * 10 + column for row in range(10)]} for column in range(10)),
        )
    )


@pytest.fixture(scope="module")
def camden(real_data):
    """A ward of Camden and the streets in and around it."""
    store = camden_store(real_data)
    ward = places.area(store, "E05013669")
    return places.street_network(store, ward.shape, buffer_m=500), ward.shape


GRID_SPOTS = (
    hotspot("nw", (210.0, 690.0)),
    hotspot("ne", (690.0, 710.0)),
    hotspot("se", (700.0, 190.0)),
    hotspot("sw", (310.0, 200.0), radius_m=100.0),
)


def spots_in(shape, *, seed, apart_m=300.0):
    """Six circles in a ward, drawn by chance."""
    rng, found = np.random.default_rng([seed, 3]), []
    west, south, east, north = shape.bounds
    while len(found) < 6:
        at = (rng.uniform(west, east), rng.uniform(south, north))
        if shape.contains(shapely.Point(at)) and all(
            np.hypot(at[0] - other[0], at[1] - other[1]) > apart_m for other in found
        ):
            found.append(at)
    return tuple(hotspot(str(i), at) for i, at in enumerate(found))


def walk_of(network, hotspots, base, *, seed):
    order = [each.place_id for each in hotspots]
    np.random.default_rng([seed, 4]).shuffle(order)
    plan = plan_of_visits(order, network=network, hotspots=hotspots, base=base, begins=AFTERNOON)
    return plan, walked(network, hotspots, plan, base=base, seed=seed)


def ends_of_planned(plan, walk, hotspots, found):
    """(true, found, earliest, latest) of both ends of each planned visit that was walked."""
    stays = true_stays(walk, hotspots)
    ends = []
    for asked in plan:
        (true,) = (
            s for s in stays
            if s[0] == asked.place_id and s[1] <= asked.start and s[2] >= asked.end - MINUTE
        )  # fmt: skip
        (traced,) = (
            f for f in found.visits
            if f.visit.place_id == asked.place_id
            and f.visit.start < asked.end
            and f.visit.end > asked.start
        )  # fmt: skip
        ends += [
            (true[1], traced.visit.start, traced.earliest_start, traced.latest_start),
            (true[2], traced.visit.end, traced.earliest_end, traced.latest_end),
        ]
    return ends


def within_a_minute(ends):
    return [abs(true - traced) <= MINUTE for true, traced, _, _ in ends]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("every_s", "noise_m"), [(1, 3), (5, 8), (10, 15)])
def test_a_walked_plan_gives_back_its_visits_within_a_minute(grid, seed, every_s, noise_m):
    plan, walk = walk_of(grid, GRID_SPOTS, BASE, seed=seed)
    trace = received(walk, seed=seed, every_s=every_s, noise_m=noise_m)

    found = traced_patrol(*trace, hotspots=GRID_SPOTS, network=grid)

    assert all(within_a_minute(ends_of_planned(plan, walk, GRID_SPOTS, found)))
    assert found.mode == "foot"
    assert found.gaps == ()


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_walked_through_camden_gives_back_its_visits_within_a_minute(camden, seed):
    network, ward = camden
    spots = spots_in(ward, seed=seed)
    base = (ward.centroid.x, ward.centroid.y)
    plan, walk = walk_of(network, spots, base, seed=seed)

    found = traced_patrol(*received(walk, seed=seed), hotspots=spots, network=network)

    assert all(within_a_minute(ends_of_planned(plan, walk, spots, found)))


@pytest.mark.parametrize("mode", ["cycle", "vehicle"])
@pytest.mark.parametrize("every_s", [5, 10])
def test_a_plan_ridden_or_driven_gives_back_its_visits(camden, mode, every_s):
    network, ward = camden
    spots = spots_in(ward, seed=7)
    base = (ward.centroid.x, ward.centroid.y)
    plan = plan_of_visits(
        [each.place_id for each in spots],
        network=network, hotspots=spots, base=base, begins=AFTERNOON, mode=mode,
    )  # fmt: skip
    walk = walked(network, spots, plan, base=base, seed=7, mode=mode)
    trace = received(walk, seed=7, every_s=every_s, jumps=5)

    found = traced_patrol(*trace, hotspots=spots, network=network, mode=mode)

    assert all(within_a_minute(ends_of_planned(plan, walk, spots, found)))
    assert {each.visit.mode for each in found.visits} == {mode}


@pytest.mark.parametrize("seed", range(3))
def test_jumps_are_left_out_and_move_no_visit(camden, seed):
    network, ward = camden
    spots = spots_in(ward, seed=seed)
    base = (ward.centroid.x, ward.centroid.y)
    plan, walk = walk_of(network, spots, base, seed=seed)

    found = traced_patrol(*received(walk, seed=seed, jumps=25), hotspots=spots, network=network)

    assert found.jumps >= 20
    assert all(within_a_minute(ends_of_planned(plan, walk, spots, found)))


@pytest.mark.parametrize("seed", range(3))
def test_a_lasting_drift_of_fifty_metres_moves_at_most_one_end_by_more_than_a_minute(camden, seed):
    network, ward = camden
    spots = spots_in(ward, seed=seed)
    base = (ward.centroid.x, ward.centroid.y)
    plan, walk = walk_of(network, spots, base, seed=seed)
    rng = np.random.default_rng([seed, 5])
    offsets = [
        (start, start + rng.uniform(120, 420), 50 * np.cos(angle), 50 * np.sin(angle))
        for start, angle in rng.uniform((0, 0), (len(walk.times), 6.28), size=(6, 2))
    ]

    found = traced_patrol(
        *received(walk, seed=seed, offsets=offsets), hotspots=spots, network=network
    )

    close = within_a_minute(ends_of_planned(plan, walk, spots, found))
    assert sum(close) >= len(close) - 1


@pytest.mark.parametrize("seed", range(3))
def test_gaps_of_minutes_within_a_visit_do_not_divide_it(grid, seed):
    plan, walk = walk_of(grid, GRID_SPOTS, BASE, seed=seed)
    middle = [(seconds_utc(each.start) - walk.times[0] + 200) for each in plan]
    gaps = [(start, start + 60 * (minutes + 2)) for minutes, start in enumerate(middle)]

    found = traced_patrol(*received(walk, seed=seed, gaps=gaps), hotspots=GRID_SPOTS, network=grid)

    assert len(found.gaps) == len(gaps)
    assert all(within_a_minute(ends_of_planned(plan, walk, GRID_SPOTS, found)))


@pytest.mark.parametrize("seed", range(4))
def test_an_arrival_in_a_gap_lies_within_its_bounds(grid, seed):
    plan, walk = walk_of(grid, GRID_SPOTS, BASE, seed=seed)
    stays = true_stays(walk, GRID_SPOTS)
    rng = np.random.default_rng([seed, 6])
    arrivals = [seconds_utc(start) - walk.times[0] for _, start, _ in stays]
    gaps = [(at - rng.uniform(30, 150), at + rng.uniform(30, 150)) for at in arrivals]

    found = traced_patrol(*received(walk, seed=seed, gaps=gaps), hotspots=GRID_SPOTS, network=grid)

    ends = ends_of_planned(plan, walk, GRID_SPOTS, found)
    second = timedelta(seconds=1)
    assert all(first - second <= true <= last + second for true, _, first, last in ends)


def still(at, minutes, *, every_s=5, begins=0.0):
    times = begins + np.arange(0, minutes * 60, every_s, dtype=float)
    return times, np.tile(at, (len(times), 1)).astype(float)


def moved(*legs, every_s=5):
    """A walk by legs of (metres a second, east and north of its end)."""
    times, points = [0.0], [np.zeros(2)]
    for speed, *end in legs:
        metres = np.hypot(*(np.array(end) - points[-1]))
        times.append(times[-1] + metres / speed)
        points.append(np.array(end, dtype=float))
    grid = np.arange(0, times[-1], every_s)
    at = np.array(points)
    return grid, np.column_stack([np.interp(grid, times, at[:, axis]) for axis in (0, 1)])


def test_a_longer_gap_ends_a_visit_and_says_how_late_it_may_have_ended():
    times, points = still((0, 0), 40)
    kept = (times < 900) | (times >= 1500)

    found = traced_patrol(times[kept], points[kept], hotspots=[hotspot("a", (0, 0))])

    first, second = found.visits
    assert (first.visit.minutes, second.visit.minutes) == (pytest.approx(15, abs=0.2),) * 2
    assert first.latest_end == second.visit.start
    assert second.earliest_start == first.visit.end


def test_driving_past_with_a_wait_at_lights_is_background():
    first, there = moved((8.0, 1500, 0))
    wait, on = still((1500, 0), 1.5, begins=first[-1] + 5)
    last, away = moved((8.0, 1500, 0))
    times = np.r_[first, wait, wait[-1] + 5 + last]
    points = np.vstack([there, on, away + np.array([1500, 0])])

    found = traced_patrol(times, points, hotspots=[hotspot("a", (1500, 30))])

    assert found.visits == ()
    assert [(each.place_id, each.mode) for each in found.background] == [("", "vehicle")]
    assert found.background[0].minutes == pytest.approx((times[-1] - times[0]) / 60, abs=0.1)


def test_a_unit_on_a_parallel_street_was_not_at_the_place(grid):
    # Along the street at 600 north, 35 m off towards a circle about the street at 500 north.
    times, points = moved((0.5, 900, 0), every_s=5)
    points += (0, 600 - 35)
    spot = hotspot("a", (450.0, 500.0), radius_m=75.0)

    as_received = traced_patrol(times, points, hotspots=[spot])
    on_streets = traced_patrol(times, points, hotspots=[spot], network=grid)

    assert len(as_received.visits) == 1
    assert on_streets.visits == ()


def test_a_unit_in_a_park_between_streets_stays_where_it_is(grid):
    times, points = still((450.0, 550.0), 15)

    found = traced_patrol(
        times, points, hotspots=[hotspot("a", (450.0, 550.0), radius_m=40.0)], network=grid
    )

    assert found.visits[0].visit.minutes == pytest.approx(15, abs=0.1)


def test_stepping_over_the_edge_does_not_divide_a_visit():
    times, points = moved(*[(1.0, east, 0) for east in (140, 165, 140, 165, 100)])

    found = traced_patrol(times, points, hotspots=[hotspot("a", (0, 0))])

    (visit,) = found.visits
    assert visit.visit.minutes == pytest.approx(times[-1] / 60, abs=0.2)


def test_a_slip_into_another_circle_does_not_divide_a_visit():
    times, points = still((0, 0), 15, every_s=10)
    points[45:48] += (300, 0)

    found = traced_patrol(
        times, points, hotspots=[hotspot("a", (0, 0)), hotspot("b", (330, 0))], mode="vehicle"
    )

    (visit,) = found.visits
    assert (visit.visit.place_id, visit.visit.minutes) == ("a", pytest.approx(15, abs=0.2))


def test_a_jump_that_is_within_reach_from_one_side_alone_costs_a_single_point():
    times, points = still((0, 0), 30, every_s=10)
    points[90] += 119  # 168 m: within 60 m and ten seconds at 11 m/s of the point before
    points[91:] += (-6, 0)  # and 172 m from the one after

    kept = reachable(times, points, fastest_m_s=11.0)

    assert (~kept).sum() == 1


def test_a_walk_away_of_minutes_divides_a_visit():
    times, points = moved((0.5, 100, 0), (1.2, 500, 0), (1.2, 100, 0), (0.5, 0, 0))

    found = traced_patrol(times, points, hotspots=[hotspot("a", (0, 0))])

    assert len(found.visits) == 2


def test_where_circles_overlap_time_counts_once_and_for_the_nearer():
    one, other = hotspot("a", (0, 0)), hotspot("b", (200, 0))
    times, points = moved((0.5, 200, 0))

    found = traced_patrol(times, points, hotspots=[one, other])

    assert [each.visit.place_id for each in found.visits] == ["a", "b"]
    assert sum(each.visit.minutes for each in found.visits) == pytest.approx(400 / 60, abs=0.2)
    assert found.visits[0].visit.end == found.visits[1].visit.start


def test_time_at_the_base_is_no_patrol():
    times, points = still((0, 0), 30)
    walk, way = moved((1.2, 900, 0))

    found = traced_patrol(
        np.r_[times, times[-1] + 5 + walk], np.vstack([points, way]),
        hotspots=[hotspot("a", (5000, 0))], bases=[(0, 0)],
    )  # fmt: skip

    (background,) = found.background
    assert background.minutes == pytest.approx((900 - 60) / 1.2 / 60, abs=0.5)


def test_visits_carry_the_clock_on_the_wall_in_summer():
    times, points = still((0, 0), 12, begins=seconds_utc(datetime(2026, 7, 1, 15, 0)))

    found = traced_patrol(times, points, hotspots=[hotspot("a", (0, 0))], unit="A")

    assert found.visits[0].visit.start == datetime(2026, 7, 1, 15, 0)
    assert found.visits[0].visit.unit == "A"


def test_a_visit_over_the_night_when_clocks_go_back_keeps_its_minutes():
    ten_to_one_utc = datetime(2026, 10, 25, 0, 50, tzinfo=UTC).timestamp()
    times, points = still((0, 0), 20, begins=ten_to_one_utc)

    found = traced_patrol(times, points, hotspots=[hotspot("a", (0, 0))])

    assert found.visits[0].visit.start == datetime(2026, 10, 25, 1, 50)
    assert found.visits[0].visit.minutes == pytest.approx(20, abs=0.1)


LEGS = st.lists(
    st.tuples(st.sampled_from([0.3, 1.2, 5.0]), st.integers(-400, 400), st.integers(-400, 400)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(LEGS, st.lists(st.tuples(st.integers(0, 3000), st.integers(30, 900)), max_size=3))
def test_visits_and_background_are_in_order_and_never_overlap(legs, gaps):
    times, points = moved(*legs)
    for start, lasts in gaps:
        kept = (times < start) | (times > start + lasts)
        times, points = times[kept], points[kept]
    spots = [hotspot("a", (0, 0)), hotspot("b", (220, 50)), hotspot("c", (-300, 100), radius_m=60)]

    found = traced_patrol(times, points, hotspots=spots)

    spans = sorted((v.start, v.end) for v in (*(f.visit for f in found.visits), *found.background))
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] + timedelta(seconds=1) for one, other in pairwise(spans))
    assert all(
        f.earliest_start <= f.visit.start <= f.visit.end <= f.latest_end for f in found.visits
    )


@pytest.mark.parametrize("number", [0, 1, 2])
def test_hardly_any_points_are_no_visit(grid, number):
    times, points = still((200, 700), 5)

    found = traced_patrol(times[:number], points[:number], hotspots=GRID_SPOTS, network=grid)

    assert (found.visits, found.background, found.points) == ((), (), number)


def test_without_hot_spots_all_is_background(grid):
    times, points = moved((1.2, 900, 0))

    found = traced_patrol(times, points, hotspots=(), network=grid)

    assert found.visits == ()
    assert sum(each.minutes for each in found.background) == pytest.approx(12.5, abs=0.2)


def test_points_out_of_order_are_an_error():
    with pytest.raises(InputError, match="each after the one before"):
        traced_patrol([0, 5, 5], np.zeros((3, 2)), hotspots=())


@pytest.mark.parametrize(
    ("metres_a_second", "mode"), [(1.2, "foot"), (1.9, "foot"), (4.5, "cycle"), (9.0, "vehicle")]
)
def test_a_mode_is_told_by_how_fast_a_unit_moves(metres_a_second, mode):
    times, points = moved((metres_a_second, 3000, 0))
    trace = received(Walk(times, points), seed=1, every_s=1)

    found = traced_patrol(*trace, hotspots=())

    assert found.mode == mode


def test_a_unit_that_stands_still_has_no_mode_of_its_own():
    assert mode_by_speed(smoothed(*still((0, 0), 10), mode="foot")) is None


def test_a_jump_of_many_points_is_left_out_against_more_that_contradict_it():
    times, points = still((0, 0), 20)
    points[50:60] += 400

    kept = reachable(times, points, fastest_m_s=4.0)

    assert np.flatnonzero(~kept).tolist() == list(range(50, 60))


def test_a_jump_at_the_very_first_point_is_left_out():
    times, points = still((0, 0), 5)
    points[0] += 500

    assert np.flatnonzero(~reachable(times, points, fastest_m_s=4.0)).tolist() == [0]


def test_a_stricter_rule_lets_shorter_stays_count():
    times, points = still((0, 0), 1.5)
    at_once = TraceRule(least_minutes=(("foot", 1.0), ("cycle", 1.0), ("vehicle", 1.0)))

    usual = traced_patrol(times, points, hotspots=[hotspot("a", (0, 0))])
    strict = traced_patrol(times, points, hotspots=[hotspot("a", (0, 0))], rule=at_once)

    assert (len(usual.visits), len(strict.visits)) == (0, 1)
