"""The town's map as publishers write theirs: boundaries, streets and what stands between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from peelian.core.grid import to_degrees
from peelian.town import names, plan
from peelian.town.census_areas import CensusArea
from peelian.town.truth import Town

_FIRST_WAY, _FIRST_NODE, _FIRST_THING = 9_000_000_001, 9_100_000_001, 9_200_000_001
_LIT = {"primary", "secondary", "tertiary", "residential"}
_LAMPS_EACH_M = 90
_TAGS_OF_PLOT = {
    "park": {"leisure": "park"},
    "recreation": {"leisure": "recreation_ground"},
    "estate": {"landuse": "residential"},
    "school": {"amenity": "school"},
    "retail": {"building": "retail", "shop": "mall"},
    "car_park": {"amenity": "parking"},
}


def ward_boundaries(town: Town) -> dict[str, Any]:
    """The wards as GeoJSON, in the columns of the Office for National Statistics."""
    features = []
    for ward, shape in zip(plan.WARDS, town.streets.wards, strict=True):
        properties = {
            "WD22CD": ward.code, "WD22NM": ward.name, "LAD22CD": names.BOROUGH_CODE,
            "LAD22NM": names.BOROUGH_NAME, **_middle(shape),
        }  # fmt: skip
        features.append(_feature(properties, _in_degrees(shape, decimals=7)))
    return _collection("made-town_wards_2022", features)


def census_boundaries(areas: Sequence[CensusArea], *, vintage: int) -> dict[str, Any]:
    """The census areas of one vintage as GeoJSON."""
    year = vintage % 100
    features = [
        _feature({f"LSOA{year}CD": area.code, f"LSOA{year}NM": area.name, **_middle(area.shape)},
                 _in_degrees(area.shape, decimals=7))
        for area in areas
    ]  # fmt: skip
    return _collection(f"made-town_lsoa_{vintage}", features)


def highways(town: Town) -> dict[str, Any]:
    """Every way between two junctions, in OpenStreetMap's tags, with a node for every vertex."""
    edges = town.streets.edges
    vertices = [shapely.get_coordinates(edge.line) for edge in edges]
    every = np.round(np.vstack(vertices), 1)
    _, nodes = np.unique(every, axis=0, return_inverse=True)
    nodes = nodes.reshape(-1) + _FIRST_NODE
    degrees = _degrees(every)
    features = []
    start = 0
    for number, (edge, own) in enumerate(zip(edges, vertices, strict=True)):
        end = start + len(own)
        properties = {
            "osm_id": _FIRST_WAY + number,
            "node_ids": nodes[start:end].tolist(),
            "highway": edge.highway,
            **({"name": edge.name} if edge.name else {}),
            **({"lit": "yes", "sidewalk": "both", "surface": "asphalt", "maxspeed": "20 mph"}
               if edge.highway in _LIT else {"lit": "no"} if edge.highway == "path" else {}),
        }  # fmt: skip
        line = {"type": "LineString", "coordinates": degrees[start:end].tolist()}
        features.append(_feature(properties, line))
        start = end
    return _collection("made-town_highways", features)


def context(town: Town) -> dict[str, Any]:
    """Parks, estates, schools, stations, pubs, shops, lamps, water and rails."""
    features = [
        _feature(
            {"osm_type": kind, "osm_id": _FIRST_THING + number, **tags},
            _in_degrees(shape, decimals=7),
        )
        for number, (kind, tags, shape) in enumerate(_things(town))
    ]
    return _collection("made-town_context", features)


def _things(town: Town) -> Iterator[tuple[str, dict[str, str], BaseGeometry]]:
    streets = town.streets
    for plot in streets.plots:
        tags = _TAGS_OF_PLOT.get(plot.kind)
        if tags is not None:
            alias = {"alt_name": plot.name.removesuffix(" Estate")} if plot.kind == "estate" else {}
            yield "way", {**tags, "name": plot.name, **alias}, plot.shape.buffer(-5)
    for name, house in streets.houses:
        yield "way", {"building": "apartments", "name": name}, house
    for name, at in plan.STATIONS:
        yield "node", {"railway": "station", "name": name}, Point(at)
    yield "way", {"waterway": "canal", "name": "Larkfield Cut"}, streets.canal
    yield "way", {"railway": "rail"}, streets.railway
    yield from _along_main_roads(town)


def _along_main_roads(town: Town) -> Iterator[tuple[str, dict[str, str], BaseGeometry]]:
    pubs, shops = iter(names.PUBS), iter(names.SHOPS)
    long = [
        edge
        for edge in town.streets.edges
        if edge.highway in ("primary", "secondary", "tertiary") and edge.line.length >= 60
    ]
    for step, edge in enumerate(long):
        beside = edge.line.offset_curve(9).interpolate(0.5, normalized=True)
        if step % 9 == 4 and (pub := next(pubs, None)):
            yield "node", {"amenity": "pub", "name": pub}, beside
        if step % 9 == 7 and (shop := next(shops, None)):
            yield "node", {"shop": "convenience", "name": shop}, beside
        if step % 4 == 1:
            yield "node", {"highway": "bus_stop", "name": edge.name}, beside
        for lamp in range(int(edge.line.length // _LAMPS_EACH_M)):
            at = edge.line.interpolate((lamp + 0.5) * _LAMPS_EACH_M)
            yield "node", {"highway": "street_lamp"}, at


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(name: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "name": name, "note": names.NOTE, "features": features}


def _middle(shape: BaseGeometry) -> dict[str, float]:
    x, y = shape.centroid.x + plan.ORIGIN[0], shape.centroid.y + plan.ORIGIN[1]
    longitude, latitude = to_degrees(x, y)
    return {
        "BNG_E": round(x), "BNG_N": round(y),
        "LONG": round(float(longitude), 6), "LAT": round(float(latitude), 6),
    }  # fmt: skip


def _degrees(points: NDArray[np.float64], decimals: int = 7) -> NDArray[np.float64]:
    longitude, latitude = to_degrees(points[:, 0] + plan.ORIGIN[0], points[:, 1] + plan.ORIGIN[1])
    return np.round(np.column_stack([longitude, latitude]), decimals)


def _in_degrees(shape: BaseGeometry, *, decimals: int) -> dict[str, Any]:
    moved = shapely.transform(shape, lambda points: _degrees(points, decimals))
    geometry: dict[str, Any] = shapely.geometry.mapping(moved)
    return geometry
