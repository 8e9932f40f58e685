"""Saved answers of the data.police.uk API into the store: crimes, stops and outcomes.

An answer covers an area, not a force. So a partition of source "police.uk-api" holds the
records of the areas that its fact `extent` lists, and a further area's answer for the same
month adds to it. The API gives no LSOA, so those columns are null.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE, label_of_slug
from peelian.core.errors import InputError, LayoutError
from peelian.core.months import Month, MonthSpan
from peelian.ingest.archive_facts import crime_facts, record_facts, stop_facts
from peelian.ingest.licences import OPEN_GOVERNMENT_LICENCE
from peelian.ingest.police_api_files import ALL_CRIME, SavedAnswer, kind_of, saved_answers
from peelian.ingest.police_api_records import (
    PARSED_SCHEMAS,
    REFUSED_SCHEMA,
    ParsedAnswer,
    RecordTable,
    parse_records,
)
from peelian.ingest.repair import coordinates_repaired
from peelian.store import Partition, PartitionKey, RowCounts, SourceFile, Store, Writer

SOURCE = "police.uk-api"

_EMPTY = "empty: the service answers the same for a month or a force that it does not hold"
# Columns that make two rows the same record. Stops have no id: None is every column.
_IDENTITY: dict[str, list[str] | None] = {
    "crimes": ["published_id"],
    "outcomes": ["published_id", "month", "outcome"],
    "stops": None,
}


@dataclass(frozen=True)
class WrittenPartition:
    """What became of one partition."""

    key: PartitionKey
    what: Literal["new", "replaced", "added to", "unchanged"]
    counts: RowCounts  # of the whole partition, as it now stands
    extent: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """A file that gave no rows, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class ApiReport:
    """What an ingest of API answers did. `read` counts the records of every answer used."""

    partitions: tuple[WrittenPartition, ...]
    left_out: tuple[LeftOut, ...]
    read: int
    refused: int

    def lines(self) -> tuple[str, ...]:
        """The report for a person to read."""
        kept = sum(partition.counts.kept for partition in self.partitions)
        return (
            f"police.uk API: {self.read:,} records read, {self.refused:,} refused; "
            f"{len(self.partitions)} partitions now hold {kept:,} rows",
            *(
                f"{p.key}: {p.what}, {p.counts.kept:,} rows, {p.counts.duplicates:,} duplicates, "
                f"{p.counts.refused:,} refused; {_in_words(p.extent)}"
                for p in self.partitions
            ),
            *(f"left out: {left.file}: {left.reason}" for left in self.left_out),
        )


@dataclass(frozen=True)
class _Part:
    """The records of one answer that belong to one partition."""

    key: PartitionKey
    extent: str  # empty where the answer could not be read, so that it covers nothing
    source: SourceFile
    rows: pl.DataFrame
    refused: pl.DataFrame


