import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import peelian.response
from peelian.core.errors import InputError, SchemaError
from peelian.ingest.ward_page import read_ward_page
from peelian.measures import load_measures
from peelian.response.evidence_card import DESIGNS, STRENGTHS, EvidenceCard
from peelian.response.options import (
    TEXTS,
    card,
    cards_for,
    cards_of_tactic,
    load_cards,
    poor_fits_for,
    read_card,
)
from peelian.response.tactic_mix import TACTICS

CARDS = tuple(load_cards().values())
FOLDER = Path(peelian.response.__file__).parent / "evidence_cards"
# What the issue names, each with the card that answers it.
ASKED_FOR = (
    "hot-spot-patrol", "stop-and-search", "target-hardening", "street-lighting", "cctv",
    "problem-solving", "detached-youth-work", "school-sessions", "design-out", "asb-powers",
)  # fmt: skip


def own_words(each: EvidenceCard) -> Iterator[str]:
    """Everything a reader sees but the titles of what others published."""
    yield from (getattr(each, key) for key in TEXTS)
    for finding in each.effect:
        yield from (finding.says, finding.outcome, finding.unit, finding.no_interval)
    yield from (fit.reason for fit in each.does_not_suit)
    yield from (f"{dose.name} {dose.value}" for dose in each.dose)


