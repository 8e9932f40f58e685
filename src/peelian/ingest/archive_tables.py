"""Rows of text from an archive's file become our tables; a row that cannot be read says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from peelian.core.crimes import CRIMES_SCHEMA, OUTCOMES_SCHEMA
from peelian.core.months import Month
from peelian.core.stops import STOPS_SCHEMA
from peelian.ingest.archive_facts import crime_facts, record_facts, stop_facts
from peelian.ingest.archive_rows import RefusedRow, SplitFile
from peelian.ingest.repair import (
    coordinates_repaired,
    london_clock,
    slugs_of,
    utc_times,
)
from peelian.store import RowCounts

# Rows, refused rows, exact duplicates dropped, facts.
_Parts = tuple[pl.DataFrame, tuple[RefusedRow, ...], int, dict[str, Any]]
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_BOOLEANS = ("part_of_operation", "outcome_linked_to_object", "removal_of_more_than_outer_clothing")


@dataclass(frozen=True)
class ReadTable:
    """One file's rows: those kept, those refused, what became of all, and what was found."""

    rows: pl.DataFrame
    refused: tuple[RefusedRow, ...]
    counts: RowCounts
    facts: Mapping[str, Any]


def read_table(split: SplitFile, *, kind: str, month: Month) -> ReadTable:
    """The table of a "street", "outcomes" or "stop-and-search" file of a month."""
    readers = {"street": _crimes, "outcomes": _outcomes, "stop-and-search": _stops}
    rows, refused, duplicates, facts = readers[kind](split, month)
    if split.unknown_columns:
        facts["unknown_columns"] = list(split.unknown_columns)
    if refused:
        facts["refused"] = dict(sorted(Counter(row.reason for row in refused).items()))
    counts = RowCounts(split.read, rows.height, len(refused), duplicates)
    return ReadTable(rows, refused, counts, facts)


def _crimes(split: SplitFile, month: Month) -> _Parts:
    slugs = slugs_of(split.rows["crime_type"].unique())
    of_label = pl.col("crime_type").replace_strict(slugs, default=None, return_dtype=pl.String())
    split = replace(split, rows=split.rows.with_columns(of_label.alias("slug")))
    wrong = (
        _wrong_coordinates(split.rows.schema)
        | _wrong_month(month)
        | {
            "its crime type is blank": pl.col("crime_type").is_null(),
            "its crime type is not one of the publisher's": pl.col("slug").is_null(),
        }
    )
    rows, refused = _parted(split, wrong)
    labels: dict[str, int] = dict(rows["crime_type"].value_counts().iter_rows())
    rows = rows.with_columns(
        crime_type="slug",
        crime_id_repeats=pl.col("crime_id").is_not_null() & ~pl.col("crime_id").is_first_distinct(),
        month=pl.lit(month.first_day),
    )
    rows, repairs = coordinates_repaired(_with_coordinates(rows))
    rows = rows.select(CRIMES_SCHEMA.keys())
    return rows, refused, 0, record_facts(rows, repairs) | crime_facts(rows, labels)


def _outcomes(split: SplitFile, month: Month) -> _Parts:
    rows, refused = _parted(split, _wrong_coordinates(split.rows.schema) | _wrong_month(month))
    rows = _with_coordinates(rows.with_columns(month=pl.lit(month.first_day)))
    rows, repairs = coordinates_repaired(rows)
    rows = rows.select(OUTCOMES_SCHEMA.keys())
    return rows, refused, 0, record_facts(rows, repairs)


def _stops(split: SplitFile, month: Month) -> _Parts:
    times = utc_times(split.rows["date"])
    split = replace(split, rows=split.rows.with_columns(times.alias("date_utc")))
    wrong = _wrong_coordinates(split.rows.schema) | {
        "its date is blank": pl.col("date").is_null(),
        "its date is not a date and time": pl.col("date_utc").is_null(),
    }
    for column in _BOOLEANS:
        wrong[f"its {column.replace('_', ' ')} is neither True nor False"] = ~_lower(column).is_in(
            ["true", "false", ""]
        )
    rows, refused = _parted(split, wrong)
    unique = rows.unique(keep="first", maintain_order=True)
    duplicates = rows.height - unique.height
    rows = unique.with_columns(_with_truth(column) for column in _BOOLEANS).with_columns(
        london_clock(unique["date_utc"]).alias("date_local"), month=pl.lit(month.first_day)
    )
    rows, repairs = coordinates_repaired(_with_coordinates(rows))
    rows = rows.select(STOPS_SCHEMA.keys())
    return rows, refused, duplicates, record_facts(rows, repairs) | stop_facts(rows, month)


def _parted(
    split: SplitFile, wrong: Mapping[str, pl.Expr]
) -> tuple[pl.DataFrame, tuple[RefusedRow, ...]]:
    """The rows with nothing wrong, and the others with the first thing that is."""
    is_wrong = split.rows.select(
        pl.any_horizontal(fault.fill_null(value=False) for fault in wrong.values())
    ).to_series()
    if not is_wrong.any():
        return split.rows, split.refused
    reasons = (
        split.rows.filter(is_wrong)
        .select(
            pl.coalesce(*(pl.when(fault).then(pl.lit(reason)) for reason, fault in wrong.items()))
        )
        .to_series()
        .to_list()
    )
    lines: Sequence[int] = [split.lines[i] for i in is_wrong.arg_true()]
    texts = split.texts_at(lines)
    refused = [RefusedRow(*row) for row in zip(lines, reasons, texts, strict=True)]
    return split.rows.filter(~is_wrong), (*split.refused, *refused)


def _wrong_month(month: Month) -> dict[str, pl.Expr]:
    # A row of another month would be counted in one its file is not of.
    is_another = pl.col("month").ne_missing(str(month))
    is_a_month = pl.col("month").str.contains(_MONTH).fill_null(value=False)
    return {
        f"its month is not the file's, {month}": is_another & is_a_month,
        "its month is not written YYYY-MM": is_another,
    }


def _wrong_coordinates(schema: Mapping[str, pl.DataType]) -> dict[str, pl.Expr]:
    wrong = {}
    for column in ("longitude", "latitude"):
        is_blank = pl.col(column).is_null()
        if schema[column] == pl.String():
            is_blank |= _lower(column) == ""
        is_number = _number(column, schema).is_finite().fill_null(value=False)
        wrong[f"its {column} is not a number"] = ~is_blank & ~is_number
    return wrong


def _with_coordinates(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(_number(name, rows.schema) for name in ("longitude", "latitude"))


def _number(column: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    if schema[column] != pl.String():
        return pl.col(column)
    return pl.col(column).str.strip_chars().cast(pl.Float64(), strict=False)


def _lower(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _with_truth(column: str) -> pl.Expr:
    return (
        pl.when(_lower(column) == "true")
        .then(pl.lit(value=True))
        .when(_lower(column) == "false")
        .then(pl.lit(value=False))
        .alias(column)
    )
