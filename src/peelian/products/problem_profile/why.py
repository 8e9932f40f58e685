"""Why there: what is near the places of a profile, and what else is recorded in the ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.core.grid import shape_to_degrees
from peelian.core.months import Month, MonthSpan
from peelian.products.problem_profile import Unanswered, WhyThere
from peelian.products.problem_profile.changing import AT_PLACES
from peelian.products.problem_profile.where import counted_places
from peelian.products.surroundings import Surroundings, surroundings
from peelian.products.ward_records import in_area
from peelian.store import places

if TYPE_CHECKING:
    import polars as pl

    from peelian.analysis.offence_mix import OffenceMix, ReportingShare
    from peelian.analysis.place_features import FeatureAssociation
    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.products.ward_page import PlaceRanking
    from peelian.products.ward_records import WardRecords
    from peelian.store import Store

ALL_RECORDS = "all-records"
REPLICATES = 999
RECENT_MONTHS = 12
LEAST_MAPPED = 0.9  # of a ward's places: with fewer, "not near" would mean "not on the map"


def why_there(
    ward: WardRecords,
    ranking: PlaceRanking | None,
    measure: Measure,
    *,
    seed: int,
) -> WhyThere:
    """What stands near the places, whether it goes with records, and what else is recorded."""
    mixed = _mix(ward)
    found = surroundings(ward)
    mapped = _on_the_map(ward, within_m=found.radius_m)
    ranked = {place.place_id for place in ranking.places} if ranking else set()
    told = ranked & mapped
    return WhyThere(
        nearby={place: near for place, near in found.near.items() if place in told},
        radius_m=found.radius_m,
        associations=_associations(ward, measure, found, mapped=len(mapped), seed=seed),
        mix=mixed.mix,
        around=mixed.around,
        around_set=mixed.around_set,
        months=mixed.months,
        reporting=mixed.reporting,
    )


def _associations(
    ward: WardRecords,
    measure: Measure,
    found: Surroundings,
    *,
    mapped: int,
    seed: int,
) -> tuple[FeatureAssociation, ...] | Unanswered:
    from peelian.analysis.place_features import feature_association

    if measure.police_generated:
        return AT_PLACES
    if not found.features:
        return Unanswered(
            "What stands near the places is read from a street map, and the store holds none that "
            "shows it. Ingest a street map, or the one that was ingested once more."
        )
    if mapped < LEAST_MAPPED * len(ward.micro_places):
        return Unanswered(
            f"What stands near the places is read from a street map, and the one held reaches "
            f"{mapped} of the {len(ward.micro_places)} places here. Ingest one of the whole ward."
        )
    return feature_association(
        counted_places(ward, measure),
        found.features,
        radius_m=found.radius_m,
        replicates=REPLICATES,
        seed=seed,
    )


def _on_the_map(ward: WardRecords, *, within_m: float) -> frozenset[str]:
    """Places with a street of the map near them: where there is none, the map does not reach.

    All places where no street is held at all: then there is nothing to judge by.
    """
    import shapely

    every = [place.place_id for place in ward.micro_places]
    if not every or not len(ward.network.lines):
        return frozenset(every)
    centres = shapely.points([place.centre for place in ward.micro_places])
    tree = shapely.STRtree(ward.network.lines)
    reached = tree.query(centres, predicate="dwithin", distance=within_m)[0]
    return frozenset(every[i] for i in reached.tolist())


def _enough_around(here: Mapping[str, int], around: Mapping[str, int]) -> bool:
    """Whether there is as much around as here: another force's records are not counted."""
    return sum(around.values()) >= 2 * sum(here.values())


@dataclass(frozen=True)
class _Mix:
    mix: OffenceMix | Unanswered
    reporting: ReportingShare | Unanswered
    around: str = ""
    around_set: str = ""
    months: tuple[Month, ...] = ()


def _mix(ward: WardRecords) -> _Mix:
    """The ward's records of the last year by type, against what lies around it."""
    from peelian.analysis.offence_mix import offence_mix, reporting_share

    months = _whole_months(ward)
    if not months:
        why = Unanswered(
            f"A mix of types is of months in which all types are held; of the last "
            f"{RECENT_MONTHS} none is. Ingest an archive that has every type."
        )
        return _Mix(why, why)
    here = _by_type(ward.inside, months)
    around, name = _around(ward.store, ward.area)
    if not around:
        why = Unanswered(
            "A mix is compared with that of the borough or the wards around; the boundaries held "
            "have neither. Ingest a boundary file of boroughs."
        )
        return _Mix(why, reporting_share(here), months=months)
    by_type = _by_type(_rows_in(ward, around), months)
    if not _enough_around(here, by_type):
        why = Unanswered(
            f"A mix is compared with that of what lies around, and in {name} hardly a record of "
            f"the same force lies outside. It has nothing to be held against."
        )
        return _Mix(why, reporting_share(here), months=months)
    mix = offence_mix(here, by_type)
    return _Mix(mix, reporting_share(here), name, around[0].boundary_set.name, months)


def _whole_months(ward: WardRecords) -> tuple[Month, ...]:
    """The months of the last twelve in which every type is held."""
    missing = ward.missing(ward.measures[ALL_RECORDS])
    lately = MonthSpan.ending(ward.span.last, months=RECENT_MONTHS)
    return tuple(month for month in lately if month in ward.span and month not in missing)


def _by_type(rows: pl.DataFrame, months: tuple[Month, ...]) -> dict[str, int]:
    import polars as pl

    counted = rows.filter(pl.col("month").is_in([month.first_day for month in months]))
    return {str(slug): int(n) for slug, n in counted["crime_type"].value_counts().iter_rows()}


def _around(store: Store, area: Area) -> tuple[tuple[Area, ...], str]:
    """The borough that the ward lies in, or else the ward with those that touch it."""
    middle = area.shape.representative_point()
    for borough in places.areas(store, kind="borough", near=area.shape):
        if borough.code != area.code and borough.shape.contains(middle):
            return (borough, area), borough.name
    wards = places.areas(
        store, kind=area.boundary_set.kind, boundary_set=area.boundary_set.name, near=area.shape
    )
    return (wards, f"{area.name} and the wards that touch it") if len(wards) > 1 else ((), "")


def _rows_in(ward: WardRecords, around: tuple[Area, ...]) -> pl.DataFrame:
    """The records of the ward's forces in any of the areas."""
    import polars as pl
    import shapely

    whole = shapely.union_all([area.shape for area in around])
    rows = ward.store.crimes(
        box=shape_to_degrees(whole).bounds,
        months=MonthSpan.ending(ward.span.last, months=RECENT_MONTHS),
        source=ward.source,
    )
    rows = rows.filter(pl.col("force").is_in(ward.forces_counted))
    inside = pl.Series([False] * len(rows), dtype=pl.Boolean)
    for area in around:
        inside |= in_area(rows, area)
    return rows.filter(inside)
