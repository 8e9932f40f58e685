"""What a measure is called inside a sentence, for those who know no ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelian.core.measures import Measure


def of(measure: Measure) -> str:
    """A measure inside a sentence: recorded drug offences."""
    return measure.title[:1].lower() + measure.title[1:]


def in_words(reason: str, measure: Measure) -> str:
    """A method's refusal with the measure's title in place of its id."""
    return reason.replace(measure.id, of(measure))
