"""The real archives: counts as the data's own manifest gives them, and rows as they are."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from peelian.core.crimes import CRIME_TYPES
from peelian.ingest.police_archive import ingest_archives
from peelian.ingest.quality import QualityReport
from peelian.store import Store

Ingested = tuple[Store, QualityReport]


@pytest.fixture(scope="module")
def police(real_data: Path) -> Path:
    return real_data / "police.uk"


@pytest.fixture(scope="module")
def ingested(police: Path, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    store = Store.create(tmp_path_factory.mktemp("real"))
    patterns = ("street_camden*", "city-of-london*", "stop-and-search*", "outcomes*")
    return store, ingest_archives([next(police.glob(pattern)) for pattern in patterns], store)


def kept(store: Store, table: str, force: str) -> int:
    return sum(p.counts.kept for p in store.partitions(table, force=force))


def test_row_counts_are_those_of_the_manifest(ingested: Ingested) -> None:
    # shared/data/MANIFEST.md, the table under police.uk/
    store, report = ingested

    assert kept(store, "crimes", "metropolitan") == 519_084
    assert kept(store, "crimes", "btp") == 18_491
    assert kept(store, "crimes", "city-of-london") == 16_590
    assert kept(store, "stops", "city-of-london") == 3_625
    assert kept(store, "outcomes", "metropolitan") == 92_383
    assert kept(store, "stops", "metropolitan") == 649_889 - 18_960
    assert report.totals.refused == 0
    assert report.totals.duplicates == 18_960
    assert report.refusals == ()


def test_the_manifests_exact_duplicates_fall_in_its_month(ingested: Ingested) -> None:
    (august,) = (p for p in ingested[0].partitions("stops") if p.key.month == "2022-08")

    assert august.counts.duplicates == 2_347


def test_every_row_of_the_files_is_kept_refused_or_a_duplicate(
    ingested: Ingested, police: Path
) -> None:
    # Counted apart from the reader: newlines of each member, less its header.
    lines = 0
    for pattern in ("street_camden*", "city-of-london*", "stop-and-search*", "outcomes*"):
        with zipfile.ZipFile(next(police.glob(pattern))) as archive:
            for name in archive.namelist():
                lines += archive.read(name).rstrip(b"\n").count(b"\n")

    assert ingested[1].totals.read == lines


def test_repeated_ids_and_blank_coordinates_are_those_of_the_manifest(ingested: Ingested) -> None:
    store, _ = ingested
    of_met = [p.facts for p in store.partitions("stops", force="metropolitan")]
    repeated = sum(
        p.facts["repeated_ids"]
        for p in store.partitions("crimes")
        if p.key.force in ("metropolitan", "btp")
    )

    assert repeated == 17_631
    # The manifest's 142,838 counts the rows before exact duplicates are dropped.
    assert 142_838 - 18_960 <= sum(facts["blank_coordinates"] for facts in of_met) <= 142_838
    assert all("mostly_without_place" in of_met[index] for index in (0, 1, 2, 3, 4, 25, 26))


def test_missing_and_broken_off_months_are_known(ingested: Ingested) -> None:
    held = {(c.table, c.force): c for c in ingested[1].coverage}

    assert held["crimes", "metropolitan"].missing == ("2016-03",)
    assert held["crimes", "btp"].missing == ("2016-02", "2016-03")
    assert held["outcomes", "metropolitan"].missing == ()
    assert "2022-01" in held["stops", "metropolitan"].missing
    assert len(held["stops", "metropolitan"].missing) == 39  # 2018-04 to 2021-05, and 2022-01
    assert list(held["stops", "metropolitan"].part) == ["2022-12"]
    assert "1 to 17 December 2022" in held["stops", "metropolitan"].part["2022-12"]


def test_no_stop_falls_outside_its_month_on_the_london_clock(ingested: Ingested) -> None:
    stops = ingested[0].stops()

    assert stops.filter(
        pl.col("date_local").dt.date().dt.month_start() != pl.col("month")
    ).is_empty()


def test_the_burglary_archive_is_refused_whole_and_changes_nothing(
    ingested: Ingested, police: Path
) -> None:
    store, _ = ingested
    before = store.partitions()

    report = ingest_archives([next(police.glob("street_met-burglary*"))], store)

    assert report.exit_code == 3
    assert report.files == ()
    assert "every month" in report.refusals[0].what
    assert store.partitions() == before


def test_the_burglary_archive_goes_into_a_store_of_its_own(police: Path, tmp_path: Path) -> None:
    store = Store.create(tmp_path)

    report = ingest_archives([next(police.glob("street_met-burglary*"))], store)

    assert (report.totals.read, report.totals.kept) == (472_091, 472_091)
    assert sum(p.facts["blank_coordinates"] for p in store.partitions()) == 4_378
    assert sum(p.facts["repeated_ids"] for p in store.partitions()) == 5_173
    assert {t for p in store.partitions() for t in p.facts["crime_types"]} == {"burglary"}
    ickenham = store.crimes().filter(pl.col("location") == "On or near High Road, Ickenham")
    assert ickenham.height == 6  # counted in the files: a comma inside quotation marks


def test_every_outcome_of_a_burglary_in_the_six_boroughs_finds_its_crime(
    ingested: Ingested,
) -> None:
    store, _ = ingested
    of_crimes = store.crimes(forces=["metropolitan"]).filter(pl.col("crime_type") == "burglary")
    outcomes = store.outcomes()

    joined = outcomes.join(of_crimes, on="crime_id", how="semi")

    assert joined.height > 1_000
    assert joined["location"].null_count() == 0


def test_one_wards_box_is_read_in_well_under_a_second(ingested: Ingested) -> None:
    store, _ = ingested
    box = (-0.1470, 51.5250, -0.1200, 51.5420)
    seconds = []

    for _ in range(3):
        began = time.perf_counter()
        rows = store.crimes(box=box)
        seconds.append(time.perf_counter() - began)

    assert min(seconds) < 1  # about 0.1 s on two idle cores
    assert rows.height > 4_163  # the box is wider than the ward of the manifest


def sampled_lines(archive: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Some rows of each of five members, read with the standard library."""
    import csv

    chosen = random.Random(2016)
    with zipfile.ZipFile(archive) as opened:
        for name in chosen.sample(opened.namelist(), 5):
            text = io.TextIOWrapper(opened.open(name), encoding="utf-8-sig", newline="")
            for row in chosen.sample(list(csv.DictReader(text)), 40):
                yield name.rpartition("/")[2], row


def test_sampled_rows_read_by_the_standard_library_stand_in_the_store(
    ingested: Ingested, police: Path
) -> None:
    # The oracle is Python's csv module, row by row.
    store, _ = ingested
    crimes = store.crimes(forces=["metropolitan", "btp"]).with_columns(
        pl.col("month").dt.strftime("%Y-%m"),
        pl.col("crime_id", "last_outcome").fill_null(""),
        pl.col("crime_type").replace_strict(CRIME_TYPES),
    )
    sample = pl.DataFrame(
        [
            {
                "force": name[8:].removesuffix("-street.csv"),
                "crime_id": row["Crime ID"],
                "month": row["Month"],
                "longitude": float(row["Longitude"]),
                "latitude": float(row["Latitude"]),
                "location": row["Location"],
                "lsoa_code": row["LSOA code"],
                "crime_type": row["Crime type"],
                "last_outcome": row["Last outcome category"],
            }
            for name, row in sampled_lines(next(police.glob("street_camden*")))
        ]
    )

    not_held = sample.join(crimes, on=sample.columns, how="anti")

    assert sample.height == 200
    assert not_held.is_empty()
