"""The pilot ward's real records, against the figures of the data's own manifest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from peelian.core.areas import Area, BoundarySet
from peelian.core.grid import shape_to_grid, to_grid
from peelian.core.micro_places import group_snap_points
from peelian.core.months import Month, MonthSpan
from peelian.core.places import SnapPoint
from peelian.measures import measure
from peelian.scanning.change import change_since_year_before
from peelian.scanning.edge import edge_sensitivity
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import HeldMonth, monthly_series, months_missing, place_counts

SPAN = MonthSpan.parse("2016-01/2018-03")
POINT = ["location", "longitude", "latitude"]


@pytest.fixture(scope="module")
def ward(real_data: Path) -> Area:
    import json

    text = (real_data / "boundaries" / "camden_wards_2022.geojson").read_text(encoding="utf-8")
    feature = next(f for f in json.loads(text)["features"] if "E05013669" in str(f["properties"]))
    shape = shape_to_grid(shapely.geometry.shape(feature["geometry"]))
    boundary_set = BoundarySet(
        "camden_wards_2022", "ward", 2022, "camden_wards_2022.geojson", "OGL"
    )
    return Area("E05013669", "St Pancras and Somers Town", boundary_set, shape)


@pytest.fixture(scope="module")
def points(street_rows: pl.DataFrame) -> pl.DataFrame:
    """Every snap point of the six boroughs, its records, and where it lies on the grid."""
    tally = street_rows.group_by(POINT).len().sort(POINT)
    east, north = to_grid(tally["longitude"].to_numpy(), tally["latitude"].to_numpy())
    return tally.with_columns(easting=pl.Series(east), northing=pl.Series(north))


def snap_points(points: pl.DataFrame) -> list[SnapPoint]:
    return [SnapPoint(*row) for row in points.select(*POINT, "easting", "northing").iter_rows()]


def inside(points: pl.DataFrame, ward: Area) -> pl.DataFrame:
    held = ward.holds(points["easting"].to_numpy(), points["northing"].to_numpy())
    return points.filter(pl.Series(held))


def test_the_line_decides_as_many_records_as_the_manifest_says(
    points: pl.DataFrame, ward: Area
) -> None:
    found = edge_sensitivity(snap_points(points), points["len"].to_numpy(), ward, within_m=10)

    # MANIFEST: 50 snap points and 4,163 rows in the 2022 ward; 949 within 10 m of its line.
    assert len(inside(points, ward)) == 50
    assert found.total_inside == 4163
    assert found.inside_near + found.outside_near == 949


def test_the_month_without_a_file_is_missing_and_every_record_is_in_a_place(
    street_rows: pl.DataFrame, points: pl.DataFrame, ward: Area
) -> None:
    within = inside(points, ward)
    rows = street_rows.join(within.select(POINT), on=POINT)
    held = [
        HeldMonth(Month.of(month), "metropolitan", frozenset(group["crime_type"].unique()))
        for (month,), group in street_rows.group_by("month")
    ]
    records = measure("all-records")
    missing = months_missing(records, held, span=SPAN, force="metropolitan")

    series = monthly_series(
        rows, records, place=ward.name, span=SPAN, missing=missing, force="metropolitan"
    )
    table = place_counts(
        rows, records, group_snap_points(snap_points(within)), span=SPAN, missing=missing
    )

    assert missing == {Month(2016, 3): "no file of the force is held"}
    assert (series.total, len(series.held)) == (4163, 26)
    assert np.nansum(table.counts) == 4163
    np.testing.assert_array_equal(
        np.nan_to_num(table.counts.sum(axis=0), nan=-1),
        [-1 if n is None else n for n in series.counts],
    )
    assert change_since_year_before(series, months=12).months == 12


def test_the_ranking_of_the_ward_is_whole_and_in_order(
    street_rows: pl.DataFrame, points: pl.DataFrame, ward: Area
) -> None:
    within = inside(points, ward)
    rows = street_rows.join(within.select(POINT), on=POINT)
    asb = measure("anti-social-behaviour")
    counts = place_counts(
        rows,
        asb,
        group_snap_points(snap_points(within)),
        span=SPAN,
        missing={Month(2016, 3): "no file of the force is held"},
    )

    ranked = rank_places(counts)

    total = rows.filter(pl.col("crime_type") == "anti-social-behaviour").height
    assert sum(place.records for place in ranked) == total
    assert [place.rank for place in ranked] == list(range(1, len(ranked) + 1))
    expected = [place.expected for place in ranked]
    assert expected == sorted(expected, reverse=True)
    # Drummond Crescent, Polygon Road and Churchway each have over a record in twenty.
    most = sorted(ranked, key=lambda place: -place.records)[:3]
    assert {place.name for place in ranked[:3]} == {place.name for place in most}
