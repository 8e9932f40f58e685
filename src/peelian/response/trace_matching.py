"""Positions drawn to the streets that a unit most likely went along.

A hidden Markov model after Newson and Krumm (2009, doi:10.1145/1653771.1653818): each position
may belong to any street near it, less likely the further away; from one to the next it is
likely to have gone about as far along the streets as the positions lie apart. A variation: a
unit may also be off the streets, in a yard or a park, where its own position stands; and only
positions near hot spots are drawn, since nobody asks about others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from peelian.core.patrols import TRAVEL_OF, Hotspot, PatrolMode
from peelian.response.trace_cleaning import Floats, TraceStretch

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

NEAR_M = 150.0  # around a hot spot's circle
_EVERY = 3  # positions, 15 seconds
_STREETS_WITHIN_M = 45.0
_MOST_STREETS = 8
_OFF_BY_M = 12.0  # standard deviation of a smoothed position about the true street
_DETOUR_M = 15.0  # by how much ways along streets and straight lines usually differ
# What being off the streets costs at each position: as much as a street 30 m away.
_OFF_STREETS = -0.5 * (30.0 / _OFF_BY_M) ** 2
_NO_WAY = -1e9


def matched(
    stretches: Sequence[TraceStretch],
    network: StreetNetwork,
    *,
    hotspots: Sequence[Hotspot],
    mode: PatrolMode,
) -> tuple[TraceStretch, ...]:
    """The stretches with their positions near hot spots drawn to streets.

    Elsewhere, and where no usable street is near, positions are left as they are.
    """
    near = _StreetsNear(network, hotspots, mode)
    return tuple(_matched_stretch(each, near, hotspots) for each in stretches)


class _StreetsNear:
    """The usable streets about hot spots, and how far it is between their ends."""

    def __init__(
        self, network: StreetNetwork, hotspots: Sequence[Hotspot], mode: PatrolMode
    ) -> None:
        import shapely

        travel = TRAVEL_OF[mode]
        reach = NEAR_M + _STREETS_WITHIN_M
        ground = shapely.union_all(
            [shapely.Point(each.centre).buffer(each.radius_m + reach) for each in hotspots]
        )
        shapely.prepare(ground)
        kept = getattr(network, travel) & shapely.intersects(ground, network.lines)
        self.network = network.only(kept)
        self._travel = travel
        self._tree = shapely.STRtree(self.network.lines)

    def candidates(self, points: Floats) -> tuple[NDArray[Any], Floats, Floats, Floats]:
        """Streets near each point, the nearest first: edge, metres along it, metres away, place.

        The first three (n, k), -1 and infinity where there are fewer than k; the last (n, k, 2).
        """
        import shapely

        at = shapely.points(points)
        point, edge = self._tree.query(at, predicate="dwithin", distance=_STREETS_WITHIN_M)
        lines = self.network.lines[edge]
        away = shapely.distance(lines, at[point])
        order = np.lexsort((edge, away, point))
        point, edge, away = point[order], edge[order], away[order]
        nth = np.arange(len(point)) - np.searchsorted(point, point)
        few = nth < _MOST_STREETS
        point, edge, away, nth = point[few], edge[few], away[few], nth[few]
        shape = (len(points), _MOST_STREETS)
        edges, along = np.full(shape, -1), np.zeros(shape)
        metres, places = np.full(shape, np.inf), np.zeros((*shape, 2))
        lines = self.network.lines[edge]
        from_start = shapely.line_locate_point(lines, at[point])
        edges[point, nth], metres[point, nth], along[point, nth] = edge, away, from_start
        places[point, nth] = shapely.get_coordinates(
            shapely.line_interpolate_point(lines, from_start)
        )
        return edges, along, metres, places

    def ways(self, edges: NDArray[Any], along: Floats) -> Floats:
        """Metres along streets from each candidate to each of the next point's: (n - 1, k, k)."""
        used = edges[edges >= 0]
        nodes = np.unique(np.r_[self.network.start[used], self.network.end[used]])
        between = self.network.distances_between(nodes, travel=self._travel)
        # A step back along a one-way street is a receiver's noise, or an officer on foot.
        between = np.minimum(between, between.T)
        ends = [np.searchsorted(nodes, each[edges]) % max(len(nodes), 1)
                for each in (self.network.start, self.network.end)]  # fmt: skip
        to_ends = [along, self.network.length_m[edges] - along]
        best = np.full((len(edges) - 1, edges.shape[1], edges.shape[1]), np.inf)
        for one in (0, 1):
            for other in (0, 1):
                way = between[ends[one][:-1, :, None], ends[other][1:, None, :]]
                way = way + to_ends[one][:-1, :, None] + to_ends[other][1:, None, :]
                best = np.minimum(best, way)
        same = edges[:-1, :, None] == edges[1:, None, :]
        straight = np.abs(along[:-1, :, None] - along[1:, None, :])
        return np.where(same, np.minimum(best, straight), best)


