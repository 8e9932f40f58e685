"""Which places are near which, as lists that methods can walk quickly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError


@dataclass(frozen=True)
class Neighbours:
    """The neighbours of each place, without the place itself.

    Those of place i are `index[start[i]:start[i + 1]]`, in ascending order; a place may have
    none. start: one entry more than there are places.
    """

    start: NDArray[np.int64]
    index: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1

    def of(self, place: int) -> NDArray[np.int64]:
        """The neighbours of one place."""
        return self.index[self.start[place] : self.start[place + 1]]

    @property
    def count(self) -> NDArray[np.int64]:
        """How many neighbours each place has."""
        return np.diff(self.start)

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of the neighbours' values; one row of `values` a place, any further axes."""
        from scipy.sparse import csr_array

        ones = np.ones(len(self.index))
        matrix = csr_array((ones, self.index, self.start), shape=(len(self), len(self)))
        flat = values.reshape(len(self), int(np.prod(values.shape[1:])))
        summed: NDArray[np.float64] = (matrix @ flat).reshape(values.shape)
        return summed


def within_distance(easting: ArrayLike, northing: ArrayLike, *, distance_m: float) -> Neighbours:
    """All places at most so many metres apart, the end included (EPSG:27700)."""
    from scipy.spatial import KDTree

    spots = _spots(easting, northing)
    pairs = KDTree(spots).query_pairs(distance_m, output_type="ndarray").astype(np.int64)
    return from_pairs(pairs, places=len(spots))


def nearest(easting: ArrayLike, northing: ArrayLike, *, count: int) -> Neighbours:
    """The nearest places of each, so many; of equally near ones, those that come first.

    Not mutual: a place may be near another that has nearer ones. InputError where there are not
    more places than neighbours asked for.
    """
    from scipy.spatial import KDTree

    spots = _spots(easting, northing)
    if not 0 < count < len(spots):
        raise InputError(
            f"A place has as many nearest places as are asked for, so there have to be more "
            f"places; found {count} asked for among {len(spots)}. Ask for fewer."
        )
    tree = KDTree(spots)
    reach = tree.query(spots, k=count + 1)[0][:, -1]
    index = np.empty((len(spots), count), dtype=np.int64)
    # The tree returns ties in no order, so all within reach are put in order here.
    for place, found in enumerate(tree.query_ball_point(spots, reach * (1 + 1e-12))):
        others = np.array([other for other in sorted(found) if other != place])
        away = np.hypot(*(spots[others] - spots[place]).T)
        index[place] = np.sort(others[np.argsort(away, kind="stable")[:count]])
    return Neighbours(np.arange(len(spots) + 1) * count, index.ravel())


def from_pairs(pairs: NDArray[np.int64], *, places: int) -> Neighbours:
    """Mutual neighbours from unordered pairs of places, each pair once. pairs: shape (n, 2)."""
    one = np.concatenate([pairs[:, 0], pairs[:, 1]])
    other = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((other, one))
    start = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=places))])
    return Neighbours(start.astype(np.int64), other[order].astype(np.int64))


def _spots(easting: ArrayLike, northing: ArrayLike) -> NDArray[np.float64]:
    return np.column_stack([np.asarray(easting, dtype=float), np.asarray(northing, dtype=float)])
