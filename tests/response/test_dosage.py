from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles.dosage as oracle
from made_patrol_plan import MONDAY, at, plan, planned, shift, visit
from peelian.core.patrols import Dose, PlannedVisit, Visit
from peelian.response.dosage import Delivered, Planned, delivered, dosage
from peelian.response.dose_delivery import Duty, deliveries
from peelian.response.patrol_trend import patrol_trend
from peelian.response.visits_once import visits_once

LATE = shift(0)


def outcomes(found):
    return [each.outcome for each in found.deliveries]


def test_a_visit_counts_as_a_dose_from_ten_minutes_on():
    short, just, long = (visit("a", 0, "15:00", minutes) for minutes in (9.9, 10, 20))

    found = delivered([short, just, long], dose=Dose())

    # 10 + 16 of the dose, 4 beyond the longest, and 9.9 that are none.
    assert (found.visits, found.useful) == (3, 2)
    assert found.dose_minutes == 26
    assert found.extra_minutes == 4
    assert found.short_minutes == pytest.approx(9.9)


def test_another_dose_lets_other_visits_count():
    found = delivered([visit("a", 0, "15:00", 8)], dose=Dose(shortest_minutes=5))

    assert found.useful == 1


def test_no_visits_are_no_minutes_and_no_share_of_them_is_visible():
    found = delivered([], dose=Dose())

    assert found == Delivered()
    assert found.visible_share is None


def test_minutes_are_told_by_mode_and_by_uniform():
    found = delivered(
        [
            visit("a", 0, "15:00", 12),
            visit("a", 0, "16:00", 10, mode="cycle"),
            visit("a", 0, "17:00", 18, mode="vehicle", visible=False),
        ],
        dose=Dose(),
    )

    assert (found.foot_minutes, found.cycle_minutes, found.vehicle_minutes) == (12, 10, 18)
    assert found.visible_share == 22 / 40


def test_each_planned_visit_has_one_outcome():
    made = plan(
        [LATE, shift(1), shift(2)],
        [
            planned("a", LATE, 0, "15:00"),
            planned("a", LATE, 0, "17:00"),
            planned("b", LATE, 0, "18:00"),
            planned("b", LATE, 0, "20:00"),
            planned("a", shift(1), 1, "15:00"),
        ],
    )
    log = [
        visit("a", 0, "15:10"),
        visit("a", 0, "19:00"),
        visit("b", 0, "18:00", 6),
    ]

    found = dosage(log, made)

    assert outcomes(found) == ["on time", "other time", "too short", "not delivered", "not logged"]
    assert found.planned == Planned(5, 70, 1, 1, 1, 1, 1)
    assert found.planned.delivered_share == 2 / 4


def test_passing_by_at_another_hour_is_no_planned_visit_cut_short():
    made = plan([LATE], [planned("a", LATE, 0, "15:00")])

    found = dosage([visit("a", 0, "19:00", 4)], made)

    assert outcomes(found) == ["not delivered"]


def test_a_day_said_to_be_complete_has_visits_that_were_not_delivered():
    made = plan([LATE], [planned("a", LATE, 0, "15:00")])

    silent = dosage([], made)
    complete = dosage([], made, complete=[MONDAY])

    assert outcomes(silent) == ["not logged"]
    assert silent.planned.delivered_share is None
    assert outcomes(complete) == ["not delivered"]


def test_a_delivered_visit_answers_one_planned_visit_only():
    made = plan([LATE], [planned("a", LATE, 0, "15:00"), planned("a", LATE, 0, "15:10")])

    found = dosage([visit("a", 0, "15:05")], made)

    assert outcomes(found) == ["on time", "not delivered"]


def test_a_visit_of_another_unit_delivers_the_plan():
    made = plan([LATE, shift(0, unit="B")], [planned("a", LATE, 0, "15:00")])

    found = dosage([visit("a", 0, "15:00", unit="B")], made)

    assert outcomes(found) == ["on time"]


def test_useful_visits_that_no_plan_asked_for_are_told_apart():
    made = plan([LATE], [planned("a", LATE, 0, "15:00")])

    found = dosage([visit("a", 0, "15:00"), visit("b", 0, "16:00", 12)], made)

    assert (found.unplanned, found.unplanned_minutes) == (1, 12)


def test_a_nights_hours_after_midnight_belong_to_the_day_it_began():
    night = shift(6, "22:00", "06:00", band="night")
    made = plan([night], [planned("a", night, 7, "02:00")])

    found = dosage([visit("a", 7, "02:05")], made)

    assert outcomes(found) == ["on time"]
    assert found.days_logged == (MONDAY + timedelta(days=6),)
    assert found.bands[0].band == "night"


def test_a_week_without_a_log_is_missing_and_not_zero():
    made = plan([LATE, shift(7)], [planned("a", shift(7), 7, "15:00")], days=14)

    found = dosage([visit("a", 0, "15:00")], made)

    first, second = (each for each in found.place_weeks if each.place_id == "a")
    assert (first.days_logged, first.delivered.visits) == (1, 1)
    assert (second.days_logged, second.delivered) == (0, None)
    assert second.planned.not_logged == 1


