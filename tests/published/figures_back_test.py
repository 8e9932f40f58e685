"""Shares of later records that rankings caught, as the project's guide to methods prints them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from peelian.core.crimes import slug_of_label
from peelian.core.grid import to_grid
from peelian.core.months import Month, MonthSpan
from peelian.scanning.back_test import back_test
from peelian.scanning.back_test_results import TypeBackTest
from peelian.scanning.panel import count_panel

Computed = Callable[[pytest.FixtureRequest], float]

ARCHIVE = "street_camden+5neighbours_api-derived_2016-01_2018-03.zip"
POINT = ["Longitude", "Latitude"]
RANKINGS = {
    "decayed": "decayed counts",
    "kernel": "kernel density of 75 m",
    "richer": "richer model",
    "best": "best possible",
}


@cache
def shares(real_data: Path) -> dict[str, TypeBackTest]:
    with zipfile.ZipFile(real_data / "police.uk" / ARCHIVE) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith("metropolitan-street.csv"))
        columns = ["Month", *POINT, "Crime type"]
        rows = pl.concat(pl.read_csv(archive.read(name), columns=columns) for name in names)
    slugs = {label: slug_of_label(label) or "" for label in rows["Crime type"].unique()}
    rows = rows.select(
        *POINT,
        month=(pl.col("Month") + "-01").str.to_date(),
        crime_type=pl.col("Crime type").replace_strict(slugs),
    )
    points = rows.select(POINT).unique().sort(POINT).with_row_index("unit")
    unit = rows.join(points, on=POINT, how="left", maintain_order="left")["unit"]
    easting, northing = to_grid(points["Longitude"].to_numpy(), points["Latitude"].to_numpy())
    types = sorted(slugs.values())
    panel = count_panel(
        rows,
        unit.cast(pl.Int64).to_numpy(),
        types=types,
        easting=easting,
        northing=northing,
        span=MonthSpan.parse("2016-01/2018-03"),
        missing={name: {Month(2016, 3): "not in the archive"} for name in types},
    )
    return {each.crime_type: each for each in back_test(panel, crime_types=["robbery", "burglary"])}


def share_of(crime_type: str, ranking: str) -> Computed:
    return lambda request: shares(request.getfixturevalue("real_data"))[crime_type].share(ranking)


COMPUTED: dict[tuple[str, str], Computed] = {
    (
        f"share caught in the top 5 % of places: {words}",
        f"{crime_type} in six boroughs, 26 months, 3 months ahead from the 17th",
    ): share_of(crime_type, ranking)
    for crime_type in ("robbery", "burglary")
    for ranking, words in RANKINGS.items()
}
