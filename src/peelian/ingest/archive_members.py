"""The files of a data.police.uk archive: which there are, and their bytes, read one ahead."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from peelian.core.errors import InputError, LayoutError
from peelian.core.months import Month
from peelian.ingest.paths import existing, files_within, unpacked
from peelian.store import PartitionKey, SourceFile

SOURCE = "police.uk"
TABLE_OF_KIND = {"street": "crimes", "outcomes": "outcomes", "stop-and-search": "stops"}
_NAME = re.compile(r"(\d{4}-\d{2})-([a-z-]+)-(street|outcomes|stop-and-search)\.csv", re.IGNORECASE)
# Some programs on Windows write backslashes into a zip, against its specification.
_SEPARATOR = re.compile(r"[/\\]")
_READ_AHEAD = 2  # files in memory beside the one being parsed
_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Member:
    """One monthly file of an archive. Its name says what it holds, of which force and month."""

    archive: Path
    path: str  # inside the archive
    size: int
    kind: str
    force: str
    month: Month

    @property
    def name(self) -> str:
        """The archive's name and the path inside it, as reports and the quarantine show it."""
        is_one_file = self.archive.name == self.path
        return self.path if is_one_file else f"{self.archive.name}/{self.path}"

    @property
    def key(self) -> PartitionKey:
        """The partition that the file fills."""
        return PartitionKey(TABLE_OF_KIND[self.kind], SOURCE, self.force, str(self.month))


@dataclass(frozen=True)
class ReadMember:
    """A member and its bytes, or the fault because of which they could not be had."""

    member: Member
    content: bytes
    sha256: str
    fault: str = ""

    @property
    def source(self) -> SourceFile:
        """The published file as the catalogue records it; a LayoutError where it has a fault."""
        if self.fault:
            raise LayoutError(
                f"A file of an archive must be readable; {self.member.name} is not: "
                f"{self.fault}. Download the archive again."
            )
        return SourceFile(self.member.name, self.sha256, len(self.content))


def members_of(archive: Path) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """The monthly files of a zip, a folder or a single file, and the names passed over.

    Sorted so that each kind and force comes together, month by month. A path that does not
    exist or a zip that cannot be opened is an InputError. Zips in a folder are archives of
    their own and belong to neither list.
    """
    members, passed_over = [], []
    for path, size in _listing(archive):
        match = _NAME.fullmatch(_SEPARATOR.split(path)[-1])
        try:
            month = Month.parse(match[1]) if match else None
        except InputError:
            month = None
        if match is None or month is None:
            passed_over.append(path)
            continue
        members.append(Member(archive, path, size, match[3].lower(), match[2].lower(), month))
    members.sort(key=lambda member: (member.kind, member.force, member.month, member.path))
    return tuple(members), tuple(passed_over)


def read_ahead(members: Sequence[Member]) -> Iterator[ReadMember]:
    """The members' bytes in order, unzipped and hashed while those before are parsed."""
    with ExitStack() as stack:
        zips: dict[Path, zipfile.ZipFile] = {}
        for archive in {member.archive for member in members}:
            if archive.is_file() and _is_zip(archive):
                zips[archive] = stack.enter_context(zipfile.ZipFile(archive))
        yield from worked_ahead(
            lambda member: _read(member, zips.get(member.archive)), members, depth=_READ_AHEAD
        )


def worked_ahead(
    work: Callable[[_T], _R], items: Iterable[_T], *, depth: int, threads: int = 1
) -> Iterator[_R]:
    """The results of work in order, made in other threads while those before are used.

    depth: how many results may lie ready or be under way.
    """
    with ThreadPoolExecutor(max_workers=threads) as pool:
        ahead: deque[Future[_R]] = deque()
        for item in items:
            ahead.append(pool.submit(work, item))
            if len(ahead) > depth:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _read(member: Member, opened: zipfile.ZipFile | None) -> ReadMember:
    try:
        if opened is not None:
            content = unpacked(opened, member.path)
        elif member.archive.is_dir():
            content = (member.archive / member.path).read_bytes()
        else:
            content = member.archive.read_bytes()
    # A zip's members can be damaged, encrypted or packed in a way Python does not know.
    except (
        OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, LayoutError,
    ) as error:  # fmt: skip
        return ReadMember(member, b"", "", fault=str(error) or type(error).__name__)
    return ReadMember(member, content, hashlib.sha256(content).hexdigest())


def _listing(archive: Path) -> Iterator[tuple[str, int]]:
    if archive.is_dir():
        for file in files_within(archive):
            if not _is_zip(file):
                yield file.relative_to(archive).as_posix(), file.stat().st_size
        return
    if not _is_zip(existing(archive)):
        yield archive.name, archive.stat().st_size
        return
    try:
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                if not info.is_dir():
                    yield info.filename, info.file_size
    except (zipfile.BadZipFile, OSError) as error:
        raise LayoutError(
            f"An archive must be a whole zip file; {archive} is not: {error}. Download it again."
        ) from error


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"
