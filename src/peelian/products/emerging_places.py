"""Which places of a borough are new hot spots, and which are chronic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import CoverageError
from peelian.measures import measure as measure_of
from peelian.products.ward_records import read_ward_records, refuse_police_made
from peelian.scanning.emerging import EmergingPlace, emerging_hot_spots
from peelian.scanning.neighbours import within_distance
from peelian.scanning.series import place_counts
from peelian.store import places

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.core.months import Month, MonthSpan
    from peelian.store import Store

NEIGHBOURS_WITHIN_M = 150.0
# Gi* asks how a neighbourhood stands among all places, month by month. Among the 73 of the made
# ward it misses a place with 91 records in a year; a ward's ranking has classes of its own.
LEAST_PLACES = 200


@dataclass(frozen=True)
class NamedEmergence:
    """One place with its class. records, recent: at the place alone, in all and in a year."""

    place_id: str
    name: str
    records: int
    recent: int
    found: EmergingPlace


@dataclass(frozen=True)
class EmergingReport:
    """The places of an area that have a class, the busiest in the last year first.

    looked_at: all its places. missing: months of the span that are not held, and why.
    """

    area: Area
    measure: Measure
    span: MonthSpan
    missing: dict[Month, str]
    looked_at: int
    within_m: float
    places: tuple[NamedEmergence, ...]


def emerging_places(
    store: Store,
    area: str,
    measure: str,
    *,
    boundary_set: str | None = None,
    include_btp: bool = True,
    source: str = "police.uk",
) -> EmergingReport:
    """Class the micro-places of a borough by when their surroundings stood out.

    area: a code or an unambiguous name. Places whose surroundings never stood out, or only now
    and then, are counted but not listed. InputError for a measure that police make by looking:
    no place is ranked by it; CoverageError where there are fewer than 200 places, no month is
    held, or as for a ward's page. True counts: for desk use, not for publication.
    """
    counted, found = measure_of(measure), places.area(store, area, boundary_set=boundary_set)
    refuse_police_made(counted, question="Places are classed by")
    read = read_ward_records(store, "", found, {}, include_btp=include_btp, source=source)
    missing = read.missing(counted)
    if len(missing) == len(read.span) or len(read.micro_places) < LEAST_PLACES:
        raise CoverageError(
            f"Surroundings are compared among {LEAST_PLACES} places or more, over months that are "
            f"held; {found.name} has {len(read.micro_places)} places, and "
            f"{len(read.span) - len(missing)} months of {counted.title}. Ask for a borough, or "
            f"ingest more months; `peelian rank` classes the places of a ward."
        )
    counts = place_counts(read.inside, counted, read.micro_places, span=read.span, missing=missing)
    centres = np.array([place.centre for place in counts.places])
    near = within_distance(centres[:, 0], centres[:, 1], distance_m=NEIGHBOURS_WITHIN_M)
    records = np.nan_to_num(counts.counts)
    named = [
        NamedEmergence(place.place_id, place.name, int(own.sum()), int(own[-12:].sum()), classed)
        for place, own, classed in zip(
            counts.places, records, emerging_hot_spots(counts.counts, near), strict=True
        )
        if classed.kind not in ("none", "sporadic")
    ]
    named.sort(key=lambda each: (-each.recent, -each.records, each.name, each.place_id))
    return EmergingReport(
        found, counted, read.span, missing, len(counts.places), NEIGHBOURS_WITHIN_M, tuple(named)
    )
