"""The town's streets: faces between main roads, canal and railway, cut again and again.

Each cut is a street that ends on two older ones, so most junctions are T-shaped and no two
blocks are alike, as in a town that was built field by field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from peelian.town import names, plan
from peelian.town.plan import PlotKind, SpecialPlot

_GRID_M = 0.5  # streets meet on this grid, so that an end on a line becomes a junction
_CANAL_HALF_M = 12.0
_RAILWAY_HALF_M = 15.0
TOWPATH = "Larkfield Cut Towpath"
SEA_BANK = "Sea Bank"


@dataclass(frozen=True)
class Plot:
    """A piece of ground between streets. `shape`: metres from the town's origin."""

    kind: PlotKind
    name: str  # empty for an ordinary block
    shape: Polygon


@dataclass(frozen=True)
class Street:
    """A named or nameless way before it is cut at junctions."""

    name: str
    highway: str
    line: LineString


@dataclass(frozen=True)
class Edge:
    """A piece of street between two junctions."""

    name: str
    highway: str
    line: LineString


@dataclass(frozen=True)
class StreetPlan:
    """Everything drawn on the town's map, in metres from its origin."""

    edges: tuple[Edge, ...]
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
        Street(road.name, road.highway, _longest(LineString(plan.smooth(road.through)) & town))
        for road in plan.MAIN_ROADS
    ]
    barrier = canal.buffer(_CANAL_HALF_M) | railway.buffer(_RAILWAY_HALF_M)
    fields = _faces([street.line for street in main] + [town.exterior], without=barrier)

    cuts: list[LineString] = []
    plots: list[Plot] = []
    for field in fields:
        _cut(field, plan.PLOTS, rng, cuts, plots)
    streets = [*main, *_named(cuts, rng), *_along_water(canal, town)]
    inner, houses = _inside_plots(plots, rng)
    return StreetPlan(
        edges=_meeting(streets + inner),
        plots=tuple(plots),
        houses=houses,
        wards=_wards(main, canal, railway, town),
        canal=_longest(canal & town),
        railway=_longest(railway & town),
        edge_of_town=town,
    )


def _faces(lines: Sequence[BaseGeometry], *, without: BaseGeometry) -> list[Polygon]:
    noded = shapely.unary_union(list(lines))
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    pieces = [part for face in faces for part in shapely.get_parts(face - without)]
    return [piece for piece in pieces if piece.area > 1500]


def _wards(
    main: Sequence[Street], canal: LineString, railway: LineString, town: Polygon
) -> tuple[Polygon, ...]:
    # West and east of the pilot ward, Priory Road and Staithe Road; north and south of all
    # three, the canal and the railway.
    road = {street.name: street.line for street in main}
    line = [canal, railway, town.exterior]
    sides = [road["Priory Road"], road["Staithe Road"]]
    between = shapely.unary_union([canal & town, railway & town])
    bands = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(
        shapely.unary_union([*line, *sides, between])))))  # fmt: skip
    wards = []
    for ward in plan.WARDS:
        x, y = ward.inside
        middle = shapely.Point(x, y)
        north = _above(middle, canal)
        south = not _above(middle, railway)
        mine = [
            band for band in bands
            if town.contains(band.representative_point())
            and _above(band.representative_point(), canal) == north
            and (not _above(band.representative_point(), railway)) == south
            and (north or south or _column(band, sides) == _column(middle, sides))
        ]  # fmt: skip
        wards.append(shapely.unary_union(mine))
    return tuple(wards)


def _above(point: BaseGeometry, line: LineString) -> bool:
    x, y = point.x, point.y
    along = np.asarray(line.coords)
    return bool(y > np.interp(x, along[:, 0], along[:, 1]))


def _column(shape: BaseGeometry, sides: Sequence[LineString]) -> int:
    point = shape.representative_point()
    count = 0
    for side in sides:
        along = np.asarray(side.coords)
        along = along[np.argsort(along[:, 1])]
        count += int(point.x > np.interp(point.y, along[:, 1], along[:, 0]))
    return count


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
            cuts.extend(part for part in _lines(line & ground) if part.length > 12)
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


def _named(cuts: Sequence[LineString], rng: np.random.Generator) -> list[Street]:
    taken = {road.name for road in plan.MAIN_ROADS} | {name for name, _ in plan.NAMED_STREETS}
    fixed = _nearest_cuts(cuts)
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


def _nearest_cuts(cuts: Sequence[LineString]) -> dict[int, str]:
    fixed: dict[int, str] = {}
    for name, at in plan.NAMED_STREETS:
        middle = shapely.Point(at)
        free = [i for i, line in enumerate(cuts) if i not in fixed and line.length > 100]
        fixed[min(free, key=lambda i: cuts[i].centroid.distance(middle))] = name
    return fixed


def _along_water(canal: LineString, town: Polygon) -> list[Street]:
    path = canal.buffer(_CANAL_HALF_M).exterior & town
    south = [part for part in shapely.get_parts(shapely.line_merge(path))
             if not _above(part.interpolate(0.5, normalized=True), canal)]  # fmt: skip
    bank = LineString(town.exterior.coords)
    return [
        *(Street(TOWPATH, "path", part) for part in south if part.length > 50),
        Street(SEA_BANK, "path", bank),
    ]


