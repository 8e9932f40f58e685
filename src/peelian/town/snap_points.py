"""The fixed points to which a publisher moves every record of the made town."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from peelian.core.grid import to_degrees
from peelian.town import plan
from peelian.town.grounds import estate_road_name
from peelian.town.shapes import Street
from peelian.town.streets import SEA_BANK, TOWPATH, StreetPlan

_ONE_POINT_EACH_M = 240
_ONE_POINT_EACH_M_OF_MAIN_ROAD = 150  # more addresses stand on it
_SHORTEST_STREET_M = 85  # shorter ways have too few addresses for a point of their own
_BESIDE_BOUNDARY_M = 5.0

_GENERIC = (
    # label, what surrounds it, how many a ward has
    ("Supermarket", "supermarket", 2),
    ("Parking Area", "car_park", 3),
    ("Shopping Area", "shops", 1),
    ("Nightclub", "nightclub", 1),
    ("Petrol Station", "petrol", 1),
    ("Sports/recreation Area", "recreation", 1),
    ("Further/higher Educational Building", "school", 1),
)


@dataclass(frozen=True)
class MadeSnapPoint:
    """A point of the made publisher. x, y: metres from the town's origin."""

    location: str  # "On or near Pinder Street"; for a station, as that police force writes it
    surroundings: str  # decides what is recorded there: "high" is a shopping street
    ward: int  # index into plan.WARDS
    x: float
    y: float
    longitude: float  # as published: six decimals
    latitude: float


def place_snap_points(streets: StreetPlan, rng: np.random.Generator) -> tuple[MadeSnapPoint, ...]:
    """One point on each street long enough in each ward, on parks, estates and generic places.

    Every point lies strictly inside its ward, also after rounding: where a street is the
    ward's line, the point stands 5 m to one side of it.
    """
    found = [
        *_on_streets(streets),
        *_on_plots(streets),
        *_generic(streets, rng),
        *_stations(streets),
    ]
    east = np.array([x + plan.ORIGIN[0] for _, _, _, x, _ in found])
    north = np.array([y + plan.ORIGIN[1] for _, _, _, _, y in found])
    longitude, latitude = to_degrees(east, north)
    return tuple(
        MadeSnapPoint(*point, round(float(lon), 6), round(float(lat), 6))
        for point, lon, lat in zip(found, longitude, latitude, strict=True)
    )


_Found = tuple[str, str, int, float, float]


def _on_streets(streets: StreetPlan) -> list[_Found]:
    estates = [plot for plot in streets.plots if plot.kind == "estate"]
    grounds = [estate.shape for estate in estates]
    # Flats have many addresses, however short the road between them.
    always = {estate_road_name(estate) for estate in estates}
    by_name: dict[str, list[Street]] = defaultdict(list)
    for edge in streets.edges:
        if edge.name and edge.name not in (TOWPATH, SEA_BANK):
            by_name[edge.name].append(edge)
    found = []
    for name, edges in by_name.items():
        merged = shapely.line_merge(shapely.unary_union([edge.line for edge in edges]))
        line = max(shapely.get_parts(merged), key=lambda part: part.length)
        if line.length < _SHORTEST_STREET_M and name not in always:
            continue
        is_main = edges[0].highway in ("primary", "secondary", "tertiary")
        each_m = _ONE_POINT_EACH_M_OF_MAIN_ROAD if is_main else _ONE_POINT_EACH_M
        count = max(1, round(line.length / each_m))
        for step in range(count):
            spot = _inside_a_ward(line, (step + 0.5) / count, step, streets.wards)
            if spot is not None:
                ward, point = spot
                around = _street_surroundings(name, edges[0].highway, point, grounds)
                found.append((f"On or near {name}", around, ward, point.x, point.y))
    return found


def _street_surroundings(name: str, highway: str, point: Point, estates: list[Polygon]) -> str:
    if any(estate.distance(point) < 12 for estate in estates):
        return "estate"
    if name == "Larkfield High Street":
        return "high"
    return "main" if highway in ("secondary", "tertiary") else "street"


def _inside_a_ward(
    line: LineString, share: float, step: int, wards: tuple[Polygon, ...]
) -> tuple[int, Point] | None:
    point = line.interpolate(share, normalized=True)
    near = [i for i, ward in enumerate(wards) if ward.distance(point) < _BESIDE_BOUNDARY_M]
    if not near:
        return None
    chosen = near[step % len(near)]
    if wards[chosen].contains(point) and wards[chosen].exterior.distance(point) > 2:
        return chosen, point
    ahead = line.interpolate(min(share + 0.01, 1), normalized=True)
    back = line.interpolate(max(share - 0.01, 0), normalized=True)
    length = back.distance(ahead)
    across = ((back.y - ahead.y) / length, (ahead.x - back.x) / length)
    for side in (1, -1):
        moved = Point(
            point.x + side * _BESIDE_BOUNDARY_M * across[0],
            point.y + side * _BESIDE_BOUNDARY_M * across[1],
        )
        if wards[chosen].contains(moved) and wards[chosen].exterior.distance(moved) > 2:
            return chosen, moved
    return None


def _on_plots(streets: StreetPlan) -> list[_Found]:
    found = []
    for plot in streets.plots:
        if plot.kind == "park":
            middle = plot.shape.representative_point()
            ward = _ward_of(middle, streets.wards)
            found.append(("On or near Park/open Space", "park", ward, middle.x, middle.y))
    return found


def _generic(streets: StreetPlan, rng: np.random.Generator) -> list[_Found]:
    found = []
    for ward, shape in enumerate(streets.wards):
        blocks = [
            plot.shape for plot in streets.plots
            if plot.kind == "block" and shape.contains(plot.shape.centroid)
        ]  # fmt: skip
        middles = [block.representative_point() for block in blocks]
        # Shops and car parks stand near the crossing of the main roads, not at the bank.
        centre = Point(plan.WARDS[ward].inside)
        nearest = sorted(middles, key=lambda middle: middle.distance(centre))[:30]
        taken = iter(rng.permutation(len(nearest)))
        for label, around, count in _GENERIC:
            for _ in range(count):
                spot = nearest[int(next(taken))]
                found.append((f"On or near {label}", around, ward, spot.x, spot.y))
    return found


def _stations(streets: StreetPlan) -> list[_Found]:
    return [
        (f"{name} (station)", "station", _ward_of(Point(at), streets.wards), *at)
        for name, at in plan.STATIONS
    ]


def _ward_of(point: Point, wards: tuple[Polygon, ...]) -> int:
    return next(i for i, ward in enumerate(wards) if ward.contains(point))
