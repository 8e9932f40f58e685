"""What is changing in a profile: beyond the season, and at places that nobody named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import CoverageError
from peelian.core.grid import shape_to_degrees
from peelian.core.micro_places import group_snap_points
from peelian.core.months import Month, MonthSpan
from peelian.core.places import SnapPoint
from peelian.products.problem_profile import Changing, Cluster, Clusters, Unanswered
from peelian.products.problem_profile_rows import each_crime_once, forces_counted, in_words, of
from peelian.products.ward_records import covers
from peelian.scanning.series import place_counts, rows_counted

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.core.places import MicroPlace
    from peelian.products.ward_records import WardRecords
    from peelian.products.watch import WatchReport
    from peelian.scanning.scan import ScanCluster
    from peelian.scanning.unusual import UnusualPeriod
    from peelian.store import Store

AROUND_M = 500.0
# A few minutes on foot. Smaller circles than the spacing of snap points would hold one place.
RADIUS_M = 300.0
LONGEST_MONTHS = 6
REPLICATES = 999
LONGEST_UNLIKE = 3
LEVEL = 0.95  # so that what lies outside is likely, in the words of every page
_LIKELY = 0.05
AT_PLACES = Unanswered(
    "These records follow what police did: to look for places by them would send patrols back to "
    "where they were.",
    on_principle=True,
)


def what_is_changing(
    store: Store,
    ward: WardRecords,
    series: Series,
    measure: Measure,
    *,
    in_ward: Series | None,
    include_btp: bool,
    source: str,
    seed: int,
) -> Changing:
    """Whether the last months are unlike those before, and where something newly stands out.

    series: what the profile is about; in_ward: of the whole ward, where that is a part.
    Clusters and newly unusual places are looked for in the whole ward: the priority's own
    streets are where somebody looks already.
    """
    if measure.police_generated:
        clusters: Clusters | Unanswered = AT_PLACES
        watch: WatchReport | Unanswered = AT_PLACES
    else:
        clusters = _clusters(store, ward, measure, source=source, seed=seed)
        watch = _watch(store, ward, measure, include_btp=include_btp, source=source)
    return Changing(
        unusual=_unusual(series, measure),
        unusual_in_ward=None if in_ward is None else _unusual(in_ward, measure),
        clusters=clusters,
        watch=watch,
    )


def _unusual(series: Series, measure: Measure) -> UnusualPeriod | Unanswered:
    """The last three months where enough others are held to learn from, or two, or one."""
    from peelian.scanning.unusual import unlike_before

    why = ""
    for months in range(LONGEST_UNLIKE, 0, -1):
        try:
            return unlike_before(series, months=months, level=LEVEL)
        except CoverageError as error:
            why = why or str(error)
    return Unanswered(in_words(why, measure))


def _clusters(
    store: Store, ward: WardRecords, measure: Measure, *, source: str, seed: int
) -> Clusters | Unanswered:
    """Clusters that are alive in the last month held, at places in and around the ward."""
    from peelian.scanning.scan import scan_space_time_permutation
    from peelian.scanning.zones import circles

    missing = ward.missing(measure)
    months = tuple(month for month in ward.span if month not in missing)
    if len(months) < 2:
        return Unanswered(
            f"A cluster in place and time takes two months held, and there is "
            f"{'one' if months else 'none'} of {of(measure)}. Ingest more months."
        )
    span = MonthSpan(ward.span.first, months[-1])
    rows = _rows_around(store, ward, measure, months, source=source)
    micro_places = group_snap_points(
        _points(rows), [p for p in ward.named_places if p.kind == "street"]
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
            if cluster.p_value < _LIKELY
        ),
        places=len(micro_places),
        records=int(records.sum()),
        around_m=AROUND_M,
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
    store: Store, ward: WardRecords, measure: Measure, months: Collection[Month], *, source: str
) -> pl.DataFrame:
    """The measure's records in and around the ward, of the months and forces held, each once."""
    import polars as pl

    around = ward.area.shape.buffer(AROUND_M)
    rows = store.crimes(box=shape_to_degrees(around).bounds, source=source)
    rows = rows_counted(rows, measure).filter(
        pl.col("month").is_in([month.first_day for month in months]),
        pl.col("force").is_in(forces_counted(ward)),
    )
    return each_crime_once(rows.filter(pl.Series(covers(around, rows), dtype=pl.Boolean)))


def _points(rows: pl.DataFrame) -> list[SnapPoint]:
    columns = ["location", "longitude", "latitude", "easting", "northing"]
    return [SnapPoint(*row) for row in rows.select(columns).unique().sort(columns).iter_rows()]


def _watch(
    store: Store, ward: WardRecords, measure: Measure, *, include_btp: bool, source: str
) -> WatchReport | Unanswered:
    from peelian.products.watch import watch_ward

    try:
        return watch_ward(
            store,
            ward.area.code,
            measures=[measure.id],
            boundary_set=ward.area.boundary_set.name,
            include_btp=include_btp,
            source=source,
        )
    except CoverageError as error:
        return Unanswered(in_words(str(error), measure))
