"""A street network: junctions, the streets between them, and the shortest way along them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from shapely.geometry.base import BaseGeometry

Travel = Literal["on_foot", "by_cycle", "by_vehicle"]

# A zero in a sparse matrix is no edge, so an edge has some length.
LEAST_M = 1e-6


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """Nodes and edges of a street map, EPSG:27700, metres.

    One entry an edge in every edge array: `start` and `end` are indices of nodes; `lines`
    are Shapely lines drawn from start to end; a street without a name has "". An edge may be
    walked in both directions; `forward` and `backward` hold for vehicles, `cycles_both_ways`
    for cycles.
    """

    node_easting: NDArray[Any]
    node_northing: NDArray[Any]
    start: NDArray[Any]
    end: NDArray[Any]
    length_m: NDArray[Any]
    names: NDArray[Any]
    highways: NDArray[Any]
    on_foot: NDArray[Any]
    by_cycle: NDArray[Any]
    by_vehicle: NDArray[Any]
    forward: NDArray[Any]
    backward: NDArray[Any]
    cycles_both_ways: NDArray[Any]
    lines: NDArray[Any]

    def __len__(self) -> int:
        return len(self.start)

    def only(self, kept: NDArray[np.bool_]) -> StreetNetwork:
        """The same nodes with some of the edges. kept: one entry an edge."""
        nodes = {"node_easting", "node_northing"}
        return StreetNetwork(
            **{
                each.name: getattr(self, each.name)[slice(None) if each.name in nodes else kept]
                for each in fields(self)
            }
        )

    def distances_from(
        self, sources: ArrayLike, *, travel: Travel = "on_foot", towards: bool = False
    ) -> NDArray[Any]:
        """Metres along the streets from the nearest of some nodes to every node.

        sources: indices of nodes. towards: to the nearest of them instead, which differs where
        streets are one way. A node that cannot be reached is infinitely far; without sources,
        all are.
        """
        from scipy.sparse.csgraph import dijkstra

        nodes = np.unique(np.asarray(sources, dtype=int))
        if not len(nodes):
            return np.full(len(self.node_easting), np.inf)
        graph = self._graph(travel)
        distances: NDArray[Any] = dijkstra(
            graph.T if towards else graph, indices=nodes, min_only=True
        )
        return distances

    def distances_between(self, nodes: ArrayLike, *, travel: Travel) -> NDArray[Any]:
        """Metres along the streets from each of some nodes (rows) to each of them (columns).

        nodes: indices of nodes, repeats allowed. Infinite where no way leads.
        """
        from scipy.sparse.csgraph import dijkstra

        asked, place = np.unique(np.asarray(nodes, dtype=int), return_inverse=True)
        if not len(asked):
            return np.empty((0, 0))
        away: NDArray[Any] = dijkstra(self._graph(travel), indices=asked)[:, asked]
        return away[np.ix_(place, place)]

    def joined_nodes(self, travel: Travel) -> NDArray[Any]:
        """Indices of the nodes of the largest part in which every node leads to every other.

        Of equally large parts the one with the first node. Empty where no street is usable.
        """
        from scipy.sparse.csgraph import connected_components

        usable: NDArray[Any] = getattr(self, travel)
        on_streets = np.unique(np.concatenate([self.start[usable], self.end[usable]]))
        if not len(on_streets):
            return on_streets
        _, part = connected_components(self._graph(travel), connection="strong")
        parts, first, size = np.unique(part[on_streets], return_index=True, return_counts=True)
        largest = parts[np.lexsort((first, -size))[0]]
        joined: NDArray[Any] = on_streets[part[on_streets] == largest]
        return joined

    def nodes_within(
        self, shape: BaseGeometry, distance_m: float, *, travel: Travel = "on_foot"
    ) -> NDArray[Any]:
        """Indices of the nodes on usable streets that lie at most so far from a shape, in order."""
        import shapely

        usable: NDArray[Any] = getattr(self, travel)
        nodes = np.unique(np.concatenate([self.start[usable], self.end[usable]]))
        points = shapely.points(self.node_easting[nodes], self.node_northing[nodes])
        shapely.prepare(shape)
        near: NDArray[Any] = nodes[shapely.dwithin(points, shape, distance_m)]
        return near

    def _graph(self, travel: Travel) -> csr_array:
        return self._graphs[travel]

    def directions(self, travel: Travel) -> tuple[NDArray[Any], NDArray[Any]]:
        """Which edges may be used from start to end, and which from end to start."""
        usable: NDArray[Any] = getattr(self, travel)
        if travel == "on_foot":
            return usable, usable
        if travel == "by_cycle":
            both = self.cycles_both_ways
            return usable & (self.forward | both), usable & (self.backward | both)
        return usable & self.forward, usable & self.backward

    @cached_property
    def _graphs(self) -> dict[Travel, csr_array]:
        return {travel: self._matrix(*self.directions(travel)) for travel in get_args(Travel)}

    def _matrix(self, there: NDArray[Any], back: NDArray[Any]) -> csr_array:
        from scipy.sparse import coo_array

        one = np.concatenate([self.start[there], self.end[back]])
        other = np.concatenate([self.end[there], self.start[back]])
        length = np.maximum(np.concatenate([self.length_m[there], self.length_m[back]]), LEAST_M)
        # Two edges may join the same nodes; a sparse matrix would add their lengths up, so
        # only the shorter stays.
        order = np.lexsort((length, other, one))
        one, other, length = one[order], other[order], length[order]
        first = np.ones(len(one), dtype=bool)
        first[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
        nodes = len(self.node_easting)
        return coo_array((length[first], (one[first], other[first])), shape=(nodes, nodes)).tocsr()
