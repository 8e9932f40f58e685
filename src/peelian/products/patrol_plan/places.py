"""A ward's hot spots for a patrol plan: eligible circles, places people know, and their lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import InputError, MonthOnlyError
from peelian.products.patrol_plan.place_notices import (
    artefact_notices,
    basis_notices,
    coverage_notice,
    harm_notice,
    left_out_notice,
    not_listed_notice,
)
from peelian.products.patrol_plan.point_counts import YEAR_MONTHS, PointCounts, count_points
from peelian.products.patrol_plan.spots import KnownSpot, Spots, known_spot, with_hours
from peelian.products.patrol_plan.told_places import FoundPlace, ToldPlaces
from peelian.response.patrol_places import (
    Division,
    Eligibility,
    divide_into_circles,
    require_public_basis,
)
from peelian.response.place_life import (
    kept_by_trial,
    lives_of_eligible,
    lives_of_ended,
    not_carried_on,
)
from peelian.scanning.ranking import expected_records

if TYPE_CHECKING:
    from peelian.core.measures import Measure
    from peelian.core.patrols import Hotspot, PatrolPlan, Trial
    from peelian.core.tasking import LeftOut, Tasking
    from peelian.measures.harm_index import HarmIndex
    from peelian.products.ward_records import WardRecords

_ORDER = {"active": 0, "proposed": 1, "watch": 2, "retired": 3}


@dataclass(frozen=True)
class ChosenPlaces:
    """A ward's hot spots: active ones by rank, then proposed, on watch and retired; and notices."""

    hotspots: tuple[Hotspot, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Told:
    """The places of a tasking file, found. live: known places whose last day is not past."""

    live: tuple[KnownSpot, ...]
    expired: tuple[KnownSpot, ...]
    left_out: tuple[tuple[LeftOut, FoundPlace], ...]

    @property
    def points_left_out(self) -> list[int]:
        return [index for _, place in self.left_out for index in place.points]


def hotspots_of_ward(
    ward: WardRecords,
    measure: Measure,
    tasking: Tasking,
    *,
    harm_index: HarmIndex | None,
    on: date,
    previous: PatrolPlan | None,
    eligibility: Eligibility,
) -> ChosenPlaces:
    """Choose a ward's hot spots for a plan that begins on a day.

    Circles are chosen as `divide_into_circles` says, from records in the ward alone, and each
    is counted and ranked anew as one unit by recent records (never by a richer model, which
    knows no circles). Active ones are ranked by weight: expected harm where an index is given,
    expected records else. A known place stands at the rank a person gave it; without one, where
    its own weight puts it if it is eligible by its own records, and after the others if not.
    Their lives are those of `place_life`, against the plan before. Where a month of the last
    twelve is missing, records are asked in proportion.

    InputError for a basis that police generate without an override, and for a tasking or a
    plan of another ward; UnknownPlaceError for a name that neither the map nor the ranking
    has; CoverageError where no month of the measure is held.
    """
    require_public_basis(measure, eligibility)
    _require_same_ward(ward, tasking, previous)
    counts = count_points(ward, measure)
    told = _told(ward, tasking, counts, on=on, eligibility=eligibility)
    earlier = None if previous is None else _without_left_out(previous, told, counts)
    trial = _trial_going_on(previous, on)
    drawn = _drawn_into(trial, earlier or ())
    least = eligibility.least_records * counts.months_held / YEAR_MONTHS
    division = divide_into_circles(
        counts.positions,
        expected_records(counts.basis).expected,
        counts.recent,
        eligibility=eligibility,
        least_records=least,
        known=[*(each.centre for each in told.live), *(each.centre for each in drawn)],
        left_out=told.points_left_out,
    )
    spots = Spots(
        ward, measure, counts, division, harm_index=harm_index, eligibility=eligibility,
        least_records=least, left_out=[place.points for _, place in told.left_out],
    )  # fmt: skip
    try:
        eligible, hours = with_hours(spots.eligible(), ward, measure, counts), ""
    except MonthOnlyError:
        eligible, hours = spots.eligible(), _MONTHS_ONLY
    held = tuple(
        kept_by_trial(spots.held(each, number), trial)
        for number, each in enumerate(drawn, start=len(told.live))
        if trial
    )
    hotspots = _lives(eligible, held, spots, told, earlier, least=least)
    notices = [
        *basis_notices(
            ward, measure, counts, on=on, eligibility=eligibility, least_records=least
        ),
        hours,
        harm_notice(counts, harm_index) if harm_index else "",
        coverage_notice(ward, counts, hotspots, eligibility=eligibility),
        _not_listed(spots, division, least, eligibility),
        *(left_out_notice(counts, place.name, place.points) for _, place in told.left_out),
        *artefact_notices(ward, counts, left_out=told.points_left_out),
    ]  # fmt: skip
    return ChosenPlaces(hotspots, tuple(each for each in notices if each))


_MONTHS_ONLY = (
    "Open records know months and no hours, so every ranked place is one at all hours; day and "
    "night sets need a force's own extract with times."
)


def _require_same_ward(ward: WardRecords, tasking: Tasking, previous: PatrolPlan | None) -> None:
    own = ward.area.code
    for what, code in (
        ("A tasking file", tasking.ward),
        ("The plan before", previous.area_code if previous else ""),
    ):
        if code and code != own:
            raise InputError(
                f"{what} is the same ward's as the plan, {own} ({ward.area.name}); found {code}. "
                f"Name the right file."
            )


def _told(
    ward: WardRecords, tasking: Tasking, counts: PointCounts, *, on: date, eligibility: Eligibility
) -> _Told:
    names = ToldPlaces(ward.area, ward.named_places, counts.points)
    out = tuple((each, names.left_out(each.place, counts.recent)) for each in tasking.left_out)
    points_out = [index for _, place in out for index in place.points]
    known = [
        known_spot(
            each, names.known(each.place, within_m=eligibility.radius_m), counts,
            radius_m=eligibility.radius_m, left_out=points_out,
        )
        for each in tasking.known_places
    ]  # fmt: skip
    for i, one in enumerate(known):
        twin = next((each for each in known[:i] if each.place_id == one.place_id), None)
        if twin:
            raise InputError(
                f"A place is told once; {twin.told.place!r} and {one.told.place!r} are both "
                f"{one.found.name} on the map. Delete one of the two."
            )
    live = tuple(each for each in known if date.fromisoformat(each.told.until) >= on)
    return _Told(live, tuple(each for each in known if each not in live), out)


def _lives(
    eligible: Sequence[Hotspot],
    held: Sequence[Hotspot],
    spots: Spots,
    told: _Told,
    earlier: Sequence[Hotspot] | None,
    *,
    least: float,
) -> tuple[Hotspot, ...]:
    """Active hot spots by rank, and after them those that are not patrolled.

    held: those that a trial keeps. earlier: of the plan before; None where this is the first.
    """
    within_m = spots.radius_m
    if earlier is not None:
        ids = {each.place_id for each in held}
        earlier = tuple(each for each in earlier if each.place_id not in ids)
    lived = lives_of_eligible(eligible, earlier, within_m=within_m)
    known = [spots.known(each, number) for number, each in enumerate(told.live)]
    active = [*held, *(each for each in lived if each.lifecycle == "active")]
    ranked = _ranked(
        active, known, least=least, asked={each.place_id: each.told.rank for each in told.live}
    )
    gone = not_carried_on(eligible, earlier or (), within_m=within_m)
    kept = [*ranked, *(each for each in lived if each.lifecycle == "proposed")]
    still_told = {each.place_id for each in (*told.live, *told.expired)}
    others = [
        *kept[len(ranked) :],
        *lives_of_ended([spots.again(each) for each in gone], gone, least_records=least, kept=kept),
        *(spots.expired(each) for each in told.expired),
        *(
            replace(spots.again(each), lifecycle="retired", rank=0, reason=_TOLD_NO_MORE)
            for each in earlier or ()
            if each.origin == "known"
            and each.lifecycle == "active"
            and each.place_id not in still_told
        ),
        *(spots.left_out(*each) for each in told.left_out),
    ]
    return (*ranked, *sorted(others, key=lambda each: _ORDER[each.lifecycle]))


_TOLD_NO_MORE = "Known in the plan before, and told no more in the tasking file."


def _trial_going_on(previous: PatrolPlan | None, on: date) -> Trial | None:
    """The trial of the plan before, where its last day is not past."""
    trial = previous.trial if previous else None
    return trial if trial and trial.period_starts[-1] > on else None


def _drawn_into(trial: Trial | None, earlier: Sequence[Hotspot]) -> tuple[Hotspot, ...]:
    """Ranked places of the plan before that a trial needs as they were drawn."""
    drawn = set(trial.places) if trial else set()
    return tuple(
        each
        for each in earlier
        if each.place_id in drawn and each.origin == "ranked" and each.lifecycle == "active"
    )


def _without_left_out(plan: PatrolPlan, told: _Told, counts: PointCounts) -> tuple[Hotspot, ...]:
    """The plan's hot spots, but for those centred on a point that is left out now."""
    out = counts.positions[told.points_left_out]
    return tuple(
        each
        for each in plan.hotspots
        if not (np.hypot(*(out - np.asarray(each.centre)).T) < 1.0).any()
    )


def _ranked(
    eligible: Sequence[Hotspot],
    known: Sequence[Hotspot],
    *,
    least: float,
    asked: Mapping[str, int],
) -> list[Hotspot]:
    """Active hot spots with their ranks; asked: the rank that a person gave, by id, 0 for none."""
    free = [each for each in known if not asked[each.place_id]]
    order = sorted(
        [*eligible, *free],
        key=lambda each: (each.origin == "known" and each.records < least, -each.weight, each.name),
    )
    fixed = [each for each in known if asked[each.place_id]]
    for each in sorted(fixed, key=lambda each: asked[each.place_id]):
        order.insert(asked[each.place_id] - 1, each)
    return [replace(each, rank=rank) for rank, each in enumerate(order, start=1)]


def _not_listed(
    spots: Spots, division: Division, least: float, eligibility: Eligibility
) -> str:  # fmt: skip
    first = len(division.known) + len(division.chosen)
    rest = [
        (circle, spots.names[i], spots.figures[i].records)
        for i, circle in enumerate(division.rest, start=first)
    ]
    return not_listed_notice(
        rest,
        eligible=len(division.chosen),
        least_records=least,
        apart_m=eligibility.least_apart_m,
    )
