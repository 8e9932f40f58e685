from __future__ import annotations

import pytest
import shapely

from peelian.core.areas import Area, BoundarySet
from peelian.core.places import SnapPoint
from peelian.core.results import EdgeSensitivity
from peelian.scanning.edge import edge_sensitivity

SQUARE = Area(
    "E05999901",
    "Larkfield",
    BoundarySet("made", "ward", 2022, "made.geojson", "made for a test"),
    shapely.box(0, 0, 100, 100),
)


def points(*eastings: float) -> list[SnapPoint]:
    return [SnapPoint(f"On or near {e}", 0, 0, e, 50.0) for e in eastings]


def test_records_near_the_line_are_told_apart_by_side() -> None:
    found = edge_sensitivity(
        points(50, 91, 90, 89.9, 101, 110, 110.1), [1, 2, 4, 8, 16, 32, 64], SQUARE
    )

    # 91 and 90 are within 10 m inside, 101 and 110 within 10 m outside, ends included.
    assert found == EdgeSensitivity(
        within_m=10,
        inside_near=2 + 4,
        outside_near=16 + 32,
        total_inside=1 + 2 + 4 + 8,
        points_inside_near=2,
        points_outside_near=2,
    )


def test_a_point_on_the_line_is_inside_and_near() -> None:
    found = edge_sensitivity(points(100), [7], SQUARE)

    assert (found.inside_near, found.outside_near, found.total_inside) == (7, 0, 7)


def test_no_points_give_zeros() -> None:
    found = edge_sensitivity([], [], SQUARE)

    assert (found.inside_near, found.outside_near, found.total_inside) == (0, 0, 0)


def test_a_wider_band_never_holds_fewer() -> None:
    where, counts = points(*range(0, 200, 3)), [1] * 67
    bands = [edge_sensitivity(where, counts, SQUARE, within_m=m) for m in (0, 5, 10, 50)]

    assert [b.inside_near for b in bands] == sorted(b.inside_near for b in bands)
    assert [b.outside_near for b in bands] == sorted(b.outside_near for b in bands)


def test_a_count_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="one count a point: 2 points"):
        edge_sensitivity(points(1, 2), [1], SQUARE)
