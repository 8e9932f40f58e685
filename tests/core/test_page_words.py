"""Words of change, place and time as ward pages use them."""

from __future__ import annotations

import pytest

from peelian.core.page_words import CHANGE_WORDS, direction_of, has_figure, named_places, period_in


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("have seen a rise", "up"),
        ("has increased", "up"),
        ("up by 3", "up"),
        ("have decreased", "down"),
        ("a drop in", "down"),
        ("calls are well down", "down"),
        ("fewer reports", "down"),
    ],
)
def test_a_word_of_change_points_up_or_down(text: str, direction: str) -> None:
    (word,) = CHANGE_WORDS.finditer(text)

    assert direction_of(word) == direction


@pytest.mark.parametrize(
    "text", ["clamp down on", "stepped up from May", "more officers", "look up"]
)
def test_other_senses_are_no_words_of_change(text: str) -> None:
    assert list(CHANGE_WORDS.finditer(text)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("One such area is Pratt Street, which borders St Martin’s Gardens.",
         ("Pratt Street", "St Martin’s Gardens")),
        ("outside of the St Francis Crick institute", ("St Francis Crick institute",)),
        ("In Mill Lane and on The Green", ("Mill Lane",)),
        ("along the River Walk of the Abbey Park", ("River Walk", "Abbey Park")),
        ("Park Lane Council, Road safety and a street", ()),
        ("Camden Park Council colleagues", ()),
    ],
)  # fmt: skip
def test_places_are_named_by_capitals_and_a_kind(text: str, names: tuple[str, ...]) -> None:
    assert named_places(text) == names


@pytest.mark.parametrize(
    ("sentence", "words", "months", "is_dated"),
    [
        ("Over the past 6 months, reports rose.", "Over the past 6 months", 6, False),
        ("In the last quarter it fell.", "In the last quarter", 3, False),
        ("It fell over the past two years.", "over the past two years", 24, False),
        ("Over the past few months it fell.", "Over the past few months", None, False),
        ("It fell in the last week.", "in the last week", None, False),
        ("It rose since January 2024.", "since January 2024", None, True),
        ("It is lower than last year.", "than last year", None, False),
    ],
)
def test_a_period_is_read_as_worded(
    sentence: str, words: str, months: int | None, is_dated: bool
) -> None:
    period = period_in(sentence)

    assert period is not None
    assert (period.words, period.months, period.is_dated) == (words, months, is_dated)


def test_a_sentence_without_time_has_no_period() -> None:
    assert period_in("Burglary has fallen.") is None


@pytest.mark.parametrize(
    ("sentence", "has"),
    [
        ("Burglary fell from 23 to 14.", True),
        ("Burglary fell by 12%.", True),
        ("Knife crime has halved.", True),
        ("Burglary fell in the past 6 months.", False),
        ("Burglary fell in 2024.", False),
        ("Burglary fell on 3 May.", False),
        ("Seminars for year 10 and 11 grew.", False),
        ("1) Increased visibility", False),
        ("Noise fell after 11pm.", False),
    ],
)
def test_times_and_ages_are_no_figures(sentence: str, has: bool) -> None:
    assert has_figure(sentence) is has
