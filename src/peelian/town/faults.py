"""Records become monthly files with the publisher's known faults, each put in so many times.

No fault touches a row that a planted truth counts, so those truths stand in the files too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.months import Month
from peelian.town import names, stops
from peelian.town.rates import SPAN
from peelian.town.records import LSOA_CHANGE, Records
from peelian.town.truth import ArchiveFile, PlantedFaults

MISSING_MONTH = Month(2021, 9)
_REPEATED_IDS = 60
_BLANK_COORDINATES = 150
_RETIRED_MONTH = Month(2020, 1)
_UNREADABLE_MONTH = Month(2021, 3)
_MARKED = (Month(2020, 2), "street"), (Month(2020, 6), "stop-and-search")


def archive_of(
    records: Records, stop_tables: Sequence[stops.Stops], rng: np.random.Generator
) -> tuple[tuple[ArchiveFile, ...], PlantedFaults]:
    """The archive's files in the order of their paths, and what is wrong with them."""
    street = _with_faults(records, rng)
    months = {
        month: table
        for (month,), table in street.group_by("_file", maintain_order=True)
    }  # fmt: skip
    retired: dict[str, int] = {}
    files = []
    for month in SPAN:
        if month == MISSING_MONTH:
            continue
        rows = months[str(month)].drop("_file", "_movable")
        if month == _RETIRED_MONTH:
            rows, retired = _with_retired_labels(months[str(month)])
        if month == _UNREADABLE_MONTH:
            rows = pl.concat([rows, _unreadable(rows)])
        files.append(_file(month, names.FORCE, "street", rows))
    for kind, force, table in (
        ("outcomes", names.FORCE, records.outcomes),
        ("street", BRITISH_TRANSPORT_POLICE, records.rail),
    ):
        for (written,), rows in table.group_by("Month", maintain_order=True):
            month = Month.parse(str(written))
            if kind == "street" or month != MISSING_MONTH:
                files.append(_file(month, force, kind, rows))
    files += [
        _file(table.month, names.FORCE, "stop-and-search", table.rows) for table in stop_tables
    ]
    files.sort(key=lambda file: file.path)
    return tuple(files), PlantedFaults(
        missing_month=MISSING_MONTH,
        missing_stops_month=stops.MISSING_MONTH,
        part_month=stops.PART_MONTH,
        part_month_last_day=stops.PART_MONTH_LAST_DAY,
        lsoa_change=LSOA_CHANGE,
        repeated_ids=_REPEATED_IDS,
        blank_coordinates=_BLANK_COORDINATES,
        duplicate_stops=stops.DUPLICATES,
        unreadable_rows=_unreadable(street).height,
        retired_labels=retired,
        files_with_byte_order_mark=tuple(file.path for file in files if file.byte_order_mark),
    )


def _with_faults(records: Records, rng: np.random.Generator) -> pl.DataFrame:
    """The street rows with blank coordinates and repeated Crime IDs, and two helping columns."""
    rows = records.street.with_columns(
        pl.Series("_movable", records.movable), pl.col("Month").alias("_file")
    ).filter(pl.col("Month") != str(MISSING_MONTH))
    free = np.flatnonzero(rows["_movable"] & rows["Crime ID"].is_not_null())
    picked = rng.choice(free, size=_REPEATED_IDS + _BLANK_COORDINATES, replace=False)
    repeated, blank = picked[:_REPEATED_IDS], picked[_REPEATED_IDS:]
    is_blank = np.isin(np.arange(rows.height), blank)
    no_place = {"Location": "No Location", "Longitude": None, "Latitude": None,
                "LSOA code": None, "LSOA name": None}  # fmt: skip
    copies = rows[np.sort(repeated)]
    rows = rows.with_columns(
        pl.when(pl.Series(is_blank)).then(pl.lit(text, pl.String)).otherwise(pl.col(column))
        .alias(column)
        for column, text in no_place.items()
    )  # fmt: skip
    return pl.concat([rows, copies]).sort("_file", maintain_order=True)


def _with_retired_labels(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    # The second label cannot be turned into one of today's, so only rows that no planted
    # truth counts may take it.
    order = (pl.col("Crime type") == "Public order") & pl.col("_movable")
    few = order & (order.cum_sum() <= 6)
    rows = rows.with_columns(
        pl.when(few).then(pl.lit("Public disorder and weapons"))
        .when(pl.col("Crime type") == "Violence and sexual offences").then(pl.lit("Violent crime"))
        .otherwise(pl.col("Crime type")).alias("Crime type")
    )  # fmt: skip
    labels = ("Public disorder and weapons", "Violent crime")
    counts = {label: rows.filter(pl.col("Crime type") == label).height for label in labels}
    return rows.drop("_file", "_movable"), counts


def _unreadable(rows: pl.DataFrame) -> pl.DataFrame:
    """Three rows that cannot be read: an unknown type, no number for a longitude, no month."""
    example = rows.select(column for column in rows.columns if not column.startswith("_")).head(3)
    nth = pl.int_range(pl.len())
    wrong = (
        ("Crime type", "Made-up type"),
        ("Longitude", "east of the church"),
        ("Month", "2021-3"),
    )
    return example.with_columns(
        pl.lit(None, pl.String).alias("Crime ID"),
        *(
            pl.when(nth == index).then(pl.lit(text)).otherwise(pl.col(column)).alias(column)
            for index, (column, text) in enumerate(wrong)
        ),
    )


def _file(month: Month, force: str, kind: str, rows: pl.DataFrame) -> ArchiveFile:
    return ArchiveFile(
        f"{month}/{month}-{force}-{kind}.csv",
        rows,
        byte_order_mark=force == names.FORCE and (month, kind) in _MARKED,
    )
