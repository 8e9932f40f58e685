"""The sentences of a text with where they stand, and findings made at their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from peelian.core.published_text import sentences_of
from peelian.publication.gate_finding import Finding, Kind
from peelian.publication.gate_rules import GATE_RULES


@dataclass(frozen=True)
class GateSentence:
    """One sentence, where it starts in the text, and its neighbours in the paragraph."""

    text: str
    start: int
    before: str
    after: str


def sentences_with_places(paragraph: str, *, start: int) -> Iterator[GateSentence]:
    """Yield a paragraph's sentences in order. start: where the paragraph starts in the text."""
    texts = sentences_of(paragraph)
    at = 0
    for number, text in enumerate(texts):
        at = paragraph.index(text, at)
        before = texts[number - 1] if number else ""
        yield GateSentence(text, start + at, before, "".join(texts[number + 1 : number + 2]))
        at += len(text)


def finding_at(kind: Kind, words: str, start: int) -> Finding:
    """A finding of some words, with the rule of its kind."""
    rule = GATE_RULES[kind]
    return Finding(
        kind, rule.severity, start, start + len(words), words, rule.rule, rule.to_do, rule.form
    )


def matched(kind: Kind, match: re.Match[str] | None, sentence: GateSentence) -> Iterator[Finding]:
    """A finding of what a pattern matched in a sentence; nothing where it did not."""
    if match is not None:
        yield finding_at(kind, match[0], sentence.start + match.start())
