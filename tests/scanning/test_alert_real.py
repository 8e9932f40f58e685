"""The alert on the real records of a ward, read here and not by the project's ingest."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from peelian.core.grid import shape_to_grid, to_grid
from peelian.core.micro_places import group_snap_points
from peelian.core.months import Month, MonthSpan
from peelian.core.places import SnapPoint
from peelian.measures import measure
from peelian.scanning.alert_history import past_alerts, watched_months
from peelian.scanning.series import PlaceCounts, place_counts

SPAN = MonthSpan.parse("2016-01/2018-03")
MISSING = {Month(2016, 3): "no file of the force is held"}
BLOOMSBURY = "E05013653"


@pytest.fixture(scope="module")
def rows(street_rows: pl.DataFrame, real_data: Path) -> pl.DataFrame:
    """Bloomsbury's records of three types, with where they lie on the grid."""
    text = (real_data / "boundaries" / "camden_wards_2022.geojson").read_text(encoding="utf-8")
    feature = next(f for f in json.loads(text)["features"] if BLOOMSBURY in str(f["properties"]))
    ward = shape_to_grid(shapely.geometry.shape(feature["geometry"]))
    east, north = to_grid(street_rows["longitude"].to_numpy(), street_rows["latitude"].to_numpy())
    shapely.prepare(ward)
    inside = shapely.contains_xy(ward, east, north)
    return street_rows.with_columns(
        easting=pl.Series(np.asarray(east)), northing=pl.Series(np.asarray(north))
    ).filter(pl.Series(inside))


@pytest.fixture(scope="module")
def counts(rows: pl.DataFrame) -> list[PlaceCounts]:
    columns = ["location", "longitude", "latitude", "easting", "northing"]
    unique = rows.select(columns).unique().sort(columns)
    places = group_snap_points([SnapPoint(*row) for row in unique.iter_rows()])
    return [
        place_counts(rows, measure(each), places, span=SPAN, missing=MISSING)
        for each in ("anti-social-behaviour", "burglary", "robbery")
    ]


def test_ten_burglaries_in_a_street_that_had_nine_in_two_years_are_told_that_month(
    rows: pl.DataFrame, counts: list[PlaceCounts]
) -> None:
    # Counted in the published rows: ten in November 2017, nine in the 21 months held before.
    burglaries = rows.filter(
        (pl.col("crime_type") == "burglary")
        & pl.col("location").str.to_lowercase().str.contains("charlotte street")
    )
    months = burglaries["month"].to_list()
    assert sum(Month.of(day) == Month(2017, 11) for day in months) == 10
    assert sum(Month.of(day) < Month(2017, 11) for day in months) == 9

    watched = watched_months(counts, span=MonthSpan.parse("2017-06/2018-03"))

    (past,) = past_alerts(counts, watched)
    assert (past.alert.name, past.alert.measure_id) == ("Charlotte Street", "burglary")
    assert (past.alert.month, past.alert.observed) == (Month(2017, 11), 10)
    # And none the month after: it did not last.
    assert past.came_true is False
    assert not any(Month.of(day) == Month(2017, 12) for day in months)
