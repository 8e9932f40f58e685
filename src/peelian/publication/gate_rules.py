"""What each kind of finding rests on: the rule, what to do, and the form of a sentence that passes.

A new kind is a new entry here and the words for it in `gate_words`.
"""

from __future__ import annotations

from dataclasses import dataclass

from peelian.publication.gate_finding import Kind, Severity
from peelian.publication.linter import REASONS


@dataclass(frozen=True)
class GateRule:
    """One rule in an author's words. severity: what it does where nothing else decides."""

    severity: Severity
    rule: str
    to_do: str
    form: str = ""


_COUNTED = (
    "Recorded {offence} in {place}: {count} in {first month} to {last month}, {count} in the "
    "same months a year before; {a rise or a fall} is {how sure}."
)


def _from_linter(reason: str) -> tuple[str, str]:
    """The linter's reason as the rule and, after its last full stop, what to do."""
    rule, _, to_do = reason.rstrip(".").rpartition(". ")
    return f"{rule}.", f"{to_do}."


_SOURCE, _PERSON = (_from_linter(REASONS[rule]) for rule in ("source_protection", "identification"))
_TRIAL, _REASSURE, _PERIOD, _NO_NUMBER = (
    _from_linter(REASONS[rule])
    for rule in ("before_conviction", "reassurance_search", "vague_period", "no_number")
)

GATE_RULES: dict[Kind, GateRule] = {
    "source_protection": GateRule(
        "blocks", *_SOURCE,
        "In {first month} to {last month}, {count} people were searched in the ward.",
    ),
    "identification": GateRule(
        "blocks", *_PERSON, "A person was {arrested or charged} in {month}.",
    ),
    "small_count": GateRule(
        "warns",
        "A count under five at a named place, or a single victim, can be recognised by those who "
        "live there.",
        "Say it for the whole ward and a longer period, or as “fewer than 5”.",
        "Recorded {offence} in the ward: fewer than 5 in {first month} to {last month}.",
    ),
    "significance": GateRule(
        "blocks",
        "“Significant” is a test's word: it may stand where a design with a comparison (level 3) "
        "was tested, and the interval excludes no change.",
        "Take the word out and give both numbers, or give an assessment that passed.",
        _COUNTED,
    ),
    "cause": GateRule(
        "blocks",
        "That something was caused, deterred or prevented may be said where a design with a "
        "comparison (level 3) was tested, and the interval excludes no change.",
        "Say what was done and what was recorded as two sentences, without a word that joins "
        "them.",
        "Officers {did what} in {months}. " + _COUNTED + " Whether one led to the other was not "
        "tested.",
    ),
    "direction": GateRule("warns", *_NO_NUMBER, _COUNTED),
    "number_without_base": GateRule(
        "warns",
        "A share or a percentage of an unknown number cannot be judged: a half of four is two.",
        "Give both counts beside it, or instead of it.",
        "{count} in {months}, {count} in the same months a year before ({n} % fewer).",
    ),
    "comparison_without_period": GateRule(
        "warns",
        "A comparison names both its periods: without them nobody can count again.",
        "Write the months of both numbers; take the same months of the year before.",
        _COUNTED,
    ),
    "vague_period": GateRule(
        "warns", *_PERIOD, "From {first month and year} to {last month and year}, …",
    ),
    "before_conviction": GateRule(
        "warns", *_TRIAL, "{count} people were arrested on suspicion of {offence}.",
    ),
    "reassurance_search": GateRule(
        "blocks",
        *_REASSURE,
        "Searches were made where there were grounds; {object} was looked for.",
    ),
    "promise": GateRule(
        "asks",
        "A promise made in public is kept on the ward file until it is reported on.",
        "Name who does it, how much of it, and by when.",
        "{who} will {do what}, {how much}, by {day}, and report it here.",
    ),
    "promise_unreported": GateRule(
        "warns",
        "What was promised is reported on, also where it was not done.",
        "Add a sentence that says what was done, or that it was not, and why.",
        "{Promise}: {done, with a number and dates, or not done, and why}.",
    ),
}  # fmt: skip
