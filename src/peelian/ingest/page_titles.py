"""A short title for a priority, in the page's own words."""

from __future__ import annotations

import re

from peelian.core.published_text import paragraphs_of, sentences_of

_LONGEST = 90
_LEADS = re.compile(
    r"^(?:to|we (?:will|aim to|want to)|our (?:aim|priority|objective) is(?: to)?)\s+", re.I
)
_VERBS = re.compile(
    r"^(?:(?:further )?(?:reduc(?:e|ing)|tackl(?:e|ing)|prevent(?:ing)?|address(?:ing)?|"
    r"combat(?:ing)?|deter(?:ring)?|creat(?:e|ing)|stop(?:ping)?|cut(?:ting)?|lower(?:ing)?|"
    r"disrupt(?:ing)?|improv(?:e|ing)|provid(?:e|ing)|mak(?:e|ing)|target(?:ing)?|"
    r"eradicat(?:e|ing)|minimis(?:e|ing))\s+)(?:and \w+ )?(?:down on )?",
    re.I,
)
_AMOUNT = re.compile(
    r"^(?:the (?:amount|number|level|issue|problem|incidents?|instances?|impact) of|"
    r"(?:further )?reports of|all)\s+",
    re.I,
)
_SAID_OF_IT = re.compile(
    r"\s+(?:has|have|had|is|are|was|were|continues?|remains?|causes?|can|keeps?)\b.*$"
)
_PAST = re.compile(r"\s+(?:rose|fell|increased|decreased)\b.*$")
_WITHIN = re.compile(r",?\s+(?:with)?in (?:the|our) (?:[A-Z][\w’'.&-]*(?: and)? )*[Ww]ard\b.*$")
_ON_OUR_WARD = re.compile(r"\s+(?:on|in|across|throughout|around|within) (?:our|the) ward\b")
_NOBODY = re.compile(
    r"^(?:the|our)? ?(?:ward|area|estate|town|team|we|residents|there|it|this|people)$", re.I
)
_RISE_IN = re.compile(
    r"\b(?:increase|rise|problems?|concerns?|reports?|issues?) (?:in|of|with|about) (?P<what>.+)$"
)
_FURTHER = re.compile(r"(?:,|;| -| –| —|:)\s.*$| (?:which|that|where|because|by|as) .*$")


def title_of(issue: str) -> str:
    """Name a priority by the first sentence of its Issue.

    "To reduce X within the Y ward." and "Creating X is a priority" give X; "X has seen a
    rise" gives X. A first line without a full stop is the title itself. What is longer than
    90 characters is cut at a word, with "…".
    """
    paragraphs = paragraphs_of(issue)
    first = sentences_of(paragraphs[0])[0].strip(" .:;•-") if paragraphs else ""
    words = _LEADS.sub("", first)
    undertaken = _VERBS.match(words)
    if undertaken:
        words = words[undertaken.end() :]
    words = _AMOUNT.sub("", words)
    words = _ON_OUR_WARD.sub("", _WITHIN.sub("", words))
    subject = _SAID_OF_IT.sub("", words)
    subject = _PAST.sub("", subject) if len(_PAST.sub("", subject).split()) > 1 else subject
    if _NOBODY.match(subject):
        named = _RISE_IN.search(words)
        subject = named["what"] if named else words
    if len(subject) > _LONGEST:
        subject = _FURTHER.sub("", subject)
    if len(subject) > _LONGEST:
        subject = subject[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return subject[:1].upper() + subject[1:]
