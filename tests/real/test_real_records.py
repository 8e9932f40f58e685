"""The real archive through the front door, against what MANIFEST.md and the Met say of it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.core.areas import Area
from peelian.core.grid import shape_to_degrees
from peelian.core.months import MonthSpan
from peelian.ingest.intake import take_in
from peelian.store import Store, places
from real.conftest import RECORDS, RealStore

pytestmark = pytest.mark.xdist_group("real")


def rows_in(zipped: Path) -> int:
    """Rows of every file in a zip, headers left out, counted by Python's own reader."""
    total = 0
    with zipfile.ZipFile(zipped) as archive:
        for member in archive.namelist():
            with archive.open(member) as file:
                text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
                total += sum(1 for _ in csv.reader(text)) - 1
    return total


def records_in(store: Store, area: Area) -> pl.DataFrame:
    # The City of London's file goes on after those of the six boroughs, which the manifest
    # counts, and has one record in the ward of 2018.
    months = MonthSpan.parse("2016-01/2018-03")
    rows = store.crimes(box=shape_to_degrees(area.shape).bounds, months=months)
    return rows.filter(pl.Series(area.holds(rows["easting"], rows["northing"])))


def test_every_row_of_the_zips_is_kept_refused_or_a_duplicate(
    real: RealStore, real_data: Path
) -> None:
    archive = real.intake.archive

    assert archive is not None
    assert archive.totals.read == sum(rows_in(real_data / path) for path in RECORDS)
    assert archive.totals.read == (
        archive.totals.kept + archive.totals.refused + archive.totals.duplicates
    )
    # MANIFEST.md: 18,960 exact duplicate rows among the Met's stops.
    assert archive.totals.duplicates == 18_960
    assert not archive.refusals


@pytest.mark.parametrize(
    ("code", "boundary_set", "records", "snap_points"),
    # MANIFEST.md, "The pilot ward".
    [
        ("E05013669", "camden_wards_2022", 4_163, 50),
        ("E05000143", "camden_wards_2018", 7_958, 64),
    ],
)
def test_the_pilot_ward_holds_what_the_manifest_says(
    real: RealStore, code: str, boundary_set: str, records: int, snap_points: int
) -> None:
    area = places.area(real.store, code, boundary_set=boundary_set)

    rows = records_in(real.store, area)

    assert len(rows) == records
    assert rows.select("longitude", "latitude").n_unique() == snap_points


def test_btp_records_of_the_stations_fall_outside_the_ward_of_2022(real: RealStore) -> None:
    old = records_in(real.store, places.area(real.store, "E05000143"))
    new = records_in(real.store, places.area(real.store, "E05013669"))

    # MANIFEST.md: 2,790 of the 2018 ward's records are the British Transport Police's.
    assert old.filter(force="btp").height == 2_790
    assert new.filter(force="btp").height == 0


def test_a_burglary_only_archive_is_refused_and_has_a_store_of_its_own(
    real: RealStore, real_data: Path, tmp_path: Path
) -> None:
    burglary = real_data / "police.uk" / "street_met-burglary-only_original_2016-01_2022-12.zip"
    before = real.store.partitions("crimes")

    refused = take_in([burglary], real.store)
    alone = take_in([burglary], Store.create(tmp_path / "burglary"))

    assert refused.exit_code == 3
    assert refused.archive is not None
    assert "--replace" in refused.archive.refusals[0].reason
    assert real.store.partitions("crimes") == before
    assert alone.exit_code == 0
    assert alone.archive is not None
    # MANIFEST.md: 84 months, 472,091 rows.
    assert (len(alone.archive.files), alone.archive.totals.kept) == (84, 472_091)


def test_ward_months_agree_with_the_mets_own_counts(real: RealStore, real_data: Path) -> None:
    published = (
        pl.read_parquet(real_data / "mps-recorded-crime" / "recorded-crime-ward-historical.parquet")
        .unpivot(index=["wardcode"], on=pl.selectors.matches(r"^\d{6}$"), variable_name="month")
        .group_by("wardcode", "month")
        .agg(pl.col("value").sum())
    )
    theirs = {(code, month): count for code, month, count in published.iter_rows()}
    wards = places.areas(real.store, kind="ward", boundary_set="camden_wards_2022")
    ours: dict[tuple[str, str], int] = {}
    for ward in wards:
        # The Met's table has no anti-social behaviour and no British Transport Police.
        rows = records_in(real.store, ward).filter(
            pl.col("crime_type") != "anti-social-behaviour", pl.col("force") == "metropolitan"
        )
        for month, count in rows.group_by(pl.col("month").dt.strftime("%Y%m")).len().iter_rows():
            ours[ward.code, month] = count

    both = sorted(ours.keys() & theirs.keys())
    correlation = np.corrcoef([ours[k] for k in both], [theirs[k] for k in both])[0, 1]

    assert len(wards) == 20
    assert len(both) == 20 * 26
    assert correlation >= 0.98
