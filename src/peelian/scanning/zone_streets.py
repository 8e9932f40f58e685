"""Places put onto a street network, so that walks between them can be measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from peelian.core.streets import StreetNetwork

_SHORTEST_M = 1e-9  # a zero in a sparse matrix is no edge


def joined_to_streets(
    network: StreetNetwork, easting: ArrayLike, northing: ArrayLike, *, farthest_m: float
) -> tuple[csr_array, NDArray[np.int64]]:
    """The network as a graph in metres with every place a node of it, and which node each is.

    A place hangs by a straight line from the nearest point of the nearest street that can be
    walked, which cuts that street in two. One farther than `farthest_m` from any has node -1.
    Each piece stands in the graph once, so it is to be read as undirected.
    """
    from scipy.sparse import coo_array

    spots = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)])
    street, offset, aside = _nearest_streets(network, spots, farthest_m)
    placed = np.flatnonzero(street >= 0)
    corner = len(network.node_easting) + np.arange(len(placed))  # where a place meets its street
    node_of = np.full(len(spots), -1, dtype=np.int64)
    node_of[placed] = corner + len(placed)
    nodes = len(network.node_easting) + 2 * len(placed)

    walked = np.flatnonzero(network.on_foot)
    # Every stop on a street in order: its start, the corners on it, its end.
    on = np.concatenate([walked, street[placed], walked])
    node = np.concatenate([network.start[walked], corner, network.end[walked]])
    metres = np.concatenate([np.zeros(len(walked)), offset[placed], network.length_m[walked]])
    rank = np.repeat([0, 1, 2], [len(walked), len(placed), len(walked)])
    order = np.lexsort((metres, rank, on))
    on, node, metres = on[order], node[order], metres[order]
    same = on[1:] == on[:-1]
    one = np.concatenate([node[:-1][same], corner])
    other = np.concatenate([node[1:][same], node_of[placed]])
    length = np.concatenate([np.diff(metres)[same], aside[placed]])
    length = np.maximum(length, _SHORTEST_M)
    low, high = np.minimum(one, other), np.maximum(one, other)
    # Two streets may join the same nodes; a sparse matrix would add their lengths up.
    shortest = np.lexsort((length, high, low))
    low, high, length = low[shortest], high[shortest], length[shortest]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    graph = coo_array((length[first], (low[first], high[first])), shape=(nodes, nodes)).tocsr()
    return graph, node_of


def _nearest_streets(
    network: StreetNetwork, spots: NDArray[np.float64], farthest_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Of each spot, the street nearest to it (or -1), how far along it, and how far from it."""
    import shapely

    street = np.full(len(spots), -1, dtype=np.int64)
    offset, aside = np.zeros(len(spots)), np.zeros(len(spots))
    walked = np.flatnonzero(network.on_foot)
    if not len(walked) or not len(spots):
        return street, offset, aside
    points = shapely.points(spots)
    tree = shapely.STRtree(network.lines[walked])
    which, near = tree.query_nearest(points, max_distance=farthest_m, all_matches=True)
    # A place at a crossing is equally near to several streets; the first of them will do,
    # since all of them meet there.
    order = np.lexsort((near, which))
    which, near = which[order], near[order]
    first = np.ones(len(which), dtype=bool)
    first[1:] = which[1:] != which[:-1]
    which, near = which[first], near[first]
    street[which] = walked[near]
    lines = network.lines[street[which]]
    drawn = shapely.length(lines)
    along = shapely.line_locate_point(lines, points[which])
    # A street's stated length may differ from that of its drawn line.
    scale = np.divide(
        network.length_m[street[which]], drawn, out=np.ones(len(drawn)), where=drawn > 0
    )
    offset[which], aside[which] = along * scale, shapely.distance(lines, points[which])
    return street, offset, aside
