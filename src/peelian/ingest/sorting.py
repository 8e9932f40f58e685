"""Which reader a file is for, told by what is in it rather than by where it lies."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from peelian.core.errors import LayoutError
from peelian.ingest.deprivation import is_deprivation
from peelian.ingest.paths import content_of, existing, files_within

Reader = Literal["archive", "api", "boundaries", "streets", "population", "deprivation", "none"]

_ARCHIVE_MEMBER = re.compile(
    r"\d{4}-\d{2}-[a-z-]+-(street|outcomes|stop-and-search)\.csv$", re.IGNORECASE
)
_API_MEMBER = re.compile(
    r"(crimes-street|stops-street|outcomes|neighbourhood|priorities|boundary)", re.IGNORECASE
)
_BOUNDARY = re.compile(
    rb"""\s*\[\s*\{\s*"(latitude|longitude)"\s*:\s*"[^"]*"\s*,"""
    rb"""\s*"(latitude|longitude)"\s*:\s*"[^"]*"\s*\}"""
)


@dataclass(frozen=True)
class SortedFile:
    """A path and the reader it is for; `why` says why none, where it is for none."""

    path: Path
    reader: Reader
    why: str = ""


def sort_paths(paths: Sequence[Path]) -> tuple[SortedFile, ...]:
    """Say of each file, and of each file in a folder, which reader it is for.

    A folder in the archive's layout (YYYY-MM/YYYY-MM-force-street.csv) is one archive. A path
    that does not exist is an InputError; a file that no reader knows is kept with the reason.
    """
    found: list[SortedFile] = []
    for path in paths:
        found.extend(_sorted_folder(path) if path.is_dir() else [_sorted_file(existing(path))])
    return tuple(found)


def _sorted_folder(folder: Path) -> Iterator[SortedFile]:
    files = list(files_within(folder))
    if any(_ARCHIVE_MEMBER.search(f.name) for f in files):
        yield SortedFile(folder, "archive")
        files = [f for f in files if not _ARCHIVE_MEMBER.search(f.name)]
    yield from map(_sorted_file, files)


def _sorted_file(path: Path) -> SortedFile:
    try:
        return _sorted_by_content(path)
    except LayoutError as error:
        return SortedFile(path, "none", str(error))


def _sorted_by_content(path: Path) -> SortedFile:
    name = path.name.lower()
    if name.endswith((".osm.pbf", ".osm")):
        return SortedFile(path, "streets")
    if name.endswith((".geojson", ".geojson.gz")):
        return SortedFile(path, "streets" if _is_street_map(path) else "boundaries")
    if name.endswith((".gpkg", ".shp")):
        return SortedFile(path, "boundaries")
    if name.endswith(".zip"):
        return _sorted_zip(path)
    if _ARCHIVE_MEMBER.search(name):
        return SortedFile(path, "archive")
    if name.endswith(".json"):
        return SortedFile(path, "boundaries" if _is_boundary(path) else "api")
    if name.endswith((".csv", ".csv.gz", ".xlsx", ".parquet")):
        return _sorted_table(path)
    return SortedFile(path, "none", "no reader knows this kind of file")


def _sorted_zip(path: Path) -> SortedFile:
    if not zipfile.is_zipfile(path):
        return SortedFile(path, "none", "its name ends in .zip, but it is not a zip file")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        return SortedFile(path, "none", f"a zip that is damaged ({error}): download it again")
    if any(_ARCHIVE_MEMBER.search(member) for member in members):
        return SortedFile(path, "archive")
    if any(member.lower().endswith(".shp") for member in members):
        return SortedFile(path, "boundaries")
    if any(m.endswith(".json") and _API_MEMBER.search(m) for m in members):
        return SortedFile(path, "api")
    if any(member.lower().endswith(".zip") for member in members):
        return SortedFile(path, "none", "the zip holds other zips: unpack it, and name the folder")
    return SortedFile(path, "none", "the zip holds neither police.uk files nor boundaries")


def _is_street_map(path: Path) -> bool:
    return b'"osm_' in _beginning(path)


def _is_boundary(path: Path) -> bool:
    """Whether it is police.uk's boundary: a list of nothing but latitudes and longitudes."""
    return bool(_BOUNDARY.match(_beginning(path)))


def _sorted_table(path: Path) -> SortedFile:
    if path.suffix == ".xlsx":
        return SortedFile(path, "none", "spreadsheets are not read: save the table as CSV")
    columns = _columns(path)
    if is_deprivation(columns):
        return SortedFile(path, "deprivation")
    if path.suffix == ".parquet":
        return SortedFile(path, "none", "a Parquet table whose columns no reader knows")
    header = ",".join(columns).lower()
    if any(word in header for word in ("usual_residents", "usual residents", "population")):
        return SortedFile(path, "population")
    return SortedFile(path, "none", "a table of its own layout: name its column map with --map")


def _columns(path: Path) -> list[str]:
    """The names of a table's columns."""
    if path.suffix == ".parquet":
        import polars as pl

        try:
            return list(pl.read_parquet_schema(path))
        except pl.exceptions.PolarsError as error:
            raise LayoutError(f"its name ends in .parquet, but it is not: {error}") from error
    first = re.split(rb"[\r\n]", _beginning(path), maxsplit=1)[0]
    return next(csv.reader([first.decode("utf-8-sig", errors="replace")]), [])


def _beginning(path: Path) -> bytes:
    """The first 64 kB of a file, unpacked where its name ends in .gz."""
    return content_of(path, at_most=65_536)
