"""What became of a file of places: its table, what was mended, or why it was passed over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from peelian.core.grid import to_grid
from peelian.ingest.paths import existing, files_within
from peelian.store import SourceFile, Store


@dataclass(frozen=True)
class PlaceFile:
    """One file, or one layer of a file, after reading.

    state: "new", "replaced" or "unchanged" as the store says; "passed over" where nothing was
    kept, and then `reason` says why. notes: what was noticed or mended, a sentence each.
    """

    name: str
    table: str
    source: str  # the partition's source: a boundary set's name, a map's, a census table's
    rows: int
    state: str
    notes: tuple[str, ...] = ()
    reason: str = ""


def passed_over(path: Path, table: str, reason: str) -> PlaceFile:
    """A file of which nothing was kept, and why."""
    return PlaceFile(path.name, table, "", 0, "passed over", reason=reason)


def held_already(store: Store, table: str, source: SourceFile) -> tuple[PlaceFile, ...]:
    """What the store already holds of exactly this file: it need not be read again."""
    return tuple(
        PlaceFile(
            source.name,
            table,
            partition.key.source,
            partition.counts.kept,
            "unchanged",
            tuple(partition.facts.get("notes", ())),
        )
        for partition in store.partitions(table)
        if source in partition.sources and store.is_whole(partition)
    )


def files_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files named, and all files of the folders named, sorted within a folder.

    Of folders, hidden files are left out. A path that does not exist is an InputError.
    """
    files: list[Path] = []
    for path in paths:
        files += files_within(path) if path.is_dir() else [existing(path)]
    return tuple(files)


def published_file(path: Path) -> SourceFile:
    """The file's name, checksum and size, as the catalogue records them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(path.name, digest, path.stat().st_size)


def stem_of(path: Path) -> str:
    """The file's name without its endings: "camden_wards_2022-05_bfc" of "….shp.zip"."""
    name = path.name
    for ending in (".gz", ".zip", ".geojson", ".json", ".gpkg", ".shp", ".pbf", ".osm", ".csv"):
        name = name.removesuffix(ending)
    return name


def shapes_to_grid(shapes: NDArray[Any]) -> NDArray[Any]:
    """An array of shapes in degrees moved to EPSG:27700 in one pass; heights are dropped."""
    flat = shapely.force_2d(shapes)
    points = shapely.get_coordinates(flat)
    moved: NDArray[Any] = shapely.set_coordinates(
        flat.copy(), np.column_stack(to_grid(points[:, 0], points[:, 1]))
    )
    return moved


def bounds_columns(shapes: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The bounding boxes of shapes as four columns: what readers filter by."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return dict(zip(("min_e", "min_n", "max_e", "max_n"), bounds.T, strict=True))
