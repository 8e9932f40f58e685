"""A ward's patrol plan: places from its records, hours from the tasking file, visits from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from peelian.core.errors import InputError, VerificationError
from peelian.core.patrols import PatrolPlan, Trial, TrialKind
from peelian.core.tasking import Tasking
from peelian.products.patrol_plan.places import ChosenPlaces, hotspots_of_ward
from peelian.products.patrol_plan.plan_file import seal_of
from peelian.products.patrol_plan.shift_roster import (
    Base,
    base_of,
    dose_of,
    lost_from,
    shifts_of_days,
    usual_hours_notice,
    usual_shifts,
)
from peelian.response.patrol_places import Eligibility

if TYPE_CHECKING:
    from peelian.core.patrols import Hotspot
    from peelian.core.streets import StreetNetwork
    from peelian.products.ward_records import WardRecords

_SHOWN = 5  # faults in a message
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_MOST_TRIAL_MONTHS = 60


@dataclass(frozen=True)
class PlanWishes:
    """What a plan is asked to be.

    first: its first day; days: how many, from 1. measure: the id of the measure by which places
    are ranked. harm_index: an index's id; empty to weigh places by records. units: of a shift
    where the tasking file has none. trial: draws one, for trial_months whole months from the
    first that begins in the plan's days or after; a trial of `previous` goes on. now: with
    `previous` of the same days, from when on it is made anew.
    """

    first: date
    made_on: date
    code_version: str
    days: int = 7
    measure: str = "public-reported"
    harm_index: str = ""
    units: int = 2
    seed: int = 0
    trial: TrialKind | None = None
    trial_months: int = 6
    tasking: Tasking = Tasking()
    eligibility: Eligibility = Eligibility()
    previous: PatrolPlan | None = None
    now: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 31 or not 1 <= self.units <= 26:
            raise InputError(
                f"A plan is for 1 to 31 days, with 1 to 26 units a shift; found {self.days} days "
                f"and {self.units} units. Ask for a week and two units, say."
            )
        if not _FIRST_YEAR <= self.first.year <= _LAST_YEAR:
            raise InputError(
                f"A plan begins in the years {_FIRST_YEAR} to {_LAST_YEAR}; found {self.first}. "
                f"Correct the year."
            )
        if not 1 <= self.trial_months <= _MOST_TRIAL_MONTHS:
            raise InputError(
                f"A trial lasts from 1 to {_MOST_TRIAL_MONTHS} months; found {self.trial_months}. "
                f"Ask for six, say."
            )
        if self.previous and not self.replaces_previous and self.first <= self.previous.last:
            raise InputError(
                f"A plan follows the plan before or takes its place; that one is of "
                f"{self.previous.first} to {self.previous.last}, and this one would begin on "
                f"{self.first}: units would be told twice where to go. Begin it on "
                f"{self.previous.last + timedelta(days=1)}, or on {self.previous.first} to make "
                f"that one anew."
            )

    @property
    def last(self) -> date:
        """The plan's last day."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def replaces_previous(self) -> bool:
        """Whether it is a new version of the plan before, not the plan of later days."""
        return self.previous is not None and self.first == self.previous.first


def assemble_patrol_plan(records: WardRecords, wishes: PlanWishes) -> PatrolPlan:
    """Plan a ward's patrols, or make a plan anew for hours lost since.

    records: of the ward. A plan that breaks a rule of its own is a VerificationError: it is not
    given out. InputError, UnknownPlaceError and CoverageError as for places, dose and shifts.
    Needs the extras `optimise` and `statistics`.
    """
    if wishes.previous is not None:
        _refuse_another_ward(records, wishes.previous)
    plan = _made_anew(records, wishes) if wishes.replaces_previous else _made(records, wishes)
    refuse_faults(plan, network=records.network)
    return plan


def base_of_ward(records: WardRecords, tasking: Tasking) -> Base:
    """Where the ward's shifts begin and end."""
    return base_of(records.named_places, records.area, told=tasking.base)


def refuse_faults(plan: PatrolPlan, *, network: StreetNetwork) -> None:
    """A VerificationError for a plan that breaks one of its own rules, told without the solver."""
    from peelian.response.plan_check import faults_of

    if faults := faults_of(plan, network=network):
        said = " ".join(fault.found for fault in faults[:_SHOWN])
        raise VerificationError(
            f"A plan is given out only where every visit can be walked as it stands; this one "
            f"breaks {len(faults)} rules. {said} Report this: it is a fault of the program."
        )


