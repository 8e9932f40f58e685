"""In which unit of place a point lies."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from made_places import ways
from peelian.core.areas import Area, BoundarySet
from peelian.core.errors import InputError
from peelian.core.grid import shape_to_grid
from peelian.scanning import units
from peelian.scanning.units import Units
from peelian.store.street_network import network_of

BOX = shapely.box(0, 0, 1_000, 500)
MADE = BoundarySet("made", "ward", 2022, "made.geojson", "none")

coordinate = st.floats(0, 1_000, allow_nan=False)
on_the_grid = st.integers(0, 20).map(lambda step: step * 50.0)


def of_one(kind: Units, easting: float, northing: float) -> int:
    return int(kind.of_points([easting], [northing])[0])


def test_squares_cover_a_box_and_know_their_part_of_it() -> None:
    found = units.squares(BOX, side_m=400)

    inside = found.area_km2 > 0
    assert sorted(found.area_km2[inside].round(3).tolist()) == [0.02, 0.04, 0.04, 0.08, 0.16, 0.16]
    assert found.area_km2.sum() == pytest.approx(0.5)


def test_a_square_is_called_by_its_size_and_middle() -> None:
    found = units.squares(BOX, side_m=250)

    index = of_one(found, 10, 10)
    assert found.names[index] == "250 m square at 125, 125"
    assert (found.easting[index], found.northing[index]) == (125, 125)
    assert len(set(found.ids)) == len(found)


def test_a_square_holds_its_south_and_west_edges_only() -> None:
    found = units.squares(BOX, side_m=250)

    corner = of_one(found, 250, 250)
    assert corner == of_one(found, 499.9, 499.9)
    assert corner not in {of_one(found, 249.9, 250), of_one(found, 250, 249.9)}


def test_squares_may_be_laid_out_from_a_corner_of_their_own() -> None:
    found = units.squares(BOX, side_m=400, origin=(100.0, 100.0))

    index = of_one(found, 100, 100)
    assert (found.easting[index], found.northing[index]) == (300, 300)


@given(st.one_of(coordinate, on_the_grid), st.one_of(coordinate, on_the_grid))
def test_a_point_of_the_shape_lies_in_exactly_one_square_that_reaches_it(
    x: float, y: float
) -> None:
    squares = units.squares(BOX, side_m=50)
    y = y / 2

    index = of_one(squares, x, y)

    assert index >= 0
    assert abs(squares.easting[index] - x) <= 25 + 1e-9
    assert abs(squares.northing[index] - y) <= 25 + 1e-9


@given(st.one_of(coordinate, on_the_grid), st.one_of(coordinate, on_the_grid))
def test_a_point_lies_in_the_hexagon_whose_middle_is_nearest(x: float, y: float) -> None:
    hexagons = units.hexagons(BOX, side_m=100)
    y = y / 2

    index = of_one(hexagons, x, y)

    away = np.hypot(hexagons.easting - x, hexagons.northing - y)
    assert index >= 0
    assert away[index] == pytest.approx(away.min(), abs=1e-6)


def test_a_corner_shared_by_three_hexagons_falls_to_one_of_them_each_time() -> None:
    hexagons = units.hexagons(BOX, side_m=100)
    middle = of_one(hexagons, 500, 250)
    corner = (hexagons.easting[middle], hexagons.northing[middle] + 100)

    found = hexagons.of_points([corner[0]] * 5, [corner[1]] * 5)

    assert len(set(found.tolist())) == 1
    assert math.dist(corner, (hexagons.easting[found[0]], hexagons.northing[found[0]])) < 100.001


def test_whole_hexagons_have_the_area_of_their_side() -> None:
    hexagons = units.hexagons(shapely.box(0, 0, 2_000, 2_000), side_m=100)

    assert hexagons.area_km2.max() == pytest.approx(1.5 * math.sqrt(3) * 0.01)
    assert hexagons.area_km2.sum() == pytest.approx(4)
    assert len(set(hexagons.ids)) == len(hexagons)


def test_points_outside_every_unit_and_without_a_place_are_in_none() -> None:
    for made in (units.squares(BOX, side_m=100), units.hexagons(BOX, side_m=100)):
        found = made.of_points([5_000, float("nan"), 50], [50, 50, float("nan")])
        assert found.tolist() == [-1, -1, -1]
        assert made.of_points([], []).tolist() == []


@pytest.mark.parametrize("side", [0, -5])
def test_a_side_of_nothing_is_refused(side: float) -> None:
    with pytest.raises(InputError, match=f"side above 0 m; found {side}"):
        units.squares(BOX, side_m=side)
    with pytest.raises(InputError, match=f"side above 0 m; found {side}"):
        units.hexagons(BOX, side_m=side)


def test_a_point_joins_the_nearest_street_within_the_limit() -> None:
    streets = units.streets(network_of(ways({"nodes": [0, 1], "name": "Low Road"},
                                            {"nodes": [10, 11], "name": "High Road"})),
                            within_m=30)  # fmt: skip

    found = streets.of_points([50, 50, 50, 50], [10, 80, 30, 30.1])

    assert [streets.names[i] if i >= 0 else "" for i in found] == [
        "Low Road", "High Road", "Low Road", "",
    ]  # fmt: skip
    assert streets.length_m.tolist() == [100, 100]
    assert np.isnan(streets.area_km2).all()


def test_a_junction_belongs_to_the_first_of_its_streets() -> None:
    network = network_of(ways({"nodes": [0, 1], "name": "A"}, {"nodes": [1, 11], "name": "B"}))

    streets = units.streets(network, within_m=5)

    assert of_one(streets, 100, 0) == 0
    assert of_one(streets, 100, 1) == 1


def test_a_path_without_a_name_takes_records_only_where_asked() -> None:
    network = network_of(ways({"nodes": [0, 1]}, {"nodes": [10, 11], "name": "High Road"}))

    named = units.streets(network, within_m=100)
    every = units.streets(network, within_m=100, unnamed=True)

    assert named.names == ("High Road",)
    assert of_one(named, 50, 10) == 0
    assert every.names[of_one(every, 50, 10)] == ""


def halves() -> Units:
    return units.areas(
        [
            Area("E05000001", "West", MADE, shapely.box(0, 0, 500, 500)),
            Area("E05000002", "East", MADE, shapely.box(500, 0, 1_000, 500)),
        ]
    )


@given(coordinate, coordinate)
def test_a_point_is_in_the_first_area_that_holds_it(x: float, y: float) -> None:
    found = of_one(halves(), x, y)

    assert found == (-1 if y > 500 else 0 if x <= 500 else 1)


def test_areas_know_their_codes_and_sizes() -> None:
    found = halves()

    assert found.ids == ("E05000001", "E05000002")
    assert found.area_km2.tolist() == [0.25, 0.25]
    assert of_one(found, 500, 250) == 0


def test_without_units_every_point_is_in_none() -> None:
    assert units.areas([]).of_points([1.0], [1.0]).tolist() == [-1]


def test_the_wards_of_camden_hold_points_as_their_shapes_do(real_data: Path) -> None:
    text = (real_data / "boundaries" / "camden_wards_2022.geojson").read_text(encoding="utf-8")
    shapes = shapely.make_valid(shapely.get_parts(shapely.from_geojson(text)))
    wards = [Area(f"E0500{i:04}", "", MADE, shape_to_grid(shape)) for i, shape in enumerate(shapes)]
    draws = np.random.default_rng(2)
    west, south, east, north = shapely.bounds(shapely.union_all([ward.shape for ward in wards]))
    x, y = draws.uniform(west, east, 2_000), draws.uniform(south, north, 2_000)
    repeated = np.tile(x, 3), np.tile(y, 3)

    found = units.areas(wards).of_points(*repeated)

    holds = np.array([ward.holds(*repeated) for ward in wards])
    assert (found >= 0).tolist() == holds.any(axis=0).tolist()
    assert (holds[found, np.arange(6_000)] | (found < 0)).all()
    assert 0.3 < (found >= 0).mean() < 0.7
