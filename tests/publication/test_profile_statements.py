"""A statement cannot say a number that is not among its figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.publication.profile.statements import Statement, not_asked, not_known, numbers_in


def say(text: str, **figures: float | str) -> Statement:
    return Statement("where.test", "where", text, figures)


def test_a_number_without_a_figure_cannot_be_said() -> None:
    with pytest.raises(ValueError, match=r"where\.test says 12 and has no such figure"):
        say("12 of 31 records.", whole=31)


def test_a_number_in_the_words_of_certainty_needs_a_figure_too() -> None:
    with pytest.raises(ValueError, match="says 90"):
        Statement("where.test", "where", "Six records.", {}, how_sure="90 % range")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1,207 records", 1207),
        ("26 % fewer", 26),
        ("8.7 expected", 8.714),
        ("9 expected", 8.714),
        ("8.71 expected", 8.714),
        ("−18 %", -18),
        ("March 2018", "March 2018"),
        ("Platform 9", "Platform 9"),
    ],
)
def test_a_figure_may_be_written_so(text: str, figure: float | str) -> None:
    assert say(text, figure=figure).text == text


@pytest.mark.parametrize(("text", "figure"), [("8.8 expected", 8.714), ("1,208", 1207)])
def test_a_figure_may_not_be_written_otherwise(text: str, figure: float) -> None:
    with pytest.raises(ValueError, match="has no such figure"):
        say(text, figure=figure)


@given(st.integers(0, 10**9))
def test_any_count_may_be_said_with_its_thousands_separated(count: int) -> None:
    assert say(f"{count:,} records.", records=count).figures == {"records": count}


@given(st.floats(0, 1e6), st.integers(0, 2))
def test_any_measured_number_may_be_said_to_two_places_or_fewer(value: float, places: int) -> None:
    assert list(numbers_in(say(f"{value:.{places}f} m.", metres=value).text))


def test_what_is_not_known_says_the_question_and_the_reason() -> None:
    said = not_known("when.season", "when", "Season", "24 months are needed; 9 are held.")

    assert said.text == "Season: not known. 24 months are needed; 9 are held."
    assert said.how_sure == "too few to say"
    assert said.method == ""


def test_what_is_not_asked_is_no_lack_of_records() -> None:
    said = not_asked("changing.at-places", "changing", "Clusters", "It would send patrols back.")

    assert said.text == "Clusters: not asked. It would send patrols back."
    assert said.how_sure == ""