def _matched_stretch(
    stretch: TraceStretch, near: _StreetsNear, hotspots: Sequence[Hotspot]
) -> TraceStretch:
    """A stretch with its positions moved to streets near hot spots."""
    shift = np.zeros_like(stretch.points)
    for run in _runs_near(stretch.points, hotspots):
        picked = np.unique(np.r_[run[::_EVERY], run[-1]])
        at = stretch.points[picked]
        moved = _most_likely(at, near) - at
        for axis in (0, 1):
            shift[run, axis] = np.interp(run, picked, moved[:, axis])
    return TraceStretch(stretch.times, stretch.points + shift)


def _runs_near(points: Floats, hotspots: Sequence[Hotspot]) -> Iterator[NDArray[np.int64]]:
    """Indices of positions near some hot spot, those in a row together."""
    is_near = np.zeros(len(points), dtype=bool)
    for each in hotspots:
        is_near |= np.hypot(*(points - each.centre).T) <= each.radius_m + NEAR_M
    indices = np.flatnonzero(is_near)
    for run in np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1):
        if len(run) > 1:
            yield run


def _most_likely(points: Floats, near: _StreetsNear) -> Floats:
    """Where the unit most likely was at each point: on a street, or at the point itself."""
    if not len(near.network):
        return points
    edges, along, metres, places = near.candidates(points)
    if not (edges >= 0).any():
        return points
    off = np.full((len(points), 1), _OFF_STREETS)
    fits = np.hstack([np.where(edges >= 0, -0.5 * (metres / _OFF_BY_M) ** 2, _NO_WAY), off])
    places = np.concatenate([places, points[:, None, :]], axis=1)
    straight = np.hypot(*np.diff(points, axis=0).T)
    ways = np.hypot(*(places[:-1, :, None] - places[1:, None, :]).transpose(3, 0, 1, 2))
    on_streets = near.ways(edges, along)
    known = (edges[:-1, :, None] >= 0) & (edges[1:, None, :] >= 0)
    ways[:, :-1, :-1] = np.where(known, on_streets, np.inf)
    moves = np.maximum(-np.abs(ways - straight[:, None, None]) / _DETOUR_M, _NO_WAY)
    path = _best_path(fits, moves)
    return places[np.arange(len(points)), path]


def _best_path(fits: Floats, moves: Floats) -> NDArray[np.int64]:
    """The states whose fits and moves add up to most (Viterbi). fits: (n, k)."""
    total = fits[0]
    came_from = np.zeros(fits.shape, dtype=np.int64)
    for step in range(1, len(fits)):
        reached = total[:, None] + moves[step - 1]
        came_from[step] = reached.argmax(axis=0)
        total = reached.max(axis=0) + fits[step]
    path = np.zeros(len(fits), dtype=np.int64)
    path[-1] = total.argmax()
    for step in range(len(fits) - 1, 0, -1):
        path[step - 1] = came_from[step, path[step]]
    return path
