"""The town's streets: faces between main roads, canal and railway, cut again and again.

Each cut is a street that ends on two older ones, so most junctions are T-shaped and no two
blocks are alike, as in a town that was built field by field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from peelian.town import names, plan
from peelian.town.grounds import fill_grounds
from peelian.town.junctions import cut_at_junctions
from peelian.town.plan import SpecialPlot
from peelian.town.shapes import Plot, Street, lines_of, longest_line
from peelian.town.wards import draw_wards, is_north_of

_CANAL_HALF_M = 12.0
_RAILWAY_HALF_M = 15.0
TOWPATH = "Larkfield Cut Towpath"
SEA_BANK = "Sea Bank"


@dataclass(frozen=True)
class StreetPlan:
    """Everything drawn on the town's map, in metres from its origin."""

    edges: tuple[Street, ...]  # each between two junctions
    plots: tuple[Plot, ...]
    houses: tuple[tuple[str, Polygon], ...]  # named blocks of flats on estates
    wards: tuple[Polygon, ...]  # in the order of plan.WARDS
    canal: LineString
    railway: LineString
    edge_of_town: Polygon


def draw_streets(rng: np.random.Generator) -> StreetPlan:
    """Draw the town: main roads as planned, everything smaller by the generator given."""
    town = Polygon(plan.town_edge())
    canal = LineString(plan.smooth(plan.CANAL))
    railway = LineString(plan.smooth(plan.RAILWAY))
    main = [
        Street(road.name, road.highway, longest_line(LineString(plan.smooth(road.through)) & town))
        for road in plan.MAIN_ROADS
    ]
    barrier = canal.buffer(_CANAL_HALF_M) | railway.buffer(_RAILWAY_HALF_M)
    fields = _faces([street.line for street in main] + [town.exterior], without=barrier)

    cuts: list[LineString] = []
    plots: list[Plot] = []
    for field in fields:
        _cut(field, plan.PLOTS, rng, cuts, plots)
    streets = [*main, *_named(cuts, plots, rng), *_along_water(canal, town)]
    inner, houses = fill_grounds(plots, rng)
    return StreetPlan(
        edges=cut_at_junctions(streets + inner),
        plots=tuple(plots),
        houses=houses,
        wards=draw_wards(main, canal, railway, town),
        canal=longest_line(canal & town),
        railway=longest_line(railway & town),
        edge_of_town=town,
    )


def _faces(lines: Sequence[BaseGeometry], *, without: BaseGeometry) -> list[Polygon]:
    noded = shapely.unary_union(list(lines))
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    pieces = [part for face in faces for part in shapely.get_parts(face - without)]
    return [piece for piece in pieces if piece.area > 1500]


def _cut(
    ground: Polygon,
    special: Sequence[SpecialPlot],
    rng: np.random.Generator,
    cuts: list[LineString],
    plots: list[Plot],
) -> None:
    wanted = [plot for plot in special if ground.contains(shapely.Point(plot.at))]
    if wanted and ground.area <= wanted[0].largest_m2:
        plots.append(Plot(wanted[0].kind, wanted[0].name, ground))
        return
    if not wanted and ground.area <= rng.uniform(9_000, 20_000):
        plots.append(Plot("block", "", ground))
        return
    for line in _trial_lines(ground, rng):
        pieces = list(shapely.get_parts(_split(ground, line)))
        if len(pieces) > 1 and min(piece.area for piece in pieces) > 1200:
            cuts.extend(part for part in lines_of(line & ground) if part.length > 12)
            for piece in pieces:
                _cut(piece, wanted, rng, cuts, plots)
            return
    plots.append(Plot("block", "", ground))


def _split(ground: Polygon, line: LineString) -> BaseGeometry:
    from shapely.ops import split

    return split(ground, line)


def _trial_lines(ground: Polygon, rng: np.random.Generator) -> Iterator[LineString]:
    """Lines across the short way of a piece of ground: bent ones first, straight ones last."""
    box = np.asarray(shapely.minimum_rotated_rectangle(ground).exterior.coords)
    sides = box[1:3] - box[0:2]
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    long = int(np.argmax(lengths))
    # Terraces: a fat piece is at times cut along its length, into two long thin ones.
    if lengths.min() > 105 and lengths.max() < 230 and rng.random() < 0.6:
        long = 1 - long
    along = sides[long] / lengths[long]
    for bend in (0.09, 0.09, 0.05, 0.05, 0.0, 0.0, 0.0, 0.0):
        turn = rng.normal(0, 0.09)
        across = np.array([-along[1], along[0]])
        across = across * np.cos(turn) + along * np.sin(turn)
        middle = box[:4].mean(axis=0) + along * lengths[long] * rng.uniform(-0.13, 0.13)
        s = np.linspace(-1, 1, 11)[:, None]
        reach = lengths[1 - long] * 0.9 + 20
        sag = lengths[1 - long] * bend * rng.choice([-1, 1]) * (1 - s**2)
        yield LineString(middle + across * s * reach + along * sag)


def _named(
    cuts: Sequence[LineString], plots: Sequence[Plot], rng: np.random.Generator
) -> list[Street]:
    fixed = _fixed_names(cuts, plots)
    taken = {road.name for road in plan.MAIN_ROADS} | set(fixed.values())
    long_names = names.street_names(rng, taken=taken)
    short_names = names.mews_names(rng, taken=taken)
    streets = []
    for index, line in enumerate(cuts):
        if index in fixed:
            streets.append(Street(fixed[index], "residential", line))
        elif line.length > 95:
            streets.append(Street(next(long_names), "residential", line))
        else:
            kind = "service" if rng.random() < 0.4 else "living_street"
            streets.append(Street(next(short_names), kind, line))
    return streets


def _fixed_names(cuts: Sequence[LineString], plots: Sequence[Plot]) -> dict[int, str]:
    """Which of the cuts have a name that never changes."""
    free = {index for index, line in enumerate(cuts) if line.length > 100}
    park = next(plot.shape for plot in plots if plot.name == plan.PARK).buffer(3)
    beside = max(sorted(free), key=lambda index: cuts[index].intersection(park).length)
    fixed = {beside: plan.PARK_STREET}
    for name, at in plan.NAMED_STREETS:
        middle = shapely.Point(at)
        nearest = min(
            sorted(free - set(fixed)), key=lambda index: cuts[index].centroid.distance(middle)
        )
        fixed[nearest] = name
    return fixed


def _along_water(canal: LineString, town: Polygon) -> list[Street]:
    path = canal.buffer(_CANAL_HALF_M).exterior & town
    south = [part for part in shapely.get_parts(shapely.line_merge(path))
             if not is_north_of(part.interpolate(0.5, normalized=True), canal)]  # fmt: skip
    bank = LineString(town.exterior.coords)
    return [
        *(Street(TOWPATH, "path", part) for part in south if part.length > 50),
        Street(SEA_BANK, "path", bank),
    ]
