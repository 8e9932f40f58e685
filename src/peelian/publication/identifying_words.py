"""Words of a text that could point to one person: what the public page must not repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peelian.core.page_words import named_places
from peelian.core.published_text import sentences_of

_STREET = (
    r"(?:Street|Road|Rd|Lane|Avenue|Gardens|Estate|Square|Court|House|Place|Row|Way|Close|"
    r"Crescent|Terrace|Walk|Mews|Hill|Drive|Grove|Tower)"
)
_SCHOOL = (
    r"(?-i:(?:St\.? )?(?:[A-Z][\w’'-]*\.? ){1,4}?(?:School|Academy|College|Primary|High|Infants))\b"
)
_PATTERNS = (
    # a house or flat number
    re.compile(rf"(?<![\d/.-])\b\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w’'-]+ ){{1,3}}{_STREET}\b"),
    re.compile(r"\b(?:flat|apartment|room|house number|number) \d{1,4}[A-Za-z]?\b", re.I),
    # a person's age; a band ("aged 10 to 17") fits many
    re.compile(
        r"\baged? \d{1,2}\b(?!\s*(?:to|and|or|[–-])\s*\d|\+| and over| or over)"
        r"|\b(?:\d{1,2}|[a-z]+teen|twelve|twenty|thirty|forty|fifty)[- ]years?[- ]olds?\b",
        re.I,
    ),
    # a name behind a title, or initials in the place of one; officers' ranks are no titles here
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Master)\.? [A-Z][\w’'-]+"),
    re.compile(
        r"\b(?:subject|suspect|male|female|man|woman|victim|youth|resident|person) "
        r"(?:[A-Z]\.?){1,3}(?![\w’'])"
    ),
    re.compile(r"\bknown (?:locally |to officers )?as (?:[A-Z]\.?){2,3}(?![\w’'])"),
    re.compile(r"\bin (?:his|her|their) (?:early |mid |late )?(?:teens|[2-9]0s)\b"),
    # a pupil, or a few, of a named school; a school's pupils are many
    re.compile(
        r"\b(?:an?|one|two|three|four|the) (?:[\w-]+ ){0,3}?"
        r"(?:pupil|student|boy|girl|child|teenager|schoolboy|schoolgirl) (?:from|of|at) "
        rf"{_SCHOOL}|\b(?:two|three|four) (?:[\w-]+ ){{0,3}}?"
        rf"(?:pupils|students|boys|girls|children|teenagers) (?:from|of|at) {_SCHOOL}",
        re.I,
    ),
    # where the one who suffered it lives, works or learns
    re.compile(r"\b(?:the|one) victim (?:who )?(?:lives|works|is a (?:pupil|student)) \w+", re.I),
    # a vehicle registration
    re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"),
    # an e-mail address that is not a team's
    re.compile(
        r"\b(?![\w.+-]*(?:snt|team|ward|neighbourhood|enquir|npt|police)[\w.+-]*@)"
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b",
        re.I,
    ),
    # a telephone number; 0800, 03.. and three-digit numbers are public lines
    re.compile(r"(?<!\d)(?:\+44 ?|0)(?!800|808|3)\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"),
    # a case number
    re.compile(
        r"\b(?:CAD|CRIS|URN|crime (?:reference|number)|ref(?:erence)?)[ .:]*(?:number )?\d[\w/-]+",
        re.I,
    ),
)

_ONE_SEARCH = re.compile(
    r"\b(?:an?|one|another|further)\s+(?:[\w-]+\s+){0,3}(?:stops?[- ](?:and|&)[- ]search|search)\b"
    r"|\b(?:stopped|searched|stopping|searching) (?:and searched )?(?:an?|one) (?:[\w-]+ ){0,2}"
    r"(?:man|woman|male|female|youth|boy|girl|person|van|car|moped|vehicle|teenager|cyclist)\b",
    re.I,
)
_ITEM = re.compile(
    r"\b(?:cannabis|cocaine|heroin|drugs|knife|blade|machete|weapon|firearm|phone|cash|converter\w*|"
    r"bike|tools?|goods|wraps?)\b",
    re.I,
)
_TAKEN = re.compile(r"\b(?:seiz|found|recover|possession|discover|yield)\w*", re.I)


def identifying_words(paragraph: str) -> Iterator[str]:
    """Yield what could point to a person: numbers, ages, names, plates, and one search.

    One search at a named place, with what was found, is known to all who saw it: then the
    sentence that tells of the search is yielded.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(paragraph):
            yield match[0]
    if _ITEM.search(paragraph) and _TAKEN.search(paragraph) and named_places(paragraph):
        for sentence in sentences_of(paragraph):
            if _ONE_SEARCH.search(sentence):
                yield sentence
