import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from peelian.core.areas import Area, BoundarySet

SET = BoundarySet("made_2022", "ward", 2022, "made_2022.geojson", "Open Government Licence v3.0")
SQUARE = Area("E05999901", "Larkfield", SET, box(0, 0, 100, 100))


def test_a_point_on_the_line_is_in():
    assert SQUARE.holds([0, 100, 50], [50, 100, 0]).tolist() == [True, True, True]


def test_a_point_a_centimetre_outside_is_not_in():
    assert SQUARE.holds([100.01], [50]).tolist() == [False]


def test_a_point_without_place_is_not_in():
    assert SQUARE.holds([np.nan, 50.0], [np.nan, 50.0]).tolist() == [False, True]


def test_no_points_give_no_answers():
    assert SQUARE.holds([], []).tolist() == []


def test_the_distance_to_the_line_is_the_same_on_both_sides():
    assert SQUARE.distance_to_line_m([90, 110], [50, 50]).tolist() == [10, 10]


@settings(deadline=None)
@given(st.floats(-200, 300), st.floats(-200, 300))
def test_a_point_is_in_exactly_where_shapely_covers_it(east, north):
    assert SQUARE.holds([east], [north])[0] == SQUARE.shape.covers(Point(east, north))


@pytest.mark.parametrize("corner", [(0, 0), (100, 0), (100, 100), (0, 100)])
def test_every_corner_is_in(corner):
    assert SQUARE.holds(*corner).item() is True
