"""A plan's places and rounds as GeoJSON (RFC 7946): [longitude, latitude], EPSG:4326."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import msgspec

from peelian.publication.plan.tracks import degrees_of

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedHotspot, DisclosedPlan

_CORNERS = 64  # of a circle's polygon: within 0.2 m of a circle of 150 m


def plan_places(plan: DisclosedPlan) -> bytes:
    """Every place as a circle, and as the circle of its buffer."""
    return _collection(
        {
            "type": "Feature",
            "id": f"{place.place_id}/{kind}",
            "geometry": {"type": "Polygon", "coordinates": [_circle(place, radius_m)]},
            "properties": {
                "kind": kind, "rank": place.rank, "name": place.name, "radius_m": radius_m,
                "visits_asked": place.asked, "visits_planned": place.planned,
                "expected": place.expected, "hours": place.hours, "until": place.until,
            },
        }
        for place in plan.hotspots
        for kind, radius_m in (
            ("place", place.radius_m), ("buffer", place.radius_m + place.buffer_m),
        )
    )  # fmt: skip


def plan_routes(plan: DisclosedPlan) -> bytes:
    """Every leg of every shift as a line in the order in which it is walked."""
    return _collection(
        {
            "type": "Feature",
            "id": f"{shift.shift_id}/{number}",
            "geometry": {"type": "LineString", "coordinates": degrees_of(list(leg.line))},
            "properties": {
                "shift": shift.shift_id, "unit": shift.unit, "mode": shift.mode, "leg": number,
                "to": leg.name, "place_id": leg.place_id, "metres": leg.metres,
                "leaves": leg.leaves.isoformat(), "arrives": leg.arrives.isoformat(),
                "ends": leg.ends.isoformat() if leg.ends else None, "way": leg.way,
            },
        }
        for shift in plan.shifts
        for number, leg in enumerate(shift.legs, start=1)
        if len(leg.line) > 1
    )  # fmt: skip


def _collection(features: Any) -> bytes:
    return msgspec.json.encode({"type": "FeatureCollection", "features": list(features)}) + b"\n"


def _circle(place: DisclosedHotspot, radius_m: float) -> list[tuple[float, float]]:
    """A closed ring that runs anticlockwise."""
    ring = [
        (
            place.easting + radius_m * cos(2 * pi * corner / _CORNERS),
            place.northing + radius_m * sin(2 * pi * corner / _CORNERS),
        )
        for corner in range(_CORNERS)
    ]
    positions = degrees_of(ring)
    return [*positions, positions[0]]
