import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from made_places import ways
from peelian.store.street_network import network_of


def node_at(network, east, north):
    (node,) = np.flatnonzero((network.node_easting == east) & (network.node_northing == north))
    return node


def test_ways_are_cut_where_they_share_a_node():
    network = network_of(ways({"nodes": [0, 1, 2], "name": "Long"}, {"nodes": [11, 1]}))

    assert sorted(network.length_m) == [100, 100, 100]
    assert sorted(network.names) == ["", "Long", "Long"]


def test_a_bend_that_nothing_joins_is_no_junction():
    network = network_of(ways({"nodes": [0, 1, 11]}))

    assert network.length_m.tolist() == [200]
    assert len(network.node_easting) == 2


def test_ways_that_cross_without_sharing_a_node_do_not_meet():
    bridge = network_of(ways({"nodes": [10, 12]}, {"nodes": [1, 21]}))

    distances = bridge.distances_from([node_at(bridge, 0, 100)])

    assert np.isinf(distances[node_at(bridge, 100, 0)])


def test_the_shorter_of_two_ways_round_is_taken():
    network = network_of(ways({"nodes": [0, 1]}, {"nodes": [0, 10, 11, 1]}))

    distances = network.distances_from([node_at(network, 0, 0)])

    assert distances[node_at(network, 100, 0)] == 100


def test_a_ring_and_a_street_of_no_length_are_no_trouble():
    network = network_of(ways({"nodes": [0, 1, 11, 0]}, {"nodes": [0, 10]}, {"nodes": [10, 10]}))

    distances = network.distances_from([node_at(network, 0, 100)])

    assert distances[node_at(network, 0, 0)] == pytest.approx(100, abs=0.01)


def test_walkers_go_against_a_one_way_street_and_cars_do_not():
    network = network_of(ways({"nodes": [0, 1], "one_way": 1, "cycles_both_ways": False}))
    end = node_at(network, 100, 0)
    start = node_at(network, 0, 0)

    assert network.distances_from([end])[start] == 100
    assert math.isinf(network.distances_from([end], travel="by_vehicle")[start])
    assert math.isinf(network.distances_from([end], travel="by_cycle")[start])
    assert network.distances_from([end], travel="by_vehicle", towards=True)[start] == 100


def test_a_street_drawn_against_its_traffic_is_driven_backwards():
    network = network_of(ways({"nodes": [0, 1], "one_way": -1}))

    away = network.distances_from([node_at(network, 100, 0)], travel="by_vehicle")

    assert away[node_at(network, 0, 0)] == 100


def test_cycles_go_against_a_one_way_street_that_lets_them():
    network = network_of(ways({"nodes": [0, 1], "one_way": 1, "cycles_both_ways": True}))

    away = network.distances_from([node_at(network, 100, 0)], travel="by_cycle")

    assert away[node_at(network, 0, 0)] == 100


def test_nobody_walks_where_one_may_not():
    network = network_of(ways({"nodes": [0, 1], "on_foot": False}, {"nodes": [1, 2]}))

    away = network.distances_from([node_at(network, 200, 0)])

    assert network.nodes_within(Point(0, 0), 50).tolist() == []
    assert np.isinf(away).sum() == 1


def test_without_a_source_every_node_is_infinitely_far():
    network = network_of(ways({"nodes": [0, 1]}))

    assert np.isinf(network.distances_from([])).all()


def test_no_ways_make_an_empty_network():
    network = network_of(ways({"nodes": [0, 1]}).clear())

    assert len(network) == 0
    assert network.nodes_within(Point(0, 0), 50).tolist() == []
    assert network.distances_from([]).tolist() == []


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 29), min_size=2, max_size=4, unique=True), max_size=9),
    st.integers(0, 29),
)
def test_distances_are_those_of_a_search_by_hand(drawn, source):
    drawn = [[source, (source + 1) % 30], *drawn]
    network = network_of(ways(*({"nodes": nodes} for nodes in drawn)))

    found = network.distances_from([node_at(network, source % 10 * 100, source // 10 * 100)])

    expected = distances_by_relaxing(drawn, source)
    for east, north, metres in zip(network.node_easting, network.node_northing, found, strict=True):
        node = int(east / 100) + 10 * int(north / 100)
        assert metres == pytest.approx(expected.get(node, math.inf))


def distances_by_relaxing(drawn: list[list[int]], source: int) -> dict[int, float]:
    """Distances from a node, by relaxing every step until nothing changes (Bellman, Ford)."""
    steps = [(a, b) for nodes in drawn for a, b in pairwise(nodes)]
    away = {source: 0.0}
    for _ in range(31):
        for one, other in [*steps, *((b, a) for a, b in steps)]:
            length = 100 * math.hypot(one % 10 - other % 10, one // 10 - other // 10)
            if one in away:
                away[other] = min(away.get(other, math.inf), away[one] + length)
    return away


def test_some_of_the_streets_keep_their_nodes() -> None:
    whole = network_of(
        ways({"nodes": (0, 1, 2), "name": "Long"}, {"nodes": (1, 11), "name": "Side"})
    )

    some = whole.only(whole.names == whole.names[0])

    assert set(some.names) == {whole.names[0]}
    assert some.node_easting.tolist() == whole.node_easting.tolist()
    assert len(some) < len(whole)
    assert some.length_m.tolist() == whole.length_m[whole.names == whole.names[0]].tolist()
