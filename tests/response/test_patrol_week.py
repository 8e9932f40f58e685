"""The week's plan: what is asked, what is planned, how well it covers, and that chance is bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_patrols import MONDAY
from made_weeks import MadeWeek, grid_network, random_week, shift, spot, visit
from oracles.week_bound import best_allocation, covered_by_plan
from peelian.core.errors import InputError
from peelian.core.patrols import Abstraction, Dose, Trial
from peelian.products.patrol_plan.plan_file import plan_text
from peelian.response.dose import hours_open, visits_a_day, visits_that_fit, withheld_by
from peelian.response.patrol_bands import bands_of
from peelian.response.patrol_week import NO_PLACE, plan_week
from peelian.response.week_bound import asked_bound

NETWORK = grid_network()
ONE_A_DAY = Dose(visits_a_day=((20, 1),))


def made(hotspots, shifts, **changes) -> MadeWeek:
    return MadeWeek(NETWORK, hotspots, shifts, **changes)


def visits_of(week, place_id: str) -> list:
    return [v for v in week.visits if v.place_id == place_id]


def test_one_visit_covers_half_of_a_ninety_first_of_three_months() -> None:
    week = made([spot("a", 200, 200, weight=91.0)], [shift()], dose=ONE_A_DAY).planned()

    assert week.asked == (("a", 1),)
    assert len(week.visits) == 1
    assert week.expected == pytest.approx(1.0)
    assert week.covered == pytest.approx(0.5)
    assert week.next_best == pytest.approx(0.5)
    assert week.bound == pytest.approx(0.5)
    assert week.notices == ()


def test_a_days_weight_is_divided_by_the_hours_in_which_a_place_may_be_visited() -> None:
    places = [spot("a", 200, 200, weight=91.0), spot("d", 0, 0, weight=91.0, hours_set="day")]
    shifts = [shift("09:00", 4, band="early"), shift("17:00", 6)]

    early, late = bands_of(places, shifts, dose=Dose(), withheld={})

    # "a" is open for 4 and for 6 hours, "d" for 4 and for the 2 before 19:00.
    np.testing.assert_allclose(early.weight, [0.4, 4 / 6])
    np.testing.assert_allclose(late.weight, [0.6, 2 / 6])


def test_visits_are_asked_by_rank_for_each_day_with_a_shift() -> None:
    places = [spot("a", 200, 200, rank=1), spot("b", 100, 0, rank=2), spot("c", 0, 0, rank=3)]
    dose = Dose(visits_a_day=((1, 2), (2, 1)))

    week = made(places, [shift(), shift(day=3)], dose=dose).planned()

    assert week.asked == (("a", 4), ("b", 2), ("c", 0))
    assert Counter(v.place_id for v in week.visits) == {"a": 4, "b": 2}


def test_a_days_visits_are_spread_over_its_bands_by_their_hours() -> None:
    places = [spot("a", 200, 200)]
    shifts = [shift("08:00", 4, band="early"), shift("14:00", 8)]

    early, late = bands_of(places, shifts, dose=Dose(visits_a_day=((5, 3),)), withheld={})

    assert (early.asked.tolist(), late.asked.tolist()) == ([1], [3])


def test_half_a_visit_falls_into_each_band_on_every_second_day() -> None:
    shifts = [s for day in range(8) for s in (shift("08:00", band="early", day=day),
                                              shift("14:00", day=day))]  # fmt: skip

    bands = bands_of([spot("a", 200, 200)], shifts, dose=ONE_A_DAY, withheld={})

    early = [band.asked[0] - day for day, band in enumerate(bands[::2])]
    assert sorted(early) == [0] * 4 + [1] * 4
    assert early[::2] != early[1::2]
    assert [band.asked[0] for band in bands[1::2]] == list(range(1, 9))


def test_the_same_seed_gives_the_same_bytes() -> None:
    week = random_week(17)

    assert plan_text(week.plan(week.planned())) == plan_text(week.plan(week.planned()))


@pytest.mark.parametrize("number", [2, 5, 17, 33])
def test_another_seed_moves_times_and_no_count(number: int) -> None:
    week = random_week(number)

    one, other = week.planned(seed=1, effort=0.05), week.planned(seed=2, effort=0.05)

    assert Counter(v.place_id for v in one.visits) == Counter(v.place_id for v in other.visits)
    assert one.visits != other.visits
    assert replace(one, visits=()) == replace(other, visits=())


@pytest.mark.parametrize("number", range(0, 60, 3))
def test_what_is_covered_is_what_the_visits_cover_and_lies_between_the_bounds(number: int) -> None:
    week = random_week(number)
    try:
        planned = week.planned(effort=0.05)
    except InputError:
        return

    assert planned.covered == pytest.approx(covered_by_plan(week.plan(planned)))
    assert planned.next_best <= planned.covered <= planned.bound + 1e-9
    assert planned.bound <= planned.expected + 1e-9


@given(
    weights=st.lists(st.floats(0.1, 5), min_size=1, max_size=4),
    steps=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    room=st.lists(st.integers(0, 2), min_size=4, max_size=4),
)
def test_the_asked_bound_is_the_best_of_all_allocations(weights, steps, room) -> None:
    limits = np.cumsum(steps[: len(weights)])
    room = room[: len(weights)]

    found = asked_bound(np.array(weights), np.array(room), limits)

    assert found == pytest.approx(best_allocation(weights, room, limits.tolist()))


def test_a_place_is_not_visited_nor_asked_for_on_a_day_on_which_a_trial_withholds_it() -> None:
    places = [spot("a", 200, 200), spot("b", 300, 0, rank=2)]
    trial = Trial(
        "crossover", ("a", "b"), (0, 0), (9, 9),
        (MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)),
        ((True, False), (False, True)), 1, "",
    )  # fmt: skip

    week = made(places, [shift(day=day) for day in range(4)], dose=ONE_A_DAY,
                withheld=withheld_by(trial)).planned()  # fmt: skip

    assert week.asked == (("a", 2), ("b", 2))
    days = {p: {(v.start.date() - MONDAY).days for v in visits_of(week, p)} for p in "ab"}
    assert days == {"a": {0, 1}, "b": {2, 3}}


def test_no_trial_withholds_nothing() -> None:
    assert withheld_by(None) == {}


def test_a_place_for_the_night_is_visited_by_night_and_one_for_the_day_by_day() -> None:
    places = [spot("n", 200, 200, hours_set="night"), spot("d", 300, 0, rank=2, hours_set="day")]

    week = made(places, [shift("17:00", 4, day=day) for day in range(4)]).planned()

    assert {v.start.hour >= 19 for v in visits_of(week, "n")} == {True}
    assert {v.end <= v.end.replace(hour=19, minute=0) for v in visits_of(week, "d")} == {True}


def test_a_night_shift_goes_on_after_midnight_but_not_after_a_places_last_day() -> None:
    open_hours = hours_open(
        spot("a", 0, 0, until=MONDAY), datetime(2026, 11, 30, 22), datetime(2026, 12, 1, 6),
        dose=Dose(), withheld={},
    )  # fmt: skip

    assert open_hours == (datetime(2026, 11, 30, 22), datetime(2026, 12, 1))


def test_the_longest_stretch_of_open_hours_is_used() -> None:
    start, end = datetime(2026, 11, 30, 5), datetime(2026, 11, 30, 20)

    night = hours_open(spot("n", 0, 0, hours_set="night"), start, end, dose=Dose(), withheld={})
    never = hours_open(spot("n", 0, 0), start, end, dose=Dose(), withheld={MONDAY: ("n",)})

    assert night == (start, datetime(2026, 11, 30, 7))
    assert never is None


@pytest.mark.parametrize("seed", range(20))
def test_the_gap_holds_between_bands_whatever_times_are_drawn(seed: int) -> None:
    bands = [shift("13:00", 1, band="early"), shift("14:00", 1)]

    week = made([spot("a", 0, 0)], bands, dose=Dose(visits_a_day=((5, 2),))).planned(seed=seed)

    # From 13:14 an hour on leaves the late band from 14:14 to 15:00 for the other visit.
    early, late = week.visits
    assert early.end <= datetime(2026, 11, 30, 13, 14)
    assert late.start >= early.end + timedelta(minutes=60)


def test_visits_keep_their_gap_to_those_of_the_plan_before() -> None:
    before = visit("a", "12:40", of=shift("08:00", band="past"))

    week = plan_week(
        [spot("a", 0, 0)], [shift("13:00", 2)], dose=ONE_A_DAY, network=NETWORK, seed=1,
        kept=[before],
    )  # fmt: skip

    assert [v.start >= before.end + timedelta(minutes=60) for v in week.visits] == [True]


def test_a_visit_kept_in_a_band_leaves_half_of_its_place_to_be_covered() -> None:
    # Both lie as far from the base, and there is time for one visit more.
    places = [spot("a", 100, 0, weight=50.0), spot("b", 0, 100, rank=2, weight=40.0)]
    kept = visit("a", "14:05", of=shift())
    end_of_shift = shift(hours=0.65)

    week = plan_week(
        places, [end_of_shift], dose=Dose(gap_minutes=0), network=NETWORK, seed=1, kept=[kept],
        now=kept.end,
    )  # fmt: skip

    assert [v.place_id for v in week.visits] == ["a", "b"]
    assert week.covered == pytest.approx((50 + 40) / 91 / 2)


def test_hours_lost_have_no_visit_and_are_said_where_they_leave_a_place_short() -> None:
    late = shift(hours=2)
    lost = Abstraction(late.shift_id, late.start, late.end - timedelta(minutes=20))

    week = made([spot("a", 500, 500)], [late], lost=[lost]).planned()

    assert week.visits == ()
    assert week.notices == (
        "a: 0 of 3 visits asked for are planned; no unit can get there and back within its hours.",
    )


@pytest.mark.parametrize(
    ("place", "late", "why"),
    [
        ({"hours_set": "night"}, {}, "the shifts have no hours in which it may be visited"),
        ({}, {"base": (-9_000.0, 0.0)}, "no unit can get there and back within its hours"),
        ({}, {"hours": 2}, "its hours hold no more, 60 minutes apart"),
    ],
)  # fmt: skip
def test_a_place_that_gets_fewer_visits_than_asked_is_named_with_the_reason(
    place, late, why
) -> None:
    week = made([spot("a", 0, 0, name="Larkfield Gardens", **place)], [shift(**late)]).planned()

    planned = len(week.visits)
    assert week.notices == (
        f"Larkfield Gardens: {planned} of 3 visits asked for are planned; {why}.",
    )


def test_where_time_runs_out_the_place_that_covers_least_goes_short() -> None:
    places = [spot(f"p{n}", 100 * n, 0, rank=n, weight=50.0 / n) for n in range(1, 6)]

    week = made(places, [shift(hours=1)], dose=ONE_A_DAY).planned()

    assert "p1" in {v.place_id for v in week.visits}
    assert week.notices[-1] == (
        "p5: 0 of 1 visits asked for are planned; the hours go to visits that cover more."
    )


def test_a_known_place_without_records_is_visited_where_there_is_time() -> None:
    places = [spot("a", 200, 200), spot("known", 300, 0, rank=2, weight=0.0)]

    week = made(places, [shift()], dose=ONE_A_DAY).planned()

    assert {v.place_id for v in week.visits} == {"a", "known"}


def test_without_an_active_place_no_visit_is_planned() -> None:
    for places in ([], [spot("a", 0, 0, lifecycle="retired", rank=0)]):
        week = made(places, [shift()]).planned()

        assert (week.visits, week.covered, week.notices) == ((), 0.0, (NO_PLACE,))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"shortest_minutes": 0}, "at least 1 minute; found 0"),
        ({"shortest_minutes": 15}, "found 15, 14, 16"),
        ({"longest_minutes": 13}, "found 10, 14, 13"),
        ({"gap_minutes": -1}, "at least 0 minutes; found -1"),
        ({"visits_a_day": ((10, 1), (5, 2))}, r"rising, .*\[\(10, 1\), \(5, 2\)\]"),
        ({"visits_a_day": ((5, -1),)}, "rising"),
        ({"day_begins": 20}, "found 20 and 19"),
    ],
)
def test_a_dose_that_no_visit_can_have_is_refused(changes, rule) -> None:
    with pytest.raises(InputError, match=rule):
        made([], [shift()], dose=replace(Dose(), **changes)).planned()


def test_shifts_places_and_seeds_that_cannot_be_are_refused() -> None:
    late, place = shift(), spot("a", 0, 0)
    elsewhere = visit("nowhere", "14:20", of=late)

    for hotspots, shifts, more, rule in (
        ([], [], {}, "there is no shift"),
        ([], [late, late], {}, "an id of its own; several are called 2026-11-30 late A"),
        ([], [shift(hours=0)], {}, "up to 24 hours"),
        ([], [shift(hours=25)], {}, "up to 24 hours"),
        ([], [replace(late, start=late.start + timedelta(seconds=5))], {}, "whole minute"),
        ([place, place], [late], {}, "a stands more than once"),
        ([place], [late], {"kept": [elsewhere]}, "nowhere is none"),
        ([place], [late], {"seed": -1}, "whole number from 0"),
    ):
        with pytest.raises(InputError, match=rule):
            plan_week(hotspots, shifts, **{"dose": Dose(), "network": NETWORK, "seed": 1} | more)


def test_visits_a_day_go_by_rank() -> None:
    dose = Dose(visits_a_day=((5, 3), (10, 2)))

    assert [visits_a_day(dose, rank) for rank in (0, 1, 5, 6, 10, 11)] == [0, 3, 3, 2, 2, 0]


def test_visits_fit_with_the_gap_between_them_only() -> None:
    fits = [visits_that_fit(minutes, dose=Dose()) for minutes in (0, 13, 14, 87, 88, 240)]

    assert fits == [0, 0, 1, 1, 2, 4]  # 14 + 60 + 14 = 88


def test_day_of_an_asked_visit_is_the_day_on_which_the_shift_begins() -> None:
    night = shift("22:00", 8)

    (band,) = bands_of([spot("a", 0, 0)], [night], dose=ONE_A_DAY, withheld={})

    assert (band.day, band.first, band.last) == (date(2026, 11, 30), night.start, night.end)
    assert band.asked.tolist() == [1]
