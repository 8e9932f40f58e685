"""What a sentence claims of change and of cause, and whether an assessment has earned it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from peelian.core.page_words import period_in
from peelian.core.results import Direction
from peelian.ingest.page_claims import changes_in, read_claims
from peelian.ingest.page_measures import is_activity, topic_of
from peelian.ingest.page_sentences import PageSentence
from peelian.publication import gate_words
from peelian.publication.gate_finding import Assessed, Finding, why_not_earned
from peelian.publication.gate_sentences import GateSentence, finding_at, matched

_CHECKED = (
    "A sentence that says something rose or fell is held against the records.",
    "Check both numbers, and whether chance alone could make the difference.",
)


def claim_findings(sentence: GateSentence, assessed: Sequence[Assessed]) -> Iterator[Finding]:
    """Yield what a sentence claims. One that says that nothing can be known claims nothing."""
    text = sentence.text
    if gate_words.claims_nothing(text):
        return
    directions = _directions(text)
    for direction in directions:
        yield _direction_finding(sentence, direction)
    yield from matched(
        "number_without_base", gate_words.share_without_base(text, sentence.before), sentence
    )
    if directions and _lacks_period(sentence):
        yield finding_at("comparison_without_period", text, sentence.start)
    for finding in matched("significance", gate_words.SIGNIFICANCE.search(text), sentence):
        yield _judged(finding, text, directions, assessed)
    for finding in matched("cause", _cause(sentence, directions), sentence):
        yield _judged(finding, text, directions, assessed)


def _direction_finding(sentence: GateSentence, direction: Direction) -> Finding:
    finding = finding_at("direction", sentence.text, sentence.start)
    if gate_words.gives_figure(sentence.text):
        rule, to_do = _CHECKED
        return replace(finding, severity="asks", rule=rule, to_do=to_do)
    why_not = _unmeasurable(sentence.text, direction)
    return replace(finding, to_do=f"{why_not} {finding.to_do}") if why_not else finding


def _unmeasurable(text: str, direction: Direction) -> str:
    """Why open records cannot measure the claim; "" where they can, or where it is not read."""
    claims = read_claims((), (PageSentence(text),), priority="p")
    reasons = [claim.unmeasurable for claim in claims if claim.direction == direction]
    return reasons[0] if reasons else ""


def _directions(text: str) -> tuple[Direction, ...]:
    """Which ways a sentence says that something went, each once."""
    found = dict.fromkeys(
        change.direction for change in changes_in(gate_words.in_plain_sense(text))
    )
    further = gate_words.further_change(gate_words.in_plain_sense(text))
    if not found and further is not None:
        return (further,)
    return tuple(found)


def _lacks_period(sentence: GateSentence) -> bool:
    """A comparison by figures, or with "before", in which neither side has a time."""
    text = sentence.text
    if gate_words.says_than_before(text):
        return True
    if not gate_words.gives_figure(text) or period_in(text) is not None:
        return False
    return not gate_words.names_time(f"{sentence.before} {text}")


def _cause(sentence: GateSentence, directions: Sequence[Direction]) -> re.Match[str] | None:
    """The words that say what made something happen, where they are said of more than activity."""
    text = sentence.text
    forward = gate_words.FORWARD.search(text)
    if forward is not None and _is_only_activity(text[forward.end() :]):
        forward = None
    found = forward or gate_words.DIRECT.search(text)
    if found is not None:
        return None if gate_words.is_wish(text, found) else found
    if directions or gate_words.only_mentions(text) or gate_words.NOTHING_CAME.search(text):
        return gate_words.BACKWARD.search(text)
    said_before = gate_words.SAID_BEFORE.search(text)
    return said_before if said_before and _directions(sentence.before) else None


def _is_only_activity(effect: str) -> bool:
    """What is said to have come of it is police work: "an increase in patrols"."""
    return is_activity(effect) and topic_of(effect) is None


def _judged(
    finding: Finding, text: str, directions: Sequence[Direction], assessed: Sequence[Assessed]
) -> Finding:
    """The finding blocked, or let through with the figures of the assessment that earned it."""
    direction = directions[0] if directions else "down"  # "deterred" names no direction
    for each in assessed:
        if each.allows(text, direction):
            return replace(
                finding,
                severity="asks",
                to_do="An assessment has earned it. Give its figures beside the words.",
                proposed=each.in_words(),
            )
    return replace(finding, to_do=f"{why_not_earned(assessed)} {finding.to_do}")
