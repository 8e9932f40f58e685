"""Read the tasking file: TOML in which a sergeant writes what no record says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from peelian.core.errors import SchemaError
from peelian.core.patrols import Dose
from peelian.core.place_names import normalised
from peelian.core.tasking import DoseChanges, LostHours, Tasking
from peelian.core.week import DAYS, is_time_of_day
from peelian.ingest.strict_toml import read_strict_toml, require_day

MOST_UNITS = 26  # units are lettered
# More than anybody walks: what is above is a slip of the pen.
_LONGEST_MINUTES, _LONGEST_GAP, _MOST_VISITS = 120, 24 * 60, 24

_BAND = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]{0,38}[A-Za-z0-9])?")

_Value = TypeVar("_Value", str, int)

_NOT_EMPTY = {
    "shifts": ("band", "start", "end"),
    "known_places": ("place", "reason", "until"),
    "left_out": ("place", "reason"),
    "lost": ("date", "band", "unit"),
    "speak_to": ("who",),
    "concern_hours": ("start", "end"),
}


def read_tasking(path: Path) -> Tasking:
    """Read a tasking file strictly; docs/tasking-file.md says how one is written.

    InputError where none is there. A SchemaError names the place, what was found and what is
    allowed, for: a field nobody knows, a wrong kind of value, an empty text, a day that is not
    YYYY-MM-DD, a time that is not HH:MM, a weekday's name misspelt, a share or a number of units
    out of range, hours lost by a unit that no shift has, or a place told twice.
    """
    tasking = read_strict_toml(
        path,
        Tasking,
        what="A tasking file",
        if_missing=(
            f"A tasking file is a TOML file that a person writes; {path} is not there. Write one "
            f"as docs/tasking-file.md shows, or plan without one."
        ),
        named_by=("place", "band", "who"),
    )
    for part in _NOT_EMPTY:
        for number, row in enumerate(getattr(tasking, part), start=1):
            _check_row(part, row, f"{part} {number}", path.name)
    _check_bands(tasking, path.name)
    _check_lost(tasking, path.name)
    _check_places(tasking, path.name)
    _check_dose(tasking.dose, path.name)
    shares = sum(each.share for each in tasking.concern_hours)
    _require(
        shares <= 1 + 1e-9, path.name, "concern_hours", "the shares of all concern together",
        f"{shares:g}", "at most 1",
    )  # fmt: skip
    return tasking


def _require(holds: bool, name: str, where: str, key: str, found: object, allowed: str) -> None:
    if not holds:
        raise SchemaError(
            f"In {name}, {key} of {where} is {allowed}; found {found!r}. Correct it and read the "
            f"file again."
        )


def _check_row(part: str, row: msgspec.Struct, where: str, name: str) -> None:
    """What a type cannot say of one row: texts, days, times and ranges."""
    fields = msgspec.structs.asdict(row)
    for key in _NOT_EMPTY[part]:
        _require(bool(fields[key].strip()), name, where, key, fields[key], "a text, not empty")
    for key in {"until", "date"} & fields.keys():
        require_day(fields[key], key=key, where=where, name=name)
    for key in ("start", "end"):
        if fields.get(key):
            rule = "a time as HH:MM, from 00:00 to 23:59"
            _require(is_time_of_day(fields[key]), name, where, key, fields[key], rule)
    if fields.get("start"):
        rule = "another time than the start"
        _require(fields["start"] != fields["end"], name, where, "end", fields["end"], rule)
    for day in fields.get("days", ()):
        _require(day in DAYS, name, where, "days", day, f"any of {', '.join(DAYS)}")
    ranges: dict[str, tuple[float, float]] = {
        "units": (1, MOST_UNITS), "share": (0, 1), "rank": (0, 99),
    }  # fmt: skip
    for key, (least, most) in ranges.items():
        if key in fields:
            rule = f"from {least} to {most}"
            _require(least <= fields[key] <= most, name, where, key, fields[key], rule)


def _check_bands(tasking: Tasking, name: str) -> None:
    """A band names files and shifts, and its units of a day have a letter each."""
    written: dict[str, str] = {}
    units: Counter[tuple[str, str]] = Counter()
    for number, shift in enumerate(tasking.shifts, start=1):
        where = f"shifts {number}"
        rule = "letters a to z, figures, spaces and hyphens, 40 at most, such as late"
        _require(bool(_BAND.fullmatch(shift.band)), name, where, "band", shift.band, rule)
        own = written.setdefault(re.sub("[ -]+", "-", shift.band.lower()), shift.band)
        rule = f"spelt as the one before, {own!r}, or another word"
        _require(own == shift.band, name, where, "band", shift.band, rule)
        for day in dict.fromkeys(shift.days or DAYS):
            units[shift.band, day] += shift.units
            rule = f"with those before it on a {day.capitalize()} at most {MOST_UNITS}"
            found = units[shift.band, day]
            _require(found <= MOST_UNITS, name, where, f"units of {shift.band}", found, rule)


def _check_lost(tasking: Tasking, name: str) -> None:
    """Hours are lost by a unit that a shift has, from a time to a time, or the whole shift."""
    units: dict[str, int] = {}
    for shift in tasking.shifts:
        units[shift.band] = units.get(shift.band, 0) + shift.units
    for number, lost in enumerate(tasking.lost, start=1):
        where = f"lost {number}"
        hours, rule = f"{lost.start}-{lost.end}", "a start and an end, or neither: the whole shift"
        _require(bool(lost.start) == bool(lost.end), name, where, "the hours", hours, rule)
        if tasking.shifts:
            bands = ", ".join(units)
            _require(lost.band in units, name, where, "band", lost.band, f"any of {bands}")
        _check_unit(lost, units.get(lost.band, MOST_UNITS), where, name)


def _check_unit(lost: LostHours, units: int, where: str, name: str) -> None:
    letters = [chr(ord("A") + index) for index in range(min(units, MOST_UNITS))]
    rule = f"a capital letter, {letters[0]} to {letters[-1]}" if units > 1 else "A"
    _require(lost.unit in letters, name, where, "unit", lost.unit, rule)


def _check_places(tasking: Tasking, name: str) -> None:
    """A place is told once, and no two known places stand at one rank."""
    told = [each.place for each in tasking.known_places]
    told += [each.place for each in tasking.left_out]
    for place in _twice([normalised(each) for each in told]):
        written = next(each for each in told if normalised(each) == place)
        raise SchemaError(
            f"In a tasking file a place is told once, as known or as left out; {name} tells "
            f"{written!r} twice. Delete one of the two."
        )
    for rank in _twice([each.rank for each in tasking.known_places if each.rank]):
        raise SchemaError(
            f"Of known places each stands at a rank of its own; in {name} two stand at {rank}. "
            f"Give one of them another, or 0."
        )


def _twice(values: Iterable[_Value]) -> list[_Value]:
    return [each for each, times in Counter(values).items() if times > 1]


def _check_dose(dose: DoseChanges, name: str) -> None:
    """What is changed, with what stays as usual, is a dose that can be given."""
    usual = Dose()
    shortest = usual.shortest_minutes if dose.shortest_minutes is None else dose.shortest_minutes
    longest = usual.longest_minutes if dose.longest_minutes is None else dose.longest_minutes
    rule = f"at most {_LONGEST_MINUTES}"
    _require(longest <= _LONGEST_MINUTES, name, "dose", "longest_minutes", longest, rule)
    rule = f"from 1 to longest_minutes, {longest}"
    _require(1 <= shortest <= longest, name, "dose", "shortest_minutes", shortest, rule)
    gap = usual.gap_minutes if dose.gap_minutes is None else dose.gap_minutes
    rule = f"0 or more, and at most {_LONGEST_GAP}, a day"
    _require(0 <= gap <= _LONGEST_GAP, name, "dose", "gap_minutes", gap, rule)
    steps = usual.visits_a_day if dose.visits_a_day is None else dose.visits_a_day
    ranks = [rank for rank, _ in steps]
    rising = bool(ranks) and ranks[0] >= 1 and ranks == sorted(set(ranks))
    rule = "pairs of a last rank and the visits down to it, ranks from 1 and rising, as [[5, 3]]"
    found = [list(step) for step in steps]
    enough = all(visits >= 1 for _, visits in steps)
    _require(rising and enough, name, "dose", "visits_a_day", found, rule)
    most = max(visits for _, visits in steps)
    rule = f"at most {_MOST_VISITS} visits a day"
    _require(most <= _MOST_VISITS, name, "dose", "visits_a_day", most, rule)
