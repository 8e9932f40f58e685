"""Where the records of a profile lie: on how few places, and which are in the streets named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import UnknownPlaceError
from peelian.products.problem_profile import Unanswered, Where
from peelian.products.ward_records import each_crime_once, edge_of
from peelian.scanning.series import place_counts, rows_counted

if TYPE_CHECKING:
    from peelian.analysis.routes import Route
    from peelian.core.gazetteer import Gazetteer
    from peelian.core.measures import Measure
    from peelian.core.results import EdgeSensitivity
    from peelian.products.ward_page import CheckedPriority
    from peelian.products.ward_records import WardRecords
    from peelian.scanning.concentration import Concentration
    from peelian.scanning.series import PlaceCounts

REPLICATES = 999


def where_recorded(
    ward: WardRecords,
    checked: CheckedPriority,
    measure: Measure,
    *,
    gazetteer: Gazetteer,
    seed: int,
) -> Where:
    """How few of the ward's places hold the measure's records, and which the priority names."""
    return Where(
        concentration=_concentration(counted_places(ward, measure), seed=seed),
        in_streets=_places_in_streets(ward, checked),
        streets_edge=_streets_edge(ward, checked, measure),
        route=_route(ward, checked, gazetteer),
    )


def counted_places(ward: WardRecords, measure: Measure) -> PlaceCounts:
    """The measure's records by the ward's places and month, each crime once: for tests."""
    rows = each_crime_once(rows_counted(ward.inside, measure))
    return place_counts(
        rows, measure, ward.micro_places, span=ward.span, missing=ward.missing(measure)
    )


def _concentration(counts: PlaceCounts, *, seed: int) -> Concentration | Unanswered:
    from peelian.scanning.concentration import concentration

    totals = np.nansum(counts.counts, axis=1).astype(np.int64)
    if not totals.sum():
        return Unanswered(f"No record lies in the ward in {counts.span.in_words}.")
    return concentration(totals, replicates=REPLICATES, seed=seed)


def _places_in_streets(ward: WardRecords, checked: CheckedPriority) -> frozenset[str]:
    import shapely

    if checked.corridor is None:
        return frozenset()
    return frozenset(
        place.place_id
        for place in ward.micro_places
        if any(
            shapely.intersects_xy(checked.corridor, point.easting, point.northing)
            for point in place.snap_points
        )
    )


def _streets_edge(
    ward: WardRecords, checked: CheckedPriority, measure: Measure
) -> EdgeSensitivity | None:
    """How many of the ward's records a few metres would move into the streets, or out of them."""
    import polars as pl

    if checked.corridor is None:
        return None
    missing = [month.first_day for month in ward.missing(measure)]
    rows = rows_counted(ward.inside, measure).filter(~pl.col("month").is_in(missing))
    return edge_of(rows, replace(ward.area, shape=checked.corridor))


def _route(
    ward: WardRecords, checked: CheckedPriority, gazetteer: Gazetteer
) -> Route | Unanswered | None:
    """The shortest way on foot between the two places that the priority names."""
    if checked.priority.corridor is None:
        return None
    from peelian.analysis.routes import route_between

    ends = checked.priority.corridor
    start, end = (gazetteer.resolve(name).place for name in (ends.start, ends.end))
    if checked.corridor is None or start is None or end is None:
        return Unanswered(checked.corridor_rule)
    try:
        return route_between(ward.network, start, end)
    except UnknownPlaceError as error:
        return Unanswered(str(error))