def _made(records: WardRecords, wishes: PlanWishes) -> PatrolPlan:
    from peelian.response.dose import withheld_by
    from peelian.response.patrol_week import plan_week

    tasking, base = wishes.tasking, base_of_ward(records, wishes.tasking)
    rostered = tasking.shifts or usual_shifts(units=wishes.units)
    days = [wishes.first + timedelta(days=number) for number in range(wishes.days)]
    shifts = shifts_of_days(rostered, days, base.point)
    lost = lost_from(tasking.lost, shifts, first=wishes.first, last=wishes.last)
    places = _places(records, wishes)
    trial, dose = _trial(places.hotspots, wishes), dose_of(tasking)
    week = plan_week(
        places.hotspots,
        shifts,
        dose=dose,
        network=records.network,
        seed=wishes.seed,
        lost=lost,
        withheld=withheld_by(trial),
    )
    told = () if tasking.shifts else (usual_hours_notice(rostered),)
    if tasking.dose.reason:
        told = (*told, f"The dose differs from the usual one: {tasking.dose.reason}")
    return PatrolPlan(
        area_code=records.area.code,
        area_name=records.area.name,
        boundary_set=records.area.boundary_set.name,
        first=wishes.first,
        last=wishes.last,
        made_on=wishes.made_on,
        measure=wishes.measure,
        harm_index=wishes.harm_index,
        seed=wishes.seed,
        code_version=wishes.code_version,
        dose=dose,
        hotspots=places.hotspots,
        shifts=shifts,
        asked=week.asked,
        visits=week.visits,
        covered=week.covered,
        bound=week.bound,
        next_best=week.next_best,
        trial=trial,
        abstractions=lost,
        notices=(*told, *filter(None, [base.notice]), *places.notices, *week.notices),
        records_until=str(records.span.last),
    )


def _places(records: WardRecords, wishes: PlanWishes) -> ChosenPlaces:
    from peelian.measures.harm_index import harm_index

    return hotspots_of_ward(
        records,
        records.measures[wishes.measure],
        wishes.tasking,
        harm_index=harm_index(wishes.harm_index) if wishes.harm_index else None,
        on=wishes.first,
        previous=wishes.previous,
        eligibility=wishes.eligibility,
    )


def _made_anew(records: WardRecords, wishes: PlanWishes) -> PatrolPlan:
    """The plan before with the hours lost since, and what is left of it planned again."""
    from peelian.response.abstraction import replan

    plan = wishes.previous
    assert plan is not None
    lost = lost_from(wishes.tasking.lost, plan.shifts, first=plan.first, last=plan.last)
    return replan(
        plan,
        lost,
        network=records.network,
        now=wishes.now or datetime.combine(plan.first, datetime.min.time()),
        made_on=wishes.made_on,
        reason=wishes.reason,
        replaces=seal_of(plan),
        code_version=wishes.code_version,
    )


def _trial(hotspots: Sequence[Hotspot], wishes: PlanWishes) -> Trial | None:
    """The trial of the plan before where it goes on, else the one asked for."""
    from peelian.response.trial import draw_trial

    before = wishes.previous.trial if wishes.previous else None
    if before is not None and before.period_starts[-1] > wishes.first:
        if wishes.trial:
            raise InputError(
                f"A trial is drawn once; that of the plan before goes on until "
                f"{before.period_starts[-1] - timedelta(days=1)}. Leave out --trial, or plan "
                f"without --previous to end it."
            )
        return before
    if wishes.trial is None:
        return None
    return draw_trial(
        [place for place in hotspots if place.rank],
        kind=wishes.trial,
        period_starts=month_starts(wishes.first, months=wishes.trial_months),
        seed=wishes.seed,
    )


def month_starts(first: date, *, months: int) -> tuple[date, ...]:
    """First days of so many months, and of the one after: from `first` on, or the month after."""
    start = first if first.day == 1 else _plus_months(first, 1)
    return tuple(_plus_months(start, number) for number in range(months + 1))


def _plus_months(day: date, months: int) -> date:
    whole = 12 * day.year + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def _refuse_another_ward(records: WardRecords, previous: PatrolPlan) -> None:
    if previous.area_code != records.area.code:
        raise InputError(
            f"The plan before is of the same ward; it is of {previous.area_name} "
            f"({previous.area_code}), and {records.area.name} ({records.area.code}) was asked "
            f"for. Name the ward's own plan."
        )
