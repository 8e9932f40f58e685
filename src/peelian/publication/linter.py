"""Read a team's text before it is shown again: what could hurt, and what cannot be checked.

Two rules withhold a paragraph: one that could show who gave information to the police, and
one that could point to a person. The others warn the author. A rule is a pattern and a
sentence; a new one is a new entry in `RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from peelian.core.page_words import has_figure, named_places, period_in
from peelian.core.published_text import paragraphs_of, sentences_of
from peelian.core.wards import Priority, TextWarning, WardFile, WarningRule
from peelian.ingest.page_claims import changes_in
from peelian.publication.identifying_words import identifying_words

_SEARCH = re.compile(
    r"\bstop(?:s|ped)?[- ](?:and|&)[- ]search\w*|\bsearch(?:es|ed)?\b|\bstopped\b|\bencounter\w*"
    r"|(?<!bus )(?<!tram )\bstop (?=outside|on|in|at|near|of|led|gave)"
    r"|\bapproached\b|\binteraction\b|\bconversation\b"
    r"|\bspoke(?:n)? (?:to|with)\b|\barrest(?:ed)?\b",
    re.I,
)
_GAVE_INFORMATION = re.compile(
    r"\b(?:provid\w+|g[ia]v(?:e|es|ing|en)|pass(?:ed|ing)|suppl(?:ied|ying)|offer(?:ed|ing)|"
    r"shar(?:ed|ing)|disclos(?:ed|ing)|volunteer(?:ed|ing)|obtain(?:ed|ing)|gain(?:ed|ing)|"
    r"yielded|produced|led to|resulted in)\b[^.;]{0,60}?\b(?:intelligence|information|names?|"
    r"details)\b|\b(?:intelligence|information|tip-?off) from (?:someone|somebody|an?|one)\b"
    r"|\b(?:valuable|useful|good|new|further|vital) (?:intelligence|information)\b"
    r"|\b(?:told|tell|telling) (?:officers|us|police) (?:about|who|where|which|that)\b[^.;]{0,60}"
    r"\b(?:deal\w*|drugs?|weapons?|knives|gang|involved)\b|\binform(?:ant|er)s?\b",
    re.I,
)
_ONE_PERSON = re.compile(
    r"\b(?:the|an?|one|this|another) (?:[\w-]+ ){0,2}(?:subject|suspect|male|female|man|woman|"
    r"person|individual|driver|youth|boy|girl|teenager|resident|interaction|stop and search|"
    r"search|conversation|encounter)\b",
    re.I,
)
_NARROW_TIME = re.compile(
    r"\b(?:on the same (?:day|night|evening)|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"yesterday|last night|th(?:is|at) (?:morning|afternoon|evening|night)|"
    r"\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm)|\d{1,2}:\d\d)"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December)\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b",
    re.I,
)
CONVICTED_WORDS = re.compile(
    r"(?<!suspected )(?<!alleged )\b(?:offenders?|criminals?|thie(?:f|ves)|robbers?|burglars?|"
    r"drug dealers?|dealers|culprits?|"
    r"perpetrators?|shoplifters?|muggers?|vandals?)\b",
    re.I,
)
_BEFORE_TRIAL = re.compile(
    r"\b(?:arrest\w*|charged|detained|apprehended|caught|stopped|identified)\b", re.I
)
AFTER_TRIAL = re.compile(
    r"\b(?:convict\w+|sentenced|jailed|imprisoned|pleaded guilty|found guilty|in prison)\b", re.I
)
_HEADING = re.compile(r"^\d+[).] [^.!?]*$")
_SEARCH_POWER = re.compile(
    r"\bstops?[- ](?:and|&)[- ]search\w*|\bsearch(?:es| powers)\b|\bsection 60\b", re.I
)
_REASSURE = re.compile(
    r"\breassur\w+|\bto (?:give|provide|offer|build|restore|increase) (?:[\w’']+ ){0,3}confidence\b"
    r"|\b(?:to make|making) (?:[\w’']+ ){1,3}feel safer?\b",
    re.I,
)

WITHHELD: dict[WarningRule, str] = {
    "source_protection": (
        "A paragraph is left out because it could show who gave information to the police."
    ),
    "identification": "A paragraph is left out because it could point to a person.",
}

REASONS: dict[WarningRule, str] = {
    "source_protection": (
        "A search or a conversation, information given, and a place or a time narrower than the "
        "ward and the month stand together: those who watched could tell who informed the "
        "police. Take the information out, or say it for the whole ward and quarter."
    ),
    "identification": (
        "Words that could point to a person are not published. Take them out, or say them so "
        "that they fit many people."
    ),
    "before_conviction": (
        "A person who has been arrested or charged has not been convicted. Write “people” or "
        "“suspects”."
    ),
    "reassurance_search": (
        "Reassurance is neither an object nor a ground of a search in law (PACE Code A). Say "
        "what was searched for and why, or leave the reassurance to patrols."
    ),
    "no_number": (
        "A sentence that says something rose or fell gives the number, and the number it is "
        "compared with. Add both, or leave the sentence to the records."
    ),
    "vague_period": (
        "A period without dates cannot be counted again. Write the first and the last month."
    ),
}


@dataclass(frozen=True)
class WithheldParagraph:
    """A paragraph that a public page must not repeat.

    number: its place, from 0, among `paragraphs_of` the same text. reason: fit for the
    public page in its stead; it does not say more than the rule.
    """

    number: int
    text: str
    rules: tuple[WarningRule, ...]
    reason: str


def warnings_in(text: str) -> tuple[TextWarning, ...]:
    """What a person should look at in a published text, in reading order, each thing once."""
    found: dict[tuple[WarningRule, str], TextWarning] = {}
    paragraphs = paragraphs_of(text)
    for number, paragraph in enumerate(paragraphs):
        above = paragraphs[number - 1] if number else ""
        for rule, words in _findings(paragraph, above):
            found.setdefault(
                (rule, words), TextWarning(rule=rule, text=words, reason=REASONS[rule])
            )
    return tuple(found.values())


def paragraphs_withheld(text: str) -> tuple[WithheldParagraph, ...]:
    """The paragraphs of a published text that a public page must not repeat, and why."""
    withheld: list[WithheldParagraph] = []
    paragraphs = paragraphs_of(text)
    for number, paragraph in enumerate(paragraphs):
        above = paragraphs[number - 1] if number else ""
        rules = tuple(
            dict.fromkeys(rule for rule, _ in _findings(paragraph, above) if rule in WITHHELD)
        )
        if rules:
            withheld.append(WithheldParagraph(number, paragraph, rules, WITHHELD[rules[0]]))
    return tuple(withheld)


def with_warnings(ward_file: WardFile) -> WardFile:
    """The same ward file, each priority with the warnings on its present Issue and Action."""
    return msgspec.structs.replace(
        ward_file, priorities=[_with_warnings(priority) for priority in ward_file.priorities]
    )


def _with_warnings(priority: Priority) -> Priority:
    warnings = dict.fromkeys((*warnings_in(priority.issue), *warnings_in(priority.action)))
    return msgspec.structs.replace(priority, warnings=list(warnings))


def _findings(paragraph: str, above: str) -> Iterator[tuple[WarningRule, str]]:
    if shows_a_source(paragraph, above):
        yield "source_protection", paragraph
    for words in identifying_words(paragraph):
        yield "identification", words
    for sentence in sentences_of(paragraph):
        for rule, breaks in RULES:
            if breaks(sentence):
                yield rule, sentence


def shows_a_source(paragraph: str, above: str) -> bool:
    """Search or talk, information given, and a place or time narrower than a ward's month.

    One person who told officers is as easily known as one who was searched. Information that
    one person gave is also found where the search and its place stand in the paragraph above.
    """
    if not _GAVE_INFORMATION.search(paragraph):
        return False
    one_person = _ONE_PERSON.search(paragraph) is not None
    if (one_person or _SEARCH.search(paragraph)) and is_narrow(paragraph):
        return True
    return bool(one_person and _SEARCH.search(above) and is_narrow(above))


def is_narrow(text: str) -> bool:
    """The text names a place or a time narrower than a ward's month."""
    return bool(named_places(text)) or _NARROW_TIME.search(text) is not None


def names_guilt_too_early(sentence: str) -> bool:
    """A person who was arrested or charged is called what only a court can find."""
    return bool(
        CONVICTED_WORDS.search(sentence)
        and _BEFORE_TRIAL.search(sentence)
        and not AFTER_TRIAL.search(sentence)
    )


def searches_to_reassure(sentence: str) -> bool:
    """Reassurance stands beside a search as if it were a ground for one."""
    return bool(_SEARCH_POWER.search(sentence) and _REASSURE.search(sentence))


def _gives_no_number(sentence: str) -> bool:
    if _HEADING.match(sentence) or has_figure(sentence):
        return False
    return next(iter(changes_in(sentence)), None) is not None


def _gives_no_dates(sentence: str) -> bool:
    period = period_in(sentence)
    return period is not None and not period.is_dated


RULES: tuple[tuple[WarningRule, Callable[[str], bool]], ...] = (
    ("before_conviction", names_guilt_too_early),
    ("reassurance_search", searches_to_reassure),
    ("no_number", _gives_no_number),
    ("vague_period", _gives_no_dates),
)
