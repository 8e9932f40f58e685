"""The zones that a scan looks at: around every place, all the sets of its nearest places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

_AT_ONCE = 64  # places whose ways are sought together: so many rows of one entry a junction


@dataclass(frozen=True)
class Zones:
    """Every place as a centre, and the places around it in the order in which they enter.

    The places of centre i are `index[start[i]:start[i + 1]]`, the centre first, and each
    beginning of that list is a zone: the centre, the centre and its nearest place, and so on.
    Of places equally far away the one that comes first enters first; they are not pooled. A
    centre that is too big by itself has no zone. start: one entry more than there are places.
    """

    start: NDArray[np.int64]
    index: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1

    def around(self, centre: int) -> NDArray[np.int64]:
        """The largest zone of one centre, in the order in which its places enter."""
        return self.index[self.start[centre] : self.start[centre + 1]]


def circles(
    easting: ArrayLike,
    northing: ArrayLike,
    *,
    radius_m: float = float("inf"),
    weights: ArrayLike | None = None,
    most_share: float = 0.5,
) -> Zones:
    """Circles around every place, up to a radius and a share of all (EPSG:27700, metres).

    radius_m: the largest circle, the end included. most_share: the largest share of the
    weights that a zone may hold, the end included. weights: one entry a place, people or
    records; every place weighs the same unless given. Circles as in Kulldorff (1997,
    doi:10.1080/03610929708831995). Without a radius, memory grows with the square of the places.
    """
    spots = np.column_stack([np.asarray(easting, float), np.asarray(northing, float)])
    return nearest_first(spots, radius=radius_m, weights=weights, most_share=most_share)


def nearest_first(
    spots: NDArray[np.float64],
    *,
    radius: float = float("inf"),
    weights: ArrayLike | None = None,
    most_share: float = 0.5,
) -> Zones:
    """Zones by straight distance in any number of dimensions; see `circles`.

    spots: one row a place. Places on a globe go in as points in space: the straight line
    through the globe gives the same order as the way around it.
    """
    from scipy.spatial import KDTree

    everyone = np.arange(len(spots))
    tree = KDTree(spots) if len(spots) and np.isfinite(radius) else None
    listed = []
    for spot in spots:
        # The tree is asked for a little more, so that rounding does not cut what is on the line.
        found = everyone
        if tree is not None:
            found = np.array(sorted(tree.query_ball_point(spot, radius * (1 + 1e-9))))
        # Squares of whole metres are exact, so equal distances are seen to be equal.
        squared = ((spots[found] - spot) ** 2).sum(axis=1)
        order = np.argsort(squared, kind="stable")
        listed.append(found[order[squared[order] <= radius**2 * (1 + 1e-12)]])
    return _cut(_centres_first(listed), weights, most_share)


def along_streets(
    network: StreetNetwork,
    easting: ArrayLike,
    northing: ArrayLike,
    *,
    distance_m: float,
    weights: ArrayLike | None = None,
    most_share: float = 0.5,
) -> Zones:
    """Places within a walk of every place, along the streets, nearest first (EPSG:27700).

    distance_m: the longest walk, the end included. It begins and ends with the straight way
    between a place and the nearest point of a street that can be walked; a place farther than
    `distance_m` from any, where the map ends for instance, stands alone. weights, most_share: as
    in `circles`. Two sides of a railway are far apart here, where a circle would join them.
    """
    from scipy.sparse.csgraph import dijkstra

    from peelian.scanning.zone_streets import joined_to_streets

    graph, node_of = joined_to_streets(network, easting, northing, farthest_m=distance_m)
    listed: list[NDArray[np.int64]] = []
    reachable = np.flatnonzero(node_of >= 0)
    for first in range(0, len(node_of), _AT_ONCE):
        own = node_of[first : first + _AT_ONCE]
        away = np.full((len(own), len(node_of)), np.inf)
        standing = np.flatnonzero(own >= 0)
        if len(standing):
            # A hair more than asked for: lengths of pieces of a street add up with rounding.
            reach = distance_m + 1e-6
            ways = dijkstra(graph, directed=False, indices=own[standing], limit=reach)
            away[np.ix_(standing, reachable)] = ways[:, node_of[reachable]]
        for place, metres in enumerate(away, start=first):
            metres[place] = 0
            found = np.flatnonzero(np.isfinite(metres))
            # To the micrometre, so that ties are not decided by rounding.
            listed.append(found[np.argsort(metres[found].round(6), kind="stable")])
    return _cut(_centres_first(listed), weights, most_share)


def _centres_first(listed: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Put every place at the head of its own list, before others at the same spot."""
    return [
        np.concatenate([[place], found[found != place]]).astype(np.int64)
        for place, found in enumerate(listed)
    ]


def _cut(listed: list[NDArray[np.int64]], weights: ArrayLike | None, most_share: float) -> Zones:
    """Cut each list before its places weigh more than a share of all."""
    places = len(listed)
    weight = np.ones(places) if weights is None else np.asarray(weights, dtype=float)
    if weight.shape != (places,) or not (np.isfinite(weight) & (weight >= 0)).all():
        raise InputError(
            f"Zones take one weight a place, zero or more: {places} places, weights of shape "
            f"{weight.shape}. Give a count of people or records for each place."
        )
    if not 0 < most_share <= 1:
        raise InputError(
            f"A zone may hold a share of all above 0 and up to 1; found {most_share}. "
            f"Half, 0.5, is usual: a larger one describes the lack of records outside."
        )
    limit = most_share * weight.sum() * (1 + 1e-12)
    kept = [found[np.cumsum(weight[found]) <= limit] for found in listed]
    start = np.concatenate([[0], np.cumsum([len(found) for found in kept])]).astype(np.int64)
    index = np.concatenate([np.zeros(0, dtype=np.int64), *kept])
    return Zones(start, index)
