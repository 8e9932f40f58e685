"""Where hot spots stand in their life from one plan to the next: new ones, and those that go.

The rules, which are all there are:

1. An eligible circle is active in a ward's first plan, and where the plan before had it as
   proposed, active or on watch. Otherwise it is proposed: shown for one plan and not patrolled,
   so that a person looks before anyone is sent. Who wants it sooner writes it as a known place.
2. A hot spot that was active and is no longer eligible is on watch: shown, not patrolled. It
   stays so until a plan has newer records to judge it by, which come by the month where plans
   come by the week; if it is not eligible by those either, or was only proposed, it is retired.
3. A known place is active until its last day, and retired after it, or when it is told no more.
4. A place left out by a person is retired.
5. A ranked place that was drawn into a trial keeps its circle and is active until the trial
   ends, whatever is recorded: a place that patrol made quiet would leave otherwise, and chance
   would no longer be what tells places apart.

A retired hot spot is listed once, with its reason. One is the other's next where their centres
are at most a radius apart, nearest pairs first, one to one; it then keeps its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import isclose
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from peelian.core.patrols import Hotspot, Trial

_STILL = {
    "proposed": "Proposed in the plan before",
    "active": "Active in the plan before",
    "watch": "On watch in the plan before, and eligible again",
}
_FROM_NOW = (
    "New since the plan before, so it is proposed: patrolled from the next plan on, or at once "
    "if somebody writes it down as a known place."
)


def matched_places(
    found: Sequence[Hotspot], earlier: Sequence[Hotspot], *, within_m: float
) -> dict[int, int]:
    """Which earlier hot spot each one found carries on, by their numbers; others are not in it.

    within_m: the furthest that two centres may lie apart, included. Of equally near pairs the
    first by number is taken.
    """
    pairs = sorted(
        (away, i, j)
        for i, one in enumerate(found)
        for j, other in enumerate(earlier)
        if (away := _metres_between(one, other)) <= within_m
    )
    carried: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in carried and j not in carried.values():
            carried[i] = j
    return carried


def lives_of_eligible(
    eligible: Sequence[Hotspot], earlier: Sequence[Hotspot] | None, *, within_m: float
) -> tuple[Hotspot, ...]:
    """Eligible circles as active or proposed, in the order given, with the reason.

    eligible: active all, with a reason that says why they are eligible. earlier: the hot spots
    of the plan before; None where this is the ward's first.
    """
    if earlier is None:
        return tuple(eligible)
    living = [each for each in earlier if each.lifecycle in _STILL]
    carried = matched_places(eligible, living, within_m=within_m)
    return tuple(
        _carried_on(spot, living[carried[i]])
        if i in carried
        else replace(spot, lifecycle="proposed", rank=0, reason=f"{_FROM_NOW} {spot.reason}")
        for i, spot in enumerate(eligible)
    )


def not_carried_on(
    eligible: Sequence[Hotspot], earlier: Sequence[Hotspot], *, within_m: float
) -> tuple[Hotspot, ...]:
    """Earlier ranked hot spots, not retired then, that no eligible circle carries on."""
    living = [each for each in earlier if each.lifecycle in _STILL]
    carried = matched_places(eligible, living, within_m=within_m).values()
    return tuple(
        each for j, each in enumerate(living) if j not in carried and each.origin == "ranked"
    )


def lives_of_ended(
    ended: Sequence[Hotspot],
    before: Sequence[Hotspot],
    *,
    least_records: float,
    kept: Sequence[Hotspot],
) -> tuple[Hotspot, ...]:
    """Those that are not carried on, on watch or retired.

    ended: with today's figures of the same circles, and the lifecycle of the plan before.
    before: the same hot spots as that plan had them. kept: today's hot spots, at which records
    near one that ended may be counted now.
    """
    found = []
    for spot, was in zip(ended, before, strict=True):
        nearest = min(kept, key=lambda each: _metres_between(each, spot), default=None)
        why = _why_not_eligible(spot, least_records, nearest)
        if nearest is not None and _is_known_ground(nearest, spot):
            found.append(_retired(spot, f"Patrolled now as the known place {nearest.name}."))
        elif spot.lifecycle == "active":
            reason = (
                f"Active in the plan before and not eligible now: {why} Watched until there are "
                f"newer records."
            )
            found.append(replace(spot, lifecycle="watch", rank=0, reason=reason))
        elif spot.lifecycle == "watch" and _has_same_records(spot, was):
            reason = f"Still on watch, since there are no newer records: {why}"
            found.append(replace(spot, rank=0, reason=reason))
        else:
            state = "On watch" if spot.lifecycle == "watch" else "Proposed"
            found.append(_retired(spot, f"{state} in the plan before, and not eligible: {why}"))
    return tuple(found)


def kept_by_trial(spot: Hotspot, trial: Trial) -> Hotspot:
    """A place of a trial that goes on: active, with the reason."""
    last = trial.period_starts[-1] - timedelta(days=1)
    reason = f"Kept as it was drawn, until the trial ends on {last.day} {last:%B %Y}."
    return replace(spot, lifecycle="active", reason=reason)


def _has_same_records(spot: Hotspot, was: Hotspot) -> bool:
    """Whether nothing is known of a circle that the plan before did not know."""
    return spot.records == was.records and isclose(spot.expected, was.expected, rel_tol=1e-6)


def _retired(spot: Hotspot, reason: str) -> Hotspot:
    return replace(spot, lifecycle="retired", rank=0, reason=reason)


def _carried_on(spot: Hotspot, before: Hotspot) -> Hotspot:
    reason = f"{_STILL[before.lifecycle]}. {spot.reason}"
    own_id = before.place_id if before.origin == "ranked" else spot.place_id
    return replace(spot, place_id=own_id, reason=reason)


def _why_not_eligible(spot: Hotspot, least_records: float, nearest: Hotspot | None) -> str:
    records = f"{spot.records} records in its circle in the last twelve months"
    if spot.records < least_records or nearest is None:
        return f"{records}, under the {least_records:g} asked."
    return f"of the {records}, those that lie near {nearest.name} are counted there."


def _is_known_ground(nearest: Hotspot, spot: Hotspot) -> bool:
    return nearest.origin == "known" and _metres_between(nearest, spot) <= spot.radius_m


def _metres_between(one: Hotspot, other: Hotspot) -> float:
    return float(np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]))
