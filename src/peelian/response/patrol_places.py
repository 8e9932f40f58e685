"""From a ward's ranked points to circles that can be patrolled.

The ward is divided: every snap point lies in one circle at most, so that no record is expected
twice. What a circle expects is counted and ranked anew as one unit (see `place_figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError
from peelian.core.measures import Measure

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_RADIUS_M = 150.0


@dataclass(frozen=True)
class Eligibility:
    """What a place needs to be a hot spot.

    least_records: of the basis in the last twelve months. radius_m: of a circle, at most 150.
    least_apart_m: between the centres of two hot spots, not of known places. buffer_m: of the
    ground around, in which displacement is looked for. 36 records, at most 150 m and 100 m
    around are those of West Midlands Police's Operation Savvy, as its team presented it with
    the University of Cambridge; it asked 500 m between centres across a whole force area, where
    200 m is used here because a ward is about a kilometre wide. Its upper end, 150 records, is
    not used: a busier place is no worse a hot spot.
    override: who ranks by what police find, and why ("Sgt A. Jones: panel of 12 March asked for
    it"); empty unless a person does.
    """

    least_records: int = 36
    radius_m: float = 100.0
    least_apart_m: float = 200.0
    buffer_m: float = 100.0
    override: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.radius_m <= MOST_RADIUS_M:
            raise InputError(
                f"A hot spot is a circle of at most {MOST_RADIUS_M:g} m around its centre, so that "
                f"whoever stands in it is seen; found a radius of {self.radius_m:g} m. Give one "
                f"above 0 and up to {MOST_RADIUS_M:g}."
            )
        if self.least_records < 1 or self.least_apart_m < 0 or self.buffer_m < 0:
            raise InputError(
                f"A hot spot has at least one record, and its distances are not below zero; found "
                f"{self.least_records} records, {self.least_apart_m:g} m apart and a buffer of "
                f"{self.buffer_m:g} m. Correct them."
            )
        name, _, reason = (part.strip() for part in self.override.partition(":"))
        if self.override and not (name and reason):
            raise InputError(
                f"Whoever overrides says who they are and why, as NAME: REASON; found "
                f"{self.override!r}. Write both."
            )


@dataclass(frozen=True)
class Circle:
    """Some of the ward's snap points, at most a radius from a centre.

    centre: easting and northing, EPSG:27700, metres. points: numbers of those inside that no
    earlier circle holds. is_near_another: whether its centre is nearer to a hot spot's than
    asked.
    """

    centre: tuple[float, float]
    points: tuple[int, ...]
    is_near_another: bool = False


@dataclass(frozen=True)
class Division:
    """A ward's snap points in circles: of known places, eligible ones, and all that is left."""

    known: tuple[Circle, ...]
    chosen: tuple[Circle, ...]
    rest: tuple[Circle, ...]


def require_public_basis(measure: Measure, eligibility: Eligibility) -> None:
    """InputError for a measure by which no place is patrolled unless a person says who and why.

    That is one of records that police make by looking, and one that has some of them among others.

    What police find sends patrols back to where they were: Lum and Isaac (2016,
    doi:10.1111/j.1740-9713.2016.00960.x). Stops are refused whoever asks.
    """
    if measure.records != "crimes":
        raise InputError(
            f"Hot spots are places of crimes and incidents; {measure.title} is a record of what "
            f"police did. Name a measure of crimes: public-reported."
        )
    if measure.holds_police_made and not eligibility.override:
        what = "follows" if measure.police_generated else f"has {_listed(measure)}, which follow"
        raise InputError(
            f"Hot spots rest on what the public reports; {measure.title} {what} where police "
            f"looked, and would send patrols back there. Name another measure, such as "
            f"public-reported, or override it with your name and reason, as NAME: REASON."
        )


def _listed(measure: Measure) -> str:
    return ", ".join(each.replace("-", " ") for each in measure.police_made_types)


def divide_into_circles(
    positions: NDArray[np.float64],
    expected: ArrayLike,
    records: ArrayLike,
    *,
    eligibility: Eligibility,
    least_records: float,
    known: Sequence[tuple[float, float]] = (),
    left_out: Sequence[int] = (),
) -> Division:
    """Divide a ward's snap points into circles, those of most expected records first.

    positions: one row a point, easting and northing, EPSG:27700, metres. expected: records over
    the next months, and records: of the last twelve, one entry a point. known: centres that are
    circles whatever they hold, first of all and in this order. left_out: numbers of points in no
    circle.

    Each further circle is centred on a point, holds at least `least_records` records that no
    circle has, lies `eligibility.least_apart_m` or more from every centre before it, and holds
    more expected records not yet held than any other such. That is the greedy rule for covering
    most with few, at least 63 % of what the same number of circles could hold (Nemhauser, Wolsey
    and Fisher 1978, doi:10.1007/BF01588971, whose bound is without a distance between centres).
    Equal ones go by their points' order. A point at exactly the radius is inside. What is left
    is divided in the same way, whatever it holds and wherever it lies. No points give no circles
    but those known.
    """
    ground = _Ground(positions, expected, records, eligibility.radius_m)
    ground.free[list(left_out)] = False
    found_known = tuple(ground.take(centre) for centre in known)
    centres = list(known)
    chosen: list[Circle] = []
    while (best := ground.best(centres, eligibility.least_apart_m, least_records)) is not None:
        chosen.append(ground.take(best))
        centres.append(best)
    rest: list[Circle] = []
    while (best := ground.best((), 0.0, 0.0)) is not None:
        near = not _is_apart(np.array([best]), centres, eligibility.least_apart_m)[0]
        rest.append(ground.take(best, is_near_another=near))
    return Division(found_known, tuple(chosen), tuple(rest))


class _Ground:
    """Points that circles take one after the other."""

    def __init__(
        self,
        positions: NDArray[np.float64],
        expected: ArrayLike,
        records: ArrayLike,
        radius_m: float,
    ) -> None:
        self.positions = np.asarray(positions, dtype=float).reshape(-1, 2)
        self.free = np.ones(len(self.positions), dtype=bool)
        self._expected = np.asarray(expected, dtype=float)
        self._records = np.asarray(records, dtype=float)
        self._radius_m = radius_m
        self._inside = _pairs_within(self.positions, radius_m)

    def best(
        self, centres: Sequence[tuple[float, float]], apart_m: float, least_records: float
    ) -> tuple[float, float] | None:
        """The free point around which a circle would hold most; None where none is eligible."""
        held = self._inside @ np.where(self.free, self._records, 0.0)
        gain = np.round(self._inside @ np.where(self.free, self._expected, 0.0), 9)
        may = self.free & (held >= least_records) & _is_apart(self.positions, centres, apart_m)
        if not may.any():
            return None
        index = int(np.argmax(np.where(may, gain, -1.0)))
        return float(self.positions[index, 0]), float(self.positions[index, 1])

    def take(self, centre: tuple[float, float], *, is_near_another: bool = False) -> Circle:
        """The circle around a centre; its points are free no more."""
        away = np.hypot(*(self.positions - np.asarray(centre)).T)
        inside = np.flatnonzero(self.free & (away <= self._radius_m))
        self.free[inside] = False
        return Circle(centre, tuple(inside.tolist()), is_near_another)


def _pairs_within(positions: NDArray[np.float64], radius_m: float) -> csr_array:
    """A square matrix: one where two points lie within the radius, both ends included."""
    from scipy.sparse import csr_array
    from scipy.spatial import cKDTree

    count = len(positions)
    own = np.arange(count)
    if not count:
        return csr_array((0, 0))
    # A hair more, and then the same comparison as in `take`: the tree rounds otherwise.
    found = cKDTree(positions).query_pairs(radius_m + 1e-6, output_type="ndarray")
    away = np.hypot(*(positions[found[:, 0]] - positions[found[:, 1]]).T)
    one, other = found[away <= radius_m].T
    rows, columns = np.r_[own, one, other], np.r_[own, other, one]
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, count))


