from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from camden_map import camden_store
from made_places import ways
from peelian.analysis.routes import Route, route_between
from peelian.core.errors import UnknownPlaceError
from peelian.core.gazetteer import Gazetteer
from peelian.core.places import NamedPlace
from peelian.core.streets import Travel
from peelian.store import places
from peelian.store.street_network import network_of

WEST = NamedPlace("West Station", "station", box(-10, -10, 10, 10))
EAST = NamedPlace("East Station", "station", box(390, -10, 410, 10))

# Front Street leads straight from west to east (400 m) but is one way, westwards; Back Lane
# goes round the block (600 m), and a footpath without a name cuts its corner (541 m).
TOWN = network_of(
    ways(
        {"nodes": [0, 1, 2, 3, 4], "name": "Front Street", "one_way": -1,
         "cycles_both_ways": False, "on_foot": False},
        {"nodes": [0, 10, 11, 12, 13, 14, 4], "name": "Back Lane", "highway": "tertiary"},
        {"nodes": [0, 11], "highway": "footway", "by_cycle": False, "by_vehicle": False},
    )
)  # fmt: skip


def at(node: int) -> NamedPlace:
    return NamedPlace(f"Corner {node}", "building", Point(node % 10 * 100, node // 10 * 100))


def test_the_shortest_way_is_told_street_by_street() -> None:
    route = route_between(TOWN, WEST, EAST)

    assert [(s.street, round(s.metres), s.highway) for s in route.steps] == [
        ("", 141, "footway"),
        ("Back Lane", 400, "tertiary"),
    ]
    assert route.streets == ("Back Lane",)
    assert route.length_m == pytest.approx(400 + 100 * 2**0.5)


def test_a_vehicle_goes_round_where_the_street_is_one_way() -> None:
    there = route_between(TOWN, WEST, EAST, travel="by_vehicle")
    back = route_between(TOWN, EAST, WEST, travel="by_vehicle")

    assert (there.streets, there.length_m) == (("Back Lane",), 600)
    assert (back.streets, back.length_m) == (("Front Street",), 400)


def test_a_cycle_may_go_against_where_the_map_lets_it() -> None:
    open_to_cycles = network_of(
        ways(
            {"nodes": [0, 1, 2, 3, 4], "name": "Front Street", "one_way": -1},
            {"nodes": [0, 10, 11, 12, 13, 14, 4], "name": "Back Lane"},
        )
    )

    closed = route_between(TOWN, WEST, EAST, travel="by_cycle")

    assert closed.streets == ("Back Lane",)
    assert route_between(open_to_cycles, WEST, EAST, travel="by_cycle").length_m == 400


def test_the_line_runs_from_the_start_to_the_end() -> None:
    route = route_between(TOWN, EAST, WEST, travel="by_vehicle")

    assert route.line.coords[0] == (400, 0)
    assert route.line.coords[-1] == (0, 0)
    assert route.line.length == pytest.approx(route.length_m)


def test_a_way_that_keeps_to_a_street_is_taken_among_equals() -> None:
    grid = network_of(
        ways(
            {"nodes": [0, 1, 2], "name": "Low Street"},
            {"nodes": [10, 11, 12], "name": "High Street"},
            {"nodes": [0, 10], "name": "First Row"},
            {"nodes": [1, 11], "name": "Second Row"},
            {"nodes": [2, 12], "name": "Third Row"},
        )
    )

    assert len(route_between(grid, at(0), at(12)).steps) == 2


def test_places_that_share_a_street_end_are_no_way_apart() -> None:
    beside = NamedPlace("Booking Hall", "building", box(-10, -10, 5, 5))

    route = route_between(TOWN, WEST, beside)

    assert (route.length_m, route.steps, route.streets) == (0, (), ())
    assert route.line.is_empty


@pytest.mark.parametrize("travel", get_args(Travel))
def test_places_that_no_street_joins_have_no_route(travel: Travel) -> None:
    island = NamedPlace("Island", "park", box(8_000, 8_000, 8_100, 8_100))

    words = travel.replace("_", " ")
    with pytest.raises(UnknownPlaceError, match=f"none {words} from West Station to Island"):
        route_between(TOWN, WEST, island, travel=travel)


def test_a_map_without_streets_has_no_route() -> None:
    empty = network_of(ways({"nodes": [0, 1]}).clear())

    with pytest.raises(UnknownPlaceError, match="Ingest a map that has both"):
        route_between(empty, WEST, EAST)


# Corners of a grid of one-way streets, some of them open to cycles both ways.
GRID = network_of(
    ways(
        *({"nodes": [10 * j + i for i in range(5)], "name": f"Street {j}", "one_way": j % 3 - 1,
           "cycles_both_ways": j % 2 == 0} for j in range(5)),
        *({"nodes": [10 * j + i for j in range(5)], "name": f"Row {i}", "one_way": 1 - i % 3,
           "cycles_both_ways": i % 2 == 1} for i in range(5)),
    )
)  # fmt: skip
CORNERS = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda at: 10 * at[0] + at[1])


@given(CORNERS, CORNERS, st.sampled_from(get_args(Travel)))
def test_a_route_is_as_long_as_its_steps_and_as_the_network_says(
    start: int, end: int, travel: Travel
) -> None:
    nodes = np.flatnonzero(
        (GRID.node_easting == start % 10 * 100) & (GRID.node_northing == start // 10 * 100)
    )
    goal = (GRID.node_easting == end % 10 * 100) & (GRID.node_northing == end // 10 * 100)
    away = GRID.distances_from(nodes, travel=travel)[goal][0]

    if not np.isfinite(away):
        with pytest.raises(UnknownPlaceError):
            route_between(GRID, at(start), at(end), travel=travel)
        return
    route = route_between(GRID, at(start), at(end), travel=travel)

    assert route.length_m == pytest.approx(away)
    assert sum(step.metres for step in route.steps) == pytest.approx(away)
    assert route.line.length == pytest.approx(away)


def euston_to_saint_pancras(real_data, travel: Travel) -> Route:
    store = camden_store(real_data)
    ward = places.area(store, "E05013669", boundary_set="camden_wards_2022")
    gazetteer = Gazetteer(places.named_places(store, ward.shape), near=ward.shape)
    ends = [gazetteer.resolve(name).place for name in ("Euston station", "St Pancras station")]
    assert ends[0] is not None
    assert ends[1] is not None
    network = places.street_network(store, ward.shape)
    return route_between(network, ends[0], ends[1], travel=travel)


@pytest.mark.parametrize("travel", get_args(Travel))
def test_from_euston_to_saint_pancras_is_half_a_kilometre_or_so(real_data, travel: Travel) -> None:
    route = euston_to_saint_pancras(real_data, travel)

    assert 300 < route.length_m < 1_500
    assert route.line.length == pytest.approx(route.length_m, rel=0.001)
    assert route.streets
