"""Census areas (LSOAs) of the made town in two vintages, and who lives in its wards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

from peelian.town import names

# All codes of the pattern E010… up to the last of 2011 are given to real areas, so the made
# areas of 2011 take the prefix below it, which no LSOA has.
_FIRST_OF_2011 = "E009999"
_FIRST_OF_2021 = "E019999"


@dataclass(frozen=True)
class CensusArea:
    """One made LSOA. `shape`: metres from the town's origin."""

    code: str
    name: str
    ward: int
    shape: Polygon


@dataclass(frozen=True)
class CensusAreas:
    """Both vintages. In 2021 one area of each ward was split in two; the others kept their code."""

    of_2011: tuple[CensusArea, ...]
    of_2021: tuple[CensusArea, ...]

    def of_points(self, points: NDArray[Any], *, vintage: int) -> list[CensusArea]:
        """The area that each point lies in, or the nearest where it lies on a line."""
        areas = self.of_2011 if vintage == 2011 else self.of_2021
        nearest = shapely.STRtree([area.shape for area in areas]).nearest(points)
        return [areas[index] for index in nearest]


def draw_census_areas(wards: tuple[Polygon, ...]) -> CensusAreas:
    """Cut each ward into four areas of 2011, and one of those in two for 2021."""
    of_2011: list[CensusArea] = []
    of_2021: list[CensusArea] = []
    for ward, shape in enumerate(wards):
        quarters = [piece for half in _halves(shape) for piece in _halves(half)]
        for quarter in quarters:
            number = len(of_2011) + 1
            area = CensusArea(f"{_FIRST_OF_2011}{number:02d}", _name(ward, quarter, quarters),
                              ward, quarter)  # fmt: skip
            of_2011.append(area)
            if quarter is quarters[0]:
                of_2021 += [
                    CensusArea(f"{_FIRST_OF_2021}{2 * ward + part + 1:02d}",
                               f"{names.BOROUGH_NAME} {ward + 1:03d}{'EF'[part]}", ward, piece)
                    for part, piece in enumerate(_halves(quarter))
                ]  # fmt: skip
            else:
                of_2021.append(area)
    return CensusAreas(tuple(of_2011), tuple(of_2021))


def draw_residents(wards: tuple[Polygon, ...], rng: np.random.Generator) -> tuple[int, ...]:
    """Residents of each ward: about 11,000 on a square kilometre."""
    return tuple(int(ward.area / 1e6 * rng.normal(11_000, 700)) for ward in wards)


def _name(ward: int, quarter: Polygon, quarters: list[Polygon]) -> str:
    return f"{names.BOROUGH_NAME} {ward + 1:03d}{'ABCD'[quarters.index(quarter)]}"


def _halves(shape: Polygon) -> list[Polygon]:
    from shapely.ops import split

    box = np.asarray(shapely.minimum_rotated_rectangle(shape).exterior.coords)
    sides = box[1:3] - box[0:2]
    long = int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))
    middle = np.array([shape.centroid.x, shape.centroid.y])
    across = sides[1 - long] * 2
    pieces = shapely.get_parts(split(shape, LineString([middle - across, middle + across])))
    # A concave shape may fall into more than two: the smaller ones join the nearest large one.
    ordered = sorted(pieces, key=lambda piece: -piece.area)
    halves, rest = ordered[:2], ordered[2:]
    for piece in rest:
        near = min((0, 1), key=lambda i: (halves[i].distance(piece), -_shared(halves[i], piece)))
        halves[near] = shapely.union(halves[near], piece)
    return sorted(halves, key=lambda half: (half.centroid.x, half.centroid.y))


def _shared(one: Polygon, other: Polygon) -> float:
    return float(shapely.intersection(one, other).length)
