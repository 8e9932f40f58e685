"""A patrol log as CSV: where a unit was, from when to when. Every row is kept or refused.

A log is about places. Columns about people are left out unread, and a unit is a call sign.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from peelian.core.errors import LayoutError
from peelian.core.patrols import Hotspot, PatrolMode, Visit
from peelian.core.place_names import normalised
from peelian.ingest.paths import text_of
from peelian.ingest.repair import LONDON

# Our column, and what else a file may call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "place": ("place", "place id", "hot spot", "hotspot"),
    "start": ("start", "time in", "in"),
    "end": ("end", "time out", "out"),
    "mode": ("mode",),
    "unit": ("unit", "call sign", "callsign"),
    "visible": ("visible", "in uniform"),
}
_NEEDED = ("place", "start", "end")
_MODES: Mapping[str, PatrolMode] = {
    **{mode: mode for mode in get_args(PatrolMode)},
    "on foot": "foot", "walk": "foot", "bike": "cycle", "bicycle": "cycle", "car": "vehicle",
}  # fmt: skip
_YES_NO = {**dict.fromkeys(("yes", "y", "true", "1"), True),
           **dict.fromkeys(("no", "n", "false", "0"), False)}  # fmt: skip

# "A", "A2", "CN 21", "EK21A", "unit B", "team 4": what a unit of the day is called. A shoulder
# number is three to five figures, a warrant number more, a name a word.
_CALL_SIGN = re.compile(
    r"(?:(?:unit|team|car|patrol) )?(?:[A-Z]|[A-Z]{0,4}[ -]?\d{1,2}[A-Z]?)", re.IGNORECASE
)
_SHOULDER_NUMBER = re.compile(
    r"^(?:p\.?c\.?|pcso|sgt|ps|wpc)[ -]*\d|\d{3,}|^\d+ ?[A-Z]{2}$", re.IGNORECASE
)

# Columns whose title says that people stand in them.
_PERSONAL = re.compile(
    r"officer|collar|shoulder|warrant|badge|staff|employee|e-?mail|phone|mobile|person|sergeant|"
    r"constable|supervisor|\b(pc|pcso|who)\b|^((full|first|last|sur) ?)?name$",
    re.IGNORECASE,
)

_HAS_HOUR = re.compile(r"\d\d:\d\d")
# What may be repeated of a time that cannot be read: a date, a time of day, or both.
_TIMELY = re.compile(r"(\d{4}-\d\d-\d\d)?[T ]?(\d{1,2}:\d\d[\d:.+Z-]*)?")
_FIGURES = re.compile(r"\d{2}")

LONGEST_HOURS = 14
_MOST_LOOKED_FOR = 200  # names without a hot spot for which a near one is looked for
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be used.

    Neither reason nor text repeats what may be a person's name or number: anything can stand in
    a field that is wrong. text: the fields that are read, as written where they are a place of
    the plan, a time, a mode, a call sign, yes or no.
    """

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class PatrolLog:
    """What a log says: visits in order of the file, and the rows that were refused.

    duplicates: rows that say of a unit what an earlier one said. left_out: columns that were
    not read; of them `personal` look like people's. notes: what was taken as given where the
    file says nothing.
    """

    file: str
    visits: tuple[Visit, ...]
    refused: tuple[RefusedRow, ...]
    duplicates: int
    left_out: tuple[str, ...]
    personal: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return len(self.visits) + len(self.refused) + self.duplicates


