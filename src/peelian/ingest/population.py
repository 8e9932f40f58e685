"""How many people live in an area: census and estimate tables, totals only.

Tables of ethnic groups are read for their total of residents. No other column of theirs
enters the store: nothing that ranks places may come to know who lives there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from peelian.core.areas import AREA_CODE
from peelian.core.errors import LayoutError
from peelian.ingest.licences import OPEN_GOVERNMENT_LICENCE
from peelian.ingest.paths import content_of
from peelian.ingest.place_files import (
    PlaceFile,
    files_of,
    held_already,
    passed_over,
    published_file,
    stem_of,
)
from peelian.store import PartitionKey, RowCounts, Store

POPULATION_SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(),
    "year": pl.Int64(),
    "residents": pl.Int64(),
    "households": pl.Int64(),  # null where the table has none
    "basis": pl.String(),  # "census", "mid-year estimate", "estimate or projection"
    "publisher": pl.String(),
}

_CODE_COLUMNS = ("ward_code", "lsoa code", "lsoa 2021 code", "lsoa 2011 code", "code", "area code")
_TOTAL_COLUMNS = ("usual_residents", "all usual residents")
_MID_YEAR = re.compile(r"Mid-(\d{4}): Population")
_CENSUS_YEAR = re.compile(r"census_?(2011|2021)", re.IGNORECASE)
_STATISTICS_OFFICE = "Office for National Statistics"
_LONDON_AUTHORITY = "Greater London Authority"


def ingest_population(
    paths: Sequence[Path], store: Store, *, licence: str = OPEN_GOVERNMENT_LICENCE
) -> tuple[PlaceFile, ...]:
    """Put the population tables in the files, or in folders of files, into the store.

    Known layouts: a census table with one total a ward or LSOA (its year in the file's name),
    mid-year estimates with a column a year, and rows of code, year and population. Any other
    file is passed over with the reason. Rows without a code or a number are counted as refused.
    """
    read: list[PlaceFile] = []
    with store.writer() as writer:
        for path in files_of(paths):
            if not path.name.lower().endswith((".csv", ".csv.gz")):
                read.append(passed_over(path, "population", "only CSV tables are read"))
                continue
            source = published_file(path)
            held = held_already(store, "population", source)
            if held:
                read += held
                continue
            try:
                table = pl.read_csv(content_of(path), infer_schema=False)
                counted = _residents_of(table, path.name)
            except (LayoutError, pl.exceptions.PolarsError, OSError) as error:
                read.append(passed_over(path, "population", str(error)))
                continue
            whole = pl.col("code").str.contains(rf"^{AREA_CODE.pattern}$") & (
                pl.col("residents") >= 0
            )
            rows = counted.filter(whole)
            lost = counted.height - rows.height
            state = writer.replace(
                PartitionKey("population", stem_of(path)),
                rows.sort("code", "year"),
                sources=[source],
                licence=licence,
                counts=RowCounts(rows.height, rows.height),
                facts={"rows_without_code_or_number": lost},
            )
            notes = (f"Rows without a code or a number, left out: {lost}.",) if lost else ()
            read.append(
                PlaceFile(path.name, "population", stem_of(path), rows.height, state, notes)
            )
    return tuple(read)


def _residents_of(table: pl.DataFrame, file: str) -> pl.DataFrame:
    by_lower = {column.strip().casefold(): column for column in table.columns}
    code = next((by_lower[c] for c in _CODE_COLUMNS if c in by_lower), None)
    if code is None:
        raise LayoutError(f"no column of area codes among {', '.join(table.columns[:8])}")
    total = next((by_lower[c] for c in _TOTAL_COLUMNS if c in by_lower), None)
    if total is not None:
        year = _CENSUS_YEAR.search(file)
        if year is None:
            raise LayoutError("a census table whose name does not say census2011 or census2021")
        return _typed(
            table,
            code=pl.col(code),
            year=pl.lit(year[1]),
            residents=pl.col(total),
            households=pl.col(by_lower["households"]) if "households" in by_lower else None,
            basis=pl.lit("census"),
            publisher=pl.lit(_STATISTICS_OFFICE),
        )
    mid_years = {c: m[1] for c in table.columns if (m := _MID_YEAR.fullmatch(c))}
    if mid_years:
        long = table.unpivot(
            list(mid_years), index=code, variable_name="column", value_name="residents"
        )
        return _typed(
            long,
            code=pl.col(code),
            year=pl.col("column").replace_strict(mid_years),
            residents=pl.col("residents"),
            households=None,
            basis=pl.lit("mid-year estimate"),
            publisher=pl.lit(_STATISTICS_OFFICE),
        )
    if {"year", "population"} <= by_lower.keys():
        return _typed(
            table,
            code=pl.col(code),
            year=pl.col(by_lower["year"]),
            residents=pl.col(by_lower["population"]),
            households=None,
            # The series runs on to 2050 and does not say where its estimates end.
            basis=pl.lit("estimate or projection"),
            publisher=pl.lit(_LONDON_AUTHORITY),
        )
    raise LayoutError("no column of residents, and none of a year with a population")


def _typed(table: pl.DataFrame, *, households: pl.Expr | None, **columns: pl.Expr) -> pl.DataFrame:
    columns["households"] = pl.lit(None) if households is None else households
    return table.select(
        # "12,345" and "12345.0" are numbers too
        (
            columns[name].str.replace_all(",", "").cast(pl.Float64, strict=False).cast(dtype)
            if dtype == pl.Int64() and name != "households"
            else columns[name].cast(dtype, strict=False)
        ).alias(name)
        for name, dtype in POPULATION_SCHEMA.items()
    )
