"""Snapshots that never change, named by their content, and the proof of where they come from.

`<site>/<ward>/snapshots/<date>-<id>/` holds everything that was published at a time; the
folder of the ward shows the newest, its links starting there. The manifest lists every file
with its checksum, every input with checksum and licence, and all that is needed to compute
the numbers again. A snapshot's id is a hash over the content files, the inputs, the
parameters, the code version and the seed. The pages laid out from them name the id, so they
are listed and checked, but cannot be part of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from peelian.core.errors import VerificationError
from peelian.publication.disclosed import DisclosedSource, DisclosedWardPage
from peelian.publication.swapping import alone_in, link_folder, recover, swap_folder, write_folder

MANIFEST = "manifest.json"
PAGE = "page.json"
SNAPSHOTS = "snapshots"
_ID_LETTERS = 12
# In a snapshot's page, a link to another snapshot of the ward.
_OTHER_SNAPSHOT = re.compile(rb'href="\.\./(\d{4}-\d\d-\d\d-[0-9a-f]{12}/)')


@dataclass(frozen=True)
class FileRecord:
    """What a file has to be: its SHA-256 and its size in bytes."""

    sha256: str
    size: int

    @classmethod
    def of(cls, content: bytes) -> FileRecord:
        """The record of a file's content."""
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@dataclass(frozen=True)
class Manifest:
    """The proof beside a snapshot.

    parameters: what a reader needs to compute the page again: boundary set, choice of
    records. earlier: ids of the snapshots that disclosure reckoned with. content: the files
    that the id stands for. pages: those laid out from them.
    """

    id: str
    ward_code: str
    snapshot_day: str  # YYYY-MM-DD
    code_version: str
    seed: int
    parameters: dict[str, Any]
    earlier: tuple[str, ...]
    inputs: tuple[DisclosedSource, ...]
    content: dict[str, FileRecord]
    pages: dict[str, FileRecord] = field(default_factory=dict)
    format: int = 1

    @property
    def folder_name(self) -> str:
        """The snapshot's folder, such as 2018-05-01-3f2a91c07b5e."""
        return f"{self.snapshot_day}-{self.id}"


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on the disk. `is_new` is False where the same content had been published."""

    folder: Path
    manifest: Manifest
    is_new: bool


@dataclass(frozen=True)
class Difference:
    """A value that cannot be computed again."""

    path: str  # priorities[1].measures[0].months[3].count.value
    published: str
    recomputed: str

    def __str__(self) -> str:
        return f"{self.path}: published {self.published}, recomputed {self.recomputed}"


def draft_manifest(
    page: DisclosedWardPage,
    content: Mapping[str, bytes],
    *,
    parameters: Mapping[str, Any],
    earlier: Sequence[Manifest] = (),
) -> Manifest:
    """Name a snapshot by what it holds, before the pages that show its id are laid out.

    earlier: the manifests of the snapshots that `disclose` was given. To see whether a page
    has been published already, draft it with those of the newest snapshot: the same content
    then gives its id.
    """
    records = {name: FileRecord.of(content[name]) for name in sorted(content)}
    drafted = Manifest(
        id="",
        ward_code=page.ward_code,
        snapshot_day=page.snapshot_day,
        code_version=page.code_version,
        seed=page.seed,
        parameters=dict(parameters),
        earlier=tuple(manifest.id for manifest in earlier),
        inputs=page.sources,
        content=records,
    )
    return replace(drafted, id=_id(drafted))


def write_snapshot(
    site: Path, manifest: Manifest, *, content: Mapping[str, bytes], pages: Mapping[str, bytes]
) -> Snapshot:
    """Publish a snapshot, and let the ward's folder show the newest. All appears, or nothing.

    Everything is written beside and swapped in at once: killed at any moment, this leaves
    the site as it was or as it will be. The same content gives the same id, and a snapshot
    that is there already is not written again.
    """
    ward = site / manifest.ward_code
    beside = ward.with_name(f".{ward.name}-beside")
    site.mkdir(parents=True, exist_ok=True)
    with alone_in(site):
        recover(ward, beside=beside)
        folder = ward / SNAPSHOTS / manifest.folder_name
        if folder.exists():
            return Snapshot(folder, read_manifest(folder), is_new=False)
        records = {name: FileRecord.of(pages[name]) for name in sorted(pages)}
        listed = replace(manifest, pages=records)
        files = {**content, **pages, MANIFEST: _as_json(listed)}
        write_folder(beside, _as_front(_newest(ward, listed) or files))
        if (ward / SNAPSHOTS).exists():
            link_folder(ward / SNAPSHOTS, beside / SNAPSHOTS)
        write_folder(beside / SNAPSHOTS / manifest.folder_name, files)
        swap_folder(beside, ward)
    return Snapshot(folder, listed, is_new=True)


def _as_front(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A snapshot's files as the ward's own folder shows them: links start two folders higher."""
    return {
        name: _OTHER_SNAPSHOT.sub(rb'href="snapshots/\1', content).replace(
            b'href="../../../', b'href="../'
        )
        if name.endswith(".html")
        else content
        for name, content in files.items()
    }