def read_patrol_log(
    path: Path, *, hotspots: Sequence[Hotspot], mode: PatrolMode | None = None
) -> PatrolLog:
    """Read a log by the columns that docs/patrol-logs.md lists.

    hotspots: those of the plan; a row's place is the id or the name of one, and a row without a
    place is background patrol. mode: of rows that say none; without it they are refused. Times
    are ISO 8601, the clock on the wall in London, or with a zone; the end is excluded. A row
    that names an unknown place, ends before it starts, lasts more than LONGEST_HOURS, is not of
    the years FIRST_YEAR to LAST_YEAR, or whose unit may be a person is refused. A file that
    lacks place, start or end is a LayoutError; a file without rows gives none.
    """
    physical = io.StringIO(text_of(path, what="A patrol log"), newline="").readlines()
    rows = _rows(physical, path.name)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    where = _places_of_columns(header, path.name)
    known = _Known(hotspots)
    visits: list[Visit] = []
    refused: list[RefusedRow] = []
    duplicates = 0
    said: set[Visit] = set()
    for line, row in rows:
        fields = {
            name: row[place].strip() if place < len(row) else "" for name, place in where.items()
        }
        if len(row) != len(header):
            found: Visit | str = f"it has {len(row)} fields where the header has {len(header)}"
        else:
            found = _visit(fields, known, mode)
        if isinstance(found, str):
            refused.append(RefusedRow(line, found, _told(fields, known)))
        elif found.unit and found in said:
            duplicates += 1
        else:
            said.add(found)
            visits.append(found)
    left_out = tuple(name for place, name in enumerate(header) if place not in where.values())
    return PatrolLog(
        path.name, tuple(visits), tuple(refused), duplicates, left_out,
        tuple(name for name in left_out if _PERSONAL.search(name)), tuple(_notes(where, mode)),
    )  # fmt: skip


def _rows(physical: Sequence[str], file: str) -> Iterator[tuple[int, list[str]]]:
    """The first line and the fields of each row, the header first, blank ones left out."""
    reader = csv.reader(physical)
    line = 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise LayoutError(
            f"A patrol log can be divided into fields; {file} cannot, at line {line}: {error}. "
            f"Export it again as CSV."
        ) from error


def _places_of_columns(header: Sequence[str], file: str) -> dict[str, int]:
    """Our columns and where each stands; a LayoutError where one is missing or there twice."""
    lowered = [" ".join(name.lower().replace("_", " ").split()) for name in header]
    found = {
        ours: [place for place, name in enumerate(lowered) if name in names]
        for ours, names in COLUMNS.items()
    }
    wrong = [ours for ours in _NEEDED if not found[ours]]
    if len(wrong) == len(_NEEDED):
        _require_header(header, file)
    twice = [ours for ours, places in found.items() if len(places) > 1]
    if wrong or twice:
        raise LayoutError(
            f"A patrol log has the columns place, start and end, and may have mode, unit and "
            f"visible, each once; {file} "
            + " and ".join(
                [f"lacks {', '.join(wrong)}"] * bool(wrong)
                + [f"has more than one for {', '.join(twice)}"] * bool(twice)
            )
            + f". Its columns are {', '.join(header) or 'none'}; docs/patrol-logs.md says what "
            f"each may be called."
        )
    return {ours: places[0] for ours, places in found.items() if places}


def _require_header(header: Sequence[str], file: str) -> None:
    """A LayoutError for a first row of values, which is not repeated, or of no commas."""
    if any(_FIGURES.search(field) for field in header):
        raise LayoutError(
            f"The first row of a patrol log names its columns: place, start, end; that of {file} "
            f"has figures in it, as a visit has. Write the names above it."
        )
    if len(header) == 1 and (mark := re.search(r"[;\t|]", header[0])):
        raise LayoutError(
            f"The fields of a patrol log are divided by commas; those of {file} seem to be by "
            f"{mark.group()!r}. Export it again as CSV with commas."
        )


class _Known:
    """The hot spots of a plan by what a log may call them."""

    def __init__(self, hotspots: Sequence[Hotspot]) -> None:
        self._ids: dict[str, list[str]] = {}
        self._near: dict[str, str] = {}
        for each in hotspots:
            for written in dict.fromkeys((normalised(each.place_id), normalised(each.name))):
                self._ids.setdefault(written, []).append(each.place_id)

    def ids(self, written: str) -> Sequence[str]:
        """The ids of those that are called so."""
        return self._ids.get(normalised(written), ())

    def near(self, written: str) -> str:
        """What is called nearly so; empty for nothing, and where many names were asked for.

        A force's own log has a million rows of other wards, and looking for each takes minutes.
        """
        name = normalised(written)
        if name not in self._near and len(self._near) < _MOST_LOOKED_FOR:
            self._near[name] = "".join(get_close_matches(name, self._ids, n=1))
        return self._near.get(name, "")


