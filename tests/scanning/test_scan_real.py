"""The scan on the robberies of six real boroughs."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest
from pyproj import Transformer

from peelian.scanning.scan import ScanCluster, scan_space_time_permutation
from peelian.scanning.zones import circles

ARCHIVE = "street_camden+5neighbours_api-derived_2016-01_2018-03.zip"


@pytest.fixture(scope="module")
def robberies(real_data: Path) -> pl.DataFrame:
    columns = ["Crime ID", "Month", "Longitude", "Latitude", "Location", "Crime type"]
    with zipfile.ZipFile(real_data / "police.uk" / ARCHIVE) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith("metropolitan-street.csv"))
        rows = pl.concat(pl.read_csv(archive.read(name), columns=columns) for name in names)
    return rows.filter(pl.col("Crime type") == "Robbery").drop_nulls("Longitude")


def clusters_at(location: str, rows: pl.DataFrame) -> list[ScanCluster]:
    """Clusters of the last three months to 2018-03 in which a location's snap points lie."""
    spot = ["Longitude", "Latitude", "Location"]
    spots = rows.select(spot).unique().sort(spot).with_row_index("place")
    month = pl.col("Month")
    placed = rows.join(spots, on=spot).with_columns(
        step=(month.str.slice(0, 4).cast(pl.Int64) - 2016) * 12
        + month.str.slice(5, 2).cast(pl.Int64)
        - 1
    )
    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    zones = circles(*to_grid.transform(spots["Longitude"], spots["Latitude"]), radius_m=250)
    result = scan_space_time_permutation(
        placed["place"],
        placed["step"],
        zones,
        steps=27,
        longest_window=3,
        prospective=True,
        replicates=199,
        seed=1,
    )
    held = set(spots.filter(pl.col("Location") == location)["place"])
    return [cluster for cluster in result.clusters if held & set(cluster.members)]


def test_one_robbery_in_five_rows_is_a_cluster_unless_it_is_given_once(
    robberies: pl.DataFrame,
) -> None:
    here = robberies.filter(
        (pl.col("Location") == "On or near Marne Street") & (pl.col("Month") == "2018-03")
    )
    assert here.height == 5
    assert here["Crime ID"].n_unique() == 1

    every_row = clusters_at("On or near Marne Street", robberies)
    once = clusters_at("On or near Marne Street", robberies.unique("Crime ID"))

    assert [cluster.p_value < 0.05 for cluster in every_row] == [True]
    assert all(cluster.p_value > 0.5 for cluster in once)
