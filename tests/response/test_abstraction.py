"""A plan made anew where hours are lost: what is past stays, what was lost is made up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from made_patrols import MONDAY
from made_weeks import MadeWeek, grid_network, random_week, shift, spot
from peelian.core.errors import InputError
from peelian.core.patrols import Abstraction, Dose, PatrolPlan
from peelian.response.abstraction import replan
from peelian.response.plan_check import faults_of

NETWORK = grid_network()
MADE = MadeWeek(
    NETWORK,
    [
        spot(f"p{n}", 100 * n, 500 - 100 * n, rank=n, weight=30.0 / n, name=f"Place {n}")
        for n in range(1, 6)
    ],
    [shift(day=day, unit=unit) for day in range(5) for unit in "AB"],
    # Three visits of 14 minutes an hour apart fit in four hours: one more than is asked for.
    dose=Dose(visits_a_day=((5, 2),)),
)
WEDNESDAY_A = shift(day=2)
LOST = Abstraction(WEDNESDAY_A.shift_id, WEDNESDAY_A.start, WEDNESDAY_A.end, "football")
NOW = datetime(2026, 12, 2, 9)


@cache
def plan() -> PatrolPlan:
    return MADE.plan()


def replanned(old: PatrolPlan, *lost: Abstraction, now: datetime = NOW) -> PatrolPlan:
    return replan(
        old, lost, network=NETWORK, now=now, made_on=date(2026, 12, 2),
        reason="Match moved to Wednesday.", replaces="seal of the first", code_version="1",
    )  # fmt: skip


def test_visits_made_already_stay_as_they_are_and_none_lies_in_lost_hours() -> None:
    new = replanned(plan(), LOST)

    before = [v for v in plan().visits if v.start < NOW]
    assert before
    assert [v for v in new.visits if v.start < NOW] == before
    assert any(v.shift_id == LOST.shift_id for v in plan().visits)
    assert all(v.shift_id != LOST.shift_id for v in new.visits)
    assert faults_of(new, network=NETWORK) == ()


def test_what_was_lost_is_made_up_where_the_hours_allow() -> None:
    new = replanned(plan(), LOST)

    assert Counter(v.place_id for v in new.visits) == Counter(v.place_id for v in plan().visits)
    assert new.asked == plan().asked
    assert new.change == (
        "Match moved to Wednesday. Hours lost: 2026-12-02 late A from 14:00 to 18:00 (football). "
        f"Visits in lost hours: {sum(v.shift_id == LOST.shift_id for v in plan().visits)}; "
        f"others that were moved: {_moved(plan(), new)}. No place gets fewer visits than before."
    )


def _moved(old: PatrolPlan, new: PatrolPlan) -> int:
    stays = set(new.visits)
    return sum(v.shift_id != LOST.shift_id and v not in stays for v in old.visits)


def test_places_that_get_fewer_visits_are_named() -> None:
    rest = [Abstraction(s.shift_id, s.start, s.end) for s in plan().shifts if s.start > NOW]

    new = replanned(plan(), *rest)

    assert all(v.start < NOW for v in new.visits)
    had = Counter(v.place_id for v in plan().visits)
    has = Counter(v.place_id for v in new.visits)
    assert f"Fewer visits than before: Place 1 {has['p1']} instead of {had['p1']}" in new.change
    assert new.notices[0] == (
        f"Place 1: {has['p1']} of {had['p1']} visits asked for are planned; "
        "no hours are left in which it may be visited."
    )
    assert new.covered < plan().covered


def test_the_new_plan_replaces_the_old_one_and_keeps_its_shifts() -> None:
    new = replanned(plan(), LOST)

    assert (new.version, new.replaces, new.made_on) == (
        2, "seal of the first", date(2026, 12, 2),
    )  # fmt: skip
    assert (new.code_version, new.seed) == ("1", plan().seed)
    assert (new.shifts, new.hotspots) == (plan().shifts, plan().hotspots)
    assert new.abstractions == (LOST,)


def test_days_for_which_nothing_changes_keep_their_times() -> None:
    friday = shift(day=4)
    lost = Abstraction(friday.shift_id, friday.end - timedelta(minutes=30), friday.end)

    new = replanned(plan(), lost)

    thursday = MONDAY + timedelta(days=3)
    assert [v for v in new.visits if v.start.date() <= thursday] == [
        v for v in plan().visits if v.start.date() <= thursday
    ]


def test_a_visit_under_way_stays_and_its_unit_goes_on_from_there() -> None:
    late = shift(unit="B", day=2)
    under_way = next(v for v in plan().visits if v.shift_id == late.shift_id)
    now = under_way.start + timedelta(minutes=3)

    new = replanned(plan(), Abstraction(LOST.shift_id, now, LOST.end), now=now)

    assert under_way in new.visits
    assert faults_of(new, network=NETWORK) == ()


def test_a_visit_of_the_past_that_lost_hours_forbid_is_gone_and_owed_again() -> None:
    monday = plan().visits[0]
    lost = Abstraction(monday.shift_id, monday.start, monday.end, "found later")

    new = replanned(plan(), lost)

    assert monday not in new.visits
    assert faults_of(new, network=NETWORK) == ()
    counts = Counter(v.place_id for v in new.visits)
    assert counts[monday.place_id] == dict(new.asked)[monday.place_id]


def test_hours_lost_before_stay_lost() -> None:
    friday = shift(day=4)
    once = replanned(plan(), LOST)

    twice = replanned(once, Abstraction(friday.shift_id, friday.start, friday.end))

    assert [a.shift_id for a in twice.abstractions] == [LOST.shift_id, friday.shift_id]
    assert twice.version == 3
    assert faults_of(twice, network=NETWORK) == ()


def test_notices_of_the_plan_before_are_said_anew_and_others_are_kept() -> None:
    base = "The base is the ward's middle."
    old = replace(plan(), notices=(base, "Place 9: 1 of 2 visits asked for are planned; why."))

    new = replanned(old, LOST)

    assert new.notices == (base,)


@pytest.mark.parametrize("number", range(0, 60, 4))
def test_random_plans_made_anew_have_no_fault(number: int) -> None:
    made = random_week(number)
    try:
        old = made.plan(made.planned(effort=0.01))
    except InputError:
        return
    last = max(old.shifts, key=lambda s: s.end)
    now = old.shifts[0].start + (last.end - old.shifts[0].start) / 2
    now = now.replace(second=0, microsecond=0)
    lost = Abstraction(last.shift_id, last.start + timedelta(minutes=7), last.end)

    new = replan(old, [lost], network=made.network, now=now, made_on=MONDAY, reason="",
                 replaces="", code_version="0")  # fmt: skip

    assert faults_of(new, network=made.network) == ()
    assert all(v in new.visits for v in old.visits if v.start < now and v.end <= lost.start)


@pytest.mark.parametrize(
    ("lost", "now", "rule"),
    [
        ((), NOW, "lost in it already"),
        ((replace(LOST, shift_id="2026-12-02 late C"),), NOW, "it has no 2026-12-02 late C"),
        ((replace(LOST, end=LOST.start),), NOW, "lie between"),
        ((LOST,), NOW + timedelta(seconds=1), "whole minute"),
        ((LOST,), NOW + timedelta(days=400), "hours still to come"),
    ],
)
def test_hours_that_cannot_be_lost_are_refused(lost, now, rule) -> None:
    with pytest.raises(InputError, match=rule):
        replanned(plan(), *lost, now=now)
