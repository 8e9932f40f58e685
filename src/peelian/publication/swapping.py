"""Put a whole folder where an older one stood, in one step where the system can."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2
_HERE = -100  # AT_FDCWD


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other program swaps a folder within this one, and keep others waiting.

    Two that write at once would clear each other's half-written folder, and swap it in. The
    system gives the lock back when a program ends, however it ends. Without one (a system or a
    disk that has none) nobody waits.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder and wait until they are on the disk."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        with (folder / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _to_disk(folder)


def link_folder(source: Path, target: Path) -> None:
    """A second name for every file of a folder; a copy where the disk knows no second names."""

    def link(old: str, new: str) -> None:
        try:
            os.link(old, new)
        except OSError:
            shutil.copy2(old, new)

    shutil.copytree(source, target, copy_function=link)


def swap_folder(new: Path, place: Path) -> None:
    """Let `new` stand at `place`; what stood there is removed. Both are on one disk.

    On Linux the two change places in one step. Elsewhere the old one is first set aside, and
    `recover` brings it back if that was as far as it came.
    """
    if not place.exists():
        new.rename(place)
    elif _exchanged(new, place):
        shutil.rmtree(new)
    else:
        place.rename(_set_aside(place))
        new.rename(place)
        shutil.rmtree(_set_aside(place))
    _to_disk(place.parent)


def recover(place: Path, *, beside: Path) -> None:
    """Clear what a swap left that was interrupted: the last good folder stands again."""
    aside = _set_aside(place)
    if aside.exists() and not place.exists():
        aside.rename(place)
    for left_over in (aside, beside):
        if left_over.exists():
            shutil.rmtree(left_over)


def _set_aside(place: Path) -> Path:
    return place.with_name(f".{place.name}-before")


def _exchanged(first: Path, second: Path) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done: int = rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE)
    return done == 0


def _to_disk(folder: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened, and need not be
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(file: Path, content: bytes) -> None:
    """Let a file have this content: written beside and renamed, so it is never half there."""
    beside = file.with_name(f".{file.name}.part")
    beside.write_bytes(content)
    beside.replace(file)
