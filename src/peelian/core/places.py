"""Places a resident could point at: named places, snap points and named groups of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PlaceKind = Literal[
    "street", "park", "estate", "station", "building", "licensed_premises", "school"
]

# What may stand near a place and draw people to it or away; a kind of its own, because most
# have no name and no page should speak of them as places.
FeatureKind = Literal[
    "station",
    "bus_stop",
    "licensed_premises",
    "fast_food",
    "supermarket",
    "convenience_store",
    "cash_machine",
    "school",
    "park",
    "street_lamp",
]


@dataclass(frozen=True)
class NamedPlace:
    """A street, park, estate, station or building with its names. `shape`: EPSG:27700, metres."""

    name: str
    kind: PlaceKind
    shape: BaseGeometry
    aliases: tuple[str, ...] = ()
    source: str = "OpenStreetMap"


@dataclass(frozen=True)
class MapFeature:
    """A thing that the map shows and that stands near places. `shape`: EPSG:27700, metres.

    name: empty where the map gives none. A lamp or a bus stop is no place to speak of: the
    gazetteer and the pages' maps read named places, never these.
    """

    kind: FeatureKind
    name: str
    shape: BaseGeometry
    source: str = "OpenStreetMap"


@dataclass(frozen=True)
class SnapPoint:
    """One of the publisher's fixed points. Two names at one position are two snap points."""

    location: str  # as published: "On or near Pratt Street"
    longitude: float
    latitude: float
    easting: float
    northing: float


@dataclass(frozen=True)
class MicroPlace:
    """A named group of snap points: the finest place that open crime records know."""

    place_id: str  # stable: derived from the name and the first snap point's position
    name: str  # "Pratt Street"; "Supermarket near Camden High Street"
    snap_points: tuple[SnapPoint, ...] = field(default=())

    @property
    def centre(self) -> tuple[float, float]:
        """Mean easting and northing of the group's snap points, metres."""
        count = len(self.snap_points)
        return (
            sum(p.easting for p in self.snap_points) / count,
            sum(p.northing for p in self.snap_points) / count,
        )


@dataclass(frozen=True)
class UnitPlace:
    """A square, hexagon, street or area in which records are counted together.

    centre: easting and northing, EPSG:27700, metres. snap_points: those with a record in it.
    """

    place_id: str
    name: str
    centre: tuple[float, float]
    snap_points: tuple[SnapPoint, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """What a written place name means here.

    certainty: "exact" and "alias" can be used; a "suggestion" needs a person to confirm it
    in the ward file; "unknown" stays unknown (`place` is None).
    """

    written: str
    certainty: Literal["exact", "alias", "suggestion", "unknown"]
    place: NamedPlace | None = None
    alternatives: tuple[NamedPlace, ...] = ()
    borders: tuple[str, ...] = ()  # names of places it touches: "Saint Martin's Gardens"
