"""Writing: beside, checked, then swapped in one transaction. One writer at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from peelian.core.crimes import CRIMES_SCHEMA, EXTRACT_SCHEMA, OUTCOMES_SCHEMA, label_of_slug
from peelian.core.errors import ShrinkingReplacementError, StoreBusyError, StoreError
from peelian.core.stops import STOPS_SCHEMA
from peelian.store import files
from peelian.store.catalogue import Catalogue
from peelian.store.partitions import Box, Partition, PartitionKey, RowCounts, SourceFile

RECORD_TABLES: Mapping[str, Mapping[str, pl.DataType]] = {
    "crimes": CRIMES_SCHEMA,
    "outcomes": OUTCOMES_SCHEMA,
    "stops": STOPS_SCHEMA,
}
QUARANTINE_SCHEMA: dict[str, pl.DataType] = {
    "file": pl.String(),
    "line": pl.Int64(),  # of the file, counted from 1, the header included
    "reason": pl.String(),
    "text": pl.String(),
}
_MOST_ROWS_LOST = 0.1  # a replacement may lose at most this part of the rows held


class Writer:
    """Replaces partitions of a store that it alone may write to. Made by `Store.writer`."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._held = {partition.key: partition for partition in catalogue.partitions()}
        self._seen_whole: set[PartitionKey] = set()
        self._batch: dict[PartitionKey, Partition] | None = None

    def held(self, key: PartitionKey) -> Partition | None:
        """What the partition holds, or will once the group under way is swapped in.

        One whose file was taken away or damaged is as good as none: it may be read again.
        """
        if self._batch and key in self._batch:
            return self._batch[key]
        partition = self._held.get(key)
        if partition is None or key in self._seen_whole:
            return partition
        if not files.is_whole(self._folder, partition.path, partition.sha256):
            self._held.pop(key, None)  # two threads of an ingest may find it at once
            return None
        self._seen_whole.add(key)
        return partition

    def holds(self, key: PartitionKey, sources: Sequence[SourceFile]) -> bool:
        """Whether the partition already comes from exactly these files, by checksum."""
        held = self.held(key)
        return held is not None and _checksums(held.sources) == _checksums(sources)

    def replace(
        self,
        key: PartitionKey,
        rows: pl.DataFrame,
        *,
        refused: pl.DataFrame | None = None,
        sources: Sequence[SourceFile],
        licence: str,
        counts: RowCounts | None = None,
        facts: Mapping[str, Any] | None = None,
        allow_shrink: bool = False,
    ) -> Literal["new", "replaced", "unchanged"]:
        """Put rows in place of what the partition holds, whole.

        refused: rows that could not be read: file, line, reason, text. counts: as read, where
        duplicates were dropped; else every row is kept or refused. Rows from the same files
        change nothing. Losing a crime type or more than a tenth of the rows held is a
        ShrinkingReplacementError unless `allow_shrink`.
        """
        if self.holds(key, sources):
            return "unchanged"
        _check_columns(key, rows)
        refused = pl.DataFrame(schema=QUARANTINE_SCHEMA) if refused is None else refused
        counts = counts or RowCounts(rows.height + refused.height, rows.height, refused.height)
        if (counts.kept, counts.refused) != (rows.height, refused.height):
            raise ValueError(
                f"The counts of {key} must be those of its tables: {rows.height} rows and "
                f"{refused.height} refused, not {counts.kept} and {counts.refused}."
            )
        held = self.held(key)
        if held is not None and key.table in RECORD_TABLES and not allow_shrink:
            self._refuse_to_shrink(held, rows)
        path, sha256 = files.write_beside(self._folder, key, rows)
        quarantine = None
        if refused.height:
            quarantine, _ = files.write_beside(
                self._folder, key, refused, ending=".refused.parquet"
            )
        partition = Partition(
            key=key,
            path=path,
            sha256=sha256,
            counts=counts,
            sources=tuple(sources),
            licence=licence,
            facts=dict(facts or {}),
            written_at=datetime.now(UTC).isoformat(timespec="seconds"),
            quarantine=quarantine,
            box=_box(rows),
        )
        if self._batch is None:
            self._commit({key: partition})
        else:
            self._batch[key] = partition
        return "new" if held is None else "replaced"

    def remove(self, key: PartitionKey) -> None:
        """Let go of a partition. Its files go when the store is next opened for writing."""
        self._catalogue.swap(put=(), drop=(key,))
        self._held.pop(key, None)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Swap all partitions replaced within in one transaction, or none if it is left by error.

        Cheaper than one by one, too: the disk is waited for once.
        """
        if self._batch is not None:
            raise StoreError("One group of replacements ends before the next; found one inside.")
        self._batch = {}
        try:
            yield
            self._commit(self._batch)
        finally:
            self._batch = None

    def _commit(self, batch: Mapping[PartitionKey, Partition]) -> None:
        if not batch:
            return
        files.settle(
            self._folder,
            [path for p in batch.values() for path in (p.path, p.quarantine) if path],
        )
        self._catalogue.swap(put=batch.values())
        self._held.update(batch)

    def _refuse_to_shrink(self, held: Partition, rows: pl.DataFrame) -> None:
        # Type by type, so that many new rows of one cannot hide the loss of another's.
        # Stops and outcomes have no types and are taken as one.
        before, after = {"": held.counts.kept}, {"": rows.height}
        if held.key.table == "crimes":
            before = _by_type(pl.read_parquet(self._folder / held.path, columns=["crime_type"]))
            after = _by_type(rows)
        lost_types = sorted(before.keys() - after.keys())
        lost_rows = sum(max(0, count - after.get(name, 0)) for name, count in before.items())
        if not lost_types and lost_rows <= held.counts.kept * _MOST_ROWS_LOST:
            return
        types = ", ".join(label_of_slug(slug) for slug in lost_types) or "none"
        raise ShrinkingReplacementError(
            f"A newer file may not lose whole crime types, or more than a tenth of the rows held. "
            f"For {held.key} it has {rows.height:,} rows where {held.counts.kept:,} are held, and "
            f"would lose {lost_rows:,}; crime types it would lose: {types}. Ingest it into a store "
            f"of its own, or say --replace if the file is right."
        )


@contextmanager
def sole_writer(folder: Path, catalogue: Catalogue) -> Iterator[Writer]:
    """A writer that holds the store's lock; StoreBusyError where another holds it.

    What an ingest that was cut off left behind is removed first.
    """
    with files.writing_to(folder):
        lock = (folder / "writer.lock").open("a")
    with lock:
        try:
            _take(lock.fileno())
        except (BlockingIOError, PermissionError) as error:
            raise StoreBusyError(
                f"One process at a time writes to a store; another is writing to {folder}. "
                f"Wait until it has ended, or ingest into another folder."
            ) from error
        referred = {path for p in catalogue.partitions() for path in (p.path, p.quarantine) if path}
        files.remove_orphans(folder, referred=referred)
        yield Writer(folder, catalogue)


def _take(descriptor: int) -> None:
    """Take the lock, which the system gives back when the process ends, however it ends."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _check_columns(key: PartitionKey, rows: pl.DataFrame) -> None:
    schema = RECORD_TABLES.get(key.table)
    if schema is None:
        return
    wrong = [name for name, dtype in schema.items() if rows.schema.get(name) != dtype]
    extra = [name for name in rows.columns if name not in schema and name not in EXTRACT_SCHEMA]
    if wrong or extra:
        raise ValueError(
            f"The table {key.table} has the columns of its schema in core, and those of an exact "
            f"extract. For {key}, missing or of another type: {wrong}; unknown: {extra}."
        )


def _box(rows: pl.DataFrame) -> Box | None:
    if not {"longitude", "latitude"} <= set(rows.columns):
        return None
    west, south, east, north = rows.select(
        pl.col("longitude").min().alias("west"),
        pl.col("latitude").min().alias("south"),
        pl.col("longitude").max().alias("east"),
        pl.col("latitude").max().alias("north"),
    ).row(0)
    return None if west is None else (west, south, east, north)


def _checksums(sources: Sequence[SourceFile]) -> list[str]:
    return sorted(source.sha256 for source in sources)


def _by_type(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows["crime_type"].drop_nulls().value_counts().iter_rows())
