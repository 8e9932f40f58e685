from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.place_names import kind_word, normalised, slips_between, station_key


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("St Martin’s Gardens", "Saint Martin's Gardens"),
        ("St. Martins Gdns", "Saint Martin's Gardens"),
        ("PRATT ST", "Pratt Street"),
        ("Pratt St.", "Pratt Street"),
        ("the Francis Crick Institute", "The Francis Crick Institute"),
        ("St. Pancras and Somers Town", "St Pancras & Somers Town"),
        ("St Pancras  and Somers  Town", "St. Pancras and Somers Town"),
        ("Phoenix Rd", "Phoenix Road"),
        ("Café Row", "Cafe Row"),
        ("Queen'S Road", "Queen's Road"),
    ],
)
def test_spellings_of_one_name_are_equal(written, same):
    assert normalised(written) == normalised(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pratt Street", "Pratt Mews"),
        ("St Pancras Way", "Pancras Way"),
        ("Camden High Street", "High Street"),
        ("Street", "Saint"),
    ],
)
def test_names_of_different_places_are_not(one, other):
    assert normalised(one) != normalised(other)


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing_more(name):
    once = normalised(name)

    assert normalised(once) == once


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Euston Railway Station", "euston"),
        ("London Euston", "euston"),
        ("Euston British Rail station", "euston"),
        ("Euston (Overground)", "euston"),
        ("St Pancras International Station", "saint pancras"),
        ("King's Cross St. Pancras Underground Station", "kings cross saint pancras"),
        ("London Station", "london station"),
    ],
)
def test_a_station_is_known_by_its_name_alone(written, key):
    assert station_key(written) == key


@pytest.mark.parametrize(
    ("name", "kind"),
    [("curnock street estate", "estate"), ("pratt street", "street"), ("mordor", "")],
)
def test_the_last_word_of_kind_says_what_a_place_is(name, kind):
    assert kind_word(name) == kind


def alignment(one: str, other: str) -> int:
    """The optimal string alignment distance as its definition reads, without a table."""

    @cache
    def distance(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        options = [
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        ]
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            options.append(distance(i - 2, j - 2) + 1)
        return min(options)

    return distance(len(one), len(other))


@settings(deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 4))
def test_slips_are_the_alignment_distance_up_to_the_limit(one, other, at_most):
    slips = slips_between(one, other, at_most=at_most)

    assert min(slips, at_most + 1) == min(alignment(one, other), at_most + 1)
