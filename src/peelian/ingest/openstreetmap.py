"""Streets and named places from OpenStreetMap: an extract (.osm.pbf), or its features as GeoJSON.

© OpenStreetMap contributors, Open Database Licence: whoever shows the streets says so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely

from peelian.core.errors import LayoutError
from peelian.core.extras import require_extra
from peelian.core.place_names import place_key
from peelian.ingest.licences import OPENSTREETMAP_LICENCE
from peelian.ingest.openstreetmap_tags import access_of, aliases_of, is_street, kind_of_place
from peelian.ingest.paths import content_of
from peelian.ingest.place_files import (
    PlaceFile,
    bounds_columns,
    files_of,
    held_already,
    passed_over,
    published_file,
    shapes_to_grid,
    stem_of,
)
from peelian.store import PartitionKey, Store

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

# The map cuts a street, a park or a station into many objects. Those of one kind and name at
# most this far apart are one place; two High Streets lie further from each other.
ONE_PLACE_WITHIN_M = 250.0


@dataclass(frozen=True)
class _Feature:
    """One thing of the map: its tags, its shape in degrees, and its nodes if it is a way."""

    osm_id: int
    tags: dict[str, str]
    shape: Any
    node_ids: tuple[int, ...] = ()


def ingest_street_maps(paths: Sequence[Path], store: Store) -> tuple[PlaceFile, ...]:
    """Put the streets and the named places of OpenStreetMap files, or of folders, in the store.

    One entry a file and table. A file without either, or one that is damaged, is passed over
    with the reason; a path that does not exist is an InputError.
    """
    read: list[PlaceFile] = []
    with store.writer() as writer:
        for path in files_of(paths):
            source = published_file(path)
            held = held_already(store, "streets", source) + held_already(
                store, "named_places", source
            )
            if held:
                read += held
                continue
            try:
                features = _features_of(path)
            except LayoutError as error:
                read.append(passed_over(path, "streets", str(error)))
                continue
            except (ValueError, KeyError, TypeError, RuntimeError, EOFError, OSError):
                # What osmium says of a damaged file names its path and little else.
                reason = "it cannot be read as a map: cut off, or not what its name says"
                read.append(passed_over(path, "streets", reason))
                continue
            streets, places = _streets_of(features), _places_of(features)
            for table, rows in (("streets", streets), ("named_places", places)):
                if rows.height:
                    state = writer.replace(
                        PartitionKey(table, stem_of(path)),
                        rows,
                        sources=[source],
                        licence=OPENSTREETMAP_LICENCE,
                    )
                    read.append(PlaceFile(path.name, table, stem_of(path), rows.height, state))
            if not streets.height and not places.height:
                read.append(passed_over(path, "streets", "no street and no named place in it"))
    return tuple(read)


def _features_of(path: Path) -> list[_Feature]:
    name = path.name.lower()
    if name.endswith((".osm.pbf", ".osm")):
        return _from_extract(path)
    if name.endswith((".geojson", ".geojson.gz")):
        return _from_geojson(path)
    raise LayoutError("not an .osm.pbf, .osm or .geojson file")


def _from_extract(path: Path) -> list[_Feature]:
    require_extra("places", to="read OpenStreetMap extracts")

    import osmium

    wkb = osmium.geom.WKBFactory()
    reader = (
        osmium.FileProcessor(str(path))
        .with_areas(osmium.filter.KeyFilter("name"))
        .with_filter(osmium.filter.KeyFilter("highway", "name"))
    )
    features = []
    for thing in reader:
        tags = dict(thing.tags)
        nodes: tuple[int, ...] = ()
        try:
            if isinstance(thing, osmium.osm.Way) and is_street(tags):
                nodes = tuple(node.ref for node in thing.nodes)
                shape = wkb.create_linestring(thing)
            elif is_street(tags) or "name" not in tags:
                continue
            elif isinstance(thing, osmium.osm.Node) and kind_of_place(tags, has_extent=False):
                shape = wkb.create_point(thing)
            elif isinstance(thing, osmium.osm.Area) and kind_of_place(tags, has_extent=True):
                shape = wkb.create_multipolygon(thing)
            else:
                continue
        except (RuntimeError, ValueError, osmium.InvalidLocationError):
            # An extract may hold a way without its nodes, or cut it at its edge.
            continue
        features.append(_Feature(thing.id, tags, shapely.from_wkb(shape), nodes))
    return features


def _from_geojson(path: Path) -> list[_Feature]:
    answer = json.loads(content_of(path))
    if not isinstance(answer, dict) or answer.get("type") != "FeatureCollection":
        raise LayoutError("it is not a GeoJSON feature collection")
    features = []
    for entry in answer["features"]:
        properties = dict(entry["properties"])
        if "osm_id" not in properties or not entry.get("geometry"):
            continue
        nodes = properties.pop("node_ids", None) or ()
        osm_id = int(properties.pop("osm_id"))
        tags = {key: str(value) for key, value in properties.items() if value is not None}
        shape = shapely.geometry.shape(entry["geometry"])
        if not nodes and is_street(tags):
            continue  # without its nodes a way cannot be joined to the others
        features.append(_Feature(osm_id, tags, shape, tuple(nodes)))
    return features


def _streets_of(features: Iterable[_Feature]) -> pl.DataFrame:
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


def _places_of(features: Iterable[_Feature]) -> pl.DataFrame:
    """One row a place: the map's objects of one kind and name that lie together."""
    groups: dict[tuple[str, str], list[_Feature]] = defaultdict(list)
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
    shapes = np.array([row.pop("shape") for row in rows], dtype=object)
    table = pl.DataFrame(rows).with_columns(
        pl.Series("shape", shapely.to_wkb(shapes).tolist(), pl.Binary),
        *(pl.Series(name, values) for name, values in bounds_columns(shapes).items()),
    )
    return table.select(pl.col(c).cast(t) for c, t in NAMED_PLACES_SCHEMA.items()).sort(
        "kind", "name", "min_e", "min_n"
    )


def _lying_together(found: Sequence[_Feature]) -> list[list[tuple[_Feature, Any]]]:
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


def _one_place(together: Sequence[tuple[_Feature, Any]]) -> dict[str, Any]:
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
