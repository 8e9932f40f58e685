import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from peelian.core.grid import shape_to_degrees, shape_to_grid, to_degrees, to_grid


# The first transformation reads the projection database, which takes longer than a deadline.
@settings(deadline=None)
@given(st.floats(-6.0, 1.7), st.floats(50.0, 58.0))
def test_degrees_to_the_grid_and_back_are_the_same_degrees(longitude, latitude):
    back = to_degrees(*to_grid(longitude, latitude))

    # The way back is an approximation, good to a centimetre: about 1e-7 of a degree.
    assert np.allclose(back, (longitude, latitude), atol=1e-7)


def test_an_unknown_position_stays_unknown():
    east, north = to_grid([np.nan], [np.nan])

    assert not np.isfinite(east).any()
    assert not np.isfinite(north).any()


def test_a_shape_moves_as_its_points_do():
    line = LineString([(-0.13, 51.53), (-0.12, 51.54)])

    moved = shape_to_grid(line)

    assert np.allclose(moved.coords.xy, to_grid([-0.13, -0.12], [51.53, 51.54]))
    assert shape_to_degrees(moved).equals_exact(line, 1e-7)


def test_ward_centres_agree_with_the_statistics_office_to_five_metres(real_data):
    # BNG_E and BNG_N are the Office for National Statistics' own grid positions of LONG, LAT.
    published = json.loads((real_data / "boundaries" / "camden_wards_2022.geojson").read_text())
    wards = [feature["properties"] for feature in published["features"]]

    east, north = to_grid([w["LONG"] for w in wards], [w["LAT"] for w in wards])

    away = np.hypot(east - [w["BNG_E"] for w in wards], north - [w["BNG_N"] for w in wards])
    assert len(wards) == 20
    assert away.max() < 5
