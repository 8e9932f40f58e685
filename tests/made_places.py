"""Small boundaries and maps made by hand, in the publishers' layouts."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from peelian.core.grid import shape_to_degrees

# A square kilometre somewhere in London; made shapes are drawn from its south-west corner.
CORNER = (530_000.0, 183_000.0)


def square(east: float, north: float, side: float) -> shapely.Polygon:
    """A square on the grid, its south-west corner so many metres from CORNER."""
    x, y = CORNER[0] + east, CORNER[1] + north
    return shapely.box(x, y, x + side, y + side)


def write_geojson(
    path: Path, features: Sequence[tuple[Mapping[str, Any], Any]], *, in_degrees: bool = True
) -> Path:
    """Write properties and EPSG:27700 shapes as GeoJSON in degrees, or as they are."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(properties),
                "geometry": shapely.geometry.mapping(
                    shape_to_degrees(shape) if in_degrees else shape
                ),
            }
            for properties, shape in features
        ],
    }
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def ways(*drawn: dict) -> pl.DataFrame:
    """Rows of the streets table; node 12 lies 200 m east and 100 m north, and so on."""
    rows = []
    for way in drawn:
        nodes = way["nodes"]
        line = shapely.LineString([(node % 10 * 100, node // 10 * 100) for node in nodes])
        rows.append(
            {
                "way_id": len(rows), "name": "", "highway": "residential", "on_foot": True,
                "by_cycle": True, "by_vehicle": True, "one_way": 0, "cycles_both_ways": True,
                **{k: v for k, v in way.items() if k != "nodes"},
                "node_ids": list(nodes), "line": shapely.to_wkb(line),
            }
        )  # fmt: skip
    return pl.DataFrame(rows)