def test_background_patrol_stands_apart_from_places():
    made = plan([LATE], [])

    found = dosage([visit("a", 0, "15:00"), visit("", 0, "15:14", 46)], made)

    assert found.at_places.minutes == 14
    assert found.background.minutes == 46
    assert [each.delivered.minutes for each in found.place_weeks] == [14, 0, 46]


def test_a_band_shows_which_of_its_shifts_have_a_log():
    made = plan([LATE, shift(1), shift(2, "07:00", "15:00", band="early")], [])

    found = dosage([visit("a", 0, "15:00"), visit("a", 0, "23:00")], made)

    early_to_none = {each.band: each for each in found.bands}
    assert (early_to_none["late"].shifts, early_to_none["late"].logged_shifts) == (2, 1)
    assert early_to_none["late"].logged_minutes == 480
    assert early_to_none["early"].logged_shifts == 0
    assert early_to_none[""].at_places.visits == 1


def test_the_longest_gap_runs_over_patrolled_hours_alone():
    made = plan([LATE, shift(1)], [])

    found = dosage([visit("a", 0, "15:00"), visit("a", 1, "16:00")], made)

    # From 15:14 to 22:00 and from 14:00 to 16:00 of the next day, against 16:14 to 22:00.
    gap = next(each for each in found.gaps if each.place_id == "a")
    assert gap.minutes == 406 + 120
    assert (gap.start, gap.end) == (at(0, "15:14"), at(1, "16:00"))
    assert (gap.starts_at_log, gap.ends_at_log) == (False, False)


def test_an_unlogged_shift_ends_a_gap_since_somebody_may_have_come():
    made = plan([LATE, shift(1), shift(2)], [])

    found = dosage([visit("a", 0, "15:00"), visit("a", 2, "15:00")], made)

    gap = next(each for each in found.gaps if each.place_id == "a")
    assert gap.minutes == 406
    assert gap.ends_at_log


def test_a_place_that_nobody_came_to_has_a_gap_as_long_as_the_log():
    made = plan([LATE], [])

    found = dosage([visit("a", 0, "15:00")], made)

    gap = next(each for each in found.gaps if each.place_id == "b")
    assert gap.minutes == 480
    assert gap.starts_at_log
    assert gap.ends_at_log


def test_a_plan_without_a_log_says_nothing_of_any_place():
    found = dosage([], plan([LATE], [planned("a", LATE, 0, "15:00")]))

    assert found.days_logged == ()
    assert found.gaps == ()
    assert all(each.delivered is None for each in found.place_weeks)


def test_visits_of_other_days_are_counted_as_outside():
    found = dosage([visit("a", 0, "15:00"), visit("a", 20, "15:00")], plan([LATE], []))

    assert (found.at_places.visits, found.outside) == (1, 1)


def test_no_result_names_a_unit():
    made = plan([LATE], [planned("a", LATE, 0, "15:00")])

    found = dosage([visit("a", 0, "15:00", unit="QX77")], made)

    assert "QX77" not in repr(found)


TIMES = st.integers(0, 300).map(lambda m: at(0, "15:00") + timedelta(minutes=m))


@given(st.lists(TIMES, min_size=1, max_size=5), st.lists(TIMES, min_size=1, max_size=5))
def test_no_matching_has_more_visits_on_time(wanted, came):
    asked = [PlannedVisit("a", LATE.shift_id, t, t + timedelta(minutes=14)) for t in wanted]
    log = [Visit("a", t, t + timedelta(minutes=12), "foot", "") for t in came]

    found = deliveries(asked, log, duty=Duty([LATE]), dose=Dose(), logged=frozenset([MONDAY]))

    told = [each.outcome for each in found.planned]
    assert told.count("on time") == oracle.most_on_time(wanted, came, 15)
    # Every useful visit of the day answers for a planned one while there is one left.
    assert told.count("not delivered") == max(0, len(wanted) - len(came))
    assert len(found.unplanned) == max(0, len(came) - len(wanted))


SPANS = st.tuples(st.integers(0, 3000), st.integers(1, 700)).map(
    lambda m: (at(0, "13:00") + timedelta(minutes=m[0]), at(0, "13:00") + timedelta(minutes=sum(m)))
)


@given(st.lists(SPANS.map(lambda s: (s[0], s[0] + timedelta(minutes=12))), min_size=1, max_size=6))
def test_the_longest_gap_agrees_with_counting_minute_by_minute(spans):
    shifts = [shift(day) for day in range(4)] + [shift(day, unit="B") for day in range(4)]
    log = [Visit("a", start, end, "foot", "") for start, end in spans]
    week = [MONDAY + timedelta(days=day) for day in range(7)]

    found = dosage(log, plan(shifts, []), complete=week)

    gap = next(each for each in found.gaps if each.place_id == "a")
    assert gap.minutes == oracle.longest_gap([(s.start, s.end) for s in shifts], spans)