def _is_apart(
    positions: NDArray[np.float64], centres: Sequence[tuple[float, float]], apart_m: float
) -> NDArray[np.bool_]:
    """Which positions lie at least so far from every centre, the distance itself included."""
    apart = np.ones(len(positions), dtype=bool)
    for centre in centres:
        apart &= np.hypot(*(positions - np.asarray(centre)).T) >= apart_m
    return apart


def known_centre(
    shape_points: Sequence[int],
    middle: tuple[float, float],
    positions: NDArray[np.float64],
    records: ArrayLike,
    *,
    radius_m: float,
    reach_m: float,
) -> tuple[tuple[float, float], Literal["middle", "busiest point", "no point"]]:
    """Where a known place's circle is centred, and by which rule.

    shape_points: numbers of the snap points in or near the place. middle, reach_m: of the
    smallest circle around the place, and its radius. A place no larger than the patrol circle is
    patrolled from its middle; a larger one from the point in or near it with most records, the
    first of equal ones; one without such a point from its middle too.
    """
    if reach_m <= radius_m:
        return middle, "middle"
    if not shape_points:
        return middle, "no point"
    busiest = max(shape_points, key=lambda i: (float(np.asarray(records)[i]), -i))
    return (float(positions[busiest, 0]), float(positions[busiest, 1])), "busiest point"
