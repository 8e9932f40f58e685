from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.assessment.effect import Check, Difference, Effect
from peelian.assessment.verdict import EffectVerdict, not_assessable, verdict_of
from peelian.publication.verdict_words import AssessedThing, certainty_of, verdict_sentences

ROBBERY = AssessedThing(
    what="Recorded robbery",
    where="at Chalton Street",
    response="extra patrol",
    since="April 2023",
    until="September 2023",
)
FAILED = Check("window", "With three months more it is no change beyond chance.", changed=True)


def effect(
    low: float,
    high: float,
    *,
    estimate: float | None = None,
    p: float = 0.02,
    level: int = 3,
    checks: tuple[Check, ...] = (),
) -> Effect:
    return Effect(
        estimate, low, high, 0.95, p, 40, 60, "matched comparison", level, (), checks=checks
    )


def finding(verdict: EffectVerdict, about: AssessedThing = ROBBERY) -> str:
    return verdict_sentences(verdict, about)[0]


def test_before_and_after_alone_says_was_lower() -> None:
    main = effect(0.6, 0.91, estimate=0.74, level=2)

    said = verdict_sentences(verdict_of(main, months=6), ROBBERY)

    assert said == (
        "Recorded robbery at Chalton Street was lower from April 2023 to September 2023 than "
        "before: 26 % fewer (from 40 % fewer to 9 % fewer, 95 % interval); a real fall is likely.",
        "Whether it moved nearby was not looked at.",
        "Nothing was compared with places elsewhere: this says what was recorded, not why.",
        "What would count as having worked was not set down before it started.",
    )


@pytest.mark.parametrize(
    ("main", "alone", "moved"),
    [
        (effect(0.6, 0.9), 0.8, "fell more than"),
        (effect(0.6, 0.9), 1.1, "rose less than"),
        (effect(0.6, 0.9), None, "fell more, or rose less, than"),
        (effect(1.2, 1.9), 1.3, "rose more than"),
        (effect(1.2, 1.9), 0.9, "fell less than"),
        (effect(1.2, 1.9), None, "rose more, or fell less, than"),
    ],
)
def test_a_comparison_says_more_than_in_comparison_places(
    main: Effect, alone: float | None, moved: str
) -> None:
    itself = effect(0.5, 2, estimate=alone, p=0.5, level=2) if alone else None

    said = finding(verdict_of(main, months=6, place_alone=itself))

    assert f"recorded robbery at Chalton Street {moved} in comparison places" in said


def test_a_trial_says_what_the_response_did_either_way() -> None:
    fell = finding(verdict_of(effect(0.6, 0.9, level=5), months=6))
    rose = finding(verdict_of(effect(1.2, 1.9, level=5), months=6))

    assert fell.startswith("Extra patrol reduced recorded robbery at Chalton Street:")
    assert rose.startswith("Extra patrol increased recorded robbery at Chalton Street:")


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_below_a_trial_no_cause_is_named(level: int) -> None:
    said = " ".join(verdict_sentences(verdict_of(effect(0.6, 0.9, level=level), months=6), ROBBERY))

    assert "reduced" not in said
    assert "patrol" not in said
    assert "significant" not in said
    assert "not why" in said or "other causes are possible" in said


def test_a_comparison_that_failed_its_check_is_worded_as_before_and_after() -> None:
    failed = Check("placebo date", "A year before, the same fall is found.", changed=True)

    said = verdict_sentences(verdict_of(effect(0.6, 0.9, checks=(failed,)), months=6), ROBBERY)

    assert "was lower" in said[0]
    assert "comparison places" not in " ".join(said)
    assert "Against it: A year before, the same fall is found." in said


@pytest.mark.parametrize(
    ("main", "sure"),
    [
        (effect(0.6, 0.9, p=0.0009), "almost certain"),
        (effect(0.6, 0.9, p=0.009), "very likely"),
        (effect(0.6, 0.9, p=0.03), "likely"),
        (effect(0.6, 0.9, p=0.0001, checks=(FAILED,)), "likely"),
        (effect(0.92, 1.08, p=0.9), "about the same"),
        (effect(0.92, 1.08, p=0.9, checks=(FAILED,)), "no clear change"),
        (effect(0.7, 1.2, p=0.4), "no clear change"),
        (effect(0.3, 1.2, p=0.4), "too few to say"),
    ],
)
def test_how_sure_is_a_word_of_the_fixed_scale(main: Effect, sure: str) -> None:
    assert certainty_of(verdict_of(main, months=6)) == sure


