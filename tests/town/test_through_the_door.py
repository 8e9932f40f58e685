"""The made town enters the store as real files do, and every planted fault is found there."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.openstreetmap import ingest_street_maps
from peelian.ingest.police_archive import ingest_archives
from peelian.ingest.quality import QualityReport
from peelian.ingest.ward_page import export_page, read_ward_page
from peelian.store import Store
from peelian.town import Town, TownFiles


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.create(tmp_path_factory.mktemp("town-store") / "store")


@pytest.fixture(scope="module")
def report(files: TownFiles, store: Store) -> QualityReport:
    return ingest_archives([files.archive], store)


def summed(report: QualityReport, table: str, fact: str) -> int:
    return sum(file.facts.get(fact, 0) for file in report.files if file.key.table == table)


def test_rows_kept_refused_and_duplicate_add_up_to_the_rows_written(
    town: Town, report: QualityReport
) -> None:
    totals = report.totals

    assert report.refusals == ()
    assert totals.kept + totals.refused + totals.duplicates == town.rows_written
    assert totals.refused == town.faults.unreadable_rows
    assert totals.duplicates == town.faults.duplicate_stops


def test_the_planted_faults_are_each_reported(town: Town, report: QualityReport) -> None:
    faults = town.faults
    made_town = [f for f in report.files if f.key.table == "crimes" and f.key.force == "made-town"]

    retired: dict[str, int] = {}
    for file in made_town:
        for label, count in file.facts.get("retired_labels", {}).items():
            retired[label] = retired.get(label, 0) + count

    assert retired == dict(faults.retired_labels)
    assert summed(report, "crimes", "repeated_ids") == faults.repeated_ids
    assert summed(report, "crimes", "blank_coordinates") == faults.blank_coordinates


def test_missing_and_part_months_are_known_as_such(town: Town, report: QualityReport) -> None:
    faults = town.faults
    coverage = {(held.table, held.force): held for held in report.coverage}

    assert coverage["crimes", "made-town"].missing == (str(faults.missing_month),)
    assert coverage["crimes", "btp"].missing == ()
    assert coverage["stops", "made-town"].missing == (str(faults.missing_stops_month),)
    assert list(coverage["stops", "made-town"].part) == [str(faults.part_month)]
    assert coverage["crimes", "made-town"].lsoa_codes_of_2021_from == str(faults.lsoa_change)


def test_a_hot_spots_count_is_the_same_in_the_store_as_in_the_files(
    town: Town, store: Store, report: QualityReport
) -> None:
    spot = town.hot_spots[0]
    in_files = sum(
        file.rows.filter(
            pl.col("Location") == spot.point.location,
            pl.col("Longitude") == f"{spot.point.longitude:.6f}",
            pl.col("Crime type") == "Anti-social behaviour",
        ).height
        for file in town.archive
        if file.path.endswith("made-town-street.csv")
    )

    held = store.table("crimes").filter(
        pl.col("location") == spot.point.location,
        pl.col("longitude") == spot.point.longitude,
        pl.col("crime_type") == "anti-social-behaviour",
    )

    assert report.totals.kept
    assert held.height == in_files > 100


def test_boundaries_and_streets_are_read_without_repair(
    town: Town, files: TownFiles, tmp_path: Path
) -> None:
    store = Store.create(tmp_path / "places")

    boundaries = ingest_boundaries([files.boundaries.parent], store)
    streets = ingest_street_maps([files.network], store)

    assert [(b.rows, b.notes) for b in boundaries] == [(20, ()), (25, ()), (5, ())]
    assert {s.table: s.rows for s in streets if s.table == "streets"} == {
        "streets": len(town.streets.edges)
    }
    kinds = dict(store.table("named_places")["kind"].value_counts().iter_rows())
    assert kinds["estate"] == 4
    assert kinds["station"] == 2
    assert kinds["park"] == 5


def test_the_ward_page_comes_back_as_it_was(files: TownFiles) -> None:
    text = files.page_text.read_text(encoding="utf-8")

    ward_file = read_ward_page(text, ward="E05999901")

    assert " ".join(export_page(ward_file).split()) == " ".join(text.split())
    assert ward_file.priorities[1].corridor is not None
    directions = [claim.direction for p in ward_file.priorities for claim in p.claims]
    assert directions == ["up", "down", "down", "up"]
