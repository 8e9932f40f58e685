"""A force's or a council's own CSV into the crimes table, by a column map.

Such an extract may know what open data do not: exact times and places, and flags such as
"knife used". Every row is kept, refused with a reason, or an exact duplicate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import polars as pl

from peelian.core.crimes import label_of_slug
from peelian.core.errors import InputError, LayoutError
from peelian.core.months import Month
from peelian.ingest.archive_facts import crime_facts, record_facts
from peelian.ingest.column_map import ColumnMap, read_column_map
from peelian.ingest.extract_columns import read_columns
from peelian.ingest.extract_lines import read_lines
from peelian.ingest.paths import existing_file
from peelian.ingest.police_forces import FORCE_NAMES
from peelian.ingest.repair import coordinates_repaired
from peelian.store import PartitionKey, RowCounts, SourceFile, Store

__all__ = [
    "Extract",
    "ExtractPartition",
    "ExtractReport",
    "check_extract",
    "ingest_extract",
    "read_column_map",
    "read_extract",
]

_REFUSED_SHOWN = 20


@dataclass(frozen=True)
class Extract:
    """An extract as read, and nothing written yet.

    rows: CRIMES_SCHEMA and EXTRACT_SCHEMA, with `force`. refused: file, line, reason, text,
    with `force` and `month` where they can be told. duplicates: force and month of each exact
    duplicate that was dropped. repairs: positions blanked, by reason.
    """

    source: SourceFile
    rows: pl.DataFrame
    refused: pl.DataFrame
    duplicates: pl.DataFrame
    repairs: Mapping[str, int]

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return self.rows.height + self.refused.height + self.duplicates.height

    def lines(self) -> tuple[str, ...]:
        """What a dry run prints: what would be kept, and the first rows that would not."""
        months = self.rows["month"]
        kept = f"{self.read:,} rows: {self.rows.height:,} kept, {self.refused.height:,} refused, "
        kept += f"{self.duplicates.height:,} exact duplicates"
        lines = [kept]
        if self.rows.height:
            forces = ", ".join(self.rows["force"].unique().sort())
            first, last = str(months.min())[:7], str(months.max())[:7]
            lines.append(f"months {first} to {last}; forces: {forces}")
            lines.append(f"{self.rows['longitude'].null_count():,} rows without a place")
        by_flag = self.rows["flags"].explode().drop_nulls().value_counts().sort("flags")
        lines += [f"{count:,} rows flagged {flag!r}" for flag, count in by_flag.iter_rows()]
        lines += [f"{count:,} rows: {reason}; the place was left out"
                  for reason, count in self.repairs.items()]  # fmt: skip
        shown = self.refused.head(_REFUSED_SHOWN)
        lines += [
            f"line {line}: {reason}" for line, reason in shown.select("line", "reason").iter_rows()
        ]
        rest = self.refused.height - shown.height
        return (*lines, f"and {rest:,} more") if rest else tuple(lines)


@dataclass(frozen=True)
class ExtractPartition:
    """What became of one partition."""

    key: PartitionKey
    what: Literal["new", "replaced", "unchanged"]
    counts: RowCounts


@dataclass(frozen=True)
class ExtractReport:
    """What an extract held, and what became of each partition of it."""

    extract: Extract
    partitions: tuple[ExtractPartition, ...]

    def lines(self) -> tuple[str, ...]:
        """The report for a person to read."""
        return (
            *self.extract.lines(),
            *(f"{p.key}: {p.what}, {p.counts.kept:,} rows" for p in self.partitions),
        )


def read_extract(path: Path, column_map: ColumnMap, *, force: str | None = None) -> Extract:
    """Read a CSV by its map, without writing anything: also the dry run.

    force: whose rows those are for which neither the map nor a column says it. A column of
    the map that the file lacks is a LayoutError. An exact duplicate is a row whose every
    field equals an earlier one's, where the map names an id; the same id on another row is
    refused, since one record a row is what counts are made of.
    """
    content = existing_file(path).read_bytes()
    default_force = force or column_map.force
    if not default_force and column_map.force_from is None:
        raise InputError(
            f"Every record belongs to a force; neither the map of {column_map.title} nor the "
            f"call names one. Say the force, as in `metropolitan`."
        )
    if default_force and default_force not in FORCE_NAMES:
        raise InputError(
            f"A force is named by police.uk's id; {default_force!r} is none of "
            f"{', '.join(FORCE_NAMES)}. Use one of these."
        )
    lines = read_lines(content, column_map, file=path.name)
    found = read_columns(lines, column_map, default_force=default_force)
    rows, repairs = coordinates_repaired(found.rows)
    repeats = pl.col("crime_id").is_not_null() & ~pl.col("crime_id").is_first_distinct()
    return Extract(
        source=SourceFile(path.name, hashlib.sha256(content).hexdigest(), len(content)),
        rows=rows.with_columns(crime_id_repeats=repeats),
        refused=found.refused,
        duplicates=found.duplicates,
        repairs=repairs,
    )


def check_extract(path: Path, column_map: ColumnMap, *, force: str | None = None) -> Extract:
    """The dry run: what would be kept and what refused, row by row, with nothing written."""
    return read_extract(path, column_map, force=force)


def ingest_extract(
    path: Path,
    column_map: ColumnMap,
    store: Store,
    *,
    force: str | None = None,
    replace: bool = False,
) -> ExtractReport:
    """Write an extract to the store, a partition per force and month; what became of each.

    A refused row whose force or month cannot be told stays in the quarantine of the first
    partition. The map counts as a source: the same file by a changed map is read again. A
    file of which no row can be kept is a LayoutError that says the first reasons.
    """
    extract = read_extract(path, column_map, force=force)
    if extract.rows.is_empty():
        raise LayoutError(
            f"An extract has rows that its map can read; of the {extract.read} rows of "
            f"{path.name} none can. {' '.join(extract.lines()[1:4])} Check the map."
        )
    parts = extract.rows.partition_by("force", "month", as_dict=True)
    first = min(parts)
    refused = _by_partition(extract.refused, parts, first)
    duplicates = _by_partition(extract.duplicates, parts, first)
    encoded = msgspec.json.encode(column_map, order="deterministic")
    map_source = SourceFile(
        f"column map {column_map.source}", hashlib.sha256(encoded).hexdigest(), len(encoded)
    )
    written = []
    with store.writer() as writer, writer.together():
        for whose, month in sorted(parts):
            rows = parts[whose, month].drop("force")
            wrong = refused.get((whose, month), extract.refused.clear()).drop("force", "month")
            again = duplicates.get((whose, month), extract.duplicates.clear()).height
            key = PartitionKey("crimes", column_map.source, str(whose), str(Month.of(month)))
            counts = RowCounts(rows.height + wrong.height + again, rows.height, wrong.height, again)
            what = writer.replace(
                key,
                rows,
                refused=wrong,
                sources=[extract.source, map_source],
                licence=column_map.licence,
                counts=counts,
                facts=_facts(rows, extract, column_map),
                allow_shrink=replace,
            )
            written.append(ExtractPartition(key, what, counts))
    return ExtractReport(extract, tuple(written))


def _by_partition(
    records: pl.DataFrame, parts: Mapping[tuple[Any, ...], object], first: tuple[Any, ...]
) -> dict[tuple[Any, ...], pl.DataFrame]:
    """The records by force and month; those of no partition go with the first."""
    keys = pl.DataFrame(
        list(parts), schema={"force": pl.String(), "month": pl.Date()}, orient="row"
    )
    key = ["force", "month"]
    found = records.join(keys, on=key, how="semi").partition_by(key, as_dict=True)
    homeless = records.join(keys, on=key, how="anti")
    found[first] = pl.concat([found.get(first, records.clear()), homeless])
    return found


def _facts(rows: pl.DataFrame, extract: Extract, column_map: ColumnMap) -> dict[str, Any]:
    labels = {label_of_slug(s): n for s, n in rows["crime_type"].value_counts().iter_rows()}
    facts = record_facts(rows, {}) | crime_facts(rows, labels) | {"title": column_map.title}
    if extract.repairs:
        facts["repairs_in_file"] = dict(extract.repairs)
    if column_map.flags:
        counts = dict(rows["flags"].explode().drop_nulls().value_counts().iter_rows())
        facts["flags"] = {flag.flag: counts.get(flag.flag, 0) for flag in column_map.flags}
    if column_map.times:
        facts["first_local"] = str(rows["occurred_from"].min())
        facts["last_local"] = str(rows["occurred_to"].max())
    return facts
