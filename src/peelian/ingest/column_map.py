"""A column map: how one organisation's CSV says what our crimes table says. Written in TOML.

The map is a strict form. A field that nobody knows is an error, so that a misspelt
`occured_from` is found when the map is read and not when its times are missed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from peelian.core.crimes import CRIME_TYPES, RETIRED_TYPES
from peelian.core.errors import SchemaError
from peelian.ingest.police_forces import FORCE_NAMES

_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_HOURS = re.compile(r"%[-_]?[HIkTRXcrs]")


class Moment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A date or a time: the column it stands in, or several joined by a blank, and how.

    format: in the directives of strptime, as "%d/%m/%Y %H:%M".
    """

    column: str | list[str]
    format: str

    @property
    def columns(self) -> list[str]:
        """The columns to join."""
        return [self.column] if isinstance(self.column, str) else self.column

    @property
    def has_time(self) -> bool:
        """Whether the format says a time of day."""
        return _HOURS.search(self.format) is not None


class Times(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from"}
):
    """When it happened: at the earliest, and at the latest where that is another moment."""

    start: Moment
    to: Moment | None = None
    zone: str = "Europe/London"  # the clock the columns show


class Coordinates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it happened. x: easting or longitude. y: northing or latitude."""

    system: Literal["EPSG:27700", "EPSG:4326"]
    x: str
    y: str


class ForceColumn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The column that says whose record it is, and police.uk's force id for each value."""

    column: str
    values: dict[str, str]


class Flag(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact that open data lack: set where the column holds one of the values.

    Capitals and outer blanks do not matter. split: what divides several values in one cell.
    """

    flag: str
    column: str
    values: list[str]
    split: str = ""


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Our column = the file's column."""

    crime_type: str
    published_id: str = ""
    crime_id: str = ""
    location: str = ""
    last_outcome: str = ""
    context: str = ""
    lsoa_code: str = ""
    lsoa_name: str = ""


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The strict form of a column map's TOML file.

    source: the name the records have in the store. force: police.uk's force id of rows for
    which `force_from` says none. crime_types: published value = slug; a value that is not
    listed is read as a label of police.uk. Either `month` or `times` is needed; without
    `month` a row's month is that of its earliest time.
    """

    source: str
    title: str
    licence: str
    columns: Columns
    force: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    month: Moment | None = None
    times: Times | None = None
    coordinates: Coordinates | None = None
    force_from: ForceColumn | None = None
    crime_types: dict[str, str] = {}
    flags: list[Flag] = []

    @property
    def columns_read(self) -> list[str]:
        """Every column of the file that the map names."""
        named = [name for name in msgspec.structs.astuple(self.columns) if name]
        moments = [self.month, self.times and self.times.start, self.times and self.times.to]
        named += [column for moment in moments if moment for column in moment.columns]
        if self.coordinates:
            named += [self.coordinates.x, self.coordinates.y]
        if self.force_from:
            named.append(self.force_from.column)
        named += [flag.column for flag in self.flags]
        return list(dict.fromkeys(named))


def read_column_map(name: str | Path) -> ColumnMap:
    """Read a map from a TOML file, or the built-in map of that name: "camden-open-data".

    A SchemaError says what is wrong, and where.
    """
    path, built_in = Path(name), built_in_maps()
    if not path.is_file():
        if str(name) in built_in:
            return parse_column_map(built_in[str(name)], name=str(name))
        raise SchemaError(
            f"A column map is a TOML file or the name of a built-in one "
            f"({', '.join(sorted(built_in))}); {name} is neither. Check its spelling."
        )
    return parse_column_map(path.read_bytes(), name=path.name)


def built_in_maps() -> dict[str, bytes]:
    """The maps that ship with the program, by name."""
    folder = resources.files("peelian.ingest") / "column_maps"
    return {
        entry.name.removesuffix(".toml"): entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def parse_column_map(content: bytes, *, name: str) -> ColumnMap:
    """A map from its TOML; `name` stands in the messages."""
    try:
        column_map = msgspec.toml.decode(content, type=ColumnMap)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SchemaError(
            f"A column map has the fields that docs/column-maps.md lists; {name} has not: "
            f"{error}. Put it right there."
        ) from error
    faults = list(_faults(column_map))
    if faults:
        raise SchemaError(f"The column map {name} cannot be used: {'; '.join(faults)}.")
    return column_map


def _faults(found: ColumnMap) -> Iterator[str]:
    if not _SOURCE_NAME.fullmatch(found.source) or found.source.startswith("police.uk"):
        yield (
            f"source is a name of small letters, figures, dots and hyphens, and not one of "
            f"police.uk's, found {found.source!r}"
        )
    if not found.licence.strip():
        yield "licence is empty: say under what terms the records may be used"
    if found.month is None and found.times is None:
        yield "neither month nor times says when a record belongs"
    slugs = CRIME_TYPES | RETIRED_TYPES
    for value, slug in found.crime_types.items():
        if slug not in slugs:
            yield f"crime_types.{value} is {slug!r}, which is none of {', '.join(slugs)}"
    forces = {"force": found.force} if found.force else {}
    if found.force_from:
        forces |= {f"force_from.values.{v}": f for v, f in found.force_from.values.items()}
    for where, force in forces.items():
        if force not in FORCE_NAMES:
            yield f"{where} is {force!r}, which is no force id of police.uk, such as metropolitan"
    if len(found.delimiter) != 1:
        yield f"delimiter is one character, found {found.delimiter!r}"
    try:
        codecs.lookup(found.encoding)
    except LookupError:
        yield f"encoding {found.encoding!r} is not known"
    if found.times:
        try:
            ZoneInfo(found.times.zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield f"times.zone {found.times.zone!r} is not known; write it as Europe/London"
    yield from _format_faults(found)


def _format_faults(found: ColumnMap) -> Iterator[str]:
    moments = {"month": found.month}
    if found.times:
        moments |= {"times.from": found.times.start, "times.to": found.times.to}
    known = datetime(2019, 6, 17, 13, 45)
    for where, moment in moments.items():
        if moment is None:
            continue
        try:
            back = datetime.strptime(known.strftime(moment.format), moment.format)
        except ValueError as error:
            yield f"{where}.format {moment.format!r} cannot be read: {error}"
            continue
        if (back.year, back.month) != (2019, 6):
            yield f"{where}.format {moment.format!r} says no year and month"
        elif where != "month" and back.day != known.day:
            yield f"{where}.format {moment.format!r} says no day"
