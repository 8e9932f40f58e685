"""What stands near places, and whether places near such things have more records than others.

A record is published at a snap point, not where it happened, so a distance below the
spacing of snap points means nothing: no radius may be shorter. That records go with a
feature is no sign that it causes them: busy streets have stations, shops and records alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from peelian.analysis.moved_places import MovedPlaces, positions_of
from peelian.core.errors import CoverageError, InputError
from peelian.core.places import FeatureKind, MapFeature
from peelian.scanning.false_discovery import discoveries
from peelian.scanning.replicates import check_replicates

if TYPE_CHECKING:
    from peelian.core.places import MicroPlace, UnitPlace
    from peelian.scanning.series import PlaceCounts

# Fewer places with a feature, or without, and fewer records in all, and nothing is said.
LEAST_PLACES = 5
LEAST_RECORDS = 10

# The map shows these where somebody drew them, and most are not drawn.
PARTLY_MAPPED: frozenset[FeatureKind] = frozenset({"street_lamp", "cash_machine"})

_KINDS: tuple[FeatureKind, ...] = get_args(FeatureKind)


@dataclass(frozen=True)
class FeatureNearby:
    """The features of one kind near a place.

    nearest_m: from the nearest of the place's snap points. nearest_name: of the nearest
    feature, empty where it has none. names: of all that have one, the nearest first, each once.
    """

    kind: FeatureKind
    count: int
    nearest_m: float
    nearest_name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class ReasonNearby:
    """One plain fact about a place's surroundings; no count of records is in it.

    name, metres: of the nearest, and to it; no name where the map gives none. Metres are
    rounded to ten, since a snap point is not where a record happened.
    """

    kind: FeatureKind
    count: int
    name: str
    metres: int


@dataclass(frozen=True)
class FeatureAssociation:
    """Records at places near a kind of feature, against those at the other places.

    ratio: records a snap point near, over records a snap point not near, with its interval at
    `level`; None where the others have no record. Where there is too little to say, `why_not`
    says so, the interval is 0 to infinity and p_value is None.
    is_discovery: at the false discovery rate asked for, over all kinds tested.
    is_partly_mapped: places without the feature on the map may well have it.
    """

    kind: FeatureKind
    radius_m: float
    places_near: int
    places_not_near: int
    records_near: int
    records_not_near: int
    ratio: float | None
    low: float
    high: float
    level: float
    p_value: float | None
    is_discovery: bool
    is_partly_mapped: bool
    why_not: str = ""


def least_radius_m(places: Sequence[MicroPlace | UnitPlace]) -> float:
    """The shortest distance that means something among these places, in metres.

    The median distance from a snap point to the next one. Fewer than two positions: zero.
    """
    from scipy.spatial import KDTree

    spots = np.unique(positions_of(places), axis=0)
    if len(spots) < 2:
        return 0.0
    away, _ = KDTree(spots).query(spots, k=2)
    return float(np.median(away[:, 1]))


def features_near(
    places: Sequence[MicroPlace | UnitPlace],
    features: Sequence[MapFeature],
    *,
    radius_m: float = 100.0,
) -> Mapping[str, tuple[FeatureNearby, ...]]:
    """What stands within a radius of each place's snap points, by place id.

    features: of the map, as far as the radius reaches around the places. radius_m: the end
    included; shorter than `least_radius_m` is an InputError. The kinds come in the order of
    `FeatureKind`; a place with nothing near it has an empty tuple.
    """
    import shapely

    _check_radius(places, radius_m)
    positions, owner = positions_of(places), _owners(places)
    shapes = np.array([feature.shape for feature in features], dtype=object)
    spots = shapely.points(positions)
    point, feature = shapely.STRtree(shapes).query(spots, predicate="dwithin", distance=radius_m)
    away = shapely.distance(spots[point], shapes[feature])
    nearest: dict[tuple[int, int], float] = {}
    for place, which, metres in zip(owner[point].tolist(), feature.tolist(), away, strict=True):
        key = (place, which)
        nearest[key] = min(float(metres), nearest.get(key, np.inf))
    found: list[list[tuple[float, MapFeature]]] = [[] for _ in places]
    for (place, which), metres in nearest.items():
        found[place].append((metres, features[which]))
    return {place.place_id: _by_kind(found[i]) for i, place in enumerate(places)}


def reasons_nearby(
    places: Sequence[MicroPlace | UnitPlace],
    features: Sequence[MapFeature],
    *,
    radius_m: float = 100.0,
    most: int = 4,
) -> Mapping[str, tuple[ReasonNearby, ...]]:
    """The facts a page may give of each place's surroundings, by place id: why here, perhaps.

    See `features_near`. Kinds that the map shows only in part are left out: that none is drawn
    is no fact about a place, and that one is drawn is none about the others. most: how many
    kinds a place is given.
    """
    near = features_near(places, features, radius_m=radius_m)
    return {
        place_id: tuple(
            ReasonNearby(
                each.kind,
                each.count,
                each.nearest_name,
                int(round(each.nearest_m, -1)),
            )
            for each in found
            if each.kind not in PARTLY_MAPPED
        )[:most]
        for place_id, found in near.items()
    }


def feature_association(
    counts: PlaceCounts,
    features: Sequence[MapFeature],
    *,
    radius_m: float = 100.0,
    replicates: int = 999,
    seed: int,
    level: float = 0.95,
    discovery_rate: float = 0.1,
) -> tuple[FeatureAssociation, ...]:
    """Test whether places near a kind of feature have more or fewer records than others.

    counts: of all places of an area, those without a record too. features: of the map, as far
    as the radius reaches around the places. A place is near where one of its snap points is
    within the radius, end included. Rates are a snap point, since a place of many points has
    more records and more neighbours alike. Months that are missing are left out; none held is
    a CoverageError.

    Places near each other have like counts, and features stand together, so counts shuffled
    freely would find far too much. Here the places are moved as a whole over the map, by random
    shifts of up to half their extent: what clusters stays clustered, and only the tie between
    the two is cut. Places moved off the ground (farther than the radius from every snap point)
    are left out of a shift, at least half stay, and ratios of fewer places count as the less
    certain that they are. This is the random shift with variance correction of Mrkvička,
    Dvořák, González and Mateu (2021, doi:10.1016/j.spasta.2020.100430), with a log ratio of
    rates as its statistic. It assumes that the map is much the same all over the area; a
    centre full of everything in a quiet area looks like association, and is.

    p_value: two-sided, the observed arrangement counted. The interval has the ratios by which
    the observed one could be divided without being unusual among the shifts; it excludes 1
    exactly where the p-value is at most 1 - level.
    """
    check_replicates(replicates, level)
    held = ~np.isnan(counts.counts).any(axis=0)
    if not held.any():
        raise CoverageError(
            f"Records are counted over months held; none of {counts.span.in_words} is held for "
            f"{counts.measure_id}. Ingest an archive that has them."
        )
    _check_radius(counts.places, radius_m)
    records = counts.counts[:, held].sum(axis=1)
    moved = MovedPlaces(counts.places, records, ground_m=radius_m, shifts=replicates, seed=seed)
    by_kind: dict[FeatureKind, list[MapFeature]] = {}
    for feature in features:
        by_kind.setdefault(feature.kind, []).append(feature)
    found = [
        _associated(moved, records, kind, by_kind[kind], radius_m, replicates, level)
        for kind in _KINDS
        if kind in by_kind
    ]
    tested = [i for i, each in enumerate(found) if each.p_value is not None]
    p_values = np.array([found[i].p_value for i in tested], dtype=float)
    told = dict(zip(tested, discoveries(p_values, rate=discovery_rate).tolist(), strict=True))
    return tuple(replace(each, is_discovery=told.get(i, False)) for i, each in enumerate(found))


def _associated(
    moved: MovedPlaces,
    records: NDArray[np.float64],
    kind: FeatureKind,
    features: Sequence[MapFeature],
    radius_m: float,
    replicates: int,
    level: float,
) -> FeatureAssociation:
    near = moved.near([feature.shape for feature in features], radius_m)
    own = near[0]
    nothing = FeatureAssociation(
        kind=kind,
        radius_m=radius_m,
        places_near=int(own.sum()),
        places_not_near=int((~own).sum()),
        records_near=int(records[own].sum()),
        records_not_near=int(records[~own].sum()),
        ratio=None,
        low=0.0,
        high=np.inf,
        level=level,
        p_value=None,
        is_discovery=False,
        is_partly_mapped=kind in PARTLY_MAPPED,
        why_not=_too_few(int(own.sum()), int((~own).sum()), int(records.sum())),
    )
    if nothing.why_not:
        return nothing
    log_ratios, weights = moved.compared(near)
    usable = weights[1:] > 0
    if usable.sum() < replicates / 2:
        return replace(nothing, why_not="Too few to say: hardly any shift keeps places near.")
    observed, weight = log_ratios[0], weights[0]
    scored = np.sort((log_ratios * weights)[1:][usable])
    as_high = int((scored >= observed * weight).sum()) + 1
    as_low = int((scored <= observed * weight).sum()) + 1
    rank = int((1 - level) / 2 * (len(scored) + 1) + 1e-9)
    ratio = moved.rate(own) / moved.rate(~own) if moved.rate(~own) else None
    return replace(
        nothing,
        ratio=ratio,
        low=float(np.exp(observed - scored[-rank] / weight)) if rank else 0.0,
        high=float(np.exp(observed - scored[rank - 1] / weight)) if rank else np.inf,
        p_value=min(1.0, 2 * min(as_high, as_low) / (len(scored) + 1)),
    )


def _too_few(near: int, not_near: int, records: int) -> str:
    if min(near, not_near) < LEAST_PLACES:
        return (
            f"Too few to say: at least {LEAST_PLACES} places near and {LEAST_PLACES} not near are "
            f"needed; there are {near} and {not_near}."
        )
    if records < LEAST_RECORDS:
        return f"Too few to say: at least {LEAST_RECORDS} records are needed; there are {records}."
    return ""


def _by_kind(found: Sequence[tuple[float, MapFeature]]) -> tuple[FeatureNearby, ...]:
    ordered = sorted(found, key=lambda each: (each[0], each[1].name))
    near = []
    for kind in _KINDS:
        of_kind = [(metres, feature) for metres, feature in ordered if feature.kind == kind]
        if of_kind:
            names = dict.fromkeys(feature.name for _, feature in of_kind if feature.name)
            metres, nearest = of_kind[0]
            near.append(FeatureNearby(kind, len(of_kind), metres, nearest.name, tuple(names)))
    return tuple(near)


def _check_radius(places: Sequence[MicroPlace | UnitPlace], radius_m: float) -> None:
    least = least_radius_m(places)
    if not radius_m >= least or radius_m <= 0:
        raise InputError(
            f"A distance means something only from the spacing of snap points upwards, here "
            f"{least:.0f} m; found radius_m={radius_m:g}. Ask for {np.ceil(max(least, 1)):.0f} m "
            f"or more."
        )


def _owners(places: Sequence[MicroPlace | UnitPlace]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(places)), [len(place.snap_points) for place in places])
