"""Streets, named places and features from OpenStreetMap: an extract (.osm.pbf), or GeoJSON.

A named place is one that a page may speak of; a feature (a lamp, a bus stop, a shop) stands
near places, mostly without a name, and is kept in a table of its own.

© OpenStreetMap contributors, Open Database Licence: whoever shows the streets says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import shapely

from peelian.core.errors import LayoutError
from peelian.core.extras import require_extra
from peelian.ingest.licences import OPENSTREETMAP_LICENCE
from peelian.ingest.openstreetmap_tables import (
    MapObject,
    map_features_of,
    places_of,
    streets_of,
)
from peelian.ingest.openstreetmap_tags import (
    FEATURE_KEYS,
    is_street,
    kind_of_feature,
    kind_of_place,
)
from peelian.ingest.paths import content_of
from peelian.ingest.place_files import (
    PlaceFile,
    files_of,
    held_already,
    passed_over,
    published_file,
    stem_of,
)
from peelian.store import PartitionKey, SourceFile, Store

_TABLES = ("streets", "named_places", "map_features")


def ingest_street_maps(paths: Sequence[Path], store: Store) -> tuple[PlaceFile, ...]:
    """Put the streets, named places and features of OpenStreetMap files, or folders, in the store.

    One entry a file and table. A file without any of them, or one that is damaged, is passed
    over with the reason; a path that does not exist is an InputError. A map held by a store
    that had no table of features yet is read again for them.
    """
    read: list[PlaceFile] = []
    with store.writer() as writer:
        for path in files_of(paths):
            source = published_file(path)
            if held := _held_whole(store, source):
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
            tables = (streets_of(features), places_of(features), map_features_of(features))
            found = any(rows.height for rows in tables)
            for table, rows in zip(_TABLES, tables, strict=True):
                # A map without features has an empty table of them: it was looked at.
                if rows.height or (found and table == "map_features"):
                    state = writer.replace(
                        PartitionKey(table, stem_of(path)),
                        rows,
                        sources=[source],
                        licence=OPENSTREETMAP_LICENCE,
                    )
                    if rows.height:
                        read.append(PlaceFile(path.name, table, stem_of(path), rows.height, state))
            if not found:
                reason = "no street, no named place and no feature in it"
                read.append(passed_over(path, "streets", reason))
    return tuple(read)


def _held_whole(store: Store, source: SourceFile) -> list[PlaceFile]:
    """What the store holds of a map; nothing where a table of it is damaged, or not there."""
    held = [each for table in _TABLES for each in held_already(store, table, source)]
    tables = {p.key.table for t in _TABLES for p in store.partitions(t) if source in p.sources}
    if tables | {"map_features"} != {each.table for each in held}:
        return []
    return [each for each in held if each.rows]


def _features_of(path: Path) -> list[MapObject]:
    name = path.name.lower()
    if name.endswith((".osm.pbf", ".osm")):
        return _from_extract(path)
    if name.endswith((".geojson", ".geojson.gz")):
        return _from_geojson(path)
    raise LayoutError("not an .osm.pbf, .osm or .geojson file")


def _from_extract(path: Path) -> list[MapObject]:
    require_extra("places", to="read OpenStreetMap extracts")

    import osmium

    wkb = osmium.geom.WKBFactory()
    reader = (
        osmium.FileProcessor(str(path))
        .with_areas(osmium.filter.KeyFilter("name", *FEATURE_KEYS))
        .with_filter(osmium.filter.KeyFilter("highway", "name", *FEATURE_KEYS))
    )
    features = []
    for thing in reader:
        tags = dict(thing.tags)
        nodes: tuple[int, ...] = ()
        try:
            if isinstance(thing, osmium.osm.Way) and is_street(tags):
                nodes = tuple(node.ref for node in thing.nodes)
                shape = wkb.create_linestring(thing)
            elif isinstance(thing, osmium.osm.Node) and _is_kept(tags, has_extent=False):
                shape = wkb.create_point(thing)
            elif isinstance(thing, osmium.osm.Area) and _is_kept(tags, has_extent=True):
                shape = wkb.create_multipolygon(thing)
            else:
                continue
        except (RuntimeError, ValueError, osmium.InvalidLocationError):
            # An extract may hold a way without its nodes, or cut it at its edge.
            continue
        features.append(MapObject(thing.id, tags, shapely.from_wkb(shape), nodes))
    return features


def _is_kept(tags: dict[str, str], *, has_extent: bool) -> bool:
    if kind_of_feature(tags):
        return True
    named = "name" in tags and not is_street(tags)
    return named and kind_of_place(tags, has_extent=has_extent) is not None


def _from_geojson(path: Path) -> list[MapObject]:
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
        features.append(MapObject(osm_id, tags, shape, tuple(nodes)))
    return features
