"""What is changing in a profile: beyond the season, and at places that nobody named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError
from peelian.products.clusters import Clusters, clusters_of
from peelian.products.measure_words import in_words
from peelian.products.problem_profile import Changing, Unanswered

if TYPE_CHECKING:
    from peelian.core.counts import Series
    from peelian.core.measures import Measure
    from peelian.products.ward_records import WardRecords
    from peelian.products.watch import WatchReport
    from peelian.scanning.unusual import UnusualPeriod

AROUND_M = 500.0
LONGEST_UNLIKE = 3
LEVEL = 0.95  # so that what lies outside is likely, in the words of every page
AT_PLACES = Unanswered(
    "These records follow what police did: to look for places by them would send patrols back to "
    "where they were.",
    on_principle=True,
)


def what_is_changing(
    ward: WardRecords,
    series: Series,
    measure: Measure,
    *,
    in_ward: Series | None,
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
        clusters = _clusters(ward, measure, seed=seed)
        watch = _watch(ward, measure)
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


def _clusters(ward: WardRecords, measure: Measure, *, seed: int) -> Clusters | Unanswered:
    try:
        return clusters_of(ward, measure, around_m=AROUND_M, seed=seed)
    except CoverageError as error:
        return Unanswered(str(error))


def _watch(ward: WardRecords, measure: Measure) -> WatchReport | Unanswered:
    from peelian.products.watch import watch_records

    try:
        return watch_records(ward, {measure.id: measure})
    except CoverageError as error:
        return Unanswered(in_words(str(error), measure))
