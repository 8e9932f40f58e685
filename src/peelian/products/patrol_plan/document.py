"""All that a plan's pages say: the plan, each shift's round by street, what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError
from peelian.products.patrol_plan.place_notices import stale_notice
from peelian.products.patrol_plan.shift_routes import ShiftRoute, shift_routes

if TYPE_CHECKING:
    from peelian.core.areas import Area
    from peelian.core.measures import Measure
    from peelian.core.patrols import Hotspot, PatrolPlan
    from peelian.core.tasking import Tasking
    from peelian.core.wards import Commitment, Priority, WardFile
    from peelian.measures.harm_index import HarmIndex
    from peelian.products.cover import WardCover
    from peelian.products.fairness import PlanFairness
    from peelian.products.ward_page import HeldSource, MapLayers
    from peelian.products.ward_records import WardRecords
    from peelian.response.evidence_card import EvidenceCard
    from peelian.response.tactic_mix import TacticMix
    from peelian.response.trial_power import TrialPower


@dataclass(frozen=True, eq=False)
class PlanDocument:
    """A plan with what its page, briefings and files need; true counts, exact times.

    expected: harm (records, without a harm index) expected at the places in the plan's days,
    all of it taken to lie in the team's hours; what `plan.covered` is a part of. priorities:
    the team's own whose crimes the plan's measure counts. cards: options for the problem, best
    shown first; poor_fits: those that say that they do not suit it, with the reason. mix: of what
    the priorities promise; None without any. cover: of the hours of concern, None where no shift is
    rostered or no hour of concern is known; fairness: None where no LSOA is held.
    """

    plan: PatrolPlan
    measure: Measure
    harm: HarmIndex | None
    area: Area
    layers: MapLayers
    force_name: str
    routes: tuple[ShiftRoute, ...]
    expected: float
    tasking: Tasking
    base_name: str
    power: TrialPower | None  # of the plan's trial
    priorities: tuple[Priority, ...]
    cards: tuple[EvidenceCard, ...]
    poor_fits: tuple[tuple[EvidenceCard, str], ...]
    mix: TacticMix | None
    cover: WardCover | None
    fairness: PlanFairness | None
    sources: tuple[HeldSource, ...]
    stale: str = ""  # that the records are old, as the plan's notices say it; empty where not
    operator: str = ""
    made_town: str = ""  # the ward file's own notice; empty where there is none

    @property
    def active(self) -> tuple[Hotspot, ...]:
        """The places that are patrolled, by rank."""
        return tuple(
            sorted((h for h in self.plan.hotspots if h.rank), key=lambda place: place.rank)
        )

    @property
    def withheld(self) -> frozenset[str]:
        """Ids of active places that the trial keeps planned patrol from on every day."""
        from peelian.response.dose import withheld_by

        by_day = withheld_by(self.plan.trial)
        days = [
            self.plan.first + timedelta(days=number)
            for number in range((self.plan.last - self.plan.first).days + 1)
        ]
        kept = [frozenset(by_day.get(day, ())) for day in days]
        return frozenset.intersection(*kept) & {place.place_id for place in self.active}

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """What the priorities promise, in their order."""
        return tuple(each for priority in self.priorities for each in priority.commitments)


def plan_document(
    plan: PatrolPlan,
    records: WardRecords,
    tasking: Tasking,
    *,
    base_name: str,
    ward_file: WardFile | None = None,
) -> PlanDocument:
    """Gather what a plan's pages say.

    records: of the plan's ward. ward_file: what the team promises; without it nothing is said
    of that.
    """
    from peelian.measures.harm_index import harm_index
    from peelian.products.assembly import map_layers
    from peelian.products.ward_records import ward_sources
    from peelian.response.options import cards_for, poor_fits_for
    from peelian.response.tactic_mix import tactic_mix

    told = ward_file.priorities if ward_file else []
    priorities = tuple(each for each in told if _is_served(each, plan.measure, records.measures))
    promised = [each.tactic for priority in priorities for each in priority.commitments]
    return PlanDocument(
        plan=plan,
        measure=records.measures[plan.measure],
        harm=harm_index(plan.harm_index) if plan.harm_index else None,
        area=records.area,
        layers=map_layers(records),
        force_name=records.force_name,
        routes=shift_routes(plan, records.network),
        expected=expected_in(plan),
        tasking=tasking,
        base_name=base_name,
        power=_power(plan),
        priorities=priorities,
        cards=cards_for(plan.measure),
        poor_fits=poor_fits_for(plan.measure),
        mix=tactic_mix(promised) if priorities else None,
        cover=_cover(plan, records, tasking),
        fairness=_fairness(plan, records),
        sources=ward_sources(records),
        stale=stale_notice(records.span.last, on=plan.first),
        operator=ward_file.operator if ward_file else "",
        made_town=ward_file.notice if ward_file else "",
    )


def _is_served(priority: Priority, measure: str, known: Mapping[str, Measure]) -> bool:
    """Whether a priority's own measure is the plan's, or counts crimes that the plan's does."""
    if measure == priority.measure:
        return True
    own = known.get(priority.measure)
    return own is not None and bool({*own.crime_types} & {*known[measure].crime_types})


def expected_in(plan: PatrolPlan) -> float:
    """Harm expected at a plan's places in its days, as `response.patrol_bands` spreads it."""
    from peelian.response.dose import withheld_by
    from peelian.response.patrol_bands import bands_of

    active = [place for place in plan.hotspots if place.rank]
    bands = bands_of(active, plan.shifts, dose=plan.dose, withheld=withheld_by(plan.trial))
    return float(sum(band.weight.sum() for band in bands))


def _power(plan: PatrolPlan) -> TrialPower | None:
    """What the trial could find, by the records expected when it was drawn."""
    from peelian.response.patrol_bands import DAYS_OF_WEIGHT
    from peelian.response.trial_power import power_of_trial

    if plan.trial is None:
        return None
    starts = plan.trial.period_starts
    days = (starts[-1] - starts[0]).days / (len(starts) - 1)
    expected = [each * days / DAYS_OF_WEIGHT for each in plan.trial.expected]
    return power_of_trial(plan.trial, expected, seed=plan.seed)


def _cover(plan: PatrolPlan, records: WardRecords, tasking: Tasking) -> WardCover | None:
    from peelian.products.cover import cover_of_ward

    if not tasking.shifts or records.measures[plan.measure].police_generated:
        return None
    try:
        return cover_of_ward(
            records.store,
            plan.area_code,
            tasking,
            seed=plan.seed,
            measure=plan.measure,
            source=records.source,
            boundary_set=plan.boundary_set,
            plan=plan,
        )
    except CoverageError:
        return None


def _fairness(plan: PatrolPlan, records: WardRecords) -> PlanFairness | None:
    from peelian.products.fairness import fairness_of_plan

    try:
        return fairness_of_plan(records.store, plan, seed=plan.seed)
    except CoverageError:
        return None
