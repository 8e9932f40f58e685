"""The real records that these tests share."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from peelian.core.crimes import slug_of_label

ARCHIVE = "street_camden+5neighbours_api-derived_2016-01_2018-03.zip"


@pytest.fixture(scope="session")
def street_rows(real_data: Path) -> pl.DataFrame:
    """The Met's placed records of six boroughs, 26 months; read here, not by the project."""
    columns = ["Month", "Longitude", "Latitude", "Location", "Crime type"]
    with zipfile.ZipFile(real_data / "police.uk" / ARCHIVE) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith("metropolitan-street.csv"))
        rows = pl.concat(pl.read_csv(archive.read(name), columns=columns) for name in names)
    slugs = {label: slug_of_label(label) for label in rows["Crime type"].unique()}
    return rows.drop_nulls("Longitude").select(
        month=(pl.col("Month") + "-01").str.to_date(),
        longitude="Longitude",
        latitude="Latitude",
        location="Location",
        crime_type=pl.col("Crime type").replace_strict(slugs),
    )
