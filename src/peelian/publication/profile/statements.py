"""A statement of a problem profile: its words, and every number in them.

A number that stands in a statement's words and not among its figures is a mistake of this
package, so such a statement cannot be made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from peelian.publication.translation import _

Section = Literal["about", "where", "changing", "when", "why", "unknown", "next", "how"]
Figure = float | int | str

SECTIONS: Mapping[Section, str] = {
    "about": _("What this is about"),
    "where": _("Where"),
    "changing": _("What is changing"),
    "when": _("When"),
    "why": _("Why there"),
    "unknown": _("What we cannot know"),
    "next": _("For the next briefing"),
    "how": _("How each figure was made"),
}

# What a statement rests on: the names of the table of sources.
RECORDS = _("Recorded crime")
FEATURES = _("Shops, stops and stations")
STREETS = _("Streets")

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Statement:
    """One finding, in words, with what it rests on.

    figures: every number of `text` by name: as it was computed, or as text where it is part
    of a name, a date or a reason. how_sure: a word of wording's fixed scale, or what stands in for
    it ("a range that holds 9 in 10"); empty for a plain count or a fact. method: the part
    after "how." of the statement that says how it was made; empty for one of those.
    source: which records or map it rests on.
    """

    id: str  # unique: "where.place.1"
    section: Section
    text: str
    figures: Mapping[str, Figure]
    how_sure: str = ""
    method: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        known = {number for value in self.figures.values() for number in written(value)}
        said = f"{self.text} {self.how_sure}"
        if untraced := sorted(set(numbers_in(said)) - known):
            raise ValueError(
                f"Every number of a statement is one of its figures; {self.id} says "
                f"{', '.join(untraced)} and has no such figure: {said}"
            )


def not_known(id_: str, section: Section, question: str, why: str, *, sure: str = "") -> Statement:
    """A question that these records cannot answer, with the reason. sure: too few, unless given.

    It has no method: none was used.
    """
    text = _("{question}: not known. {why}").format(question=question, why=why)
    return Statement(
        id_, section, text, {"reason": why}, sure or _("too few to say"), source=RECORDS
    )


def not_asked(id_: str, section: Section, question: str, why: str) -> Statement:
    """A question that is not put to these records, whatever is held, with the reason."""
    text = _("{question}: not asked. {why}").format(question=question, why=why)
    return Statement(id_, section, text, {"reason": why}, source=RECORDS)


def numbers_in(text: str) -> Iterator[str]:
    """The numbers written in a text, without the commas between thousands."""
    return (found.replace(",", "") for found in _NUMBER.findall(text))


def written(value: Figure) -> Iterator[str]:
    """The ways in which a figure may be written: whole, or to one or two places."""
    if isinstance(value, str):
        yield from numbers_in(value)
    elif isinstance(value, int):
        yield str(abs(value))
    else:
        yield from (f"{abs(value):.{places}f}" for places in (0, 1, 2))
