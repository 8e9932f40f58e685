"""What the language gate says of a text: findings with their fate, and an assessment's licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from peelian.assessment.effect import Difference, Effect
from peelian.assessment.verdict import way_of
from peelian.core.page_words import named_places
from peelian.core.results import Direction
from peelian.ingest.page_measures import topic_of

Kind = Literal[
    "direction", "significance", "cause", "vague_period", "comparison_without_period",
    "number_without_base", "before_conviction", "source_protection", "identification",
    "small_count", "reassurance_search", "promise", "promise_unreported",
]  # fmt: skip
Severity = Literal["blocks", "warns", "asks"]

LEAST_LEVEL = 3  # of the Maryland scale: with a comparison


@dataclass(frozen=True)
class Finding:
    """One thing that a text says, and what becomes of it.

    start, end: in `GateReport.text`, end not included; both the text's length where the text
    lacks it. rule: what holds, and why. to_do: what the author does next. form: the form of a
    sentence that passes; "" where there is none. proposed: the sentence that the records or an
    assessment support, with figures; "" where they were not asked.
    """

    kind: Kind
    severity: Severity
    start: int
    end: int
    words: str
    rule: str
    to_do: str
    form: str = ""
    proposed: str = ""

    def at_the_end(self) -> Finding:
        """The same finding of what the text lacks: an empty span where it starts."""
        return replace(self, end=self.start)


@dataclass(frozen=True)
class GateReport:
    """A text as plain paragraphs, one a line, and everything found in it, in reading order."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> bool:
        """Whether anything in the text keeps it from being published."""
        return any(finding.severity == "blocks" for finding in self.findings)

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """The findings of one kind, in reading order."""
        return tuple(finding for finding in self.findings if finding.kind == kind)


@dataclass(frozen=True)
class Assessed:
    """What an assessment found about a measure, which lets a text say so.

    measure: its id. place: as the text may write it; "" for the whole ward. effect: with its
    design's level and its checks.
    """

    measure: str
    place: str
    effect: Effect | Difference

    @property
    def earned(self) -> Direction | None:
        """The direction that may be called caused; None where the level or the test lacks.

        The design is of level 3 or more, interval and test both refuse no change, and no check
        of what would change the answer changed it.
        """
        if self.effect.maryland_level < LEAST_LEVEL:
            return None
        if any(check.changed for check in self.effect.checks):
            return None
        return way_of(self.effect)

    def allows(self, sentence: str, direction: Direction) -> bool:
        """Whether the sentence says no more than this: same measure, place and direction."""
        topic = topic_of(sentence)
        places = named_places(sentence)
        return (
            self.earned == direction
            and topic is not None
            and topic.claimed == self.measure
            and (self.place in places if self.place else not places)
        )

    def in_words(self) -> str:
        """The effect as figures, with its interval and the level of its design."""
        effect = self.effect
        unit = "times the records" if isinstance(effect, Effect) else "records"
        found = "no estimate" if effect.estimate is None else f"{effect.estimate:.2f} {unit}"
        return (
            f"{found}, {effect.level:.0%} interval {effect.low:.2f} to {effect.high:.2f}, "
            f"p = {effect.p_value:.3f}, design level {effect.maryland_level} of 5 "
            f"({effect.design})."
        )


def why_not_earned(assessed: Sequence[Assessed]) -> str:
    """Why no assessment at hand licenses a word of cause, one sentence."""
    if not assessed:
        return "No assessment was given."
    if all(each.effect.maryland_level < LEAST_LEVEL for each in assessed):
        return f"The assessments given are of designs below level {LEAST_LEVEL}."
    if all(each.earned is None for each in assessed):
        return "The tests given include no change, or another look changed their answer."
    return "The assessments given are of another measure, place or direction."
