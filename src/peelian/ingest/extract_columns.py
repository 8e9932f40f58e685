"""The columns of an extract as those of the crimes table, and what is wrong with each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import polars as pl

from peelian.core.crimes import CRIMES_SCHEMA, EXTRACT_SCHEMA, slug_of_label
from peelian.core.grid import to_degrees
from peelian.ingest.column_map import ColumnMap, Flag, Moment
from peelian.ingest.extract_lines import ExtractLines
from peelian.ingest.police_forces import FORCE_NAMES
from peelian.ingest.repair import LONDON

_REFUSED_SCHEMA: dict[str, pl.DataType] = {
    "file": pl.String(),
    "line": pl.Int64(),
    "reason": pl.String(),
    "text": pl.String(),
    "force": pl.String(),
    "month": pl.Date(),
}
_KEPT_SCHEMA: dict[str, pl.DataType] = {**CRIMES_SCHEMA, **EXTRACT_SCHEMA, "force": pl.String()}
_TO_THE_DAYS_END = timedelta(days=1, seconds=-1)


@dataclass(frozen=True)
class FoundColumns:
    """Rows that can be used (the crimes table's columns and `force`), and the others.

    refused: file, line, reason, text, and force and month, null where they cannot be told.
    duplicates: the force and month of each row that says again what an earlier one said.
    """

    rows: pl.DataFrame
    refused: pl.DataFrame
    duplicates: pl.DataFrame


def read_columns(lines: ExtractLines, column_map: ColumnMap, *, default_force: str) -> FoundColumns:
    """Give each row of text the types and words of the crimes table, or a reason why not."""
    rows = lines.rows.select(
        "_line",
        "_same",
        **_texts(column_map),
        **_what(lines.rows, column_map),
        **_when(column_map),
        **_where(column_map),
        force=_force(column_map, default_force),
        flags=_flags(column_map.flags),
    )
    rows = rows.with_columns(
        reported_by=pl.col("force").replace_strict(FORCE_NAMES, default=None),
        falls_within=pl.col("force").replace_strict(FORCE_NAMES, default=None),
        crime_id_repeats=pl.lit(value=False),
    )
    # Without an id, two rows in the same words may be two crimes.
    has_id = pl.col("published_id").is_not_null()
    is_again = has_id & ~pl.struct("published_id", "_same").is_first_distinct()
    again, rows = rows.filter(is_again), rows.filter(~is_again)
    rows = rows.with_columns(_reason=_reason(_wrong(column_map)))
    kept = rows.filter(pl.col("_reason").is_null())
    return FoundColumns(
        rows=_on_degrees(kept, column_map).select(_typed(_KEPT_SCHEMA)),
        refused=_refused(rows.filter(pl.col("_reason").is_not_null()), lines),
        duplicates=again.select("force", "month"),
    )


def _typed(schema: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in schema.items()]


def _texts(column_map: ColumnMap) -> dict[str, pl.Expr]:
    named = msgspec.structs.asdict(column_map.columns)
    return {
        ours: pl.col(theirs) if theirs else pl.lit(None, pl.String())
        for ours, theirs in named.items()
        if ours != "crime_type"
    }


def _what(raw: pl.DataFrame, column_map: ColumnMap) -> dict[str, pl.Expr]:
    column = column_map.columns.crime_type
    listed = {_plain(value): slug for value, slug in column_map.crime_types.items()}
    slugs = {
        value: slug
        for value in raw[column].unique().drop_nulls()
        if (slug := listed.get(_plain(value)) or slug_of_label(value)) is not None
    }
    return {
        "_type": pl.col(column),
        "crime_type": pl.col(column).replace_strict(slugs, default=None, return_dtype=pl.String()),
    }


def _when(column_map: ColumnMap) -> dict[str, pl.Expr]:
    times = column_map.times
    nothing = pl.lit(None, pl.Datetime("us"))
    start = end = nothing
    found: dict[str, pl.Expr] = {
        "_from": pl.lit(None, pl.String()),
        "_to": pl.lit(None, pl.String()),
    }
    if times is not None:
        start, found["_from"] = _moment(times.start, zone=times.zone), _joined(times.start)
        last = times.to or times.start
        end, found["_to"] = _moment(last, zone=times.zone), _joined(last)
        if not last.has_time:
            end += _TO_THE_DAYS_END
        # Where only the earliest is written, it is the exact time (or day).
        same = start if times.start.has_time else start + _TO_THE_DAYS_END
        end = pl.when(_joined(last) == "").then(same).otherwise(end)
    month = start if column_map.month is None else _moment(column_map.month, zone=LONDON)
    return found | {
        "occurred_from": start,
        "occurred_to": end,
        "month": month.dt.month_start().dt.date(),
    }


def _joined(moment: Moment) -> pl.Expr:
    joined = pl.concat_str(
        [pl.col(name) for name in moment.columns], separator=" ", ignore_nulls=True
    )
    return joined.str.strip_chars()


def _moment(moment: Moment, *, zone: str) -> pl.Expr:
    written = _joined(moment)
    if moment.has_time:
        read = written.str.to_datetime(moment.format, time_unit="us", strict=False)
    else:
        read = written.str.to_date(moment.format, strict=False).cast(pl.Datetime("us"))
    if zone == LONDON:
        return read
    in_zone = read.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return in_zone.dt.convert_time_zone(LONDON).dt.replace_time_zone(None)


def _where(column_map: ColumnMap) -> dict[str, pl.Expr]:
    """The two coordinates in the map's system; the text beside them to tell blank from wrong."""
    if column_map.coordinates is None:
        blank, text = pl.lit(None, pl.Float64()), pl.lit(None, pl.String())
        return {"longitude": blank, "latitude": blank, "_x": text, "_y": text}
    x, y = pl.col(column_map.coordinates.x), pl.col(column_map.coordinates.y)
    return {
        "longitude": x.str.replace_all(",", "").cast(pl.Float64(), strict=False),
        "latitude": y.str.replace_all(",", "").cast(pl.Float64(), strict=False),
        "_x": x,
        "_y": y,
    }


def _force(column_map: ColumnMap, default_force: str) -> pl.Expr:
    default = pl.lit(default_force or None, pl.String())
    if column_map.force_from is None:
        return default
    column = pl.col(column_map.force_from.column)
    forces = {_plain(value): force for value, force in column_map.force_from.values.items()}
    said = _plain_text(column).replace_strict(forces, default=None, return_dtype=pl.String())
    # A value that the map does not list is not quietly the default force's.
    return pl.when(column.is_null()).then(default).otherwise(said)


def _flags(flags: list[Flag]) -> pl.Expr:
    if not flags:
        return pl.lit(None, pl.List(pl.String()))
    set_flags = [
        pl.when(_holds(flag)).then(pl.lit(flag.flag)).otherwise(pl.lit(None, pl.String()))
        for flag in flags
    ]
    return pl.concat_list(set_flags).list.drop_nulls().list.unique(maintain_order=True)


def _holds(flag: Flag) -> pl.Expr:
    values = [_plain(value) for value in flag.values]
    if not flag.split:
        return _plain_text(pl.col(flag.column)).is_in(values)
    cells = pl.col(flag.column).str.split(flag.split)
    return cells.list.eval(_plain_text(pl.element()).is_in(values)).list.any()


def _wrong(column_map: ColumnMap) -> Mapping[str, pl.Expr]:
    """What can be wrong with a row, in the order it is looked for."""
    no_month = pl.col("month").is_null()
    wrong = {
        "its crime type is blank": pl.col("_type").is_null(),
        "its crime type is neither in the map nor one of police.uk's": pl.col(
            "crime_type"
        ).is_null(),
        "its force is blank, or not in the map": pl.col("force").is_null(),
    }
    if column_map.times is not None:
        wrong |= {
            "its earliest time is blank or not in the map's format": pl.col(
                "occurred_from"
            ).is_null(),
            "its latest time is not in the map's format": pl.col("occurred_to").is_null(),
            "it ends before it starts": pl.col("occurred_to") < pl.col("occurred_from"),
        }
    wrong["its month is blank or not in the map's format"] = no_month
    for axis, name in (("longitude", "_x"), ("latitude", "_y")):
        is_number = pl.col(axis).is_not_null() & pl.col(axis).is_finite()
        wrong[f"its {'x' if name == '_x' else 'y'} coordinate is not a number"] = (
            pl.col(name).is_not_null() & ~is_number
        )
    if column_map.columns.published_id:
        wrong["its id is blank"] = pl.col("published_id").is_null()
        wrong["its id stands on an earlier row that says otherwise"] = ~pl.col(
            "published_id"
        ).is_first_distinct()
    return wrong


def _reason(wrong: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.coalesce(
        *(pl.when(fault).then(pl.lit(reason)) for reason, fault in wrong.items()),
        pl.lit(None, pl.String()),
    )


def _refused(rows: pl.DataFrame, lines: ExtractLines) -> pl.DataFrame:
    texts = [lines.text(line) for line in rows["_line"]]
    found = rows.select(
        pl.lit(lines.file).alias("file"),
        pl.col("_line").alias("line"),
        pl.col("_reason").alias("reason"),
        pl.Series("text", texts, pl.String()),
        "force",
        "month",
    )
    broken = pl.DataFrame(
        [(lines.file, *record, None, None) for record in lines.broken],
        schema=_REFUSED_SCHEMA,
        orient="row",
    )
    return pl.concat([broken, found.select(_typed(_REFUSED_SCHEMA))]).sort("line")


def _on_degrees(rows: pl.DataFrame, column_map: ColumnMap) -> pl.DataFrame:
    if column_map.coordinates is None or column_map.coordinates.system == "EPSG:4326":
        return rows
    # On the grid, zeros mean "no place" as they do in degrees; repair blanks them there.
    has_place = (pl.col("longitude") != 0) | (pl.col("latitude") != 0)
    easting, northing = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
    longitude, latitude = to_degrees(easting, northing)
    return rows.with_columns(
        pl.when(has_place).then(pl.Series(longitude)).otherwise("longitude").alias("longitude"),
        pl.when(has_place).then(pl.Series(latitude)).otherwise("latitude").alias("latitude"),
    ).with_columns(pl.col("longitude", "latitude").fill_nan(None))


def _plain(value: str) -> str:
    return " ".join(value.split()).lower()


def _plain_text(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.replace_all(r"\s+", " ").str.to_lowercase()
