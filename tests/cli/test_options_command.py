import json
from collections.abc import Callable

import pytest

from peelian.cli.app import run
from peelian.response.options import cards_for, load_cards, poor_fits_for

Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command prints, where it ends well."""

    def printed(*arguments: str) -> str:
        assert run(["options", *arguments]) == 0
        return capsys.readouterr().out

    return printed


def test_a_measure_lists_what_suits_it_best_shown_first_and_what_does_not(said: Said) -> None:
    printed = said("burglary")

    places = [printed.index(f"({each.id})") for each in cards_for("burglary")]
    assert printed.startswith("Recorded burglary: options, best shown first.\n")
    assert places == sorted(places)
    assert "Not for this problem:" in printed
    for each, _ in poor_fits_for("burglary"):
        assert printed.index(each.title) > printed.index("Not for this problem:")


def test_without_a_measure_every_card_stands_under_its_kind_of_tactic(said: Said) -> None:
    printed = said()

    assert all(f"({each})" in " ".join(printed.split()) for each in load_cards())
    kinds = ["Visibility", "Enforcement", "Stop and search", "Target hardening", "Design out"]
    places = [printed.index(f"\n{kind}\n") for kind in kinds]
    assert places == sorted(places)


@pytest.mark.parametrize("card", list(load_cards()))
def test_a_card_in_full_fits_80_columns_but_for_addresses(said: Said, card: str) -> None:
    printed = said("--card", card)

    wide = [line for line in printed.splitlines() if len(line) > 80]
    assert all(line.startswith("  https://") for line in wide)
    for heading in (
        "Effect",
        "Mechanism",
        "Economics",
        "Who bears them",
        "Settle first",
        "Sources",
    ):
        assert f"\n{heading}\n" in printed
    assert all(f"[{each.key}]" in printed for each in load_cards()[card].sources)


@pytest.mark.parametrize("measure", ["", "robbery", "anti-social-behaviour"])
def test_a_list_fits_80_columns(said: Said, measure: str) -> None:
    printed = said(*[measure] * bool(measure))

    assert max(map(len, printed.splitlines())) <= 80


def test_what_is_from_memory_says_so_on_the_card(said: Said) -> None:
    printed = " ".join(said("--card", "stop-and-search").split())

    assert "3 of its findings are from memory of the published paper" in printed
    assert printed.count("from memory of the published paper, not checked") == 3
    assert "Read with care" not in said("--card", "street-lighting")


def test_a_measure_that_is_no_problem_says_so(said: Said) -> None:
    assert said("stops") == "Stop and search: no card names it as a problem.\n"


def test_the_cards_of_a_measure_are_printed_as_json(said: Said) -> None:
    listed = json.loads(said("drugs", "--json"))

    assert [each["id"] for each in listed] == [each.id for each in cards_for("drugs")]


def test_every_card_and_one_card_are_printed_as_json(said: Said) -> None:
    assert len(json.loads(said("--json"))) == len(load_cards())
    one = json.loads(said("--card", "cctv", "--json"))
    assert (one["id"], one["effect"][0]["checked"]) == ("cctv", False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["burglary", "--card", "cctv"], "found both, 'burglary' and 'cctv'. Give one of them."),
        (["litter"], "no measure is called 'litter'. Use one of"),
        (["--card", "hope"], "none is called 'hope'. Use one of"),
    ],
)
def test_what_cannot_be_listed_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    code = run(["options", *arguments])

    assert code == 2
    assert words in capsys.readouterr().err