def ingest_api_json(
    paths: Sequence[Path],
    store: Store,
    *,
    force: str | None = None,
    published: Collection[tuple[RecordTable, Month]] = (),
    replace: bool = False,
    btp: bool = True,
) -> ApiReport:
    """Write the records of saved answers to the store, a partition per table, force and month.

    paths: JSON files, folders or zips of them. force: whose records these are, where no
    folder or file name says so; records of the British Transport Police go to their own
    partitions whatever it is. published: tables and months that the force is known to have
    published; only for these is an empty month a measured zero. Any other is left out, since
    the service answers an empty list for what it does not hold. replace: let newer answers lose
    whole crime types or more than a tenth of the rows. btp: take the British Transport Police's
    records too. The same answers twice change nothing.

    Of one record in several answers one row is kept (by `id`; stops have none, so exact
    duplicates are dropped), the newer answer's. Answers for every area of the partition
    replace it; answers for some add to it, and a record that these no longer have then
    stays. Neighbourhood answers are left out, and the report says so.
    """
    by_key: dict[PartitionKey, list[_Part]] = {}
    left_out: list[LeftOut] = []
    transport = 0
    for answer in saved_answers(paths):
        found = _parts_of(answer, force)
        if isinstance(found, LeftOut):
            left_out.append(found)
            continue
        for part in found:
            if btp or part.key.force != BRITISH_TRANSPORT_POLICE:
                by_key.setdefault(part.key, []).append(part)
            else:
                transport += part.rows.height
    if transport:
        chosen = f"{transport:,} records of the British Transport Police, left out by choice"
        left_out.append(LeftOut("in all answers", chosen))
    if not by_key and not left_out:
        raise LayoutError(
            f"API answers are .json files; {', '.join(map(str, paths))} holds none. "
            f"Name the folder or zip that `peelian fetch` saved."
        )
    written = []
    known = {(table, str(month)) for table, month in published}
    held_before = {p.key: p for p in store.partitions(source=SOURCE) if store.is_whole(p)}
    with store.writer() as writer, writer.together():
        for key, parts in sorted(by_key.items()):
            held = held_before.get(key)
            says_nothing = not any(p.rows.height or p.refused.height for p in parts)
            is_transport = key.force == BRITISH_TRANSPORT_POLICE
            if held or not says_nothing or (not is_transport and (key.table, key.month) in known):
                written.append(_write(store, writer, key, parts, held, replace=replace))
            elif not is_transport:
                left_out.extend(LeftOut(part.source.name, _EMPTY) for part in parts)
    return ApiReport(
        partitions=tuple(written),
        left_out=tuple(left_out),
        read=sum(p.rows.height + p.refused.height for parts in by_key.values() for p in parts),
        refused=sum(p.refused.height for parts in by_key.values() for p in parts),
    )


def _in_words(extent: Sequence[str]) -> str:
    return f"areas: {', '.join(extent)}" if len(extent) <= 3 else f"{len(extent)} areas"


def _parts_of(answer: SavedAnswer, force: str | None) -> list[_Part] | LeftOut:
    kind = kind_of(answer)
    if kind not in ("crimes", "stops", "outcomes"):
        is_known = kind != "unknown"
        return LeftOut(
            answer.file,
            f"what a neighbourhood publishes ({kind}), not records"
            if is_known
            else "not an answer of the police.uk API that holds records",
        )
    whose = answer.force or force
    if whose is None:
        raise InputError(
            f"API answers do not say whose records they are; neither does the name of "
            f"{answer.file}. Say the force, as in `metropolitan`."
        )
    try:
        parsed = parse_records(answer.body, kind, force=whose, file=answer.file, month=answer.month)
    except InputError as error:
        if answer.month is None:
            return LeftOut(answer.file, str(error))
        parsed = _refused_whole(answer, kind, str(error))
    source = SourceFile(answer.file, hashlib.sha256(answer.body).hexdigest(), len(answer.body))
    return _by_partition(answer, parsed, whose, source) or LeftOut(
        answer.file,
        "no record of it can be read, and its name says no month"
        if parsed.read
        else "empty, and its name says no month",
    )


def _refused_whole(answer: SavedAnswer, table: RecordTable, reason: str) -> ParsedAnswer:
    text = answer.body.decode("utf-8", "replace")
    return ParsedAnswer(
        table,
        pl.DataFrame(schema=PARSED_SCHEMAS[table]),
        pl.DataFrame([(answer.file, 1, reason, text)], schema=REFUSED_SCHEMA, orient="row"),
    )


