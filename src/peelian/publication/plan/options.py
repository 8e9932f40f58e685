"""Evidence cards in short, as a plan's page shows them beside the patrols."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.publication.plan.disclosed import DisclosedOption
from peelian.publication.translation import _
from peelian.publication.wording import sentence_case
from peelian.response.evidence_card import DESIGNS, STRENGTHS

if TYPE_CHECKING:
    from peelian.response.evidence_card import EvidenceCard, Finding

_KEY = re.compile(r"\[([a-z][a-z-]*)-(\d{4}[a-z]?)\]")
_STRENGTHS = {
    "strong": _("Strong evidence"), "moderate": _("Moderate evidence"),
    "limited": _("Limited evidence"), "mixed": _("Mixed evidence"), "not_known": _("Not known"),
}  # fmt: skip


def option_of(card: EvidenceCard) -> DisclosedOption:
    """A card with its findings in words and its keys as citations."""
    return DisclosedOption(
        title=card.title,
        strength=_STRENGTHS[card.strength],
        why_strength=f"{sentence_case(STRENGTHS[card.strength])} {cited(card.why_strength)}",
        what=cited(card.what),
        facts=tuple((name, text) for name, text in _facts(card) if text),
        sources=tuple(
            (each.citation, f"https://doi.org/{each.doi}" if each.doi else each.url)
            for each in card.sources
        ),
    )


def cited(text: str) -> str:
    """A text of a card with its keys as a reader cites: (braga-2019) is Braga 2019."""
    return _KEY.sub(
        lambda key: f"({key[1].replace('-', ' ').title()} {key[2]})", " ".join(text.split())
    )


def first_sentence(text: str) -> str:
    """The first sentence of a card's text, without citations."""
    plain = re.sub(r"\s*\([A-Z][\w ]* \d{4}[a-z]?\)", "", cited(text))
    return re.split(r"(?<=[.!?]) (?=[A-Z])", plain, maxsplit=1)[0]


def _facts(card: EvidenceCard) -> Iterator[tuple[str, str]]:
    yield _("Effect"), " ".join(_finding(each) for each in card.effect)
    yield _("How it works"), cited(card.mechanism)
    yield _("When it works"), cited(card.moderators)
    yield _("What it takes"), cited(card.implementation)
    yield _("Cost"), cited(card.economics)
    yield _("Harms"), cited(f"{card.harms} {card.harms_fall_on}")
    yield _("Settle first"), cited(card.settle_first)


def _finding(found: Finding) -> str:
    key = cited(f"[{found.source}]")
    memory = "" if found.checked else _(", from memory of the paper")
    return f"{sentence_case(found.says)} {key}, {DESIGNS[found.design]}{memory}.".replace(".,", ",")
