"""Zones against measuring every pair, and walks against shortest ways by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_places import ways
from oracles.scan import zones as measured
from peelian.core.errors import InputError
from peelian.scanning.zones import Zones, along_streets, circles, nearest_first
from peelian.store.street_network import network_of

spots = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=15)


def listed(zones: Zones) -> list[list[int]]:
    return [zones.around(centre).tolist() for centre in range(len(zones))]


@given(spots, st.sampled_from([0, 1, 3, 5, math.inf]), st.sampled_from([0.1, 0.5, 1]), st.data())
def test_circles_are_those_that_measuring_every_pair_gives(
    places: list[tuple[int, int]], radius_m: float, most_share: float, data: st.DataObject
) -> None:
    weights = data.draw(st.lists(st.integers(0, 5), min_size=len(places), max_size=len(places)))

    found = circles(
        *zip(*places, strict=True), radius_m=radius_m, weights=weights, most_share=most_share
    )

    assert listed(found) == measured(places, radius_m, weights, most_share)


def test_places_equally_far_away_enter_one_by_one_in_their_order() -> None:
    found = circles([0, 1, -1, 0], [0, 0, 0, 1], most_share=1)

    assert found.around(0).tolist() == [0, 1, 2, 3]


def test_the_radius_is_included() -> None:
    found = circles([0, 30, 30], [0, 40, 41], radius_m=50, most_share=1)

    assert found.around(0).tolist() == [0, 1]


def test_a_place_that_is_too_big_alone_has_no_zone() -> None:
    found = circles([0, 1], [0, 0], weights=[9, 1], most_share=0.5)

    assert listed(found) == [[], [1]]


def test_no_place_and_a_single_one() -> None:
    assert len(circles([], [])) == 0
    assert listed(circles([5], [5], most_share=1)) == [[0]]
    assert listed(circles([5], [5], most_share=0.5)) == [[]]


def test_the_straight_line_through_a_globe_gives_the_order_around_it() -> None:
    degrees = np.array([0, 80, 170, 200, 300])
    spots = np.column_stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])

    found = nearest_first(spots, most_share=1)

    around = np.minimum(degrees, 360 - degrees)
    assert found.around(0).tolist() == np.argsort(around).tolist()


@pytest.mark.parametrize("most_share", [0, 1.1])
def test_a_share_of_nothing_or_of_more_than_all_is_refused(most_share: float) -> None:
    with pytest.raises(InputError, match="above 0 and up to 1"):
        circles([0], [0], most_share=most_share)


@pytest.mark.parametrize("weights", [[1, 2], [-1], [math.nan]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="one weight a place"):
        circles([0], [0], weights=weights)


# Two streets from west to east, 100 m apart, joined at their eastern ends alone:
#
#   10 -- 11 -- 12
#                |
#    0 --  1 --  2
HAIRPIN = network_of(ways({"nodes": [0, 1, 2]}, {"nodes": [10, 11, 12]}, {"nodes": [2, 12]}))


def test_a_walk_follows_the_streets_where_a_circle_would_cross_over() -> None:
    easting, northing = [0, 0, 150, 150], [0, 100, 0, 100]

    walked = along_streets(HAIRPIN, easting, northing, distance_m=200, most_share=1)

    assert listed(circles(easting, northing, radius_m=200, most_share=1))[0] == [0, 1, 2, 3]
    assert listed(walked) == [[0, 2], [1, 3], [2, 0, 3], [3, 1, 2]]


def test_the_longest_walk_is_included() -> None:
    easting, northing = [0, 0], [0, 100]

    assert listed(along_streets(HAIRPIN, easting, northing, distance_m=500, most_share=1)) == [
        [0, 1],
        [1, 0],
    ]
    assert listed(along_streets(HAIRPIN, easting, northing, distance_m=499, most_share=1)) == [
        [0],
        [1],
    ]


def test_a_walk_begins_and_ends_with_the_straight_way_to_the_street() -> None:
    easting, northing = [40, 60, 90], [-10, 5, 0]

    walked = along_streets(HAIRPIN, easting, northing, distance_m=35, most_share=1)

    # From the first to the second: 10 m to the street, 20 m along it, 5 m from it.
    assert listed(walked) == [[0, 1], [1, 0, 2], [2, 1]]
    shorter = along_streets(HAIRPIN, easting, northing, distance_m=34, most_share=1)
    assert listed(shorter) == [[0], [1], [2]]


def test_places_far_from_any_street_stand_alone() -> None:
    walked = along_streets(HAIRPIN, [0, 0, 0], [0, -500, -500], distance_m=100, most_share=1)

    assert listed(walked) == [[0], [1], [2]]


def test_places_at_one_spot_each_come_first_in_their_own_zone() -> None:
    walked = along_streets(HAIRPIN, [50, 50], [0, 0], distance_m=100, most_share=1)

    assert listed(walked) == [[0, 1], [1, 0]]


def test_streets_that_nobody_walks_are_no_way() -> None:
    motorway = network_of(ways({"nodes": [0, 1, 2], "on_foot": False}))

    walked = along_streets(motorway, [0, 100], [0, 0], distance_m=500, most_share=1)

    assert listed(walked) == [[0], [1]]


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=12))
def test_walks_are_the_same_both_ways_and_no_shorter_than_a_straight_line(
    places: list[tuple[int, bool]],
) -> None:
    easting, northing = zip(*[(east, 100 * upper) for east, upper in places], strict=True)

    walked = listed(along_streets(HAIRPIN, easting, northing, distance_m=150, most_share=1))

    straight = listed(circles(easting, northing, radius_m=150, most_share=1))
    for centre, found in enumerate(walked):
        assert set(found) <= set(straight[centre])
        assert all(centre in walked[other] for other in found)
        by_hand = {
            other
            for other, (east, upper) in enumerate(places)
            if abs(east - easting[centre]) <= 150
            and (upper == places[centre][1] or (200 - east) + (200 - easting[centre]) + 100 <= 150)
        }
        assert set(found) == by_hand


def test_every_place_of_several_batches_has_its_walks() -> None:
    easting = np.linspace(0, 200, 201)

    walked = along_streets(HAIRPIN, easting, np.zeros(201), distance_m=10, most_share=1)

    assert np.diff(walked.start)[10:-10].tolist() == [21] * 181