@given(st.lists(st.tuples(SPANS, st.sampled_from(["foot", "cycle", "vehicle"])), max_size=8))
def test_minutes_add_up_however_they_are_divided(records):
    log = [Visit("a", start, end, mode, "") for (start, end), mode in records]

    found = delivered(log, dose=Dose())

    whole = pytest.approx(found.minutes)
    assert found.dose_minutes + found.extra_minutes + found.short_minutes == whole
    assert found.foot_minutes + found.cycle_minutes + found.vehicle_minutes == whole


def test_a_log_and_a_trace_of_one_unit_count_once():
    from_log = visit("a", 0, "15:00", 14, unit="A")
    from_trace = visit("a", 0, "15:02", 15, unit="A")
    background = visit("", 0, "14:50", 40, unit="A")

    once = visits_once([from_log, from_trace, background])

    assert once.joined == 1
    assert [(v.place_id, v.start, v.minutes) for v in once.visits] == [
        ("", at(0, "14:50"), 10),
        ("a", at(0, "15:00"), 17),
        ("", at(0, "15:17"), 13),
    ]


@given(st.lists(st.tuples(SPANS, st.sampled_from(["a", "b", ""])), max_size=7))
def test_no_minute_of_a_unit_at_a_place_counts_twice(records):
    log = [Visit(place, start, end, "foot", "A") for (start, end), place in records]

    once = visits_once(log)

    minutes = {
        place: oracle.minutes_of([(v.start, v.end) for v in log if v.place_id == place])
        for place in ("a", "b", "")
    }
    minutes[""] -= minutes["a"] | minutes["b"]
    for place, true in minutes.items():
        own = [v.minutes for v in once.visits if v.place_id == place]
        assert sum(own) == len(true)


def test_records_without_a_unit_may_be_two_units_and_both_count():
    once = visits_once([visit("a", 0, "15:00"), visit("a", 0, "15:00")])

    assert (len(once.visits), once.joined, once.perhaps_twice) == (2, 0, 1)


def test_a_unit_at_two_places_at_a_time_is_told():
    here, there = visit("a", 0, "15:00", unit="A"), visit("b", 0, "15:10", unit="A")

    assert visits_once([here, there]).at_two_places == ((here, there),)
    assert visits_once([]).visits == ()


def weekly(minutes):
    """One visit on each day of a week, together so long."""
    return [
        visit("a", 7 * week + day, "15:00", each / 7)
        for week, each in enumerate(minutes)
        if each
        for day in range(7)
    ]


def test_weeks_before_and_after_are_compared_with_an_interval():
    found = patrol_trend(
        weekly([100, 110, 120, 200, 220, 240]), changed_on=MONDAY + timedelta(days=21)
    ).change

    # Means 110 and 220, variances 100 and 400, n = 3: standard error sqrt(500 / 3) = 12.910,
    # Welch's freedom (500/3)^2 / ((100/3)^2/2 + (400/3)^2/2) = 2.941; t(0.975) there is 3.219,
    # read off between the printed t(2) = 4.303 and t(3) = 3.182.
    assert (found.before, found.after, found.difference) == pytest.approx((110, 220, 110))
    assert found.low == pytest.approx(110 - 3.22 * 12.91, abs=0.2)
    assert found.high == pytest.approx(110 + 3.22 * 12.91, abs=0.2)


def test_a_missing_week_is_left_out_of_the_mean():
    found = patrol_trend(weekly([100, 0, 100, 200]), changed_on=MONDAY + timedelta(days=21))

    assert found.missing == (MONDAY + timedelta(days=7),)
    assert found.change.before == pytest.approx(100)
    assert found.change.is_too_few_to_say


def test_a_week_in_which_the_change_falls_is_not_compared():
    found = patrol_trend(weekly([100, 500, 200]), changed_on=MONDAY + timedelta(days=9))

    assert found.partial == (MONDAY + timedelta(days=7),)
    assert (found.change.before, found.change.after) == pytest.approx((100, 200))


def test_days_without_a_log_are_no_fall_in_patrol():
    """As much every day, but from the fourth week on nobody logs Saturdays and Sundays."""
    every_day = weekly([140] * 6)
    as_logged = [
        each
        for each in every_day
        if each.start.date() < MONDAY + timedelta(days=21) or each.start.weekday() < 5
    ]
    days = [MONDAY + timedelta(days=day) for day in range(42)]

    found = patrol_trend(as_logged, changed_on=MONDAY + timedelta(days=21))
    said = patrol_trend(as_logged, changed_on=MONDAY + timedelta(days=21), complete=days)

    assert (found.change, found.not_whole) == (None, 3)
    assert said.change.difference == pytest.approx(-40)  # somebody says that nobody walked


def test_no_visits_are_no_weeks():
    found = patrol_trend([], changed_on=date(2026, 1, 1))

    assert (found.weeks, found.change) == ((), None)


def test_a_change_before_all_weeks_compares_nothing():
    found = patrol_trend(weekly([100]), changed_on=datetime(2020, 1, 1).date())

    assert found.change is None
    assert [each.minutes for each in found.weeks] == pytest.approx([100])
