"""Clusters in place and time that nobody named, alive in the last month held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import CoverageError
from peelian.core.grid import shape_to_degrees
from peelian.core.micro_places import group_snap_points
from peelian.core.months import Month, MonthSpan
from peelian.measures import measure as measure_of
from peelian.products.measure_words import of
from peelian.products.ward_records import (
    covers,
    each_crime_once,
    read_ward_records,
    refuse_police_made,
    snap_points,
)
from peelian.scanning.series import place_counts, rows_counted
from peelian.store import places

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.core.places import MicroPlace
    from peelian.products.ward_records import WardRecords
    from peelian.scanning.scan import ScanCluster
    from peelian.store import Store

# A few minutes on foot. Smaller circles than the spacing of snap points would hold one place.
RADIUS_M = 300.0
LONGEST_MONTHS = 6
REPLICATES = 999
LIKELY_BY_CHANCE = 0.05


@dataclass(frozen=True)
class Cluster:
    """A space-time cluster with the names of its places, the centre's first."""

    found: ScanCluster
    places: tuple[str, ...]
    in_ward: int  # how many of the places lie in the ward
    first: Month
    last: Month


@dataclass(frozen=True)
class Clusters:
    """What a scan of the places in and around the ward found, the least likely by chance first.

    months: those held, which are its time steps; a month that is not held is no step.
    """

    found: tuple[Cluster, ...]
    places: int
    records: int
    around_m: float
    radius_m: float
    longest_months: int
    months: tuple[Month, ...]
    replicates: int
    least_p_value: float  # of all clusters, those too likely by chance to be `found` too


@dataclass(frozen=True)
class AreaScan:
    """A scan of a ward or a borough for one measure."""

    area: Area
    measure: Measure
    clusters: Clusters


def clusters_in(
    store: Store,
    area: str,
    measure: str,
    *,
    around_m: float = 0.0,
    boundary_set: str | None = None,
    include_btp: bool = True,
    source: str = "police.uk",
    seed: int = 0,
) -> AreaScan:
    """Scan a ward or a borough for clusters of a measure.

    area: a code or an unambiguous name. InputError for a measure that police make by looking;
    CoverageError as for `clusters_of` and a ward's page. True counts: for desk use, not for
    publication.
    """
    counted, found = measure_of(measure), places.area(store, area, boundary_set=boundary_set)
    refuse_police_made(counted, question="Clusters are looked for in")
    read = read_ward_records(store, "", found, {}, include_btp=include_btp, source=source)
    return AreaScan(found, counted, clusters_of(read, counted, around_m=around_m, seed=seed))


def clusters_of(
    ward: WardRecords,
    measure: Measure,
    *,
    around_m: float,
    seed: int,
) -> Clusters:
    """Scan the places in and up to `around_m` around a ward for clusters, each crime once.

    Only clusters that last to the newest month held are looked for. A CoverageError where
    fewer than two months are held.
    """
    from peelian.scanning.scan import scan_space_time_permutation
    from peelian.scanning.zones import circles

    missing = ward.missing(measure)
    months = tuple(month for month in ward.span if month not in missing)
    if len(months) < 2:
        raise CoverageError(
            f"A cluster in place and time takes two months held, and there is "
            f"{'one' if months else 'none'} of {of(measure)}. Ingest more months."
        )
    span = MonthSpan(ward.span.first, months[-1])
    rows = _rows_around(ward, measure, months, around_m)
    micro_places = group_snap_points(
        snap_points(rows), [p for p in ward.named_places if p.kind == "street"]
    )
    counts = place_counts(rows, measure, micro_places, span=span, missing={})
    records = counts.counts.astype(np.int64)
    place, step = (np.repeat(axis, records[records > 0]) for axis in np.nonzero(records))
    centres = np.array([each.centre for each in micro_places]).reshape(-1, 2)
    result = scan_space_time_permutation(
        place,
        step,
        circles(centres[:, 0], centres[:, 1], radius_m=RADIUS_M),
        steps=len(span),
        longest_window=LONGEST_MONTHS,
        prospective=True,
        replicates=REPLICATES,
        seed=seed,
    )
    return Clusters(
        found=tuple(
            _named(cluster, micro_places, records, ward, span)
            for cluster in result.clusters
            if cluster.p_value < LIKELY_BY_CHANCE
        ),
        places=len(micro_places),
        records=int(records.sum()),
        around_m=around_m,
        radius_m=RADIUS_M,
        longest_months=LONGEST_MONTHS,
        months=months,
        replicates=result.replicates,
        least_p_value=min((c.p_value for c in result.clusters), default=1.0),
    )


def _named(
    cluster: ScanCluster,
    micro_places: Sequence[MicroPlace],
    records: NDArray[np.int64],
    ward: WardRecords,
    span: MonthSpan,
) -> Cluster:
    """A cluster with the names of those of its places that had a record in its months."""
    during = records[:, cluster.first : cluster.last + 1].sum(axis=1)
    members = [micro_places[i] for i in cluster.members if during[i]]
    inside = sum(
        bool(ward.area.holds([p.easting], [p.northing])[0])
        for p in (each.snap_points[0] for each in members)
    )
    return Cluster(
        found=cluster,
        places=tuple(each.name for each in members),
        in_ward=inside,
        first=span.first.plus(cluster.first),
        last=span.first.plus(cluster.last),
    )


def _rows_around(
    ward: WardRecords, measure: Measure, months: Collection[Month], around_m: float
) -> pl.DataFrame:
    """The measure's records in and around the ward, of the months and forces held, each once."""
    import polars as pl

    around = ward.area.shape.buffer(around_m)
    rows = ward.store.crimes(box=shape_to_degrees(around).bounds, source=ward.source)
    rows = rows_counted(rows, measure).filter(
        pl.col("month").is_in([month.first_day for month in months]),
        pl.col("force").is_in(ward.forces_counted),
    )
    return each_crime_once(rows.filter(pl.Series(covers(around, rows), dtype=pl.Boolean)))
