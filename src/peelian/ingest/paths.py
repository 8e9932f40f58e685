"""Paths that a person named: whether they are there, what a folder holds, what is packed."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from peelian.core.errors import InputError, LayoutError

# The largest monthly file of police.uk is some 30 MB. A file is held whole while it is read.
_MOST_BYTES_UNPACKED = 1 << 30


def existing(path: Path) -> Path:
    """The path itself; an InputError where no file and no folder is there."""
    if not path.exists():
        raise InputError(f"A path to ingest must exist; {path} does not. Check its spelling.")
    if not path.is_file() and not path.is_dir():
        raise InputError(
            f"A path to ingest is a file or a folder; {path} is a device or a pipe. Save what it "
            f"gives to a file, and name that."
        )
    return path


def existing_file(path: Path) -> Path:
    """The path itself; an InputError where no file is there."""
    if existing(path).is_dir():
        raise InputError(f"One file is read here; {path} is a folder. Name the file in it.")
    return path


def text_of(path: Path, *, what: str) -> str:
    """The text of a file in UTF-8, without the mark that some programs put first.

    what: what the file should be, for the message: a LayoutError where it is not UTF-8.
    """
    try:
        return existing_file(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LayoutError(
            f"{what} is plain text in UTF-8; {path.name} is not, at byte {error.start}. It may be "
            f"a document, a PDF or text in another encoding: save it as plain text in UTF-8."
        ) from error


def files_within(folder: Path) -> Iterator[Path]:
    """The files at any depth of a folder, sorted, without those hidden by a dot.

    A folder within that may not be looked into is an InputError: its months would be missed.
    """
    found = [
        Path(where, name)
        for where, _, names in os.walk(folder, onerror=_refuse_unread)
        for name in names
        if not name.startswith(".")
    ]
    for file in sorted(found):
        if file.is_file():
            yield file


def _refuse_unread(error: OSError) -> None:
    raise InputError(
        f"Every folder within a folder to ingest is read, so that no month is missed; "
        f"{error.filename} cannot be: {error.strerror}. Let it be read, or name the files."
    ) from error


def unpacked(archive: ZipFile, member: str | ZipInfo) -> bytes:
    """One member of a zip; a LayoutError where it would unpack to more than a gigabyte."""
    size = archive.getinfo(member).file_size if isinstance(member, str) else member.file_size
    if size > _MOST_BYTES_UNPACKED:
        raise LayoutError(
            f"a file in a zip may unpack to a gigabyte, and this one would to {size / 2**30:.1f}"
        )
    return archive.read(member)


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
