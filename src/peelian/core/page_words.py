"""Words that ward pages use for change, place and time: the glossary for reading them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from peelian.core.results import Direction

UP = (
    r"rises?|rose|risen|rising|increase[ds]?|increasing|grow(?:s|n|ing|th)?|grew|spikes?|spiked|"
    r"surges?|surged|upturn|uplift|gone up|went up|going up|(?<!stepped )(?<!stepping )"
    r"up (?:by|from)|up on (?:last|the)|doubled|worsen(?:ed|ing)?|more(?=(?: [\w-]+){1,3} than\b)"
)
DOWN = (
    r"drops?|dropped|decreas(?:e[ds]?|ing)|declin(?:e[ds]?|ing)|falls?|fell|fallen|falling|"
    r"reduc(?:ed|tions?)|lower(?:ed)?|fewer|gone down|went down|c[ao]me down|"
    r"(?:(?<=well )|(?<=right )|(?<=are )|(?<=is ))down|down (?:by|from)|down on (?:last|the)|"
    r"halved|cut by"
)
CHANGE_WORDS = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b", re.I)

_TYPES = (
    "Street|Road|Rd|Lane|Avenue|Ave|Gardens?|Park|Estate|Square|Station|Institute|School|"
    "Library|Market|Court|House|Green|Common|Centre|Place|Row|Way|Close|Crescent|Terrace|Walk|"
    "Mews|Hill|Gate|Bridge|Parade|Drive|Grove|Hospital|Church|Playground|Tower|Wharf|Quay|Embankment"
)
_WORD = r"(?:[A-Z][\w’'-]*|St\.)"
# The name before the type may hold "of", "and" or "the" between capitals; the type may be
# written small, as in "St Francis Crick institute".
NAMED_PLACE = re.compile(
    rf"\b(?P<name>{_WORD}(?:\s(?:of\s(?:the\s)?)?{_WORD}){{0,4}}?\s"
    rf"(?:{_TYPES}|estate|institute|station|park|gardens))\b(?!\s(?:Council|Police|Ward|Team)\b)"
)
_ARTICLES = re.compile(
    r"^(?:(?:The|A|An|In|On|At|Our|Near|Around|Outside|From|This|Along|Between|And|Of|For)\s)+"
)

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18,
}  # fmt: skip
COUNTED = rf"\d+|{'|'.join(_NUMBERS)}"
_PERIOD = re.compile(
    r"\b(?:(?:over|in|during|within|for|throughout)\s+)?(?:the\s+|these\s+|this\s+)?"
    r"(?:past|last|previous|recent)\s+"
    rf"(?:(?P<count>{COUNTED}|few|couple of|several)\s+)?"
    r"(?P<unit>days?|weeks?|months?|quarters?|years?)\b"
    r"|\bsince\s+(?:last\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"spring|summer|autumn|winter|year|month)(?:\s+\d{4})?"
    r"|\b(?:this year\s+)?(?:compared (?:to|with|against)|against|than)\s+(?:the\s+)?"
    r"(?:same (?:period|time|months?) )?(?:last year|(?:in )?\d{4}|a year (?:ago|earlier|before)|"
    r"(?:the )?previous (?:year|quarter|months?))"
    r"|\b(?:recently|lately|of late|in recent (?:weeks|months|times|years))\b",
    re.I,
)
_DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|"
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_FIGURE = re.compile(r"\d|\b(?:per cent|percent|half|halved|doubled|third|quarter of)\b|%")


@dataclass(frozen=True)
class WrittenPeriod:
    """A stretch of time as a page words it. `months` is None where it does not say how many."""

    words: str
    months: int | None
    is_dated: bool  # it names a year or a day, so that a reader can count the same months


def number_of(written: str) -> int | None:
    """A number in figures or in a word of COUNTED, or None where it is neither."""
    return int(written) if written.isdigit() else _NUMBERS.get(written.lower())


def direction_of(word: re.Match[str]) -> Direction:
    """Which way a match of CHANGE_WORDS points."""
    return "up" if word["up"] else "down"


def named_places(text: str) -> tuple[str, ...]:
    """Names of streets, parks, estates, stations and buildings, as written, each once."""
    names = (_ARTICLES.sub("", match["name"]) for match in NAMED_PLACE.finditer(text))
    return tuple(dict.fromkeys(name for name in names if " " in name))


def period_in(sentence: str) -> WrittenPeriod | None:
    """The first stretch of time that a sentence names, or None."""
    match = _PERIOD.search(sentence)
    if match is None:
        return None
    words = match[0]
    months: int | None = None
    unit = (match["unit"] or "").rstrip("s").lower()
    number = number_of(match["count"] or "one")
    if number is not None and unit in ("month", "quarter", "year"):
        months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
    return WrittenPeriod(words=words, months=months, is_dated=_DATED.search(sentence) is not None)


def has_figure(sentence: str) -> bool:
    """The sentence gives a figure. Times, ages, years of school and dates are not figures."""
    without = re.sub(
        r"\b(?:past|last|previous|next)\s+\d+\s+\w+|\byears?\s+\d+(?:\s+and\s+\d+)?|"
        r"\b(?:19|20)\d\d\b|\b\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm)\b|\b\d{1,2}[:]\d\d\b|"
        r"\b\d{1,2}(?:st|nd|rd|th)\b|^\s*\d+[).]\s",
        " ",
        _DATED.sub(" ", sentence),
        flags=re.I,
    )
    return _FIGURE.search(without) is not None
