"""Units of place: the squares, hexagons, streets or areas that records fall into.

Open records lie at snap points, and groups of these are their natural places; units serve
where equal areas are asked for, or positions are exact. Every kind answers the same question,
in which unit a point lies, and gives every point at most one: on an edge between two, always
the same one. Results differ by unit, so each says its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.areas import Area
    from peelian.core.streets import StreetNetwork

UnitKind = Literal["square", "hexagon", "street", "area"]


@dataclass(frozen=True, eq=False)
class Units:
    """Units of one kind, in a fixed order; one entry a unit in every array.

    easting, northing: centres, EPSG:27700, metres. area_km2: of the part within the area
    covered; NaN for streets. length_m: of streets; NaN for others.
    """

    kind: UnitKind
    ids: tuple[str, ...]
    names: tuple[str, ...]
    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    length_m: NDArray[np.float64]
    locate: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.ids)

    def of_points(self, easting: ArrayLike, northing: ArrayLike) -> NDArray[np.int64]:
        """The index of the unit each point lies in; -1 for a point in none, or without a place.

        easting, northing: EPSG:27700, metres; NaN where the place is not known.
        """
        east, north = np.asarray(easting, dtype=float), np.asarray(northing, dtype=float)
        found = np.full(len(east), -1, dtype=np.int64)
        known = np.isfinite(east) & np.isfinite(north)
        if len(self) and known.any():
            found[known] = self.locate(east[known], north[known])
        return found


def squares(
    shape: BaseGeometry, *, side_m: float, origin: tuple[float, float] = (0.0, 0.0)
) -> Units:
    """Squares that cover a shape; each holds its south and west edges, and not the others.

    shape: EPSG:27700, metres. origin: a corner that the squares are laid out from; the
    grid's own by default, so that squares of neighbouring wards agree. A square that only
    touches the line has area 0. InputError where side_m is not above zero.
    """
    import shapely

    _sided(side_m)
    west, south, east, north = shapely.bounds(shape)
    columns = np.arange(
        np.floor((west - origin[0]) / side_m), np.floor((east - origin[0]) / side_m) + 1
    )
    rows = np.arange(
        np.floor((south - origin[1]) / side_m), np.floor((north - origin[1]) / side_m) + 1
    )
    column, row = (each.ravel() for each in np.meshgrid(columns, rows))
    left, bottom = origin[0] + column * side_m, origin[1] + row * side_m
    boxes = shapely.box(left, bottom, left + side_m, bottom + side_m)

    def key(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> Key:
        return np.floor((easting - origin[0]) / side_m), np.floor((northing - origin[1]) / side_m)

    return _tiles("square", shape, boxes, (column, row), key, f"{side_m:g} m square")


def hexagons(shape: BaseGeometry, *, side_m: float) -> Units:
    """Hexagons with a corner to the north that cover a shape, laid out from the grid's origin.

    shape: EPSG:27700, metres. side_m: of one of the six sides, so a hexagon is twice as high
    and has an area of 2.598 squares of that side. A point belongs to the hexagon whose centre
    is nearest. A hexagon that only touches the line has area 0.
    """
    import shapely

    _sided(side_m)
    width = np.sqrt(3) * side_m
    west, south, east, north = shapely.bounds(shape)
    rows = np.arange(np.floor(south / (1.5 * side_m)) - 1, np.ceil(north / (1.5 * side_m)) + 2)
    across = np.arange(np.floor(west / width) - 1, np.ceil(east / width) + 2)
    along, row = (each.ravel() for each in np.meshgrid(across, rows))
    # Axial coordinates: each row lies half a hexagon further east than the one below it.
    column = along - np.floor(row / 2)
    middle_x, middle_y = width * (column + row / 2), 1.5 * side_m * row
    angles = np.radians(np.arange(6) * 60 + 30)
    corners = np.stack(
        [
            middle_x[:, None] + side_m * np.cos(angles),
            middle_y[:, None] + side_m * np.sin(angles),
        ],
        axis=-1,
    )

    def key(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> Key:
        return _nearest_hexagon(
            easting / width - northing / (3 * side_m), northing / (1.5 * side_m)
        )

    return _tiles(
        "hexagon", shape, shapely.polygons(corners), (column, row), key, f"{side_m:g} m hexagon"
    )


def streets(network: StreetNetwork, *, within_m: float, unnamed: bool = False) -> Units:
    """The segments of a street network, from junction to junction.

    A point belongs to the nearest segment at most `within_m` away, the end included; of
    segments equally near, as where streets meet, to the first of the network. unnamed: with
    segments that have no name too. Without them by default, because published points stand
    for named streets and the nearest line is often a path beside one: of Camden's records
    with a segment within 30 m, 69 % joined a street of their published name, 63 % where
    unnamed lines took part (many others are published at a supermarket or the like).
    """
    import shapely

    kept = np.arange(len(network)) if unnamed else np.flatnonzero(network.names != "")
    lines = network.lines[kept]
    tree = shapely.STRtree(lines)
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    x, y = shapely.get_x(middles), shapely.get_y(middles)

    def nearest(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> NDArray[np.int64]:
        points = shapely.points(easting, northing)
        point, line = tree.query_nearest(points, max_distance=within_m, all_matches=True)
        return _first_of(point, line, len(points))

    return Units(
        kind="street",
        ids=tuple(
            f"street-{e:.0f}-{n:.0f}-{at}"
            for at, e, n in zip(kept.tolist(), x.tolist(), y.tolist(), strict=True)
        ),
        names=tuple(str(name) for name in network.names[kept]),
        easting=x,
        northing=y,
        area_km2=np.full(len(kept), np.nan),
        length_m=np.asarray(network.length_m, dtype=float)[kept],
        locate=_once_a_point(nearest),
    )


def areas(given: Sequence[Area]) -> Units:
    """Areas in law, such as wards or LSOAs. A point on a line between two is in the first."""
    import shapely

    shapes = np.array([area.shape for area in given], dtype=object)
    centres = shapely.centroid(shapes)

    def holding(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> NDArray[np.int64]:
        # The tree is one of points, because Shapely then prepares each area's shape once.
        tree = shapely.STRtree(shapely.points(easting, northing))
        area, point = tree.query(shapes, predicate="intersects")
        return _first_of(point, area, len(easting))

    return Units(
        kind="area",
        ids=tuple(area.code for area in given),
        names=tuple(area.name for area in given),
        easting=shapely.get_x(centres),
        northing=shapely.get_y(centres),
        area_km2=shapely.area(shapes) / 1e6,
        length_m=np.full(len(shapes), np.nan),
        locate=_once_a_point(holding),
    )


Key = tuple[NDArray[np.float64], NDArray[np.float64]]
_Locate = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.int64]]


def _sided(side_m: float) -> None:
    if not side_m > 0:
        raise InputError(f"A unit has a side above 0 m; found {side_m:g}. Give its length in m.")


def _tiles(
    kind: Literal["square", "hexagon"],
    shape: BaseGeometry,
    tiles: NDArray[Any],
    at: Key,
    key: Callable[[NDArray[np.float64], NDArray[np.float64]], Key],
    called: str,
) -> Units:
    """Tiles of a regular pattern, those that meet the shape, found again by their two numbers."""
    import shapely

    shapely.prepare(shape)
    # A micrometre more, so that rounding cannot leave a point on the line without its tile.
    kept = np.flatnonzero(shapely.dwithin(shape, tiles, 1e-6))
    tiles = tiles[kept]
    whole = shapely.contains_properly(shape, tiles)
    area = shapely.area(tiles)
    area[~whole] = shapely.area(shapely.intersection(tiles[~whole], shape))
    column, row = at[0][kept], at[1][kept]
    number = _numbered(column, row)
    order = np.argsort(number)
    middle = shapely.centroid(tiles)
    x, y = shapely.get_x(middle), shapely.get_y(middle)

    def found(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> NDArray[np.int64]:
        wanted = _numbered(*key(easting, northing))
        place = np.minimum(np.searchsorted(number[order], wanted), len(number) - 1)
        index = order[place]
        return np.where(number[index] == wanted, index, -1)

    return Units(
        kind=kind,
        ids=tuple(
            f"{kind}-{c:.0f}-{r:.0f}" for c, r in zip(column.tolist(), row.tolist(), strict=True)
        ),
        names=tuple(
            f"{called} at {e:.0f}, {n:.0f}" for e, n in zip(x.tolist(), y.tolist(), strict=True)
        ),
        easting=x,
        northing=y,
        area_km2=area / 1e6,
        length_m=np.full(len(kept), np.nan),
        locate=found,
    )


def _numbered(column: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.int64]:
    """One number for a tile's two, the same only for the same tile."""
    return column.astype(np.int64) * (1 << 32) + row.astype(np.int64)


