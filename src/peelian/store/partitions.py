"""What the catalogue knows of a partition: which rows, from which files, how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True, order=True)
class PartitionKey:
    """Names one partition: the part of a table that is replaced whole.

    table: "crimes", "outcomes", "stops", "areas", "streets", "named_places",
    "map_features", "population".
    source: who published the rows ("police.uk", "camden-open-data", a boundary set's name).
    force: police.uk's force id, and month: YYYY-MM; both empty where the table has none.
    """

    table: str
    source: str
    force: str = ""
    month: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.table, self.source, self.force, self.month) if part)


@dataclass(frozen=True)
class SourceFile:
    """A published file that rows came from: a file, or one member of a zip."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class RowCounts:
    """What became of a file's data rows. Every row read is kept, refused or a duplicate."""

    read: int
    kept: int
    refused: int = 0
    duplicates: int = 0

    def __post_init__(self) -> None:
        if self.read != self.kept + self.refused + self.duplicates:
            raise ValueError(
                f"Every row read is kept, refused or a duplicate; {self.read} read is not "
                f"{self.kept} kept + {self.refused} refused + {self.duplicates} duplicates."
            )

    def __add__(self, other: RowCounts) -> RowCounts:
        return RowCounts(
            self.read + other.read,
            self.kept + other.kept,
            self.refused + other.refused,
            self.duplicates + other.duplicates,
        )


@dataclass(frozen=True)
class Partition:
    """One partition that counts. `path` and `quarantine` are relative to the store's folder.

    sha256: of the Parquet file. quarantine: the file of refused rows, None where there are
    none. facts: what the reader found out about the rows; plain JSON values. box: around every
    row that has coordinates, None where none has.
    """

    key: PartitionKey
    path: str
    sha256: str
    counts: RowCounts
    sources: tuple[SourceFile, ...]
    licence: str
    facts: Mapping[str, Any]
    written_at: str  # ISO 8601, UTC
    quarantine: str | None = None
    box: Box | None = None

    @property
    def is_held(self) -> bool:
        """Whether the partition says anything about its month: not where every row was refused."""
        return self.counts.kept > 0 or self.counts.refused == 0
