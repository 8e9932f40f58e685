"""The command about options: which tactics suit a problem, and what is known about each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from peelian.response.evidence_card import EvidenceCard, Finding, Source, Strength

_COLUMNS = 80
_TITLES = {
    "what": "What it is",
    "why_strength": "Why it is rated so",
    "mechanism": "Mechanism",
    "moderators": "Where it works better or worse",
    "implementation": "Implementation",
    "economics": "Economics",
    "harms": "Harms",
    "harms_fall_on": "Who bears them",
    "settle_first": "Settle first",
}


def options(
    measure: Annotated[
        str, typer.Argument(help="A measure's id: burglary. All tactics where none is given.")
    ] = "",
    card: Annotated[str, typer.Option(help="Show one card in full: hot-spot-patrol.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the cards as JSON.")] = False,
) -> None:
    """Say what is known about tactics, and which suit a problem.

    Each card gives effect, mechanism, moderators, implementation and cost, how well it is shown,
    harms and who bears them, and its sources.
    """
    from peelian.core.errors import InputError
    from peelian.response.options import card as card_of
    from peelian.response.options import cards_for, load_cards

    if measure and card:
        raise InputError(
            f"A measure lists cards and --card shows one; found both, {measure!r} and {card!r}. "
            f"Give one of them."
        )
    if card:
        found = card_of(card)
        typer.echo(_as_json(found) if as_json else "\n".join(_card_lines(found)))
        return
    if as_json:
        listed = cards_for(measure) if measure else tuple(load_cards().values())
        typer.echo(_as_json(listed))
        return
    typer.echo("\n".join(_lines_for(measure) if measure else _lines_by_tactic()))


def _as_json(cards: EvidenceCard | tuple[EvidenceCard, ...]) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(cards), indent=2).decode()


def _lines_for(measure_id: str) -> Iterator[str]:
    from peelian.measures.loader import measure
    from peelian.response.options import cards_for, poor_fits_for

    suited = cards_for(measure_id)
    if not suited:
        yield f"{measure(measure_id).title}: no card names it as a problem."
        return
    yield f"{measure(measure_id).title}: options, best shown first."
    yield from _scale_lines(suited)
    for each in suited:
        yield from _listed(each)
    poor = poor_fits_for(measure_id)
    if poor:
        yield ""
        yield "Not for this problem:"
    for each, reason in poor:
        yield from _wrapped(f"{each.title} ({each.id}). {reason}", indent=2)
    yield ""
    yield "A card in full: peelian options --card ID"


def _lines_by_tactic() -> Iterator[str]:
    from peelian.response.options import cards_of_tactic, load_cards
    from peelian.response.tactic_mix import TACTIC_WORDS

    yield "Tactics by kind, best shown first."
    yield from _scale_lines(tuple(load_cards().values()))
    for tactic, words in TACTIC_WORDS.items():
        yield words.capitalize()
        for each in cards_of_tactic(tactic):
            yield from _listed(each)
        yield ""
    yield "Options for a problem: peelian options MEASURE. In full: --card ID"


def _scale_lines(cards: tuple[EvidenceCard, ...]) -> Iterator[str]:
    from peelian.response.evidence_card import STRENGTHS

    yield "How well it is shown:"
    for strength, meaning in STRENGTHS.items():
        if any(each.strength == strength for each in cards):
            yield from _wrapped(f"{_strength(strength):<10}{meaning}", indent=2, hang=10)
    yield ""


def _listed(each: EvidenceCard) -> Iterator[str]:
    yield from _wrapped(
        f"{_strength(each.strength):<10}{each.title} ({each.id})", indent=2, hang=10
    )
    yield from _wrapped(each.what, indent=12)


def _card_lines(each: EvidenceCard) -> Iterator[str]:
    from peelian.response.evidence_card import STRENGTHS
    from peelian.response.tactic_mix import TACTIC_WORDS

    yield from _wrapped(f"{each.title} ({each.id})")
    yield from _wrapped(f"Tactic: {TACTIC_WORDS[each.tactic]}")
    yield from _wrapped(f"How well it is shown: {_strength(each.strength)}")
    yield from _wrapped(f"{STRENGTHS[each.strength]}.", indent=2)
    if each.from_memory:
        yield from _wrapped(
            f"Read with care: {each.from_memory} of its findings are from memory of the "
            f"published paper and were not checked against it."
        )
    for key in ("what", "why_strength"):
        yield from _section(_TITLES[key], getattr(each, key))
    yield ""
    yield "Effect"
    for finding in each.effect:
        yield from _finding_lines(finding)
    for key in list(_TITLES)[2:]:
        yield from _section(_TITLES[key], getattr(each, key))
    yield from _end_lines(each)


def _end_lines(each: EvidenceCard) -> Iterator[str]:
    """Dose, problems and sources."""
    if each.dose:
        yield ""
        yield "Dose"
    for dose in each.dose:
        read = "" if dose.checked else "; from memory of the paper"
        yield from _wrapped(f"- {dose.name}: {dose.value} [{dose.source}{read}]", hang=2)
    yield from _section("Suits", ", ".join(each.suits))
    if each.does_not_suit:
        yield ""
        yield "Does not suit"
    for fit in each.does_not_suit:
        yield from _wrapped(f"- {fit.measure}: {fit.reason}", hang=2)
    yield ""
    yield "Sources"
    for source in each.sources:
        yield from _source_lines(source)
    yield ""
    yield from _wrapped(f"{each.author}, reviewed {each.reviewed}, due {each.review_due}")


def _finding_lines(found: Finding) -> Iterator[str]:
    from peelian.response.evidence_card import DESIGNS

    yield from _wrapped(f"- {found.says}", hang=2)
    parts = [f"Counted: {found.outcome}", DESIGNS[found.design]]
    if found.studies:
        parts.append("1 study" if found.studies == 1 else f"{found.studies} studies")
    if found.no_interval:
        parts.append(f"no interval: {found.no_interval}")
    read = "checked" if found.checked else "from memory of the published paper, not checked"
    yield from _wrapped(f"{'; '.join(parts)}. [{found.source}; {read}]", indent=4)


def _source_lines(source: Source) -> Iterator[str]:
    read = f"Read as {source.read_as}, {source.read_on}." if source.read_on else "Not read here."
    yield from _wrapped(f"[{source.key}] {source.citation} {read}", hang=2)
    # An address is never broken, so that it can be followed; it may be wider than the rest.
    for address in (f"doi:{source.doi}" if source.doi else "", source.url):
        if address:
            yield f"  {address}"


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    yield from _wrapped(text, indent=2)


def _wrapped(text: str, *, indent: int = 0, hang: int = 0) -> list[str]:
    return textwrap.wrap(
        text, _COLUMNS, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _strength(name: Strength) -> str:
    return name.replace("_", " ")
