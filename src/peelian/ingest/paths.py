"""Paths that a person named: whether they are there, what a folder holds, what is packed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from peelian.core.errors import InputError, LayoutError


def existing(path: Path) -> Path:
    """The path itself; an InputError where nothing is there."""
    if not path.exists():
        raise InputError(f"A path to ingest must exist; {path} does not. Check its spelling.")
    return path


def files_within(folder: Path) -> Iterator[Path]:
    """The files at any depth of a folder, sorted, without those hidden by a dot."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            yield file


def content_of(path: Path, *, at_most: int = -1) -> bytes:
    """The file's bytes, or its first so many, unpacked where its name ends in .gz.

    A file that is cut off, or that is not packed as its name says, is a LayoutError.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(at_most)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise LayoutError(
            f"A file whose name ends in .gz is a whole packed file; {path.name} is not: {error}. "
            f"Copy it again."
        ) from error
