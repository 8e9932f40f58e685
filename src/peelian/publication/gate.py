"""The language gate: every claim, promise and risk of a text, each with its fate.

It reads a draft Action or a whole page, in plain text or HTML, and changes nothing. It builds on
the linter, which says what a public page withholds, and on the reader of ward pages, which
says what is a claim and what a promise. docs/language-gate.md has what it finds and misses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from peelian.core.page_words import named_places, period_in
from peelian.core.published_text import paragraphs_of
from peelian.publication import gate_words
from peelian.publication.gate_claims import claim_findings
from peelian.publication.gate_finding import Assessed, Finding, GateReport
from peelian.publication.gate_promises import promise_findings
from peelian.publication.gate_sentences import (
    GateSentence,
    finding_at,
    matched,
    sentences_with_places,
)
from peelian.publication.identifying_words import identifying_words
from peelian.publication.linter import (
    AFTER_TRIAL,
    CONVICTED_WORDS,
    names_guilt_too_early,
    searches_to_reassure,
    shows_a_source,
)

if TYPE_CHECKING:
    from peelian.core.wards import Commitment


def pass_through_gate(
    text: str, *, assessed: Sequence[Assessed] = (), promised: Sequence[Commitment] = ()
) -> GateReport:
    """Find every claim, promise and risk of a text, and say what becomes of each.

    text: plain or HTML; a page with Issue and Action headings is read as one, any other text
    as an Action. assessed: what assessments found; without them every word of cause and of
    significance is blocked. promised: earlier commitments that the text should report on.
    An empty text holds nothing, and lacks every report that is due.
    """
    paragraphs = paragraphs_of(text)
    plain = "\n".join(paragraphs)
    found: list[Finding] = []
    start = 0
    for number, paragraph in enumerate(paragraphs):
        found += _risks(paragraph, paragraphs[number - 1] if number else "", start)
        for sentence in sentences_with_places(paragraph, start=start):
            found += _slips(sentence)
            found += claim_findings(sentence, assessed)
        start += len(paragraph) + 1
    found += promise_findings(plain, promised)
    ordered = sorted(dict.fromkeys(found), key=lambda finding: (finding.start, finding.end))
    return GateReport(plain, tuple(ordered))


def _risks(paragraph: str, above: str, start: int) -> Iterator[Finding]:
    """What could show a source, or point to a person."""
    if shows_a_source(paragraph, above):
        yield finding_at("source_protection", paragraph, start)
    for first, last in _apart(paragraph):
        yield finding_at("identification", paragraph[first:last], start + first)


def _apart(paragraph: str) -> list[tuple[int, int]]:
    """Where words stand that could point to a person; what runs on is one: flat 9, Beech Court."""
    found = [(paragraph.index(words), len(words)) for words in identifying_words(paragraph)]
    apart: list[tuple[int, int]] = []
    for start, length in sorted(found):
        end = start + length
        if apart and apart[-1][0] < start < apart[-1][1] < end:
            apart[-1] = (apart[-1][0], end)
        else:
            apart.append((start, end))
    return apart


def _slips(sentence: GateSentence) -> Iterator[Finding]:
    """Slips of wording that hold whatever the records say."""
    text = sentence.text
    if names_guilt_too_early(text) and not AFTER_TRIAL.search(sentence.after):
        yield from matched("before_conviction", CONVICTED_WORDS.search(text), sentence)
    if searches_to_reassure(text):
        yield finding_at("reassurance_search", text, sentence.start)
    if named_places(text):
        yield from matched("small_count", gate_words.SMALL_COUNT.search(text), sentence)
    yield from matched("small_count", gate_words.ONE_VICTIM.search(text), sentence)
    period = period_in(text)
    if period is None:
        for vague in gate_words.VAGUE_PERIOD.finditer(text):
            yield from matched("vague_period", vague, sentence)
    elif not period.is_dated:
        yield finding_at("vague_period", period.words, sentence.start + text.index(period.words))
