"""Options with evidence: the cards by tactic and by problem, read strictly from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from peelian.core.errors import InputError
from peelian.measures.loader import load_measures, measure
from peelian.measures.strict import (
    from_yaml,
    in_form,
    is_date,
    require,
    require_review,
    require_texts,
)
from peelian.response import evidence_card
from peelian.response.evidence_card import STRENGTHS, EvidenceCard, Finding, Source
from peelian.response.tactic_mix import Tactic

OWN_FOLDER = "evidence_cards"
TEXTS = (
    "title", "what", "why_strength", "mechanism", "moderators", "implementation", "economics",
    "harms", "harms_fall_on", "settle_first",
)  # fmt: skip

_KEY = re.compile(r"\[([a-z][a-z-]*-\d{4}[a-z]?)\]")


def load_cards(folder: Path | None = None) -> Mapping[str, EvidenceCard]:
    """Every evidence card by id, in alphabetical order.

    folder: of YAML files, one a card; the package's own unless given. A file that breaks the
    schema is a SchemaError that names the file and the key.
    """
    return _own_cards() if folder is None else _cards_in(folder)


def card(card_id: str) -> EvidenceCard:
    """One of the package's own cards. An id that is not there is an InputError."""
    known = load_cards()
    if card_id not in known:
        raise InputError(
            f"A card is named by its id; none is called {card_id!r}. "
            f"Use one of: {', '.join(known)}."
        )
    return known[card_id]


def cards_for(measure_id: str) -> tuple[EvidenceCard, ...]:
    """The cards whose tactic suits a problem, best shown first, then by title.

    measure_id: of the measure that follows the problem; one that is not there is an
    InputError. Stops are no problem but something police do: no card is for them.
    """
    measure(measure_id)
    return _best_first(each for each in load_cards().values() if measure_id in each.suits)


def poor_fits_for(measure_id: str) -> tuple[tuple[EvidenceCard, str], ...]:
    """The cards that say their tactic does not suit a problem, each with the reason.

    In the order of `cards_for`; measure_id as there.
    """
    measure(measure_id)
    return tuple(
        (each, fit.reason)
        for each in _best_first(load_cards().values())
        for fit in each.does_not_suit
        if fit.measure == measure_id
    )


def cards_of_tactic(tactic: Tactic) -> tuple[EvidenceCard, ...]:
    """The cards of one kind of tactic, best shown first, then by title."""
    return _best_first(each for each in load_cards().values() if each.tactic == tactic)


def read_card(path: Path) -> EvidenceCard:
    """Read one card's file; its id is the file's name, so ids cannot repeat."""
    read = in_form(
        from_yaml(path), EvidenceCard, path, schema="an evidence card",
        explained=evidence_card.__name__,
    )  # fmt: skip
    _check(path, read)
    return read


@cache
def _own_cards() -> Mapping[str, EvidenceCard]:
    with resources.as_file(resources.files(__package__) / OWN_FOLDER) as folder:
        return _cards_in(folder)


def _cards_in(folder: Path) -> Mapping[str, EvidenceCard]:
    loaded = (read_card(path) for path in sorted(folder.glob("*.yaml")))
    return MappingProxyType({each.id: each for each in loaded})


def _best_first(cards: Iterable[EvidenceCard]) -> tuple[EvidenceCard, ...]:
    order = tuple(STRENGTHS)
    return tuple(sorted(cards, key=lambda each: (order.index(each.strength), each.title)))


def _check(path: Path, read: EvidenceCard) -> None:
    """What a type cannot say: ids, measures, figures with their interval, sources, dates."""
    require(path, "id", read.id, read.id == path.stem, f"the file's name, {path.stem}")
    require_texts(path, read, (*TEXTS, "author"))
    require(path, "effect", read.effect, bool(read.effect), "at least one finding")
    _check_problems(path, read)
    for each in read.sources:
        _check_source(path, each)
    by_key = {each.key: each for each in read.sources}
    rule = "each key once"
    require(path, "sources", sorted(by_key), len(by_key) == len(read.sources), rule)
    for number, finding in enumerate(read.effect):
        _check_finding(path, f"effect[{number}]", finding)
    _check_citations(path, read, by_key)
    require_review(path, reviewed=read.reviewed, review_due=read.review_due)


def _check_problems(path: Path, read: EvidenceCard) -> None:
    known, poor = load_measures(), [fit.measure for fit in read.does_not_suit]
    require(path, "suits", read.suits, bool(read.suits), "at least one measure")
    named = [*read.suits, *poor]
    for each in named:
        require(path, "suits, does_not_suit", each, each in known, f"any of {', '.join(known)}")
        once = "each measure once, among those it suits or those it does not"
        require(path, "suits, does_not_suit", each, named.count(each) == 1, once)
    for fit in read.does_not_suit:
        key = f"does_not_suit.{fit.measure}.reason"
        require(path, key, fit.reason, bool(fit.reason.strip()), "why it does not suit")


def _check_source(path: Path, source: Source) -> None:
    where = f"sources.{source.key}"
    require(path, where, source.key, bool(_KEY.fullmatch(f"[{source.key}]")), "name-2019")
    require_texts(path, source, ("citation",))
    located = source.doi.startswith("10.") or source.url.startswith("https://")
    rule = "a doi that begins with 10. or a url that begins with https://"
    require(path, where, source.doi or source.url, located, rule)
    read = (source.read_as, source.read_on)
    whole = bool(source.read_as) == bool(source.read_on)
    whole = whole and (not source.read_on or is_date(source.read_on))
    rule = "what was read and on which date, YYYY-MM-DD, or neither"
    require(path, f"{where}.read_on", read, whole, rule)


def _check_finding(path: Path, where: str, finding: Finding) -> None:
    for key in ("says", "outcome"):
        text = getattr(finding, key)
        require(path, f"{where}.{key}", text, bool(text.strip()), "a text that is not empty")
    found = (finding.low, finding.estimate, finding.high)
    if finding.estimate is None:
        bare = found == (None, None, None) and not finding.unit and not finding.no_interval
        rule = "a unit, an interval or a reason for none only beside an estimate"
        require(path, where, found, bare, rule)
        return
    require(path, f"{where}.unit", finding.unit, bool(finding.unit), "the estimate's unit")
    rule = "low <= estimate <= high, or else no_interval with the reason why there is none"
    if finding.low is None or finding.high is None:
        without = finding.low is finding.high is None and bool(finding.no_interval.strip())
        require(path, where, found, without, rule)
        return
    ordered = finding.low <= finding.estimate <= finding.high and not finding.no_interval
    require(path, where, found, ordered, rule)


def _check_citations(path: Path, read: EvidenceCard, by_key: Mapping[str, Source]) -> None:
    """Every citation has its source, every source is cited, what is checked has been read."""
    cited = [key for text in TEXTS for key in _KEY.findall(getattr(read, text))]
    claims = [(each.source, each.checked) for each in read.effect]
    claims += [(each.source, each.checked) for each in read.dose]
    for key, checked in claims:
        cited.append(key)
        was_read = not checked or key not in by_key or bool(by_key[key].read_on)
        rule = "a source with read_on where checked is true"
        require(path, f"checked, {key}", checked, was_read, rule)
    for key in cited:
        require(path, "source", key, key in by_key, f"any of {', '.join(by_key)}")
    unused = sorted(set(by_key) - set(cited))
    require(path, "sources", unused, not unused, "sources that something on the card cites")
