"""Minutes between places, held against another library's shortest ways."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camden_map import camden_store
from made_places import ways
from peelian.core.errors import CoverageError
from peelian.core.patrols import TRAVEL_OF, PatrolMode
from peelian.core.streets import StreetNetwork
from peelian.response.travel_times import METRES_A_MINUTE, minutes_between, stops_on
from peelian.store import places
from peelian.store.street_network import network_of

# A street 400 m long, one way eastwards for vehicles and cycles; a lane that leads back round
# (600 m); and a yard to which no street leads.
TOWN = network_of(
    ways(
        {"nodes": [0, 1, 2, 3, 4], "name": "Front Street", "one_way": 1,
         "cycles_both_ways": False},
        {"nodes": [0, 10, 11, 12, 13, 14, 4], "name": "Back Lane", "one_way": -1,
         "cycles_both_ways": False},
        {"nodes": [30, 31], "name": "Closed Yard"},
    )
)  # fmt: skip
WEST, EAST = (0.0, 0.0), (400.0, 0.0)


def graph_of(network: StreetNetwork, mode: PatrolMode) -> networkx.DiGraph:
    """The same streets for another library, edge by edge."""
    usable = getattr(network, TRAVEL_OF[mode])
    graph = networkx.DiGraph()
    for edge in np.flatnonzero(usable):
        one, other = int(network.start[edge]), int(network.end[edge])
        metres = float(network.length_m[edge])
        cycles = mode == "cycle" and network.cycles_both_ways[edge]
        for a, b, is_open in (
            (one, other, network.forward[edge]),
            (other, one, network.backward[edge]),
        ):
            known = graph.get_edge_data(a, b, {"metres": np.inf})["metres"]
            if mode == "foot" or cycles or is_open:
                graph.add_edge(a, b, metres=min(known, metres))
    return graph


@pytest.mark.parametrize("mode", get_args(PatrolMode))
def test_a_thousand_pairs_on_the_real_map_agree_with_networkx(
    real_data: Path, mode: PatrolMode
) -> None:
    store = camden_store(real_data)
    ward = places.area(store, "E05013669")
    network = places.street_network(store, ward.shape, buffer_m=10_000)
    nodes = network.joined_nodes(TRAVEL_OF[mode])
    chosen = np.random.default_rng(1829).choice(nodes, size=(25, 40))
    graph = graph_of(network, mode)

    pairs = 0
    for row in chosen:
        at = np.column_stack([network.node_easting[row], network.node_northing[row]])
        ours = minutes_between(network, at, mode=mode)[0]
        # Two nodes may lie over each other, at a bridge: both are asked about the same one.
        stops = [int(node) for node in stops_on(network, at, mode=mode)]
        theirs = networkx.single_source_dijkstra_path_length(graph, stops[0], weight="metres")
        expected = [theirs[node] / METRES_A_MINUTE[mode] for node in stops]
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-6)
        pairs += len(row)

    assert pairs == 1000


def test_one_way_streets_hold_for_vehicles_and_not_on_foot() -> None:
    on_foot = minutes_between(TOWN, [WEST, EAST], mode="foot")
    driven = minutes_between(TOWN, [WEST, EAST], mode="vehicle")

    assert on_foot.tolist() == [[0, 400 / 72], [400 / 72, 0]]
    assert driven.tolist() == [[0, 400 / 250], [600 / 250, 0]]


def test_the_straight_way_to_the_street_is_counted_at_both_ends() -> None:
    aside = minutes_between(TOWN, [(0, -36), (400, -72)], mode="foot")

    assert aside[0, 1] == pytest.approx((36 + 400 + 72) / 72)
    assert np.diag(aside).tolist() == [0, 0]


def test_a_place_in_a_yard_without_a_way_out_is_taken_to_the_street() -> None:
    (stop,) = stops_on(TOWN, [(0, 300)], mode="foot")

    assert (TOWN.node_easting[stop], TOWN.node_northing[stop]) == (0, 0)


def test_a_map_without_streets_for_the_mode_says_so() -> None:
    paths = network_of(ways({"nodes": [0, 1], "by_vehicle": False}))

    with pytest.raises(CoverageError, match="none to go along by vehicle"):
        minutes_between(paths, [WEST], mode="vehicle")


def test_no_point_gives_an_empty_matrix() -> None:
    assert minutes_between(TOWN, [], mode="foot").shape == (0, 0)


@given(
    st.lists(st.tuples(st.floats(-50, 450), st.floats(-50, 150)), min_size=3, max_size=6),
    st.sampled_from(get_args(PatrolMode)),
)
def test_going_by_a_third_place_is_never_quicker(
    points: list[tuple[float, float]], mode: PatrolMode
) -> None:
    minutes = minutes_between(TOWN, points, mode=mode)

    through = (minutes[:, :, None] + minutes[None, :, :]).min(axis=1)
    assert (minutes <= through + 1e-9).all()
    assert np.isfinite(minutes).all()
