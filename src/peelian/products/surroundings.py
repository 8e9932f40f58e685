"""What the street map shows near a ward's places: the same for its page and its profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from peelian.store.map_features import map_features

if TYPE_CHECKING:
    from peelian.analysis.place_features import ReasonNearby
    from peelian.core.places import MapFeature
    from peelian.products.ward_records import WardRecords

RADIUS_M = 100.0


@dataclass(frozen=True)
class Surroundings:
    """What stands within `radius_m` of each place, by place id; empty without a map of it."""

    radius_m: float
    near: Mapping[str, tuple[ReasonNearby, ...]] = field(default_factory=dict)
    features: tuple[MapFeature, ...] = ()


def surroundings(ward: WardRecords) -> Surroundings:
    """Read what stands in and around a ward, and say what is near each of its places."""
    from peelian.analysis.place_features import least_radius_m, reasons_nearby

    # Where snap points lie further apart than usual, a shorter distance would mean nothing.
    radius_m = max(RADIUS_M, float(np.ceil(least_radius_m(ward.micro_places))))
    features = map_features(ward.store, ward.area.shape)
    near = reasons_nearby(ward.micro_places, features, radius_m=radius_m) if features else {}
    return Surroundings(radius_m, near, features)
