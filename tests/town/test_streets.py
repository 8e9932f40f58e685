from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from peelian.core.grid import to_grid
from peelian.town import Town, plan
from peelian.town.snap_points import place_snap_points
from peelian.town.streets import StreetPlan, draw_streets

NAMED = ("Pinder Street", "Cutler Street", "Lantern Row", "Hopper Street", "Chandler Place")


@pytest.fixture(scope="module", params=[0, 3, 41])
def drawn(request: pytest.FixtureRequest) -> StreetPlan:
    return draw_streets(np.random.default_rng(request.param))


def test_the_wards_fill_the_town_without_overlap(drawn: StreetPlan) -> None:
    together = shapely.union_all(drawn.wards)

    assert sum(ward.area for ward in drawn.wards) == pytest.approx(together.area)
    assert together.area == pytest.approx(drawn.edge_of_town.area)


def test_the_pilot_ward_touches_every_neighbour(drawn: StreetPlan) -> None:
    pilot, *neighbours = drawn.wards

    shared = [pilot.intersection(neighbour).length for neighbour in neighbours]

    assert all(length > 100 for length in shared)


def test_one_can_walk_from_every_street_to_every_other(drawn: StreetPlan) -> None:
    ends = np.array([(edge.line.coords[0], edge.line.coords[-1]) for edge in drawn.edges])
    _, nodes = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    start, end = nodes.reshape(-1, 2).T
    count = nodes.max() + 1

    graph = coo_array((np.ones(len(start)), (start, end)), shape=(count, count))
    parts, _ = connected_components(graph, directed=False)

    assert parts == 1


def test_most_junctions_are_where_one_street_ends_on_another(drawn: StreetPlan) -> None:
    ends = Counter(
        end for edge in drawn.edges for end in (edge.line.coords[0], edge.line.coords[-1])
    )

    ways = Counter(ends.values())

    # A plain checkerboard would have four ways at nearly every junction.
    assert ways[3] > 4 * ways[4]


def test_streets_cross_only_at_junctions(drawn: StreetPlan) -> None:
    lines = np.array([edge.line for edge in drawn.edges])

    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    crossing = {(drawn.edges[a].name, drawn.edges[b].name) for a, b in zip(one, other, strict=True)}

    assert crossing == set()


def test_every_special_ground_is_there_once(drawn: StreetPlan) -> None:
    names = sorted(plot.name for plot in drawn.plots if plot.name)

    assert names == sorted(plot.name for plot in plan.PLOTS)


def test_no_snap_point_is_outside_its_ward(drawn: StreetPlan) -> None:
    points = place_snap_points(drawn, np.random.default_rng(0))

    # As published: rounded to six decimals, then projected back.
    east, north = to_grid([p.longitude for p in points], [p.latitude for p in points])
    places = shapely.points(east - plan.ORIGIN[0], north - plan.ORIGIN[1])
    outside = [
        point.location
        for point, place in zip(points, places, strict=True)
        if not drawn.wards[point.ward].contains(place)
    ]

    assert outside == []


def test_what_the_page_and_the_truths_name_has_a_snap_point_in_the_pilot_ward(
    drawn: StreetPlan,
) -> None:
    points = place_snap_points(drawn, np.random.default_rng(0))

    pilot = {p.location.removeprefix("On or near ") for p in points if p.ward == 0}

    assert pilot.issuperset(
        {*NAMED, "Coopers Field Way", "Station Road", "Larkfield High Street", "Supermarket"}
    )
    assert "Priory Gate (station)" in pilot


def test_the_street_that_the_page_says_borders_the_gardens_does(drawn: StreetPlan) -> None:
    park = next(plot.shape for plot in drawn.plots if plot.name == "Larkfield Gardens")
    street = shapely.union_all([e.line for e in drawn.edges if e.name == "Pinder Street"])

    assert street.intersection(park.buffer(3)).length > 80


def test_some_snap_points_lie_within_ten_metres_of_the_pilot_wards_line(town: Town) -> None:
    ward = town.streets.wards[0]

    near = [p for p in town.snap_points if ward.exterior.distance(shapely.Point(p.x, p.y)) < 10]

    assert {p.ward for p in near} > {0}
    assert len(near) > 10


def test_two_snap_points_with_one_name_stand_apart(town: Town) -> None:
    positions = Counter((p.longitude, p.latitude) for p in town.snap_points)

    assert max(positions.values()) == 1
