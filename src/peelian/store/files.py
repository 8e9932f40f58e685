"""Data files: immutable Parquet, named by what is in them, written beside and checked."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from peelian.core.errors import StoreError
from peelian.store.partitions import PartitionKey

FOLDER = "data"
# The fastest level. The default takes half as long again and saves a twentieth of the space.
# No statistics: rows stand in published order, so hardly a page could be left out by them.
_ZSTD_LEVEL = 1


def parquet_bytes(rows: pl.DataFrame) -> bytes:
    """The rows as a Parquet file. The same rows give the same bytes."""
    buffer = io.BytesIO()
    rows.rechunk().write_parquet(
        buffer, compression="zstd", compression_level=_ZSTD_LEVEL, statistics=False
    )
    return buffer.getvalue()


@contextmanager
def writing_to(store: Path) -> Iterator[None]:
    """Tell of a full disk or a folder that may not be written to as a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"A store needs a folder that may be written to, on a disk with room. For {store} the "
            f"system says: {error}. Make room or name another folder, and ingest again."
        ) from error


def write_beside(
    store: Path, key: PartitionKey, rows: pl.DataFrame, *, ending: str = ".parquet"
) -> tuple[str, str]:
    """Write rows to a file that nothing refers to yet; its path in the store and its SHA-256.

    The file is not yet safe from a power cut: `settle` makes it so.
    """
    content = parquet_bytes(rows)
    sha256 = hashlib.sha256(content).hexdigest()
    folder = Path(FOLDER, *(_folder_name(part) for part in (key.table, key.source, key.force)))
    path = folder / f"{key.month or 'all'}-{sha256[:12]}{ending}"
    with writing_to(store):
        (store / folder).mkdir(parents=True, exist_ok=True)
        part = store / f"{path}.part"
        part.write_bytes(content)
        _check(part, rows)
        part.replace(store / path)
    return path.as_posix(), sha256


def is_whole(store: Path, path: str, sha256: str) -> bool:
    """Whether a file of the store is there and is what the catalogue says of it."""
    try:
        with (store / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def settle(store: Path, paths: Collection[str]) -> None:
    """Have the disk keep these files, and the folders that name them, before they count."""
    folders = {store / FOLDER, store}
    with writing_to(store):
        for path in paths:
            _sync(store / path)
            folders.update(parent for parent in (store / path).parents if store in parent.parents)
        if os.name != "nt":  # Windows keeps folders by itself, and lets no one open them
            for folder in folders:
                _sync(folder)


def remove_orphans(store: Path, *, referred: Collection[str]) -> None:
    """Remove data files that the catalogue does not refer to: what a cut-off ingest left."""
    for file in (store / FOLDER).rglob("*"):
        if file.is_file() and file.relative_to(store).as_posix() not in referred:
            file.unlink()


def _check(file: Path, rows: pl.DataFrame) -> None:
    found = pl.read_parquet_schema(file)
    height = pl.scan_parquet(file).select(pl.len()).collect().item()
    if dict(found) != dict(rows.schema) or height != rows.height:
        raise StoreError(
            f"A file is checked before it counts: {file} should hold {rows.height} rows of "
            f"{', '.join(rows.columns)}, and holds {height} of {', '.join(found)}. "
            f"Check the disk and ingest again."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder_name(part: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", part).lstrip(".") if part else ""
