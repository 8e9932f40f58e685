from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import InputError
from peelian.ingest.page_deeds import DEEDS, PARTIES
from peelian.response.options import card
from peelian.response.tactic_mix import (
    KIND_OF,
    KINDS,
    TACTIC_WORDS,
    TACTICS,
    tactic_mix,
)

ENFORCEMENT = ("enforcement", "stop_search", "disruption")
LASTING = ("target_hardening", "design_out", "diversion", "engagement", "partner")


def test_a_plan_is_counted_by_kind() -> None:
    mix = tactic_mix(["visibility", "stop_search", "target_hardening", "engagement", "partner"])

    assert mix.counts == {
        "enforcement": 1, "visibility": 1, "prevention": 1, "support": 1, "engagement": 1,
    }  # fmt: skip
    assert mix.shares == dict.fromkeys(KINDS, 0.2)
    assert mix.named == 5
    assert mix.question == ""


@pytest.mark.parametrize("tactics", [["enforcement"], ["stop_search"], list(ENFORCEMENT)])
def test_a_plan_that_is_all_enforcement_is_asked_about(tactics: list[str]) -> None:
    mix = tactic_mix(tactics)

    assert mix.shares["enforcement"] == 1
    assert mix.question.startswith("Every tactic that this plan names is enforcement: what")


def test_enforcement_with_visible_patrol_and_nothing_else_is_asked_about() -> None:
    mix = tactic_mix(["visibility", "visibility", "stop_search"])

    assert mix.question.startswith("This plan names enforcement and visible patrol and nothing")


@pytest.mark.parametrize("lasting", LASTING)
def test_one_lasting_tactic_is_enough_not_to_be_asked(lasting: str) -> None:
    assert tactic_mix([*ENFORCEMENT, "visibility", lasting]).question == ""


def test_visible_patrol_alone_is_not_asked_about() -> None:
    assert tactic_mix(["visibility"]).question == ""


def test_a_plan_without_tactics_has_no_shares_and_no_question() -> None:
    mix = tactic_mix([])

    assert (mix.named, mix.unnamed, mix.question) == (0, 0, "")
    assert mix.shares == dict.fromkeys(KINDS, 0.0)


def test_promises_whose_tactic_nobody_named_are_counted_apart() -> None:
    mix = tactic_mix(["", "stop_search", ""])

    assert (mix.named, mix.unnamed) == (1, 2)
    assert mix.shares["enforcement"] == 1


def test_a_tactic_that_nobody_knows_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"one of visibility, .*; found 'zero_tolerance'"):
        tactic_mix(["visibility", "zero_tolerance"])


def test_chosen_options_have_a_mix_too() -> None:
    chosen = [card("hot-spot-patrol"), card("street-lighting")]

    mix = tactic_mix(each.tactic for each in chosen)

    assert mix.shares["prevention"] == mix.shares["visibility"] == 0.5


def test_every_tactic_that_is_read_from_a_page_has_a_kind_and_words() -> None:
    assert {deed.tactic for deed in (*DEEDS, *PARTIES)} <= set(TACTICS)
    assert set(KIND_OF) == set(TACTIC_WORDS) == set(TACTICS)
    assert set(KIND_OF.values()) == set(KINDS)


def asked_by_the_rule(tactics: Iterable[str]) -> bool:
    """The rule as a person would say it, tactic by tactic."""
    named = [each for each in tactics if each]
    return any(each in ENFORCEMENT for each in named) and all(
        each in ENFORCEMENT or each == "visibility" for each in named
    )


@given(st.lists(st.sampled_from(["", *TACTICS])))
def test_any_plan_keeps_its_number_and_is_asked_by_the_rule(tactics: list[str]) -> None:
    mix = tactic_mix(tactics)

    assert mix.named + mix.unnamed == len(tactics)
    assert mix.counts == {
        kind: Counter(KIND_OF[each] for each in tactics if each)[kind]  # type: ignore[index]
        for kind in KINDS
    }
    assert sum(mix.shares.values()) == pytest.approx(1 if mix.named else 0)
    assert bool(mix.question) == asked_by_the_rule(tactics)
    assert tactic_mix(reversed(tactics)) == mix
