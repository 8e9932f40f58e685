"""Read the claims of a page: sentences that say something rose or fell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peelian.core.page_words import CHANGE_WORDS, direction_of, named_places, period_in
from peelian.core.results import Direction
from peelian.core.wards import Claim
from peelian.ingest.page_measures import (
    ACTIVITY_REASON,
    PERCEPTION_REASON,
    is_activity,
    is_perception,
    topic_of,
)
from peelian.ingest.page_sentences import PageSentence

_BARE_FORMS = frozenset(
    {"increase", "decrease", "rise", "fall", "drop", "decline", "grow", "spike", "surge"}
)
_GERUNDS = frozenset(
    {"increasing", "decreasing", "falling", "rising", "growing", "declining", "worsening"}
)
_INFINITIVE = re.compile(
    r"\b(?:to|will|would|can|could|may|should|must|helps?|we)\s+(?:\w+ly\s+|further\s+)?$", re.I
)
_DENIED = re.compile(
    r"\b(?:no|not|nor|never|without)\s+(?!only\b|just\b)(?:[\w-]+\s+){0,3}$|n[’']t\s+(?:\w+\s+){0,3}$",
    re.I,
)
_PROPOSED = re.compile(
    r"\b(?:will|to|would|shall|should|can|could|may|must)\s+(?:also )?be\s+$", re.I
)
_BE = re.compile(r"\b(?:is|are|was|were|been|be|seen|keeps?)\s+(?:\w+ly\s+)?$", re.I)
_SOMETHING_ELSE = re.compile(
    r"\b(?:fall(?:s|ing)? (?:into|under|within|asleep|out)|drop-ins?|drop(?:s|ped|ping)? off|"
    r"drop in (?:sessions?|events?)|"
    r"rises? to the|gives? rise|grow(?:n|s|ing)? up|fall(?:en)? (?:victim|foul)|"
    r"continued to grow|(?:north|south) rise)\b",
    re.I,
)
_TARGETED = re.compile(r"\b(?:reduction|cut|drop|fall|decrease) (?:target|of \d+%? by)\b", re.I)
_NOUN_TOPIC = re.compile(r"^\s*(?:in|of|to)\s+(?:the\s+)?(?:number of\s+|levels? of\s+)?", re.I)
_ADJECTIVES = frozenset({"increased", "reduced", "decreased", "lower", "lowered", "fewer", "more"})
_VERB_BEFORE = re.compile(
    r"\b(?:has|have|had|is|are|was|were|been|also|which|that|and|\w+ly)\s+$|\ws\s+$", re.I
)
_ARTICLE = re.compile(r"\b(?:an?|the|any|this|that|some)\s+(?:[\w-]+\s+){0,2}$", re.I)
_CLAUSE = re.compile(r"[,;:]\s+|\s+(?:and|but|while|although|though)\s+", re.I)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|remains?|\w{3,}ed)\b", re.I)
_PLACE_ONLY = re.compile(
    r"^(?:our|the|this|that|these)\s+(?:ward|area|neighbourhood|town|village|estate|location)s?\b",
    re.I,
)
_UNNAMED = re.compile(
    r"\b(?:in|around|within|across|at)\s+(?:that|this|these|those|the)\s+(?:same\s+)?"
    r"(?:areas?|locations?|places?|spots?|hotspots?)\b",
    re.I,
)
_BETWEEN = re.compile(
    r"\bin (?:the|these|those) (?:streets|roads|area) between [^.,;]+?"
    r"(?= over| since| in the| has| have|[.,;]|$)",
    re.I,
)
_PLACE_PHRASE = (
    r"\b(?:in and around|in or around|in|around|on|near|at|within|outside|along|across)\s+"
    r"(?:the\s+)?"
)
_BREAK = re.compile(r"[,;]\s|\s(?:and|but|although|while|which)\s", re.I)
_COMPARED = re.compile(
    r"\b(?P<now>\d[\d,]*)\s+(?P<what>(?:[a-z-]+\s+){0,3}?"
    r"(?:robber\w*|burglar\w*|thefts?|offences?|crimes?|incidents?|reports?|calls?|complaints?))"
    r"\b[^.]*?\b(?:compared (?:to|with)|against|down from|up from)\s+"
    r"(?P<before>(?!(?:19|20)\d\d\b)\d[\d,]*)\b",
    re.I,
)
_ANAPHORA = re.compile(
    r"\b(?:such|these|this|those|it|they|calls?|reports?|incidents?|numbers?|complaints?|thefts?|"
    r"offences?|issues?|problems?)\b",
    re.I,
)


@dataclass(frozen=True)
class Change:
    """A word of change in a sentence, and what it is said of."""

    direction: Direction
    about: str
    is_attributive: bool


def read_claims(
    issue: Sequence[PageSentence],
    action: Sequence[PageSentence],
    *,
    priority: str,
    measures: Sequence[str] = (),
) -> tuple[Claim, ...]:
    """List what an Issue and its Action say has risen or fallen, numbered "p1-k1" in order.

    One claim a sentence and direction. measures: those of the priority, taken where the
    sentence itself only says "reports" or "such crimes". A claim that open records cannot
    measure says why in `unmeasurable`.
    """
    claims: list[Claim] = []
    for sentence in (*issue, *action):
        if sentence.part in ("S", "M", "T"):
            continue
        seen: set[tuple[Direction, str]] = set()
        for change in changes_in(sentence.text):
            measure, why_not = _measure_of(change, sentence.text, measures)
            if (change.direction, measure or why_not) in seen:
                continue
            seen.add((change.direction, measure or why_not))
            period = period_in(sentence.text)
            claims.append(
                Claim(
                    id=f"{priority}-k{len(claims) + 1}",
                    sentence=sentence.text,
                    measure=measure,
                    place=_place_in(sentence.text),
                    direction=change.direction,
                    period=period.words if period else "",
                    months=period.months if period else None,
                    unmeasurable=why_not,
                )
            )
    return tuple(claims)


def changes_in(sentence: str) -> Iterator[Change]:
    """What a sentence says has changed, and which way. Wishes and targets are no changes."""
    compared = _COMPARED.search(sentence)
    if compared:
        now, before = (int(compared[part].replace(",", "")) for part in ("now", "before"))
        if now != before:
            direction: Direction = "up" if now > before else "down"
            yield Change(direction, compared["what"], is_attributive=False)
        return
    for word in CHANGE_WORDS.finditer(sentence):
        change = _change_at(sentence, word)
        if change is not None:
            yield change


def _change_at(sentence: str, word: re.Match[str]) -> Change | None:
    before, after = sentence[: word.start()], sentence[word.end() :]
    said = word[0].lower()
    if not _is_said_of_something(sentence, word):
        return None
    direction, topic = direction_of(word), _NOUN_TOPIC.match(after)
    if said in _GERUNDS and not _BE.search(before):
        # "growing concerns" says that they grew; "increasing visibility" only what was done.
        attributive = said == "growing" and re.match(r"\s+\w", after)
        return Change(direction, _until_break(after), True) if attributive else None
    if said in _BARE_FORMS and not (_ARTICLE.search(before) or topic):
        return None
    if said in _ADJECTIVES and not _VERB_BEFORE.search(before):
        return Change(direction, _until_break(after), is_attributive=True)
    about = _until_break(after[topic.end() :]) if topic else ""
    if not about or _PLACE_ONLY.match(about):
        about = _subject(before)
    return Change(direction, about, is_attributive=False)


def _is_said_of_something(sentence: str, word: re.Match[str]) -> bool:
    """The word claims a change: it is no name, no wish, no denial and no other sense of it."""
    before, said = sentence[: word.start()], word[0].lower()
    around = sentence[max(0, word.start() - 12) : word.end() + 12]
    is_name = word[0][0].isupper() and (before.strip() or sentence[word.end() + 1 :][:1].isupper())
    return not (
        is_name
        or _SOMETHING_ELSE.search(around)
        or _TARGETED.search(around)
        or _DENIED.search(before)
        or _PROPOSED.search(before)
        or (said in (*_BARE_FORMS, "lower") and _INFINITIVE.search(before))
    )


def _subject(before: str) -> str:
    """What stands before a verb of change: the last clause, or more where that names nothing."""
    last = before
    for cut in _CLAUSE.finditer(before):
        if _FINITE.search(before[: cut.start()]) or "," in cut[0] or ";" in cut[0]:
            last = before[cut.end() :]
    named = topic_of(last) or is_activity(last) or is_perception(last) or _ANAPHORA.search(last)
    return last if named else before


def _until_break(text: str) -> str:
    return _BREAK.split(text.strip(), maxsplit=1)[0]


def _measure_of(change: Change, sentence: str, measures: Sequence[str]) -> tuple[str, str]:
    """The measure a change is held against, and why it cannot be, where it cannot."""
    about = change.about
    topic = topic_of(about)
    unnamed = (
        "The team's page does not say which area it means."
        if _UNNAMED.search(sentence) and not named_places(sentence)
        else ""
    )
    if is_perception(about) and not (topic and topic.claimed and not change.is_attributive):
        return "", PERCEPTION_REASON
    if is_activity(about) and (topic is None or topic.claimed != "stops"):
        return "", ACTIVITY_REASON
    if topic is not None:
        return topic.claimed, topic.unmeasurable or unnamed
    if measures and _ANAPHORA.search(about):
        return measures[0], unnamed
    return "", "The page does not say of which offences, or no measure counts them."


def _place_in(sentence: str) -> str:
    """The place of a claim as written, with its preposition; "" for the whole ward."""
    for name in named_places(sentence):
        match = re.search(_PLACE_PHRASE + re.escape(name), sentence, re.I)
        if match:
            return match[0]
    vague = _BETWEEN.search(sentence) or _UNNAMED.search(sentence)
    return vague[0].rstrip() if vague else ""
