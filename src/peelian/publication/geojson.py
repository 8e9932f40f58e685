"""Ranked places and corridors as GeoJSON (RFC 7946): [longitude, latitude], EPSG:4326.

An outer ring runs anticlockwise and a hole clockwise: the right-hand rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from peelian.core.grid import to_degrees
from peelian.publication.disclosed import (
    DisclosedPlace,
    DisclosedPlaces,
    DisclosedWardPage,
    Ring,
    places_of,
)

_DECIMALS = 6  # about 0.1 m


def places_geojson(page: DisclosedWardPage) -> bytes:
    """Every ranked place as a point, every corridor as a shape."""
    collection = {
        "type": "FeatureCollection",
        "features": [f for places in places_of(page) for f in _features(places)],
    }
    return msgspec.json.encode(collection) + b"\n"


def _features(priority: DisclosedPlaces) -> Iterator[dict[str, Any]]:
    for place in priority.ranking.places:
        yield {
            "type": "Feature",
            "id": f"{priority.id}/{place.place_id}",
            "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
            "properties": {"priority": priority.id, **_properties(place)},
        }
    if priority.corridor:
        yield {
            "type": "Feature",
            "id": f"{priority.id}/corridor",
            "geometry": {"type": "MultiPolygon", "coordinates": _polygons(priority.corridor)},
            "properties": {"priority": priority.id, "rule": priority.corridor_rule},
        }


def _properties(place: DisclosedPlace) -> dict[str, Any]:
    return {
        "rank": place.rank,
        "name": place.name,
        "records": place.records.value,
        "records_in_words": place.records.text,
        "last_year": place.recent.value,
        "last_year_in_words": place.recent.text,
        "expected": place.expected_text,
        "persistence": place.persistence,
    }


def _polygons(rings: Sequence[Ring]) -> list[list[list[list[float]]]]:
    """Rings as polygons: a clockwise ring is a hole of the one before it."""
    polygons: list[list[list[list[float]]]] = []
    for ring in rings:
        is_hole = bool(polygons) and _area(ring) < 0
        turned = ring if is_hole or _area(ring) > 0 else ring[::-1]
        longitudes, latitudes = to_degrees([x for x, _ in turned], [y for _, y in turned])
        positions = [
            [round(float(x), _DECIMALS), round(float(y), _DECIMALS)]
            for x, y in zip(longitudes, latitudes, strict=True)
        ]
        if is_hole:
            polygons[-1].append(positions)
        else:
            polygons.append([positions])
    return polygons


def _area(ring: Ring) -> float:
    """Twice the area within a closed ring; negative where it runs clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
