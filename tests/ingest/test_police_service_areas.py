"""The ring that is asked for, and the pace it is asked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.errors import ShapeError
from peelian.core.grid import shape_to_grid
from peelian.ingest.police_areas import asked_polygons, halves, poly_text
from peelian.ingest.police_rate import TokenBucket


class Clock:
    """A clock that only moves when somebody sleeps, or when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_burst_is_free_and_the_rest_comes_at_the_published_pace():
    clock = Clock()
    bucket = TokenBucket(per_second=15, burst=30, clock=clock, sleep=clock.sleep)

    for _ in range(30):
        bucket.take()
    assert clock.now == 1_000.0
    for _ in range(15):
        bucket.take()
    assert clock.now == pytest.approx(1_001.0)


@settings(deadline=None)
@given(pauses=st.lists(st.floats(0, 3), max_size=80))
def test_no_second_ever_sees_more_than_a_burst_and_its_refill(pauses: list[float]):
    clock = Clock()
    bucket = TokenBucket(per_second=15, burst=30, clock=clock, sleep=clock.sleep)
    taken = []
    for pause in pauses:
        clock.now += pause
        bucket.take()
        taken.append(clock.now)

    for start in taken:
        assert sum(start <= moment < start + 1 for moment in taken) <= 30 + 15


def test_each_real_ward_is_asked_for_with_a_rim_and_few_corners(real_data: Path):
    for name in ("camden_wards_2018.geojson", "camden_wards_2022.geojson"):
        wards = json.loads((real_data / "boundaries" / name).read_text(encoding="utf-8"))
        for feature in wards["features"]:
            ward = shapely.make_valid(
                shape_to_grid(shapely.geometry.shape(feature["geometry"])), method="structure"
            )

            asked = shapely.union_all([shape_to_grid(p) for p in asked_polygons(ward)])

            # What lies within 10 m of the line must come too; what comes needlessly is little.
            assert asked.contains(ward.buffer(10))
            assert ward.buffer(120).contains(asked)
            assert len(poly_text(asked_polygons(ward)[0]).split(":")) < 400


def test_an_area_in_two_parts_is_asked_for_in_two():
    parts = shapely.union(
        shapely.box(530_000, 180_000, 530_500, 180_500),
        shapely.box(531_000, 180_000, 531_500, 180_500),
    )

    assert len(asked_polygons(parts)) == 2


def test_nothing_is_no_area():
    with pytest.raises(ShapeError, match="at least three corners"):
        asked_polygons(shapely.Polygon())


@settings(deadline=None)
@given(
    west=st.floats(-5, 1), south=st.floats(50, 55),
    width=st.floats(0.001, 0.2), height=st.floats(0.001, 0.2),
)  # fmt: skip
def test_halves_meet_without_a_gap_where_no_snap_point_can_lie(west, south, width, height):
    whole = shapely.box(west, south, west + width, south + height)

    pieces = halves(whole)

    assert len(pieces) == 2
    assert sum(piece.area for piece in pieces) == pytest.approx(whole.area)
    seam = pieces[0].intersection(pieces[1])
    (x0, _), (x1, _) = seam.coords
    cut = x0 if abs(x0 - x1) < 1e-12 else seam.coords[0][1]
    # The service writes six decimals: the cut has a seventh, and it is a five.
    assert round(cut * 1e7) % 10 == 5


def test_a_ring_is_written_latitude_first_and_not_closed():
    text = poly_text(shapely.Polygon([(-0.1, 51.5), (-0.1, 51.6), (-0.2, 51.6)]))

    assert text == "51.5000000,-0.1000000:51.6000000,-0.1000000:51.6000000,-0.2000000"
