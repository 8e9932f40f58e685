"""Typical seasons: what months of the year are usually multiplied by, and who counted it.

A YAML file says from which official counts, of which months, and how. Each crime type stands
either among the seasons, with the official categories it was read from, or among those
without, with the reason.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from math import log
from pathlib import Path

import msgspec

from peelian.core.crimes import CRIME_TYPES
from peelian.measures.strict import (
    from_yaml,
    in_form,
    is_month,
    require,
    require_review,
    require_texts,
)

# The only one so far: other forces' seasons start from London's too, and are drawn less to it
# the longer their own records go back.
OWN_FILE = "seasons/london-2010-2015.yaml"
_YEAR = 12
_ROUNDING = 0.005


class TypicalSeason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Twelve factors of a crime type's daily rate, January first, and what they were read from.

    read_from: the official categories that stand for the type.
    """

    crime_type: str
    factors: tuple[float, ...]
    read_from: list[str]


class WithoutSeason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A crime type of which no typical season is known, and why."""

    crime_type: str
    reason: str


class SeasonTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The strict form of a YAML file of typical seasons.

    source: who counted. derivation: how factors came from counts of first_month to last_month.
    """

    id: str
    title: str
    definition: str
    source: str
    first_month: str  # YYYY-MM
    last_month: str
    derivation: str
    seasons: list[TypicalSeason]
    without_season: list[WithoutSeason]
    author: str
    reviewed: str  # YYYY-MM-DD
    review_due: str


def typical_season(crime_type: str) -> tuple[float, ...] | None:
    """Twelve factors of a crime type, January first; None where no season is known."""
    return _own_seasons().get(crime_type)


def read_seasons(path: Path) -> SeasonTable:
    """Read a file of typical seasons; its id is the file's name.

    A file that breaks the schema is a SchemaError that names the file and the key.
    """
    written = from_yaml(path)
    read = in_form(written, SeasonTable, path, schema="typical seasons", explained=__name__)
    _check(path, read)
    return read


@cache
def _own_seasons() -> dict[str, tuple[float, ...]]:
    with resources.as_file(resources.files(__package__) / OWN_FILE) as path:
        return {each.crime_type: each.factors for each in read_seasons(path).seasons}


def _check(path: Path, read: SeasonTable) -> None:
    """What a type cannot say: texts, months, dates, factors, and that no crime type is left out."""
    require(path, "id", read.id, read.id == path.stem, f"the file's name, {path.stem}")
    require_texts(path, read, ("title", "definition", "source", "derivation", "author"))
    for key in ("first_month", "last_month"):
        require(path, key, getattr(read, key), is_month(getattr(read, key)), "YYYY-MM")
    later = read.first_month < read.last_month
    require(path, "last_month", read.last_month, later, f"a month after {read.first_month}")
    named = [season.crime_type for season in read.seasons]
    named += [without.crime_type for without in read.without_season]
    once = "every crime type once, among seasons or without_season"
    require(path, "crime_type", sorted(named), sorted(named) == sorted(CRIME_TYPES), once)
    for each in read.seasons:
        _check_season(path, each)
    for without in read.without_season:
        key = f"without_season.{without.crime_type}.reason"
        require(path, key, without.reason, bool(without.reason.strip()), "why it has none")
    require_review(path, reviewed=read.reviewed, review_due=read.review_due)


def _check_season(path: Path, each: TypicalSeason) -> None:
    where = f"seasons.{each.crime_type}"
    months = len(each.factors) == _YEAR and all(
        0 < factor < float("inf") for factor in each.factors
    )
    require(path, f"{where}.factors", each.factors, months, "twelve, above zero and finite")
    middle = sum(map(log, each.factors)) / _YEAR
    rule = "factors whose logarithms add up to zero, but for rounding"
    require(path, f"{where}.factors", each.factors, abs(middle) <= _ROUNDING, rule)
    require(path, f"{where}.read_from", each.read_from, bool(each.read_from), "at least one")
