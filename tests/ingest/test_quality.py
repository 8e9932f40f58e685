"""The report after an import says what a person must know, in the store's own numbers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from peelian.core.crimes import CRIMES_SCHEMA
from peelian.core.errors import StoreError
from peelian.ingest.quality import (
    FileReport,
    PassedOver,
    QualityReport,
    Refusal,
    keep_report,
    quality_report,
    read_report,
)
from peelian.store import PartitionKey, RowCounts, SourceFile, Store

NOW = datetime(2018, 9, 3, 12, tzinfo=UTC)


def key(month: str, force: str = "metropolitan") -> PartitionKey:
    return PartitionKey("crimes", "police.uk", force, month)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """January, February and May 2018 of one force, one row each; February only in part."""
    store = Store.create(tmp_path / "store")
    with store.writer() as writer:
        for month in ("2018-01", "2018-02", "2018-05"):
            writer.replace(
                key(month),
                pl.DataFrame(
                    {"month": [date.fromisoformat(f"{month}-01")]}, schema_overrides=CRIMES_SCHEMA
                ).select(
                    pl.col(name) if name == "month" else pl.lit(None, dtype).alias(name)
                    for name, dtype in CRIMES_SCHEMA.items()
                ),
                sources=[SourceFile(month, month, 1)],
                licence="OGL",
                facts={"part_of_month": "the first week"} if month == "2018-02" else {},
            )
    return store


def report_of(store: Store, *files: FileReport, **parts: tuple[object, ...]) -> QualityReport:
    return quality_report(
        store, files=files, tables=("crimes", "stops"), source="police.uk", now=NOW, **parts
    )


def file_report(**facts: object) -> FileReport:
    return FileReport("a.csv", key("2018-01"), "new", RowCounts(10, 7, 1, 2), facts)


def test_a_month_between_two_held_is_missing_and_said_not_to_be_zero(store: Store) -> None:
    report = report_of(store)

    assert report.coverage[0].missing == ("2018-03", "2018-04")
    assert "  missing, and not zero: 2018-03 to 2018-04" in report.lines()


def test_a_month_held_in_part_is_named_with_its_days(store: Store) -> None:
    report = report_of(store)

    assert report.coverage[0].part == {"2018-02": "the first week"}
    assert "  partly held: 2018-02: the first week" in report.lines()


def test_the_lag_runs_from_the_last_month_held_to_the_import(store: Store) -> None:
    # May to September 2018 is four months.
    assert report_of(store).coverage[0].lag_months == 4


def test_totals_add_up_over_files(store: Store) -> None:
    report = report_of(store, file_report(), file_report())

    assert report.totals == RowCounts(20, 14, 2, 4)
    assert "20 rows read: 14 kept, 2 refused, 4 exact duplicates dropped." in report.lines()


def test_faults_are_summed_over_files_and_told_in_words(store: Store) -> None:
    lines = report_of(
        store,
        file_report(blank_coordinates=3, retired_labels={"Violent crime": 2}),
        file_report(blank_coordinates=1, retired_labels={"Violent crime": 5}),
    ).lines()

    assert "4 rows have no coordinates." in lines
    assert "7 retired label: Violent crime." in lines


def test_a_report_without_refusals_has_exit_code_zero(store: Store) -> None:
    assert report_of(store).exit_code == 0


def test_the_first_refusal_gives_the_exit_code_and_every_one_is_printed(store: Store) -> None:
    refusals = (Refusal("b.zip", "it would shrink", 3), Refusal("c.csv", "no header", 2))

    report = report_of(store, refusals=refusals)

    assert report.exit_code == 3
    assert report.lines()[-2:] == (
        "Refused: b.zip: it would shrink",
        "Refused: c.csv: no header",
    )


def test_files_passed_over_are_printed_with_the_reason(store: Store) -> None:
    report = report_of(store, passed_over=(PassedOver("notes.txt", "not a monthly file"),))

    assert "Passed over: notes.txt: not a monthly file" in report.lines()


def test_the_newest_report_stands_beside_those_of_each_run(store: Store) -> None:
    first = report_of(store)
    keep_report(first, store)
    later = quality_report(
        store,
        files=(file_report(),),
        tables=("crimes",),
        source="police.uk",
        now=NOW.replace(hour=13),
    )

    kept = keep_report(later, store)

    assert kept.name == "20180903T130000.000000Z.json"
    assert sorted(f.name for f in kept.parent.iterdir()) == [
        "20180903T120000.000000Z.json",
        "20180903T130000.000000Z.json",
    ]
    newest = json.loads((store.path / "quality.json").read_text(encoding="utf-8"))
    assert newest == json.loads(later.to_json())
    assert newest["files"][0]["counts"]["duplicates"] == 2


def test_an_import_of_nothing_has_an_empty_report(tmp_path: Path) -> None:
    report = report_of(Store.create(tmp_path))

    assert report.coverage == ()
    assert report.lines()[:2] == (
        "0 files: 0 new, 0 replaced, 0 unchanged.",
        "0 rows read: 0 kept, 0 refused, 0 exact duplicates dropped.",
    )


def test_a_damaged_report_is_said_to_be(store: Store) -> None:
    (store.path / "quality.json").write_text("{")

    with pytest.raises(StoreError, match=r"quality\.json must be as an import wrote it"):
        read_report(store)
