"""The store: one folder of published tables, read by box, months and forces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import polars as pl

from peelian.core.crimes import CRIMES_SCHEMA, OUTCOMES_SCHEMA
from peelian.core.errors import StoreError
from peelian.core.grid import to_grid
from peelian.core.months import MonthSpan
from peelian.core.stops import STOPS_SCHEMA
from peelian.store import files
from peelian.store.catalogue import Catalogue
from peelian.store.files import writing_to
from peelian.store.partitions import Box, Partition, PartitionKey
from peelian.store.writer import QUARANTINE_SCHEMA, Writer, sole_writer

_T = TypeVar("_T")


class Store:
    """Published tables in one folder. Reading takes no lock and waits for no writer."""

    def __init__(self, path: Path) -> None:
        """Open to read; a StoreError where no store was made."""
        self.path = path
        self._catalogue = Catalogue(path)
        if not self._catalogue.is_there:
            raise StoreError(
                f"A store is a folder that `peelian ingest` made; there is none at {path}. "
                f"Run `peelian ingest` first, or name another folder."
            )

    @staticmethod
    def is_at(path: Path) -> bool:
        """Whether a store was made in a folder."""
        return Catalogue(path).is_there

    @classmethod
    def create(cls, path: Path) -> Store:
        """Open the store in a folder, making both where they are absent."""
        with writing_to(path):
            path.mkdir(parents=True, exist_ok=True)
        catalogue = Catalogue(path)
        if not catalogue.is_there:
            catalogue.make()
        return cls(path)

    def writer(self) -> AbstractContextManager[Writer]:
        """The one writer of the store; StoreBusyError where another process has it."""
        return sole_writer(self.path, self._catalogue)

    def partitions(
        self, table: str | None = None, *, source: str | None = None, force: str | None = None
    ) -> tuple[Partition, ...]:
        """The partitions held, sorted by key.

        One whose every row was refused says nothing about its month, so it is not listed;
        its rows are in the quarantine.
        """
        found = self._catalogue.partitions(
            table=table, source=source, forces=None if force is None else [force]
        )
        return tuple(partition for partition in found if partition.is_held)

    def is_whole(self, partition: Partition) -> bool:
        """Whether a partition's file is there and has the checksum that the catalogue gives."""
        return files.is_whole(self.path, partition.path, partition.sha256)

    def crimes(
        self,
        *,
        box: Box | None = None,
        months: MonthSpan | None = None,
        forces: Collection[str] | None = None,
        source: str = "police.uk",
    ) -> pl.DataFrame:
        """Crimes of one source: the columns of CRIMES_SCHEMA, force, easting and northing.

        box: west, south, east, north in degrees, the ends included; rows without coordinates
        are then left out. Within a partition rows stand as published. Nothing held for what
        was asked gives an empty table: whether a month is held, `partitions` says.
        """
        return self._records("crimes", CRIMES_SCHEMA, box, months, forces, source)

    def outcomes(
        self,
        *,
        box: Box | None = None,
        months: MonthSpan | None = None,
        forces: Collection[str] | None = None,
        source: str = "police.uk",
    ) -> pl.DataFrame:
        """Outcomes of crimes, by the month of the outcome; as `crimes` otherwise."""
        return self._records("outcomes", OUTCOMES_SCHEMA, box, months, forces, source)

    def stops(
        self,
        *,
        box: Box | None = None,
        months: MonthSpan | None = None,
        forces: Collection[str] | None = None,
        source: str = "police.uk",
    ) -> pl.DataFrame:
        """Stop-and-search records, by the publisher's month; as `crimes` otherwise."""
        return self._records("stops", STOPS_SCHEMA, box, months, forces, source)

    def table(self, table: str, *, source: str | None = None) -> pl.DataFrame:
        """Any other table whole, its partitions one after another, with a column `source`.

        A StoreError where none is held.
        """

        def read() -> pl.DataFrame:
            parts = [
                pl.read_parquet(self.path / partition.path).with_columns(
                    source=pl.lit(partition.key.source)
                )
                for partition in self.partitions(table, source=source)
            ]
            if not parts:
                raise StoreError(
                    f"The store at {self.path} holds no table {table!r}"
                    f"{f' from {source}' if source else ''}. Ingest a file that has it."
                )
            return pl.concat(parts, how="diagonal")

        return _again_if_swapped(read)

    def quarantine(self, key: PartitionKey | None = None) -> pl.DataFrame:
        """Rows that could not be read, of one partition or of all: file, line, reason, text."""

        def read() -> pl.DataFrame:
            parts = [
                pl.read_parquet(self.path / partition.quarantine)
                for partition in self._catalogue.partitions()
                if partition.quarantine and key in (None, partition.key)
            ]
            return pl.concat([pl.DataFrame(schema=QUARANTINE_SCHEMA), *parts])

        return _again_if_swapped(read)

    def _records(
        self,
        table: str,
        schema: dict[str, pl.DataType],
        box: Box | None,
        months: MonthSpan | None,
        forces: Collection[str] | None,
        source: str,
    ) -> pl.DataFrame:
        def read() -> pl.DataFrame:
            wanted = self._catalogue.partitions(
                table=table, source=source, forces=forces, months=months, box=box
            )
            return _with_grid(self._scan(wanted, schema, box))

        return _again_if_swapped(read)

    def _scan(
        self, wanted: Sequence[Partition], schema: dict[str, pl.DataType], box: Box | None
    ) -> pl.DataFrame:
        by_force: dict[str, list[Path]] = {}
        for partition in wanted:
            by_force.setdefault(partition.key.force, []).append(self.path / partition.path)
        frames = [
            pl.scan_parquet(paths).filter(_in_box(box)).with_columns(force=pl.lit(force))
            for force, paths in by_force.items()
        ]
        empty = pl.LazyFrame(schema=schema | {"force": pl.String()})
        return pl.concat([empty, *frames], how="diagonal").collect()


def _in_box(box: Box | None) -> pl.Expr:
    if box is None:
        return pl.lit(True)
    west, south, east, north = box
    return pl.col("longitude").is_between(west, east) & pl.col("latitude").is_between(south, north)


def _with_grid(rows: pl.DataFrame) -> pl.DataFrame:
    # A month has some thousand snap points and a hundred times as many rows.
    points = rows.select("longitude", "latitude").drop_nulls().unique(maintain_order=True)
    easting, northing = to_grid(points["longitude"].to_numpy(), points["latitude"].to_numpy())
    points = points.with_columns(
        pl.Series("easting", easting, pl.Float64), pl.Series("northing", northing, pl.Float64)
    )
    return rows.join(points, on=["longitude", "latitude"], how="left", maintain_order="left")


def _again_if_swapped(read: Callable[[], _T]) -> _T:
    try:
        return _read_once_more(read)
    except pl.exceptions.ComputeError as error:
        raise StoreError(
            f"A store's files are as they were written; one cannot be read: {error}. "
            f"Ingest the archives again: what is damaged is read anew."
        ) from error


def _read_once_more(read: Callable[[], _T]) -> _T:
    # A writer may remove a file between our look at the catalogue and our reading of it;
    # the catalogue then already names the file that took its place.
    try:
        return read()
    except FileNotFoundError:
        pass
    try:
        return read()
    except FileNotFoundError as error:
        raise StoreError(
            f"A store has every file that its catalogue names; one was taken away: {error}. "
            f"Ingest the archives again: what is lost is read anew."
        ) from error
