"""The problem profile: what the records say about one priority, for the team's own desk.

Every finding is a method's own result, with its uncertainty. A question that the records
cannot answer is `Unanswered`, with the reason: nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelian.analysis.near_repeat import NearRepeat
    from peelian.analysis.offence_mix import OffenceMix, ReportingShare
    from peelian.analysis.place_features import FeatureAssociation, ReasonNearby
    from peelian.analysis.routes import Route
    from peelian.analysis.seasonality import Seasonality
    from peelian.analysis.time_of_week import HoursOfWeek
    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.core.months import Month, MonthSpan
    from peelian.core.results import EdgeSensitivity
    from peelian.core.wards import WardFile
    from peelian.products.clusters import Clusters
    from peelian.products.ward_page import CheckedPriority, HeldSource, MapLayers, MeasureResult
    from peelian.products.watch import WatchReport
    from peelian.scanning.concentration import Concentration
    from peelian.scanning.exact_share import Share
    from peelian.scanning.unusual import UnusualPeriod


@dataclass(frozen=True)
class Unanswered:
    """A question that the records held cannot answer. why: the rule, what was found, what next.

    on_principle: it was not asked, whatever is held: its answer would do harm.
    """

    why: str
    on_principle: bool = False


@dataclass(frozen=True)
class Where:
    """How the records of the measure lie on the ward's places.

    in_streets: ids of the places with a point in the streets that the priority names; empty
    where it names none. streets_edge: what a few metres of the streets' edge decide, of the
    ward's records in the months held. route: between the two places that it names. Both are
    None where it names none.
    """

    concentration: Concentration | Unanswered
    in_streets: frozenset[str]
    streets_edge: EdgeSensitivity | None
    route: Route | Unanswered | None


@dataclass(frozen=True)
class Changing:
    """What is changing, beyond the comparison with the year before.

    unusual: of what the profile is about. unusual_in_ward: of the whole ward, where that is
    a part of it; None otherwise.
    """

    unusual: UnusualPeriod | Unanswered
    unusual_in_ward: UnusualPeriod | Unanswered | None
    clusters: Clusters | Unanswered
    watch: WatchReport | Unanswered


@dataclass(frozen=True)
class When:
    """When it is recorded, as finely as the records know it."""

    season: Seasonality | Unanswered
    hours: HoursOfWeek | Unanswered
    weekdays: tuple[Share, ...]  # Monday first; empty where hours are unanswered
    near_repeat: NearRepeat | Unanswered


@dataclass(frozen=True)
class WhyThere:
    """What is near the places, and what else is recorded there.

    nearby: by place id, within `radius_m` of its points; without the places that no map
    reaches. around: what the ward's mix of records is held against, and around_set the boundary
    set that it is of; both empty where nothing around it is held. months: those of
    the last twelve in which every type is held, of which mix and reporting are.
    """

    nearby: Mapping[str, tuple[ReasonNearby, ...]]
    radius_m: float
    associations: tuple[FeatureAssociation, ...] | Unanswered
    mix: OffenceMix | Unanswered
    around: str
    around_set: str
    months: tuple[Month, ...]
    reporting: ReportingShare | Unanswered


@dataclass(frozen=True)
class ProblemProfile:
    """All that a problem profile says, with true numbers.

    checked: the priority with its measures, ranking, corridor and claims, as on the ward's
    page; where no ward file was given its priority is made of the measure alone. measure:
    what it is followed by, and main: its result, in the streets that the priority names where
    it names any; then in_ward is that of the whole ward. number: the priority's on the ward's
    page; 0 where there is none. apart: measures that follow police activity, which rank no place.
    once: main and in_ward again, where the months compared have records that share a Crime ID,
    with such records counted once. forces: whose records are counted, in the ward and around it.
    """

    ward_file: WardFile
    area: Area
    force_name: str
    number: int
    checked: CheckedPriority
    measure: Measure
    main: MeasureResult
    in_ward: MeasureResult | None
    apart: tuple[MeasureResult, ...]
    once: tuple[MeasureResult, ...]
    where: Where
    changing: Changing
    when: When
    why: WhyThere
    span: MonthSpan
    missing: Mapping[Month, str]
    includes_btp: bool
    forces: tuple[str, ...]
    layers: MapLayers
    sources: tuple[HeldSource, ...]
    source: str  # whose records: "police.uk"
    day: str  # YYYY-MM-DD, given by the caller
    seed: int
    code_version: str