def _visit(fields: Mapping[str, str], known: _Known, mode: PatrolMode | None) -> Visit | str:
    """The row as a visit, or why it is none."""
    reason = unit_fault(fields.get("unit", ""))
    place = _place(fields["place"], known)
    start, end = _wall_clock(_moment(fields["start"]), _moment(fields["end"]))
    written = " ".join(fields.get("mode", "").lower().split())
    own = _MODES.get(written) if written else mode
    visible = _YES_NO.get(fields.get("visible", "").lower() or "yes")
    if reason:
        return reason
    if place is None:
        return _unknown(fields["place"], known)
    if start is None or end is None:
        return "start and end are ISO times, such as 2026-12-01T14:05; one of them is not"
    if not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR:
        return f"it is not of the years {FIRST_YEAR} to {LAST_YEAR}: the year may be wrong"
    if end <= start:
        return "it ends before it starts, or lasts no time"
    if end - start > timedelta(hours=LONGEST_HOURS):
        return f"it lasts more than {LONGEST_HOURS} hours: one of its days may be wrong"
    if own is None:
        return f"mode is one of foot, cycle, vehicle; it is {'another' if written else 'empty'}"
    if visible is None:
        return "visible is yes or no"
    return Visit(place, start, end, own, fields.get("unit", ""), visible)


def _place(written: str, known: _Known) -> str | None:
    """The id that is meant, empty for background; None where it is no one hot spot's."""
    if not written:
        return ""
    found = known.ids(written)
    return found[0] if len(found) == 1 else None


def _unknown(written: str, known: _Known) -> str:
    found = known.ids(written)
    if found:
        return f"{written!r} is the name of several hot spots; give one's id: {', '.join(found)}"
    near = known.near(written)
    return "its place is no hot spot of the plan, by id or name" + (
        f"; near it: {near}" if near else ""
    )


def unit_fault(unit: str) -> str:
    """Why a unit cannot be kept; empty where it can."""
    if _SHOULDER_NUMBER.search(unit):
        return "unit looks like an officer's number; give the day's call sign, such as A"
    if not unit or _CALL_SIGN.fullmatch(unit):
        return ""
    return "unit looks like a person's name; give the day's call sign, such as A"


def _moment(written: str) -> datetime | None:
    """The time that is written, with its zone if it has one; None where it is no date and time."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if _HAS_HOUR.search(written) else None


def _wall_clock(
    start: datetime | None, end: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Both times as a clock in London shows them; of times with zones, so long after as it was."""
    try:
        walls = [
            each.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None) if each and each.tzinfo else each
            for each in (start, end)
        ]
    except OverflowError:
        return None, None
    if walls[0] and start and end and start.tzinfo and end.tzinfo:
        # On the night when clocks change the wall would show an hour that did not pass.
        return walls[0], walls[0] + (end - start)
    return walls[0], walls[1]


def _told(fields: Mapping[str, str], known: _Known) -> str:
    """The fields that are read, for a person to find the row by, without what may be a person."""
    return ", ".join(
        f"{name}={value if _may_be_told(name, value, known) else '(left out)'}"
        for name, value in fields.items()
    )


def _may_be_told(name: str, value: str, known: _Known) -> bool:
    """Whether a value is one that its column has, and so no name or number of a person."""
    match name:
        case "place":
            return not value or bool(known.ids(value))
        case "start" | "end":
            return bool(_TIMELY.fullmatch(value))
        case "mode":
            return not value or " ".join(value.lower().split()) in _MODES
        case "visible":
            return not value or value.lower() in _YES_NO
        case _:
            return not unit_fault(value)


def _notes(where: Mapping[str, int], mode: PatrolMode | None) -> Iterator[str]:
    if "mode" not in where and mode:
        yield f"the file has no column mode: all of it is taken as {mode}"
    if "visible" not in where:
        yield "the file has no column visible: all of it is taken as in uniform"
    if "unit" not in where:
        yield "the file has no column unit: a visit that stands twice counts twice"