def _by_partition(
    answer: SavedAnswer, parsed: ParsedAnswer, force: str, source: SourceFile
) -> list[_Part]:
    """The answer's rows by force and month; refused records stay with the month asked for.

    The force asked for and the transport police each get a part, be it empty: an area's
    answer covers both. Whether an empty part says anything is decided for the whole partition.
    """
    rows_of = {
        (str(whose), Month.of(month)): rows
        for (whose, month), rows in parsed.rows.partition_by(
            "force", "month", as_dict=True, maintain_order=True
        ).items()
    }
    home_month = answer.month or min((month for _, month in rows_of), default=None)
    if home_month is None:
        return []
    home = (force, home_month)
    for key in (home, (BRITISH_TRANSPORT_POLICE, home_month)):
        rows_of.setdefault(key, parsed.rows.clear())
    only = "" if answer.category == ALL_CRIME else f" ({answer.category} only)"
    covers = parsed.rows.height > 0 or parsed.refused.height == 0
    return [
        _Part(
            key=PartitionKey(parsed.table, SOURCE, whose, str(month)),
            extent=f"{answer.extent}{only}" if covers else "",
            source=source,
            rows=rows.drop("force"),
            refused=parsed.refused if (whose, month) == home else parsed.refused.clear(),
        )
        for (whose, month), rows in rows_of.items()
    ]


def _write(
    store: Store,
    writer: Writer,
    key: PartitionKey,
    parts: Sequence[_Part],
    held: Partition | None,
    *,
    replace: bool,
) -> WrittenPartition:
    """Put the parts in the partition: alone where they cover all it held, else added to it."""
    extent = {part.extent for part in parts if part.extent}
    sources = list({part.source.sha256: part.source for part in parts}.values())
    rows, repairs = coordinates_repaired(pl.concat([part.rows for part in parts]))
    refused = pl.concat([part.refused for part in parts])
    read = rows.height + refused.height
    what: Literal["new", "replaced", "added to"] = "new" if held is None else "replaced"
    if held is not None:
        held_extent = set(held.facts.get("extent", ()))
        if {s.sha256 for s in sources} <= {s.sha256 for s in held.sources}:
            return WrittenPartition(key, "unchanged", held.counts, tuple(sorted(held_extent)))
        if not held_extent <= extent:
            what = "added to"
            names = {source.name for source in sources}
            rows = pl.concat([_rows_held(store, key).select(rows.columns), rows])
            refused = pl.concat([store.quarantine(key), refused])
            read += held.counts.read
            for reason, count in held.facts.get("repairs", {}).items():
                repairs[reason] = repairs.get(reason, 0) + count
            sources = [s for s in held.sources if s.name not in names] + sources
            extent |= held_extent
    rows = _without_duplicates(rows, key.table)
    counts = RowCounts(read, rows.height, refused.height, read - rows.height - refused.height)
    writer.replace(
        key,
        rows,
        refused=refused,
        sources=sources,
        licence=OPEN_GOVERNMENT_LICENCE,
        counts=counts,
        facts={"extent": sorted(extent)} | _facts_of(key, rows, repairs),
        allow_shrink=replace or what == "added to",
    )
    return WrittenPartition(key, what, counts, tuple(sorted(extent)))


def _rows_held(store: Store, key: PartitionKey) -> pl.DataFrame:
    month = Month.parse(key.month)
    read = {"crimes": store.crimes, "outcomes": store.outcomes, "stops": store.stops}[key.table]
    return read(months=MonthSpan(month, month), forces=[key.force], source=key.source)


def _without_duplicates(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """One row a record, the newest answer's, with repeated Crime IDs marked."""
    kept = rows.unique(_IDENTITY[table], keep="last", maintain_order=True)
    if table != "crimes":
        return kept
    repeats = pl.col("crime_id").is_not_null() & ~pl.col("crime_id").is_first_distinct()
    return kept.with_columns(crime_id_repeats=repeats)


def _facts_of(key: PartitionKey, rows: pl.DataFrame, repairs: Mapping[str, int]) -> dict[str, Any]:
    facts = record_facts(rows, repairs)
    if key.table == "crimes":
        labels = {label_of_slug(s): n for s, n in rows["crime_type"].value_counts().iter_rows()}
        return facts | crime_facts(rows, labels)
    return facts | (stop_facts(rows, Month.parse(key.month)) if key.table == "stops" else {})
