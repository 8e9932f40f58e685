"""The tables that the objects of an OpenStreetMap file make: streets, named places, features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely

from peelian.core.place_names import place_key
from peelian.ingest.openstreetmap_tags import (
    access_of,
    aliases_of,
    is_only_a_station_building,
    is_street,
    kind_of_feature,
    kind_of_place,
)
from peelian.ingest.place_files import bounds_columns, shapes_to_grid

_BOUNDS: dict[str, pl.DataType] = dict.fromkeys(("min_e", "min_n", "max_e", "max_n"), pl.Float64())
STREETS_SCHEMA: dict[str, pl.DataType] = {
    "way_id": pl.Int64(),
    "name": pl.String(),  # empty where the way has none
    "highway": pl.String(),
    "on_foot": pl.Boolean(),
    "by_cycle": pl.Boolean(),
    "by_vehicle": pl.Boolean(),
    "one_way": pl.Int8(),  # 1 as drawn, -1 against, 0 both
    "cycles_both_ways": pl.Boolean(),
    "lit": pl.Boolean(),  # null where the map does not say
    "node_ids": pl.List(pl.Int64()),  # one a vertex: ways that share a node meet there
    "line": pl.Binary(),  # WKB, EPSG:27700
    **_BOUNDS,
}
NAMED_PLACES_SCHEMA: dict[str, pl.DataType] = {
    "name": pl.String(),
    "kind": pl.String(),
    "aliases": pl.List(pl.String()),
    "shape": pl.Binary(),  # WKB, EPSG:27700
    **_BOUNDS,
}
MAP_FEATURES_SCHEMA: dict[str, pl.DataType] = {
    "name": pl.String(),  # empty where the map gives none
    "kind": pl.String(),
    "shape": pl.Binary(),  # WKB, EPSG:27700
    **_BOUNDS,
}

# Two bus stops of one name stand on the two sides of a street: each is one.
_EACH_ALONE = frozenset({"bus_stop", "cash_machine", "street_lamp"})

# The map cuts a street, a park or a station into many objects. Those of one kind and name at
# most this far apart are one place; two High Streets lie further from each other.
ONE_PLACE_WITHIN_M = 250.0


@dataclass(frozen=True)
class MapObject:
    """One thing of the map: its tags, its shape in degrees, and its nodes if it is a way."""

    osm_id: int
    tags: dict[str, str]
    shape: Any
    node_ids: tuple[int, ...] = ()


def streets_of(features: Iterable[MapObject]) -> pl.DataFrame:
    """One row a way that is a street or path, with the nodes by which ways meet."""
    ways = [f for f in features if f.node_ids and is_street(f.tags)]
    # pyosmium leaves out repeated vertices; nodes and vertices must stay side by side.
    ways = [w for w in ways if len(w.node_ids) == shapely.get_num_coordinates(w.shape)]
    if not ways:
        return pl.DataFrame(schema=STREETS_SCHEMA)
    lines = shapes_to_grid(np.array([w.shape for w in ways], dtype=object))
    access = [access_of(w.tags) for w in ways]
    return pl.DataFrame(
        {
            "way_id": [w.osm_id for w in ways],
            "name": [w.tags.get("name", "") for w in ways],
            "highway": [w.tags["highway"] for w in ways],
            "on_foot": [a.on_foot for a in access],
            "by_cycle": [a.by_cycle for a in access],
            "by_vehicle": [a.by_vehicle for a in access],
            "one_way": [a.one_way for a in access],
            "cycles_both_ways": [a.cycles_both_ways for a in access],
            "lit": [
                {"yes": True, "24/7": True, "no": False}.get(w.tags.get("lit", "")) for w in ways
            ],
            "node_ids": [list(w.node_ids) for w in ways],
            "line": shapely.to_wkb(lines).tolist(),
            **bounds_columns(lines),
        },
        schema=STREETS_SCHEMA,
    ).sort("way_id")


def places_of(features: Iterable[MapObject]) -> pl.DataFrame:
    """One row a place: the map's objects of one kind and name that lie together."""
    groups: dict[tuple[str, str], list[MapObject]] = defaultdict(list)
    for feature in features:
        name = feature.tags.get("name", "").strip()
        if not name:
            continue
        extent = shapely.get_dimensions(feature.shape) == 2
        kind = (
            "street" if is_street(feature.tags) else kind_of_place(feature.tags, has_extent=extent)
        )
        if kind:
            groups[kind, place_key(kind, name)].append(feature)
    rows = [
        {"kind": kind, **_one_place(together)}
        for (kind, _), found in groups.items()
        for together in _lying_together(found)
    ]
    if not rows:
        return pl.DataFrame(schema=NAMED_PLACES_SCHEMA)
    return _table_of(rows, NAMED_PLACES_SCHEMA)