def _nearest_hexagon(column: NDArray[np.float64], row: NDArray[np.float64]) -> Key:
    """The hexagon that holds a point in axial coordinates, by rounding three that sum to zero.

    Of the three rounded numbers the one that moved furthest is set from the other two, so a
    point on an edge, or in a corner, falls to one of its hexagons by the same rule each time.
    """
    third = -column - row
    rounded = [np.rint(each) for each in (column, row, third)]
    moved = [np.abs(near - each) for near, each in zip(rounded, (column, row, third), strict=True)]
    fix_column = (moved[0] > moved[1]) & (moved[0] > moved[2])
    fix_row = ~fix_column & (moved[1] > moved[2])
    return (
        np.where(fix_column, -rounded[1] - rounded[2], rounded[0]),
        np.where(fix_row, -rounded[0] - rounded[2], rounded[1]),
    )


def _first_of(point: NDArray[np.intp], unit: NDArray[np.intp], points: int) -> NDArray[np.int64]:
    """For each point the lowest of the units paired with it; -1 where there is none."""
    found = np.full(points, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(found, point, unit)
    found[found == np.iinfo(np.int64).max] = -1
    return found


def _once_a_point(locate: _Locate) -> _Locate:
    """Look each position up once: snap points repeat, a million records have few thousands."""

    def located(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> NDArray[np.int64]:
        spots, which = np.unique(easting + 1j * northing, return_inverse=True)
        return locate(spots.real, spots.imag)[which]

    return located
