"""The catalogue: one SQLite file that alone says which data files count.

A rollback journal, not a write-ahead log: a store on a read-only disk can then be read, and
a commit that was cut off is rolled back by whoever opens the file next.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from peelian.core.errors import StoreError
from peelian.core.months import MonthSpan
from peelian.store.partitions import Box, Partition, PartitionKey, RowCounts, SourceFile

FILE_NAME = "catalogue.sqlite"
_VERSION = 2
_PATIENCE_S = 30  # how long a reader waits while a commit of a few milliseconds is under way

_TABLE = """
CREATE TABLE IF NOT EXISTS partitions (
    "table" TEXT NOT NULL, source TEXT NOT NULL, force TEXT NOT NULL, month TEXT NOT NULL,
    path TEXT NOT NULL, sha256 TEXT NOT NULL, quarantine TEXT,
    rows_read INTEGER NOT NULL, rows_kept INTEGER NOT NULL,
    rows_refused INTEGER NOT NULL, rows_duplicate INTEGER NOT NULL,
    sources TEXT NOT NULL, licence TEXT NOT NULL, facts TEXT NOT NULL, written_at TEXT NOT NULL,
    west REAL, south REAL, east REAL, north REAL,
    PRIMARY KEY ("table", source, force, month)
) WITHOUT ROWID
"""
_COLUMNS = (
    '"table", source, force, month, path, sha256, quarantine, rows_read, rows_kept, '
    "rows_refused, rows_duplicate, sources, licence, facts, written_at, west, south, east, north"
)
_SELECT = f"SELECT {_COLUMNS} FROM partitions"
_ORDER = 'ORDER BY "table", source, force, month'
_DELETE = 'DELETE FROM partitions WHERE "table" = ? AND source = ? AND force = ? AND month = ?'
_INSERT = f"INSERT OR REPLACE INTO partitions ({_COLUMNS}) VALUES ({', '.join('?' * 19)})"


class Catalogue:
    """Reads and swaps the rows of one catalogue file. Every swap is one transaction."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    @property
    def is_there(self) -> bool:
        """Whether a catalogue was ever made here whole. Another version's is a StoreError."""
        if not self._file.is_file():
            return False
        with self._connection() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise StoreError(
                f"This program reads stores of version {_VERSION}; {self._file.parent} has "
                f"version {version}. Ingest the archives into a new folder."
            )
        return bool(version)

    def make(self) -> None:
        """Make the catalogue where there is none."""
        with self._connection(create=True) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_VERSION}")

    def partitions(
        self,
        *,
        table: str | None = None,
        source: str | None = None,
        forces: Collection[str] | None = None,
        months: MonthSpan | None = None,
        box: Box | None = None,
    ) -> tuple[Partition, ...]:
        """The partitions that count and that may hold what is asked for, sorted by key.

        A national archive has thousands, so those that cannot hold it are never unpacked.
        """
        wanted: list[tuple[str, Sequence[object]]] = []
        if table is not None:
            wanted.append(('"table" = ?', [table]))
        if source is not None:
            wanted.append(("source = ?", [source]))
        if forces is not None:
            wanted.append((f"force IN ({', '.join('?' * len(forces))})", list(forces)))
        if months is not None:
            wanted.append(("month BETWEEN ? AND ?", [str(months.first), str(months.last)]))
        if box is not None:
            west, south, east, north = box
            condition = "west <= ? AND east >= ? AND south <= ? AND north >= ?"
            wanted.append((condition, [east, west, north, south]))
        where = f"WHERE {' AND '.join(condition for condition, _ in wanted)}" if wanted else ""
        values = [value for _, of_condition in wanted for value in of_condition]
        with self._connection() as connection:
            found = connection.execute(f"{_SELECT} {where} {_ORDER}", values)
            return tuple(_partition(row) for row in found)

    def swap(self, *, put: Collection[Partition], drop: Collection[PartitionKey] = ()) -> None:
        """Put these partitions in place of those with the same keys, all of them or none."""
        with self._connection() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_DELETE, [_key_values(key) for key in drop])
            connection.executemany(_INSERT, [_row(partition) for partition in put])

    @contextmanager
    def _connection(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        mode = "rwc" if create else "rw"  # falls back to reading where the file is read-only
        try:
            with closing(
                sqlite3.connect(
                    f"{self._file.absolute().as_uri()}?mode={mode}",
                    uri=True,
                    timeout=_PATIENCE_S,
                    isolation_level=None,
                )
            ) as connection:
                yield connection
        except sqlite3.Error as error:
            raise StoreError(
                f"The catalogue {self._file} must be a whole SQLite file; SQLite says: {error}. "
                f"Ingest the archives into a new folder."
            ) from error


def _key_values(key: PartitionKey) -> tuple[str, str, str, str]:
    return (key.table, key.source, key.force, key.month)


def _row(partition: Partition) -> tuple[object, ...]:
    counts = partition.counts
    return (
        *_key_values(partition.key),
        partition.path,
        partition.sha256,
        partition.quarantine,
        counts.read,
        counts.kept,
        counts.refused,
        counts.duplicates,
        json.dumps([asdict(source) for source in partition.sources]),
        partition.licence,
        json.dumps(dict(partition.facts), sort_keys=True, ensure_ascii=False),
        partition.written_at,
        *(partition.box or (None,) * 4),
    )


def _partition(row: tuple[Any, ...]) -> Partition:
    table, source, force, month, path, sha256, quarantine = row[:7]
    sources, licence, facts, written_at = row[11:15]
    return Partition(
        key=PartitionKey(table, source, force, month),
        path=path,
        sha256=sha256,
        counts=RowCounts(*row[7:11]),
        sources=tuple(SourceFile(**entry) for entry in json.loads(sources)),
        licence=licence,
        facts=json.loads(facts),
        written_at=written_at,
        quarantine=quarantine,
        box=None if row[15] is None else row[15:19],
    )
