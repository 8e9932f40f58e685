"""The checker finds no fault in 200 random plans, and every fault that is planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import get_args

import pytest

from made_patrols import MONDAY
from made_weeks import MadeWeek, grid_network, random_week, shift, spot, visit
from peelian.core.errors import CoverageError, InputError
from peelian.core.patrols import Abstraction, PatrolPlan, PlannedVisit
from peelian.response.patrol_week import NO_PLACE, PlannedWeek
from peelian.response.plan_check import Rule, faults_of

MINUTE = timedelta(minutes=1)


@cache
def planned_or_refused(number: int) -> PlannedWeek | str:
    """The plan of a random week, or why there is none."""
    try:
        return random_week(number).planned(effort=0.01)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_no_fault_in_random_plans_and_a_clear_word_where_none_can_be_made(first: int) -> None:
    for number in range(first, first + 20):
        made = random_week(number)
        week = planned_or_refused(number)
        if isinstance(week, str):
            assert "tasking file" in week
            continue
        assert faults_of(made.plan(week), network=made.network) == ()
        planned = [sum(v.place_id == place_id for v in week.visits) for place_id, _ in week.asked]
        short = sum(got < want for got, (_, want) in zip(planned, week.asked, strict=True))
        assert len([notice for notice in week.notices if notice != NO_PLACE]) == short


def test_the_random_weeks_hold_what_cannot_be_planned_too() -> None:
    found = {"refused": 0, "no place": 0, "short": 0, "whole": 0}
    for number in range(200):
        week = planned_or_refused(number)
        if isinstance(week, str):
            found["refused"] += 1
        elif NO_PLACE in week.notices:
            found["no place"] += 1
        else:
            found["short" if week.notices else "whole"] += 1

    assert min(found.values()) >= 5
    assert sum(found.values()) == 200


NETWORK = grid_network()
LATE_A, LATE_B = shift(), shift(unit="B")
MADE = MadeWeek(
    NETWORK,
    [
        spot("north", 200, 400),
        spot("south", 400, 0, hours_set="day"),
        spot("known", 0, 300, until=MONDAY),
        spot("old", 300, 300, lifecycle="watch", rank=0),
    ],
    [LATE_A, LATE_B, shift(day=1)],
)


@cache
def good_plan() -> PatrolPlan:
    """Written by hand: unit A goes north and south, unit B north again after the gap."""
    week = MADE.planned(effort=0.01)
    visits = (
        visit("north", "14:20", of=LATE_A),
        visit("south", "14:50", of=LATE_A),
        visit("north", "15:40", of=LATE_B),
        visit("known", "16:10", of=LATE_B),
    )
    return replace(MADE.plan(week), visits=visits)


def found_in(plan: PatrolPlan) -> list[tuple[Rule, PlannedVisit | None]]:
    return [(fault.rule, fault.visit) for fault in faults_of(plan, network=NETWORK)]


def with_visit(index: int, changed: PlannedVisit) -> PatrolPlan:
    visits = list(good_plan().visits)
    visits[index] = changed
    return replace(good_plan(), visits=tuple(visits))


def test_a_plan_written_by_hand_has_no_fault() -> None:
    assert found_in(good_plan()) == []


TUESDAY = MADE.shifts[2]
NIGHTS = {"March": 117, "October": 334}  # days after MONDAY: 27 March and 30 October 2027


@pytest.mark.parametrize("night", NIGHTS)
def test_no_visit_is_planned_in_the_hour_at_which_clocks_are_changed(night: str) -> None:
    late = shift("22:00", 8, day=NIGHTS[night])
    made = MadeWeek(
        NETWORK, [spot(f"p{n}", 100 * n, 300, rank=n) for n in range(1, 6)], [late]
    )  # fmt: skip

    plan = made.plan()

    assert faults_of(plan, network=NETWORK) == ()
    assert plan.visits
    assert not any(v.start.hour == 1 or (v.end - MINUTE).hour == 1 for v in plan.visits)


@pytest.mark.parametrize("night", NIGHTS)
def test_a_visit_in_the_hour_at_which_clocks_are_changed_is_found(night: str) -> None:
    late = shift("22:00", 8, day=NIGHTS[night])
    at_one = visit("north", "01:20", of=late, day=NIGHTS[night] + 1)
    plan = replace(good_plan(), shifts=(late,), visits=(at_one,))

    assert found_in(plan) == [("clock", at_one)]


def test_over_the_skipped_hour_less_time_passes_than_clocks_show() -> None:
    late = shift("22:00", 8, day=NIGHTS["March"])
    before = visit("north", "00:40", of=late, day=NIGHTS["March"] + 1)
    after = visit("north", "02:40", of=late, day=NIGHTS["March"] + 1)
    plan = replace(good_plan(), shifts=(late,), visits=(before, after))

    # From 00:54 to 02:40 are 46 minutes.
    assert found_in(plan) == [("gap", after)]


PLANTED: dict[str, tuple[Rule, int, PlannedVisit]] = {
    "too short": ("length", 0, visit("north", "14:20", of=LATE_A, minutes=9)),
    "too long": ("length", 0, visit("north", "14:20", of=LATE_A, minutes=17)),
    "backwards": ("length", 3, visit("known", "16:10", of=LATE_B, minutes=-14)),
    "an unknown place": ("place", 0, visit("nowhere", "14:20", of=LATE_A)),
    "a place that is not active": ("place", 0, visit("old", "14:20", of=LATE_A)),
    "an unknown shift": ("shift", 3, visit("known", "16:10", of=shift(unit="C"))),
    "after the shift": ("shift", 3, visit("known", "17:50", of=LATE_B)),
    "before the shift": ("shift", 0, visit("north", "13:55", of=LATE_A)),
    "by night at a place for the day": ("hours", 1, visit("south", "19:00", of=LATE_A)),
    "after the last day": ("until", 3, visit("known", "14:30", of=TUESDAY, day=1)),
    "another unit too soon": ("gap", 2, visit("north", "15:30", of=LATE_B)),
    # North lies 600 m from the base at the corner: 8.3 minutes on foot.
    "no time from the base": ("way", 0, visit("north", "14:08", of=LATE_A)),
    # North to south, 600 m again: 8.3 minutes after 14:34.
    "no time between visits": ("way", 1, visit("south", "14:42", of=LATE_A)),
    # Known to the base, 300 m: 4.2 minutes.
    "no time to get back": ("way", 3, visit("known", "17:42", of=LATE_B)),
    "in two places at once": ("way", 1, visit("south", "14:25", of=LATE_A)),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_visit_is_found(planted: str) -> None:
    rule, index, changed = PLANTED[planted]

    found = found_in(with_visit(index, changed))

    assert (rule, changed) in found
    # A rule may be broken with another, as by a visit after the shift, from which none gets back.
    assert {other for other, _ in found} <= {rule, "way", "asked", "shift"}


@pytest.mark.parametrize(
    ("index", "at"), [(0, "14:09"), (1, "14:43"), (3, "17:41")], ids=["there", "on", "back"]
)
def test_a_way_that_takes_all_the_time_there_is_no_fault(index: int, at: str) -> None:
    old = good_plan().visits[index]
    owner = {s.shift_id: s for s in MADE.shifts}[old.shift_id]

    assert found_in(with_visit(index, visit(old.place_id, at, of=owner))) == []


def test_a_visit_in_lost_hours_is_found() -> None:
    lost = Abstraction(LATE_B.shift_id, LATE_B.start, LATE_B.start + 101 * MINUTE)
    plan = replace(good_plan(), abstractions=(lost,))

    assert ("lost hours", plan.visits[2]) in found_in(plan)


def test_after_lost_hours_a_unit_comes_from_its_base() -> None:
    # Back at 15:31 is nine minutes before the visit, and the way takes 8.3; 15:32 is too late.
    in_time = Abstraction(LATE_B.shift_id, LATE_B.start, LATE_B.start + 91 * MINUTE)
    late = replace(in_time, end=in_time.end + MINUTE)

    assert found_in(replace(good_plan(), abstractions=(in_time,))) == []
    assert found_in(replace(good_plan(), abstractions=(late,))) == [("way", good_plan().visits[2])]


def test_a_unit_called_away_after_its_last_visit_need_not_get_back() -> None:
    called = Abstraction(LATE_B.shift_id, LATE_B.end - 4 * MINUTE, LATE_B.end)
    plan = with_visit(3, visit("known", "17:42", of=LATE_B))

    assert found_in(replace(plan, abstractions=(called,))) == []


def test_more_visits_than_asked_are_found() -> None:
    plan = replace(good_plan(), asked=(("north", 1), ("south", 3), ("known", 3)))

    assert found_in(plan) == [("asked", None)]


@pytest.mark.parametrize("covered", [0.0, 1e9])
def test_a_sum_outside_its_bounds_is_found(covered: float) -> None:
    assert found_in(replace(good_plan(), covered=covered)) == [("cover", None)]


def test_a_visit_that_the_trial_keeps_away_is_found() -> None:
    made = replace(MADE, withheld={MONDAY: ("south",)})
    plan = replace(good_plan(), trial=made.plan(MADE.planned(effort=0.01)).trial)

    assert found_in(plan) == [("trial", plan.visits[1])]


def test_every_rule_has_a_planted_fault() -> None:
    elsewhere = {"lost hours", "asked", "cover", "trial", "clock"}

    assert {rule for rule, _, _ in PLANTED.values()} | elsewhere == set(get_args(Rule))


def test_a_fault_says_what_was_found() -> None:
    plan = with_visit(0, visit("north", "14:08", of=LATE_A))

    (fault,) = faults_of(plan, network=NETWORK)

    assert fault.found == (
        f"From base of {LATE_A.shift_id} to north takes 8.3 minutes on foot; the unit has 8, "
        f"from 14:00 to 14:08."
    )


def test_a_plan_without_a_visit_has_no_fault() -> None:
    plan = replace(good_plan(), visits=(), covered=0.0, next_best=0.0)

    assert found_in(plan) == []


def test_without_streets_for_a_unit_nothing_can_be_checked() -> None:
    empty = grid_network().only([False] * len(NETWORK))

    with pytest.raises(CoverageError, match="street"):
        faults_of(good_plan(), network=empty)
