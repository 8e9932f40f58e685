"""What OpenStreetMap's tags mean here: who may use a way, and which kind of place a name is.

The tags are described at https://wiki.openstreetmap.org/wiki/Map_features. The rules for
access follow the United Kingdom's defaults: one may walk beside any road but a motorway.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from peelian.core.places import FeatureKind, PlaceKind

Tags = Mapping[str, str]

# Ways that are not there to be used, or only inside a building.
_NO_STREET = frozenset(
    {
        "construction", "proposed", "planned", "razed", "abandoned", "disused", "platform",
        "corridor", "elevator", "raceway", "bus_stop", "rest_area", "services", "emergency_bay",
        "no",
    }
)  # fmt: skip
_ON_FOOT_ONLY = frozenset({"footway", "pedestrian", "steps", "path", "bridleway", "via_ferrata"})
_MOTORWAYS = frozenset({"motorway", "motorway_link"})
_BARRED = frozenset({"no", "private", "customers", "delivery", "agricultural", "forestry"})
_ALLOWED = frozenset({"yes", "designated", "permissive", "destination", "public"})

_ALIAS_TAGS = ("alt_name", "official_name", "short_name", "loc_name", "old_name", "name:en")

_LICENSED = frozenset({"pub", "bar", "nightclub", "biergarten", "stripclub", "casino"})
_SCHOOLS = frozenset({"school", "college", "kindergarten"})
_OPEN_SPACES = {
    "leisure": {"park", "garden", "playground", "nature_reserve", "recreation_ground", "common"},
    "landuse": {"cemetery", "recreation_ground", "village_green", "allotments"},
    "natural": {"heath", "wood"},
    "amenity": {"grave_yard"},
    "place": {"square"},
}
_PUBLIC_BUILDINGS = {
    "amenity": {
        "hospital", "clinic", "library", "community_centre", "place_of_worship", "theatre",
        "cinema", "arts_centre", "marketplace", "police", "fire_station", "courthouse",
        "townhall", "research_institute", "university", "social_facility", "music_venue",
        "conference_centre", "events_venue", "public_bath",
    },
    "tourism": {"museum", "hotel", "hostel", "gallery", "attraction"},
    "leisure": {"sports_centre", "stadium"},
    "shop": {"mall", "department_store"},
}  # fmt: skip
# What may stand near a place, with or without a name.
_FEATURES: Mapping[FeatureKind, Mapping[str, frozenset[str]]] = {
    "station": {
        "railway": frozenset({"station", "halt"}),
        "amenity": frozenset({"bus_station"}),
        "building": frozenset({"train_station"}),
    },
    "bus_stop": {"highway": frozenset({"bus_stop"})},
    "licensed_premises": {"amenity": _LICENSED},
    "fast_food": {"amenity": frozenset({"fast_food"})},
    "supermarket": {"shop": frozenset({"supermarket"})},
    "convenience_store": {"shop": frozenset({"convenience", "alcohol", "newsagent"})},
    "cash_machine": {"amenity": frozenset({"atm"})},
    "school": {"amenity": _SCHOOLS},
    "park": {"leisure": frozenset({"park", "playground", "garden", "nature_reserve"})},
    "street_lamp": {"highway": frozenset({"street_lamp"})},
}
FEATURE_KEYS = tuple(sorted({key for wanted in _FEATURES.values() for key in wanted}))


@dataclass(frozen=True)
class Access:
    """Who may use a way, in its drawn direction and against it."""

    on_foot: bool
    by_cycle: bool
    by_vehicle: bool
    one_way: int  # 1 as drawn, -1 against, 0 both; for vehicles
    cycles_both_ways: bool


def is_street(tags: Tags) -> bool:
    """Whether a way is a street or path out of doors."""
    highway = tags.get("highway", "no")
    return highway not in _NO_STREET and tags.get("indoor", "no") == "no"


def access_of(tags: Tags) -> Access:
    """Who may use a street: the narrowest tag wins, so foot over access."""
    highway = tags["highway"]
    for_all = tags.get("access", "yes")
    foot_only = highway in _ON_FOOT_ONLY
    on_foot = _may(tags, ("foot",), highway not in _MOTORWAYS and for_all not in _BARRED)
    by_cycle = _may(
        tags,
        ("bicycle", "vehicle"),
        highway not in _MOTORWAYS and not foot_only and for_all not in _BARRED,
    )
    by_vehicle = _may(
        tags,
        ("motor_vehicle", "vehicle"),
        not foot_only and highway not in {"cycleway", "track"} and for_all not in _BARRED,
    )
    one_way = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1}.get(tags.get("oneway", ""), 0)
    if tags.get("junction") in {"roundabout", "circular"} and "oneway" not in tags:
        one_way = 1
    against = tags.get("oneway:bicycle") == "no" or any(
        tags.get(key, "").startswith("opposite")
        for key in ("cycleway", "cycleway:left", "cycleway:right")
    )
    return Access(on_foot, by_cycle, by_vehicle, one_way, one_way == 0 or against)


def aliases_of(tags: Tags) -> tuple[str, ...]:
    """The other names that the map gives, in the order of the tags above, without repeats."""
    found = [
        alias.strip()
        for key in _ALIAS_TAGS
        for alias in tags.get(key, "").split(";")
        if alias.strip() and alias.strip() != tags.get("name")
    ]
    return tuple(dict.fromkeys(found))


def kind_of_place(tags: Tags, *, has_extent: bool) -> PlaceKind | None:
    """The kind of place that a named thing is; None for what no ward page speaks of.

    A street is told by `is_street` before this is asked. Suburbs and other places drawn as a
    mere point are none: nothing can be counted in them.
    """
    if (
        tags.get("railway") in {"station", "halt"}
        or tags.get("building") == "train_station"
        or tags.get("amenity") == "bus_station"
    ):
        return "station"
    if tags.get("amenity") in _LICENSED:
        return "licensed_premises"
    if tags.get("amenity") in _SCHOOLS:
        return "school"
    if has_extent and (
        tags.get("landuse") == "residential" or tags.get("name", "").casefold().endswith(" estate")
    ):
        return "estate"
    if _is_one_of(tags, _OPEN_SPACES):
        return "park"
    if _is_one_of(tags, _PUBLIC_BUILDINGS) or tags.get("building", "no") != "no":
        return "building"
    return None


def kind_of_feature(tags: Tags) -> FeatureKind | None:
    """The kind of feature that a thing is, named or not; None where it is none.

    A thing that bars the public (`access=private`) is none, and nor is a garden without a
    name: most of those belong to one house.
    """
    if tags.get("access") in _BARRED - {"customers"}:
        return None
    if tags.get("leisure") == "garden" and "name" not in tags:
        return None
    for kind, wanted in _FEATURES.items():
        if _is_one_of(tags, wanted):
            return kind
    return None


def is_only_a_station_building(tags: Tags) -> bool:
    """Whether a thing was built as a station, and does not say that trains or buses stop there.

    It draws a station's extent where the map shows the station too; alone it may be a shop.
    """
    stops = tags.get("railway") in {"station", "halt"} or tags.get("amenity") == "bus_station"
    return tags.get("building") == "train_station" and not stops


def _may(tags: Tags, keys: tuple[str, ...], default: bool) -> bool:
    for key in keys:
        if tags.get(key) in _ALLOWED:
            return True
        if tags.get(key) in _BARRED:
            return False
    return default


def _is_one_of(tags: Tags, wanted: Mapping[str, Set[str]]) -> bool:
    return any(tags.get(key) in values for key, values in wanted.items())
