"""Saved answers of the police.uk API: which call each file answers, told by content and name.

A name such as `crimes-street_all-crime_E05000143_2018-03.json` says what was asked. The
content says what came back; where an answer is an empty list only the name can tell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from peelian.core.areas import AREA_CODE
from peelian.core.errors import LayoutError
from peelian.core.months import Month
from peelian.ingest.paths import existing, files_within, unpacked
from peelian.ingest.police_forces import FORCE_NAMES

AnswerKind = Literal[
    "crimes", "stops", "outcomes", "neighbourhood", "priorities", "people", "events", "boundary",
    "unknown",
]  # fmt: skip

ALL_CRIME = "all-crime"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_WARD_CODE = re.compile(rf"{AREA_CODE.pattern}N?")
_ROUTES: dict[str, AnswerKind] = {
    "crimes-street": "crimes",
    "crimes-at-location": "crimes",
    "crimes-no-location": "crimes",
    "stops-street": "stops",
    "stops-at-location": "stops",
    "stops-no-location": "stops",
    "stops-force": "stops",
    "outcomes-at-location": "outcomes",
    "outcomes-for-crime": "outcomes",
    "neighbourhood": "neighbourhood",
    "priorities": "priorities",
    "people": "people",
    "events": "events",
    "boundary": "boundary",
}
# Keys that an object of one kind has, and no object of another kind has all of.
_SIGNS: tuple[tuple[frozenset[str], AnswerKind], ...] = (
    (frozenset({"crime", "outcomes"}), "outcomes"),
    (frozenset({"category", "date", "crime"}), "outcomes"),
    (frozenset({"category", "month", "id"}), "crimes"),
    (frozenset({"datetime", "object_of_search"}), "stops"),
    (frozenset({"issue", "action"}), "priorities"),
    (frozenset({"start_date", "title"}), "events"),
    (frozenset({"name", "rank"}), "people"),
    (frozenset({"population", "contact_details"}), "neighbourhood"),
)


@dataclass(frozen=True)
class SavedAnswer:
    """One file's bytes, and what its name says was asked.

    extent: the ward or place that was asked for, the file's stem where no code stands in
    it. category: a crime type's slug where only that was asked for. route: the call, as
    `crimes-street`; empty where the name does not say.
    """

    file: str
    body: bytes
    route: str = ""
    category: str = ALL_CRIME
    extent: str = ""
    month: Month | None = None
    force: str | None = None


def saved_answers(paths: Sequence[Path]) -> Iterator[SavedAnswer]:
    """The JSON files of files, folders and zips, in the order of their names.

    A path that does not exist is an InputError, a zip that cannot be opened a LayoutError.
    """
    for path in paths:
        if path.is_dir():
            for file in (f for f in files_within(path) if f.suffix == ".json"):
                yield _described(file.relative_to(path).as_posix(), file.read_bytes())
        elif path.suffix.lower() == ".zip":
            yield from _from_zip(path)
        else:
            yield _described(path.name, existing(path).read_bytes())


def kind_of(answer: SavedAnswer) -> AnswerKind:
    """What an answer holds, by its objects' keys; by its name where it has none."""
    try:
        content = msgspec.json.decode(answer.body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _ROUTES.get(answer.route, "unknown")
    entries = content if isinstance(content, list) else [content]
    keys = [frozenset(entry) for entry in entries if isinstance(entry, dict)]
    if not keys:
        return _ROUTES.get(answer.route, "unknown")
    if keys[0] == {"latitude", "longitude"}:
        return "boundary"
    for signs, kind in _SIGNS:
        if any(signs <= held for held in keys):
            return kind
    return _ROUTES.get(answer.route, "unknown")


def _from_zip(path: Path) -> Iterator[SavedAnswer]:
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield _described(name, unpacked(archive, name))
    # RuntimeError: a member that asks for a password.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
        raise LayoutError(
            f"API answers are read from .json files, folders or zips; {path} cannot be read "
            f"as a zip: {error}. Copy it again."
        ) from error


def _described(name: str, body: bytes) -> SavedAnswer:
    path = PurePosixPath(name)
    parts = [part for folder in path.parts[:-1] for part in folder.split("_")]
    words = path.stem.split("_")
    route = next((word for word in words if word in _ROUTES), "")
    force = next((word for word in [*words, *reversed(parts)] if word in FORCE_NAMES), None)
    months = [word for word in [*words, *reversed(parts)] if _MONTH.fullmatch(word)]
    codes = [word for word in words if _WARD_CODE.fullmatch(word)]
    rest = [word for word in words if word not in (route, force) and word not in months]
    is_crimes = route == "crimes-street"
    category = rest.pop(0) if is_crimes and len(rest) > 1 else ALL_CRIME
    return SavedAnswer(
        file=name,
        body=body,
        route=route,
        category=category,
        extent=codes[0] if codes else "_".join(rest) or path.stem,
        month=Month.parse(months[0]) if months else None,
        force=force,
    )
