"""Records become monthly files with the publisher's known faults, each put in so many times.

No fault touches a row that a planted truth counts, so those truths stand in the files too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE
from peelian.core.months import Month
from peelian.town import names, stops
from peelian.town.records import LSOA_CHANGE, Records
from peelian.town.truth import ArchiveFile, PlantedFaults

MISSING_MONTH = Month(2021, 9)
_REPEATED_IDS = 60
_BLANK_COORDINATES = 150
_PUBLIC_DISORDER = 6
_RETIRED_MONTH = Month(2020, 1)
_UNREADABLE_MONTH = Month(2021, 3)
_MARKED = (Month(2020, 2), "street"), (Month(2020, 6), "stop-and-search")


def archive_of(
    records: Records, stop_tables: Sequence[stops.Stops], rng: np.random.Generator
) -> tuple[tuple[ArchiveFile, ...], PlantedFaults]:
    """The archive's files in the order of their paths, and what is wrong with them."""
    street = records.street.with_columns(_movable=records.movable)
    may_change = pl.col("_movable") & (pl.col("Month") != str(MISSING_MONTH))
    with_id = street.select(may_change & pl.col("Crime ID").is_not_null()).to_series()
    picked = rng.choice(
        with_id.arg_true().to_numpy(), size=_REPEATED_IDS + _BLANK_COORDINATES, replace=False
    )
    repeated = street[np.sort(picked[:_REPEATED_IDS])]
    placeless = street["Crime ID"].gather(picked[_REPEATED_IDS:])
    street = pl.concat([_without_place(street, placeless), repeated])
    street, retired = _with_retired_labels(street)
    street = street.drop("_movable")
    outcomes = _without_place(records.outcomes, placeless)
    unreadable = _unreadable(street)

    files = [
        *_monthly(street, names.FORCE, "street", leave_out=MISSING_MONTH, add=unreadable),
        *_monthly(outcomes, names.FORCE, "outcomes", leave_out=MISSING_MONTH),
        *_monthly(records.rail, BRITISH_TRANSPORT_POLICE, "street"),
        *(_file(table.month, names.FORCE, "stop-and-search", table.rows) for table in stop_tables),
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
        unreadable_rows=unreadable.height,
        retired_labels=retired,
        files_with_byte_order_mark=tuple(file.path for file in files if file.byte_order_mark),
    )


def _without_place(rows: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    blank = {"Location": "No Location", "Longitude": None, "Latitude": None,
             "LSOA code": None, "LSOA name": None}  # fmt: skip
    chosen = pl.col("Crime ID").is_in(ids.implode()).fill_null(value=False)
    return rows.with_columns(
        pl.when(chosen).then(pl.lit(text, pl.String)).otherwise(pl.col(column)).alias(column)
        for column, text in blank.items()
    )


def _with_retired_labels(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The first month's rows under labels that the publisher has given up since."""
    then = pl.col("Month") == str(_RETIRED_MONTH)
    # The second label cannot be turned into one of today's, so only rows that no planted
    # truth counts may take it.
    order = then & (pl.col("Crime type") == "Public order") & pl.col("_movable")
    disorder = order & (order.cum_sum() <= _PUBLIC_DISORDER)
    violence = then & (pl.col("Crime type") == "Violence and sexual offences")
    rows = rows.with_columns(
        pl.when(disorder)
        .then(pl.lit("Public disorder and weapons"))
        .when(violence)
        .then(pl.lit("Violent crime"))
        .otherwise(pl.col("Crime type"))
        .alias("Crime type")
    )
    labels = ("Public disorder and weapons", "Violent crime")
    return rows, {label: int((rows["Crime type"] == label).sum()) for label in labels}


def _unreadable(rows: pl.DataFrame) -> pl.DataFrame:
    """Three rows that cannot be read: an unknown type, no number for a longitude, no month."""
    nth = pl.int_range(pl.len())
    wrong = (
        ("Crime type", "Made-up type"),
        ("Longitude", "east of the church"),
        ("Month", "2021-3"),
    )
    return (
        rows.filter(pl.col("Month") == str(_UNREADABLE_MONTH))
        .head(len(wrong))
        .with_columns(
            pl.lit(None, pl.String).alias("Crime ID"),
            *(
                pl.when(nth == index).then(pl.lit(text)).otherwise(pl.col(column)).alias(column)
                for index, (column, text) in enumerate(wrong)
            ),
        )
    )


def _monthly(
    rows: pl.DataFrame,
    force: str,
    kind: str,
    *,
    leave_out: Month | None = None,
    add: pl.DataFrame | None = None,
) -> Iterator[ArchiveFile]:
    """One file a month that has rows. `add`: rows at the end of the unreadable month's file."""
    for (written,), of_month in rows.group_by("Month", maintain_order=True):
        month = Month.parse(str(written))
        if month == leave_out:
            continue
        if add is not None and month == _UNREADABLE_MONTH:
            of_month = pl.concat([of_month, add])
        yield _file(month, force, kind, of_month)


def _file(month: Month, force: str, kind: str, rows: pl.DataFrame) -> ArchiveFile:
    return ArchiveFile(
        f"{month}/{month}-{force}-{kind}.csv",
        rows,
        byte_order_mark=force == names.FORCE and (month, kind) in _MARKED,
    )
