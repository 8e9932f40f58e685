"""What lies inside the special grounds: paths of parks, roads and flats of estates, alleys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from peelian.town import names
from peelian.town.shapes import Plot, Street


def fill_grounds(
    plots: Sequence[Plot], rng: np.random.Generator
) -> tuple[list[Street], tuple[tuple[str, Polygon], ...]]:
    """The ways inside the grounds, and the named blocks of flats."""
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
    name = estate_road_name(plot)
    return [
        Street(name, "residential", LineString(ring.coords)),
        Street(name, "residential", near),
        Street("", "footway", far),
    ]


def estate_road_name(estate: Plot) -> str:
    """What the road of an estate is called: Coopers Field Way."""
    return estate.name.removesuffix(" Estate").removesuffix(" Reach") + " Way"


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