def test_no_change_says_what_is_ruled_out_and_rounds_it_away_from_nothing() -> None:
    said = finding(verdict_of(effect(0.887, 1.152, estimate=1.01, p=0.8), months=6))

    assert said == (
        "Recorded robbery at Chalton Street shows no change beyond chance from April 2023 to "
        "September 2023, against comparison places: 1 % more than these would suggest (from 11 % "
        "fewer to 15 % more, 95 % interval). A fall of more than 12 % and a rise of more than "
        "16 % are ruled out: no clear change."
    )


def test_too_few_says_how_long_it_would_take() -> None:
    main = replace(effect(0.2, 2.5, estimate=0.75, p=0.7), treated=3, untreated=4)
    verdict = replace(verdict_of(main, months=3), months_needed=23)

    assert finding(verdict) == (
        "Recorded robbery at Chalton Street is too few to say whether anything changed: 25 % fewer "
        "than these would suggest (from 80 % fewer to 2.5 times as many, 95 % interval). At this "
        "rate it would take about 23 months of records since the start, not three months, to tell "
        "a halving or a doubling from no change."
    )
    assert "about six years of records" in finding(replace(verdict, months_needed=70))
    assert "not be known in 50 years" in finding(replace(verdict, months_needed=None))


def test_nothing_recorded_has_no_estimate_and_an_open_end() -> None:
    main = replace(effect(0, inf, p=1, level=2), treated=0, untreated=0)

    said = finding(verdict_of(main, months=3))

    assert "from 100 % fewer to any number more, 95 % interval" in said


def test_moving_is_told_either_way() -> None:
    fell, rose = effect(0.5, 0.9), effect(1.1, 1.8)

    away = verdict_sentences(verdict_of(fell, months=6, nearby=rose), ROBBERY)
    here = verdict_sentences(verdict_of(rose, months=6, nearby=fell), ROBBERY)

    assert away[1] == (
        "Nearby it rose at the same time (from 10 % more to 80 % more, 95 % interval): it may have "
        "moved and not gone away."
    )
    assert here[1].endswith("it may have moved here.")


def test_a_number_of_records_is_said_in_records() -> None:
    main = Difference(-118, -195.6, -40.4, 0.95, 0.003, "weighted displacement", 3, ())

    said = finding(verdict_of(main, months=6, base=207))

    assert "118 records fewer" in said
    assert "from 196 records fewer to 40 records fewer" in said


def test_another_method_that_differs_is_named() -> None:
    other = replace(effect(0.8, 1.1, p=0.4), design="synthetic control")

    said = verdict_sentences(verdict_of(effect(0.5, 0.9), months=6, others=[other]), ROBBERY)

    assert "Another method (synthetic control) finds no change beyond chance." in said


def test_methods_that_contradict_each_other_say_so() -> None:
    verdict = verdict_of(effect(0.5, 0.9), months=6, others=[effect(1.1, 1.4)])

    assert "one method finds a fall and another a rise" in finding(verdict)


def test_what_cannot_be_assessed_says_why_and_when_it_was_designed() -> None:
    said = verdict_sentences(
        not_assessable("Open data have no such offence.", designed_first=True), ROBBERY
    )

    assert said == (
        "Recorded robbery at Chalton Street cannot be assessed: Open data have no such offence.",
        "What would count as having worked was set down and sealed before it started.",
    )


ENDS = st.tuples(st.floats(0.01, 5), st.floats(1, 20)).map(lambda e: (e[0], e[0] * e[1]))


@given(ENDS, ENDS | st.none(), st.integers(1, 5), st.floats(0, 1))
def test_numbers_that_may_not_be_shown_are_in_no_sentence(
    main: tuple[float, float], nearby: tuple[float, float] | None, level: int, p: float
) -> None:
    verdict = verdict_of(
        effect(*main, p=p, level=level), months=6, nearby=effect(*nearby) if nearby else None
    )

    said = " ".join(verdict_sentences(verdict, replace(ROBBERY, shown=False)))

    assert "%" not in said
    assert "times as many" not in said


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_rise_is_worded_like_a_fall(level: int) -> None:
    turned = {"lower": "higher", "fall": "rise", "reduced": "increased", "fell": "rose"}
    hidden = replace(ROBBERY, shown=False)
    down = verdict_of(effect(0.5, 0.9, level=level), months=6)
    up = verdict_of(effect(1.1, 2, level=level), months=6)

    as_rise = " ".join(verdict_sentences(down, hidden))
    for one, other in turned.items():
        as_rise = as_rise.replace(f" {one} ", f" {other} ")

    assert as_rise.replace("or rose less", "or fell less") == " ".join(
        verdict_sentences(up, hidden)
    )
