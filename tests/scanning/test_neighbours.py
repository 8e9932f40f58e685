"""Neighbour lists against counting every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import InputError
from peelian.scanning.neighbours import nearest, within_distance

spots = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=25)


def distances(places: list[tuple[int, int]]) -> np.ndarray:
    at = np.array(places, dtype=float)
    return np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))


@given(spots, st.integers(1, 15))
def test_neighbours_within_a_distance_are_those_that_measuring_finds(
    places: list[tuple[int, int]], distance_m: int
) -> None:
    away = distances(places)

    found = within_distance(*zip(*places, strict=True), distance_m=distance_m)

    for i in range(len(places)):
        expected = [j for j in range(len(places)) if j != i and away[i, j] <= distance_m]
        assert found.of(i).tolist() == expected
    assert found.count.sum() == len(found.index)


@given(spots.filter(lambda places: len(places) > 3))
def test_the_nearest_are_no_farther_than_any_other_and_ties_fall_to_the_first(
    places: list[tuple[int, int]],
) -> None:
    away = distances(places)

    found = nearest(*zip(*places, strict=True), count=3)

    for i in range(len(places)):
        others = [j for j in range(len(places)) if j != i]
        expected = sorted(sorted(others, key=lambda j: (away[i, j], j))[:3])
        assert found.of(i).tolist() == expected


def test_sums_add_up_the_neighbours_and_not_the_place_itself() -> None:
    found = within_distance([0, 1, 5], [0, 0, 0], distance_m=2)

    assert found.sums(np.array([1.0, 2.0, 4.0])).tolist() == [2, 1, 0]
    assert found.sums(np.ones((3, 2))).tolist() == [[1, 1], [1, 1], [0, 0]]


def test_no_places_have_no_neighbours() -> None:
    found = within_distance([], [], distance_m=2)

    assert len(found) == 0
    assert found.sums(np.ones((0, 2))).shape == (0, 2)


def test_too_few_places_for_the_neighbours_asked_for_is_an_error() -> None:
    with pytest.raises(InputError, match="3 asked for among 2"):
        nearest([0, 1], [0, 0], count=3)