def snapshots_of(ward: Path) -> tuple[Snapshot, ...]:
    """Every snapshot of a ward's folder, oldest first; none where there is no folder."""
    found = [
        Snapshot(folder, read_manifest(folder), is_new=False)
        for folder in (ward / SNAPSHOTS).glob("*-*")
    ]
    return tuple(sorted(found, key=lambda snapshot: _order(snapshot.manifest)))


def _order(manifest: Manifest) -> tuple[str, int, str]:
    """Of one day, the later snapshot is the one that reckons with more before it."""
    return manifest.snapshot_day, len(manifest.earlier), manifest.id


def _newest(ward: Path, manifest: Manifest) -> dict[str, bytes] | None:
    """The files of the newest snapshot there is, if it is newer than this one."""
    newest = max(snapshots_of(ward), key=lambda s: _order(s.manifest), default=None)
    if newest is None or _order(newest.manifest) < _order(manifest):
        return None
    return {path.name: path.read_bytes() for path in sorted(newest.folder.iterdir())}


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder, or of a ward's. None there: VerificationError."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise VerificationError(
            f"A published folder holds {MANIFEST}; {folder} has none. Name the folder of a ward "
            f"or of one of its snapshots."
        ) from None
    except msgspec.DecodeError as error:
        raise VerificationError(
            f"{MANIFEST} of {folder} cannot be read: {error}. Fetch the snapshot again."
        ) from None


def read_page(folder: Path) -> DisclosedWardPage:
    """The numbers and sentences of a snapshot, as they were published."""
    try:
        return msgspec.json.decode((folder / PAGE).read_bytes(), type=DisclosedWardPage)
    except (FileNotFoundError, msgspec.DecodeError) as error:
        raise VerificationError(
            f"A snapshot holds its numbers in {PAGE}; that of {folder} cannot be read: {error}. "
            f"Fetch the snapshot again."
        ) from None


def check_files(folder: Path) -> Manifest:
    """Hold every file against the manifest. VerificationError names each one that differs."""
    manifest = read_manifest(folder)
    expected = {**manifest.content, **manifest.pages}
    wrong = [
        f"{name} {why}"
        for name, record in expected.items()
        if (why := _wrong(folder / name, record))
    ]
    there = {path.name for path in folder.iterdir() if path.is_file()}
    wrong += [f"{name} is not in the manifest" for name in sorted(there - {*expected, MANIFEST})]
    if manifest.id != _id(manifest):
        wrong.append(f"{MANIFEST} does not give the id {manifest.id}")
    if wrong:
        raise VerificationError(
            f"Every file of a snapshot is as its manifest says. In {folder.name}: "
            f"{'; '.join(wrong)}. Do not rely on it; fetch it again from its publisher."
        )
    return manifest


def check_front(ward: Path, newest: Snapshot) -> None:
    """Hold the ward's own folder against its newest snapshot: it is what readers open.

    VerificationError names each file that is not the snapshot's.
    """
    names = {*newest.manifest.content, *newest.manifest.pages, MANIFEST}
    expected = _as_front({name: (newest.folder / name).read_bytes() for name in sorted(names)})
    wrong = [
        f"{name} {why}"
        for name, content in expected.items()
        if (why := _wrong(ward / name, FileRecord.of(content)))
    ]
    there = {path.name for path in ward.iterdir() if path.is_file()}
    wrong += [f"{name} is not the snapshot's" for name in sorted(there - expected.keys())]
    if wrong:
        raise VerificationError(
            f"A ward's folder shows its newest snapshot, {newest.folder.name}. In {ward.name}: "
            f"{'; '.join(wrong)}. Rely on the snapshot, and publish it again."
        )


def compare(published: bytes, recomputed: bytes) -> tuple[Difference, ...]:
    """Every value in which two `page.json` differ, with its path and both values."""
    return tuple(_differences("", msgspec.json.decode(published), msgspec.json.decode(recomputed)))


def _differences(path: str, old: Any, new: Any) -> list[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = dict.fromkeys([*old, *new])
        pairs = [(f"{path}.{key}".lstrip("."), old.get(key), new.get(key)) for key in keys]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(old, new, strict=True))]
    elif isinstance(old, list) and isinstance(new, list):
        return [Difference(f"{path}.length", str(len(old)), str(len(new)))]
    else:
        return [] if old == new else [Difference(path, _said(old), _said(new))]
    return [found for where, a, b in pairs for found in _differences(where, a, b)]


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _wrong(path: Path, record: FileRecord) -> str:
    if not path.is_file():
        return "is missing"
    return "" if FileRecord.of(path.read_bytes()) == record else "has been changed"


def _id(manifest: Manifest) -> str:
    """The hash over everything but the id itself and the pages that show it."""
    plain = msgspec.to_builtins(manifest)
    hashed = {key: value for key, value in plain.items() if key not in ("id", "pages")}
    text = msgspec.json.encode(hashed, order="sorted")
    return hashlib.sha256(text).hexdigest()[:_ID_LETTERS]


def _as_json(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