def _inside_plots(
    plots: Sequence[Plot], rng: np.random.Generator
) -> tuple[list[Street], tuple[tuple[str, Polygon], ...]]:
    streets: list[Street] = []
    houses: list[tuple[str, Polygon]] = []
    house_names = names.house_names(rng)
    for plot in plots:
        if plot.kind in ("park", "recreation"):
            streets += _paths_across(plot.shape)
        elif plot.kind == "estate":
            streets += _estate_road(plot)
            houses += [(next(house_names), block) for block in _slabs(plot.shape)]
        elif plot.kind == "block" and plot.shape.area > 12_000 and rng.random() < 0.28:
            streets.append(_alley(plot.shape))
    return streets, tuple(houses)


def _paths_across(ground: Polygon) -> list[Street]:
    corners = np.asarray(shapely.minimum_rotated_rectangle(ground).exterior.coords)[:4]
    middle = ground.centroid
    ends = [shapely.shortest_line(shapely.Point(c), ground.exterior).coords[-1] for c in corners]
    return [Street("", "footway", LineString([end, (middle.x, middle.y)])) for end in ends]


def _estate_road(plot: Plot) -> list[Street]:
    inner = plot.shape.buffer(-32, join_style="mitre")
    if inner.is_empty or inner.geom_type != "Polygon":
        inner = plot.shape.buffer(-15, join_style="mitre")
    ring = inner.simplify(6).exterior
    # The loop meets the streets around it at one end by a road and at the other on foot.
    near = shapely.shortest_line(ring, plot.shape.exterior)
    away = shapely.Point(ring.coords[len(ring.coords) // 2])
    far = shapely.shortest_line(away, plot.shape.exterior)
    name = plot.name.removesuffix(" Estate").removesuffix(" Reach") + " Way"
    return [
        Street(name, "residential", LineString(ring.coords)),
        Street(name, "residential", near),
        Street("", "footway", far),
    ]


def _slabs(ground: Polygon) -> list[Polygon]:
    """Blocks of flats in rows along the long side of an estate, clear of its roads."""
    inner = ground.buffer(-36, join_style="mitre")
    box = np.asarray(shapely.minimum_rotated_rectangle(ground).exterior.coords)
    angle = float(np.degrees(np.arctan2(*(box[1] - box[0])[::-1])))
    middle = ground.centroid
    blocks = []
    for across in range(-4, 5):
        for along in range(-2, 3):
            slab = shapely.box(-22, -6, 22, 6)
            slab = shapely.affinity.translate(slab, along * 56, across * 26)
            slab = shapely.affinity.rotate(slab, angle, origin=(0, 0))
            slab = shapely.affinity.translate(slab, middle.x, middle.y)
            if inner.contains(slab):
                blocks.append(slab)
    return blocks


def _alley(ground: Polygon) -> Street:
    middle = ground.centroid
    end = shapely.shortest_line(middle, ground.exterior).coords[-1]
    return Street("", "footway", LineString([end, (middle.x, middle.y)]))


def _meeting(streets: Sequence[Street]) -> tuple[Edge, ...]:
    """Cut every street where another meets it, and keep what hangs together."""
    noded = shapely.unary_union([street.line for street in streets], grid_size=_GRID_M)
    pieces = _without_stubs(list(shapely.get_parts(noded)))
    tree = shapely.STRtree([street.line for street in streets])
    middles = [piece.interpolate(0.5, normalized=True) for piece in pieces]
    owners = tree.nearest(middles)
    whole = _largest_component(pieces)
    return tuple(
        Edge(streets[owner].name, streets[owner].highway, piece)
        for owner, piece, kept in zip(owners, pieces, whole, strict=True)
        if kept
    )


def _without_stubs(pieces: Sequence[LineString]) -> list[LineString]:
    # Ends that run on past the street they meet are drawing, not streets.
    ends = [end for piece in pieces for end in (piece.coords[0], piece.coords[-1])]
    met = Counter(ends)
    return [
        piece for piece in pieces
        if piece.length > 40 or min(met[piece.coords[0]], met[piece.coords[-1]]) > 1
    ]  # fmt: skip


def _largest_component(pieces: Sequence[LineString]) -> NDArray[np.bool_]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.array([(p.coords[0], p.coords[-1]) for p in pieces]).reshape(-1, 2)
    _, node = np.unique(np.round(ends / _GRID_M).astype(np.int64), axis=0, return_inverse=True)
    node = node.reshape(-1, 2)
    size = int(node.max()) + 1
    graph = coo_array((np.ones(len(node)), (node[:, 0], node[:, 1])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    kept: NDArray[np.bool_] = label[node[:, 0]] == np.bincount(label[node[:, 0]]).argmax()
    return kept


def _lines(shape: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]


def _longest(shape: BaseGeometry) -> LineString:
    return max(_lines(shape), key=lambda part: part.length)
