"""What stands near places on the map: stations, shops, stops, lamps; with or without a name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import polars as pl

from peelian.core.place_names import place_key
from peelian.core.places import MapFeature
from peelian.store.places import AROUND_WARD_M
from peelian.store.store import Store

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Of two maps that both show a thing: a named one may be drawn as a point in one of them and
# as a building in the other; one without a name is the same only where it lies the same.
_SAME_NAMED_M = 100.0
_SAME_NAMELESS_M = 1.0


def map_features(
    store: Store, near: BaseGeometry, *, buffer_m: float = AROUND_WARD_M
) -> tuple[MapFeature, ...]:
    """The features whose bounding boxes come within `buffer_m` of the shape's own.

    near: EPSG:27700. Sorted by kind and name. A feature that several maps hold is taken once,
    from the map that draws it larger. A store whose maps were read before features were kept
    has none: ingest the maps again.
    """
    import shapely

    if not store.partitions("map_features"):
        return ()
    west, south, east, north = near.bounds
    rows = store.table("map_features").filter(
        (pl.col("max_e") >= west - buffer_m)
        & (pl.col("min_e") <= east + buffer_m)
        & (pl.col("max_n") >= south - buffer_m)
        & (pl.col("min_n") <= north + buffer_m)
    )
    rows = rows.sort("kind", "name", "min_e", "min_n", "source")
    shapes: Any = shapely.from_wkb(rows["shape"].to_numpy())
    groups: dict[tuple[str, str], list[tuple[str, MapFeature]]] = defaultdict(list)
    for name, kind, source, shape in zip(
        rows["name"], rows["kind"], rows["source"], shapes, strict=True
    ):
        key = (kind, place_key(kind, name) if name else "")
        groups[key].append((source, MapFeature(kind, name, shape)))
    return tuple(
        feature
        for (_, name), found in sorted(groups.items())
        for feature in _once(found, _SAME_NAMED_M if name else _SAME_NAMELESS_M)
    )


def _once(found: list[tuple[str, MapFeature]], within_m: float) -> list[MapFeature]:
    """The features without those that a map of another source shows too."""
    import shapely

    if len({source for source, _ in found}) == 1:
        return [feature for _, feature in found]
    shapes = [feature.shape for _, feature in found]
    larger_first = sorted(
        range(len(found)), key=lambda i: (-shapely.get_dimensions(shapes[i]), -shapes[i].area, i)
    )
    near: dict[int, set[int]] = defaultdict(set)
    tree = shapely.STRtree(shapes)
    for one, other in tree.query(shapes, predicate="dwithin", distance=within_m).T.tolist():
        near[one].add(other)
    kept: set[int] = set()
    for index in larger_first:
        if all(found[other][0] == found[index][0] for other in near[index] & kept):
            kept.add(index)
    return [found[index][1] for index in sorted(kept)]
