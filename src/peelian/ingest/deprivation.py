"""How deprived an LSOA is: the English Indices of Deprivation, and which LSOAs were changed since.

Two tables enter the store. `deprivation` has the score of the Index of Multiple Deprivation
and a fifth by it; `lsoa_changes` has which LSOAs of 2011 became which of 2021. Both are read by
those who look at a plan afterwards, never by what makes one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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

DEPRIVATION_SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(),  # an LSOA's
    "lsoa_year": pl.Int64(),  # 2011 or 2021, whose codes they are; null where it is not said
    "score": pl.Float64(),  # higher is more deprived
    "decile": pl.Int64(),  # of England, 1 is most deprived; null where the file has none
    "fifth": pl.Int64(),  # 1 is most deprived
    "fifth_of": pl.String(),  # "England", or the areas that the file has
    "edition": pl.Int64(),  # the year of the indices; null where the file does not say
}
CHANGES_SCHEMA: dict[str, pl.DataType] = {
    "code_2011": pl.String(),
    "code_2021": pl.String(),
    "change": pl.String(),  # U unchanged, S split, M merged, X anything else
}

_CODE = re.compile(r"lsoa code(?: \((2011|2021)\))?", re.IGNORECASE)
_SCORE = re.compile(r"(index of multiple deprivation \()?imd\)? score", re.IGNORECASE)
_DECILE = re.compile(r"index of multiple deprivation \(imd\) decile.*", re.IGNORECASE)
_EDITION = re.compile(r"(?:imd|iod)[ _-]?(20\d\d)", re.IGNORECASE)
_CHANGES = ("LSOA11CD", "LSOA21CD", "CHGIND")


def is_deprivation(columns: Sequence[str]) -> bool:
    """Whether a table with these columns is one that is read here."""
    return set(_CHANGES) <= set(columns) or (
        _column(columns, _CODE) is not None and _column(columns, _SCORE) is not None
    )


def ingest_deprivation(
    paths: Sequence[Path], store: Store, *, licence: str = OPEN_GOVERNMENT_LICENCE
) -> tuple[PlaceFile, ...]:
    """Put indices of deprivation, and lookups of LSOAs, in the files or folders into the store.

    Known layouts: the ministry's File 7 as CSV (all scores, ranks and deciles), the same scores
    as Parquet, and the lookup of the Office for National Statistics from LSOAs of 2011 to those
    of 2021. Any other file is passed over with the reason. Rows without a code or a score are
    counted as refused. Where a file has scores but no deciles of England, its fifths are of its
    own areas, and say so.
    """
    read: list[PlaceFile] = []
    with store.writer() as writer:
        for path in files_of(paths):
            source = published_file(path)
            held = [
                *held_already(store, "deprivation", source),
                *held_already(store, "lsoa_changes", source),
            ]
            if held:
                read += held
                continue
            try:
                name, rows, lost, notes = _read(path)
            except (LayoutError, pl.exceptions.PolarsError, OSError) as error:
                read.append(passed_over(path, "deprivation", str(error)))
                continue
            said = (f"Rows without a code or a figure, left out: {lost}.",) if lost else ()
            key = PartitionKey(name, stem_of(path).removesuffix(".parquet"))
            state = writer.replace(
                key,
                rows,
                sources=[source],
                licence=licence,
                counts=RowCounts(rows.height, rows.height),
                facts={"rows_left_out": lost, "notes": [*said, *notes]},
            )
            read.append(PlaceFile(path.name, name, key.source, rows.height, state, (*said, *notes)))
    return tuple(read)


def _read(path: Path) -> tuple[str, pl.DataFrame, int, tuple[str, ...]]:
    """The store's table, its rows, how many were left out, and what was noticed."""
    table = table_of(path)
    if set(_CHANGES) <= set(table.columns):
        rows = table.select(
            pl.col(old).cast(pl.String).str.strip_chars().alias(new)
            for old, new in zip(_CHANGES, CHANGES_SCHEMA, strict=True)
        )
        whole = rows.filter(_is_code("code_2011") & _is_code("code_2021"))
        kept = whole.unique().sort("code_2021", "code_2011")
        return "lsoa_changes", kept, rows.height - whole.height, ()
    rows = _scores(table, path.name)
    kept = rows.filter(_is_code("code") & pl.col("score").is_finite()).sort("code")
    lost, kept = rows.height - kept.height, _with_fifths(kept)
    of = kept["fifth_of"][0] if kept.height else "England"
    notes = (
        ()
        if of == "England"
        else (f"It has no deciles of England, so fifths are of {of}: say so where they are shown.",)
    )
    return "deprivation", kept, lost, notes


def table_of(path: Path) -> pl.DataFrame:
    """A CSV or Parquet file as a table; a LayoutError for another kind."""
    name = path.name.lower()
    if name.endswith(".parquet"):
        return pl.read_parquet(path)
    if name.endswith((".csv", ".csv.gz")):
        return pl.read_csv(io.BytesIO(content_of(path)), infer_schema=False)
    raise LayoutError("only CSV and Parquet tables are read")


def _scores(table: pl.DataFrame, file: str) -> pl.DataFrame:
    code, score = _column(table.columns, _CODE), _column(table.columns, _SCORE)
    if code is None or score is None:
        raise LayoutError("no column of LSOA codes with one of scores of multiple deprivation")
    decile, edition = _column(table.columns, _DECILE), _EDITION.search(file)
    written = _CODE.fullmatch(code.strip())
    columns: dict[str, Any] = {
        "code": pl.col(code).cast(pl.String).str.strip_chars(),
        "lsoa_year": pl.lit(int(written[1]) if written and written[1] else None),
        "score": pl.col(score).cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False),
        "decile": pl.col(decile).cast(pl.String).str.strip_chars() if decile else pl.lit(None),
        "edition": pl.lit(int(edition[1]) if edition else None),
    }
    return table.select(
        expression.cast(DEPRIVATION_SCHEMA[name], strict=False).alias(name)
        for name, expression in columns.items()
    )


def _with_fifths(rows: pl.DataFrame) -> pl.DataFrame:
    """Fifths of England where every row has its decile; else of the file's areas, by score."""
    if rows.height and rows["decile"].is_between(1, 10).fill_null(False).all():
        fifth, of = (pl.col("decile") + 1) // 2, "England"
    else:
        # The middle of the ranks of areas with one score, so that equals are not told apart.
        place = (pl.col("score").rank("average", descending=True) - 0.5) / pl.len()
        fifth, of = (place * 5).floor().cast(pl.Int64) + 1, f"the file's {rows.height:,} areas"
        rows = rows.with_columns(decile=pl.lit(None, dtype=pl.Int64))
    return rows.with_columns(fifth=fifth, fifth_of=pl.lit(of)).select(
        pl.col(name).cast(kind) for name, kind in DEPRIVATION_SCHEMA.items()
    )


def _column(columns: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in columns if pattern.fullmatch(name.strip("\ufeff "))), None)


def _is_code(column: str) -> pl.Expr:
    return pl.col(column).str.contains(rf"^{AREA_CODE.pattern}$")
