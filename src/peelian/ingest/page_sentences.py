"""An Issue or an Action as sentences that know their heading, their bullet and its lead-in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from peelian.core.published_text import paragraphs_of, sentences_of

_BULLET = re.compile(r"^\s*(?:[•●▪‣·]\s*|[*–—-]\s+|\(?[a-z0-9]{1,2}[).]\s+|o\s+)")
_HEADING_WORDS = 9
_SMART = re.compile(
    r"(?:(?<=\s)|^)(?P<letter>[SMART])"
    r"(?:pecific|easurable|chievable|ealistic|elevant|ime[- ]?bound)?\s*[-–—:=]\s*(?=\S)"
)


@dataclass(frozen=True)
class PageSentence:
    """One sentence and where it stands.

    heading: the nearest heading above it. lead: for a bullet, the line that introduces the
    list ("In the weeks ahead, we will:"). part: S, M, A, R or T on a page in SMART form.
    """

    text: str
    heading: str = ""
    lead: str = ""
    is_bullet: bool = False
    part: str = ""


def _is_heading(paragraph: str) -> bool:
    return len(paragraph.split()) <= _HEADING_WORDS and paragraph[-1] not in ".!?,;"


def smart_parts(published: str) -> dict[str, str]:
    """The parts of an Issue in SMART form by letter; empty where it is not in that form.

    The form is "S- … M- … A- … R- … T- …", in this order; at least S, M and T are there. What
    stands before S, a title for one, has the key "".
    """
    text = "\n".join(paragraphs_of(published))
    marks: list[re.Match[str]] = []
    expected = "SMART"
    for mark in _SMART.finditer(text):
        position = expected.find(mark["letter"])
        if position >= 0:
            marks.append(mark)
            expected = expected[position + 1 :]
    letters = "".join(mark["letter"] for mark in marks)
    if not {"S", "M", "T"} <= set(letters):
        return {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    before = text[: marks[0].start()].strip()
    return ({"": before} if before else {}) | {
        mark["letter"]: text[mark.end() : end].strip()
        for mark, end in zip(marks, ends, strict=True)
    }


def page_sentences(published: str) -> tuple[PageSentence, ...]:
    """Cut an Issue or an Action into its sentences, headings left out but remembered."""
    parts = smart_parts(published)
    if parts:
        return tuple(
            PageSentence(text=sentence, part=letter)
            for letter, words in parts.items()
            for paragraph in words.splitlines()
            for sentence in sentences_of(paragraph)
        )
    found: list[PageSentence] = []
    heading = lead = ""
    for paragraph in paragraphs_of(published):
        bullet = _BULLET.match(paragraph)
        if bullet and not (_is_heading(paragraph) and not lead and paragraph[0].isdigit()):
            found.append(
                PageSentence(
                    text=paragraph[bullet.end() :].strip(),
                    heading=heading,
                    lead=lead,
                    is_bullet=True,
                )
            )
            continue
        lead = ""
        if paragraph.endswith(":"):
            lead = paragraph
        elif _is_heading(paragraph):
            heading = paragraph
            continue
        found.extend(
            PageSentence(text=sentence, heading=heading) for sentence in sentences_of(paragraph)
        )
    return tuple(found)