def map_features_of(features: Iterable[MapObject]) -> pl.DataFrame:
    """One row a feature: a thing without a name is one, things of one kind and name together.

    A building built as a station is none by itself.
    """
    groups: dict[tuple[str, str], list[MapObject]] = defaultdict(list)
    alone: dict[str, list[MapObject]] = defaultdict(list)
    for feature in features:
        if kind := kind_of_feature(feature.tags):
            name = feature.tags.get("name", "").strip()
            if name and kind not in _EACH_ALONE:
                groups[kind, place_key(kind, name)].append(feature)
            elif not is_only_a_station_building(feature.tags):
                alone[kind].append(feature)
    rows = [
        {"kind": kind, **_one_place(together)}
        for (kind, _), found in groups.items()
        for together in _lying_together(found)
        if not all(is_only_a_station_building(f.tags) for f, _ in together)
    ]
    for kind_alone, each in alone.items():
        shapes = shapes_to_grid(np.array([f.shape for f in each], dtype=object))
        rows += [
            {"kind": kind_alone, "name": f.tags.get("name", "").strip(), "shape": shape}
            for f, shape in zip(each, shapely.make_valid(shapes), strict=True)
        ]
    if not rows:
        return pl.DataFrame(schema=MAP_FEATURES_SCHEMA)
    return _table_of(rows, MAP_FEATURES_SCHEMA)


def _table_of(rows: list[dict[str, Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    shapes = np.array([row["shape"] for row in rows], dtype=object)
    plain = [{key: value for key, value in row.items() if key != "shape"} for row in rows]
    table = pl.DataFrame(plain).with_columns(
        pl.Series("shape", shapely.to_wkb(shapes).tolist(), pl.Binary),
        *(pl.Series(name, values) for name, values in bounds_columns(shapes).items()),
    )
    return table.select(pl.col(c).cast(t) for c, t in schema.items()).sort(
        "kind", "name", "min_e", "min_n"
    )


def _lying_together(found: Sequence[MapObject]) -> list[list[tuple[MapObject, Any]]]:
    """Features split into groups whose members are linked by steps of at most 250 m."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    shapes = shapes_to_grid(np.array([f.shape for f in found], dtype=object))
    pairs = list(zip(found, shapes, strict=True))
    if len(pairs) == 1:
        return [pairs]
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="dwithin", distance=ONE_PLACE_WITHIN_M)
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(pairs), len(pairs)))
    count, labels = connected_components(links, directed=False)
    return [
        [p for p, at in zip(pairs, labels, strict=True) if at == label] for label in range(count)
    ]


def _one_place(together: Sequence[tuple[MapObject, Any]]) -> dict[str, Any]:
    """The place that several objects draw: the shape of those with the most extent, all names."""
    most = max(int(shapely.get_dimensions(shape)) for _, shape in together)
    drawn = [(f, s) for f, s in together if int(shapely.get_dimensions(s)) == most]
    ordered = sorted(
        drawn, key=lambda p: (-p[1].area, -p[1].length, p[0].tags["name"], p[0].osm_id)
    )
    name = ordered[0][0].tags["name"].strip()
    shapes = [shapely.make_valid(s) if most == 2 else s for _, s in ordered]
    shape = shapely.union_all(shapes) if most != 1 else shapely.multilinestrings(shapes)
    names = [
        alias
        for feature, _ in sorted(together, key=lambda p: p[0].osm_id)
        for alias in (feature.tags["name"].strip(), *aliases_of(feature.tags))
    ]
    return {
        "name": name,
        "aliases": sorted({alias for alias in names if alias != name}),
        "shape": shape,
    }
