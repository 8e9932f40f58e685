"""Records counted by squares instead of places."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import shapely
from small_ward import made_measure

from peelian.core.months import Month, MonthSpan
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import unit_counts
from peelian.scanning.units import squares

SPAN = MonthSpan.parse("2018-01/2018-03")
ROBBERY = made_measure("robbery")
# Two squares of 100 m, side by side.
GROUND = shapely.box(1000, 2000, 1200, 2100)


def crimes(*records: tuple[float, int, str]) -> pl.DataFrame:
    """Rows at so many metres east of the ground's corner, in a month of 2018, of a type."""
    return pl.DataFrame(
        {
            "month": [date(2018, month, 1) for _, month, _ in records],
            "crime_type": [kind for *_, kind in records],
            "location": ["On or near Mill Lane"] * len(records),
            "longitude": [east / 1e5 for east, *_ in records],
            "latitude": [51.5] * len(records),
            "easting": [1000.0 + east for east, *_ in records],
            "northing": [2050.0] * len(records),
        },
        schema_overrides={"easting": pl.Float64, "longitude": pl.Float64, "crime_type": pl.String,
                          "month": pl.Date, "location": pl.String, "latitude": pl.Float64,
                          "northing": pl.Float64},
    )  # fmt: skip


def test_a_square_counts_the_measures_records_in_it_by_month() -> None:
    rows = crimes(
        (10, 1, "robbery"), (60, 1, "robbery"), (60, 3, "robbery"), (150, 3, "robbery"),
        (150, 3, "burglary"), (900, 1, "robbery"), (150, 4, "robbery"),
    )  # fmt: skip

    found = unit_counts(rows, ROBBERY, squares(GROUND, side_m=100), span=SPAN, missing={})

    west, east = (
        next(i for i, p in enumerate(found.places) if p.centre[0] == x) for x in (1050, 1150)
    )
    assert found.counts[west].tolist() == [2, 0, 1]
    assert found.counts[east].tolist() == [0, 0, 1]
    assert found.counts.sum() == 4  # one lies in no square, one in no month of the span
    assert len(found.places[west].snap_points) == 2


def test_a_quiet_square_takes_part_with_zeros() -> None:
    found = unit_counts(
        crimes((10, 1, "robbery")), ROBBERY, squares(GROUND, side_m=100), span=SPAN, missing={}
    )

    assert sorted(found.counts.sum(axis=1).tolist())[-1] == 1
    assert len(found.places) > 1
    assert [place.records for place in rank_places(found)] == [1]


def test_a_missing_month_is_not_known_in_any_square() -> None:
    missing = {Month(2018, 2): "no file", Month(2020, 1): "outside the span"}

    found = unit_counts(
        crimes((10, 2, "robbery")), ROBBERY, squares(GROUND, side_m=100), span=SPAN, missing=missing
    )

    assert np.isnan(found.counts[:, 1]).all()
    assert not np.isnan(found.counts[:, [0, 2]]).any()
    assert dict(found.missing) == {Month(2018, 2): "no file"}


def test_no_records_are_zeros_in_every_square() -> None:
    found = unit_counts(crimes(), ROBBERY, squares(GROUND, side_m=100), span=SPAN, missing={})

    assert not found.counts.any()
    assert rank_places(found) == ()