def written(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The card of CCTV as a file of its own, after a change."""
    content = yaml.safe_load((FOLDER / "cctv.yaml").read_text(encoding="utf-8"))
    change(content)
    path = folder / "cctv.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_every_card_is_read_strictly_and_none_is_left_in_the_folder() -> None:
    assert set(load_cards()) == {path.stem for path in FOLDER.iterdir()}
    assert set(ASKED_FOR) <= set(load_cards())
    assert list(load_cards()) == sorted(load_cards())


@pytest.mark.parametrize("each", CARDS, ids=lambda each: each.id)
def test_every_figure_has_a_source_and_an_interval_or_a_reason_why_none(
    each: EvidenceCard,
) -> None:
    keys = {source.key for source in each.sources}

    for finding in each.effect:
        assert finding.source in keys
        if finding.estimate is not None:
            both = finding.low is not None and finding.high is not None
            assert both or finding.no_interval


@pytest.mark.parametrize("each", CARDS, ids=lambda each: each.id)
def test_a_sentence_says_the_figures_that_stand_beside_it(each: EvidenceCard) -> None:
    for finding in each.effect:
        said = set(re.findall(r"\d+(?:\.\d+)?", finding.says))
        for figure in (finding.estimate, finding.low, finding.high):
            assert figure is None or f"{abs(figure):g}" in said, (figure, finding.says)


@pytest.mark.parametrize("each", CARDS, ids=lambda each: each.id)
def test_what_is_checked_was_read_on_a_day_that_has_been(each: EvidenceCard) -> None:
    by_key = {source.key: source for source in each.sources}

    for read in (*each.effect, *each.dose):
        source = by_key[read.source]
        assert not read.checked or (source.read_as and source.read_on)
    for source in each.sources:
        assert not source.read_on or source.read_on <= each.reviewed
        assert source.year <= date.fromisoformat(each.reviewed).year


def test_few_figures_are_from_memory_and_each_card_counts_its_own() -> None:
    from_memory = {each.id: each.from_memory for each in CARDS if each.from_memory}

    assert from_memory == {"cctv": 1, "neighbourhood-watch": 1, "stop-and-search": 3}


@pytest.mark.parametrize("each", CARDS, ids=lambda each: each.id)
def test_every_problem_is_a_measure(each: EvidenceCard) -> None:
    named = {*each.suits, *(fit.measure for fit in each.does_not_suit)}

    assert named <= set(load_measures())


def test_every_measure_but_stops_has_options_and_the_best_shown_come_first() -> None:
    order = list(STRENGTHS)

    for measure_id in load_measures():
        found = cards_for(measure_id)

        assert len(found) >= 3 or measure_id == "stops"
        assert [order.index(each.strength) for each in found] == sorted(
            order.index(each.strength) for each in found
        )
        assert not set(found) & {each for each, _ in poor_fits_for(measure_id)}


def test_no_card_is_for_stops_since_they_are_no_problem() -> None:
    assert cards_for("stops") == poor_fits_for("stops") == ()


def test_a_tactic_that_adds_to_a_count_is_not_offered_against_that_count() -> None:
    adds = ("stop-and-search", "hot-spot-patrol", "ward-wide-patrol", "enforcement-operations")

    for name in adds:
        assert "drugs" not in card(name).suits
        assert "drugs" in [fit.measure for fit in card(name).does_not_suit]


def test_the_document_states_the_same_scale_as_the_program() -> None:
    document = (Path(__file__).parents[2] / "docs" / "evidence-cards.md").read_text("utf-8")

    for strength, meaning in STRENGTHS.items():
        assert f"| {strength.replace('_', ' ')} | {meaning} |" in document


def test_strength_goes_no_further_than_the_designs_behind_it() -> None:
    for each in CARDS:
        designs = {finding.design for finding in each.effect}
        if each.strength in ("strong", "moderate"):
            assert designs & {"review", "comparison"}
        if each.strength == "strong":
            assert "review" in designs
            assert "trial" in designs or "trials" in each.why_strength
        if each.strength == "not_known":
            assert not any(finding.estimate for finding in each.effect)
    assert set(DESIGNS) >= {finding.design for each in CARDS for finding in each.effect}


def test_stop_and_search_says_who_bears_its_harms_and_that_they_are_measured() -> None:
    found = card("stop-and-search")
    raised = [each for each in found.effect if each.unit == "% change in odds"]

    # Petersen et al. 2023, doi:10.1002/cl2.1302: odds of a mental health problem raised by
    # 46% (24% to 72%), of a physical one by 36% (14% to 62%); crime 13% lower (9% to 16%).
    assert [(each.low, each.estimate, each.high) for each in raised] == [
        (24, 46, 72), (14, 36, 62),
    ]  # fmt: skip
    assert found.strength == "mixed"
    assert "Black people" in found.harms_fall_on


def test_intervals_of_ratios_are_the_papers() -> None:
    # Florence et al. 2011, doi:10.1136/bmj.d3313: 0.58 (0.49 to 0.69), 0.68 (0.61 to 0.75),
    # 1.38 (1.13 to 1.70). Kypri et al. 2011: 0.66 (0.55 to 0.80).
    printed = {
        "injury-data-sharing": [(0.49, 0.58, 0.69), (0.61, 0.68, 0.75), (1.13, 1.38, 1.70)],
        "licensed-premises": [(0.55, 0.66, 0.80)],
    }

    for name, ratios in printed.items():
        told = [(f.low, f.estimate, f.high) for f in card(name).effect if f.low is not None]
        changes = [tuple(100 * (ratio - 1) for ratio in each) for each in ratios]
        assert told == [pytest.approx(each) for each in changes]


def test_reassurance_is_no_ground_of_search_on_any_card() -> None:
    for each in CARDS:
        for text in own_words(each):
            for sentence in re.split(r"(?<=[.;]) ", text):
                if re.search("reassur", sentence, re.I):
                    assert sentence == "Reassurance is no ground of a search and no object of one."
    assert "Reassurance is no ground" in card("stop-and-search").settle_first


@pytest.mark.parametrize("each", CARDS, ids=lambda each: each.id)
def test_cards_use_the_houses_words(each: EvidenceCard) -> None:
    words = " ".join(own_words(each))

    american = r"\b\w*(?:behavior|neighborhood|organiz|randomiz|prioritiz|victimiz)\w*|\bprogram\b"
    found = re.findall(american, words.replace("This program keeps no list", ""))
    assert found == []
    alarm = (
        r"\b(?:rampant|soar\w*|epidemic|plague\w*|shocking|dangerous|evil|thugs?|yobs?|scourge|"
        r"crime wave|war on|blight\w*|powerful|proven|clearly|obviously)\b"
    )
    assert re.findall(alarm, words, re.I) == []
    convicted = r"\b(?:offenders?|criminals|thie(?:f|ves)|robbers?|burglars?|dealers)\b"
    assert re.findall(convicted, words, re.I) == []


def test_every_tactic_has_a_card() -> None:
    for tactic in TACTICS:
        found = cards_of_tactic(tactic)

        assert found
        assert {each.tactic for each in found} == {tactic}


def test_the_tactics_of_the_seed_page_all_have_a_card(seed_page: str) -> None:
    ward = read_ward_page(seed_page, ward="E05013669")

    tactics = {each.tactic for priority in ward.priorities for each in priority.commitments}

    assert {"visibility", "stop_search", "target_hardening", "engagement", "disruption"} <= tactics
    for tactic in tactics - {""}:
        assert cards_of_tactic(tactic)  # type: ignore[arg-type]


def test_an_unknown_card_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"none is called 'hope'. Use one of: alley-gating, "):
        card("hope")


def test_an_unknown_measure_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="no measure is called 'litter'"):
        cards_for("litter")
    with pytest.raises(InputError, match="no measure is called 'litter'"):
        poor_fits_for("litter")


def test_cards_of_ones_own_are_read_from_a_folder(tmp_path: Path) -> None:
    written(tmp_path, lambda content: content.update(title="Our cameras"))

    found = load_cards(tmp_path)

    assert [each.title for each in found.values()] == ["Our cameras"]


def test_an_empty_folder_has_no_cards(tmp_path: Path) -> None:
    assert load_cards(tmp_path) == {}


WRONG: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda c: c.update(colour="red"), "unknown field `colour`"),
    (lambda c: c["effect"][0].update(p_value=0.01), "unknown field `p_value`"),
    (lambda c: c.update(id="cameras"), "key id: found 'cameras'. Allowed: the file's name, cctv"),
    (lambda c: c.update(tactic="surveillance"), "Invalid enum value 'surveillance'"),
    (lambda c: c.update(strength="proven"), "Invalid enum value 'proven'"),
    (lambda c: c.update(harms=" "), "key harms: found ' '"),
    (lambda c: c.update(effect=[]), "at least one finding"),
    (lambda c: c["suits"].append("litter"), "found 'litter'. Allowed: any of all-recorded-crime"),
    (lambda c: c["suits"].append("violence"), "each measure once"),
    (lambda c: c.update(suits=[]), "at least one measure"),
    (lambda c: c["does_not_suit"][0].update(reason=""), "why it does not suit"),
    (lambda c: c["effect"][0].update(no_interval=""), "low <= estimate <= high, or else"),
    (lambda c: c["effect"][0].update(low=-20), "low <= estimate <= high, or else"),
    (lambda c: c["effect"][0].update(low=-10, high=-5), "low <= estimate <= high, or else"),
    (lambda c: c["effect"][0].update(unit=""), "the estimate's unit"),
    (lambda c: c["effect"][0].update(estimate=None), "only beside an estimate"),
    (lambda c: c["effect"][0].update(says=""), r"effect\[0\].says"),
    (lambda c: c["effect"][0].update(source="nobody-1999"), "found 'nobody-1999'. Allowed: any of"),
    (lambda c: c.update(harms="So says [nobody-1999]."), "found 'nobody-1999'. Allowed: any of"),
    (lambda c: c["effect"].pop(2), "sources that something on the card cites"),
    (lambda c: c["sources"][0].update(doi=""), "a doi that begins with 10. or a url"),
    (lambda c: c["sources"][0].update(read_on=""), "what was read and on which date"),
    (lambda c: c["sources"][1].update(read_as="", read_on=""), "read_on where checked is true"),
    (lambda c: c["sources"][0].update(key="Piza 2019"), "Allowed: name-2019"),
    (lambda c: c["sources"].append(c["sources"][0]), "each key once"),
    (lambda c: c.update(review_due="2020-01-01"), "a date after"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_a_card_that_breaks_the_schema_says_where(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    path = written(tmp_path, change)

    with pytest.raises(SchemaError, match=rf"(?s)^cctv\.yaml.*{said}"):
        read_card(path)
