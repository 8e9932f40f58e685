"""Shifts, hours lost, dose and base: from the tasking file, or the usual ones, and said so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import shapely

from made_patrols import plan
from peelian.core.areas import Area, BoundarySet
from peelian.core.errors import InputError, UnknownPlaceError
from peelian.core.patrols import Dose
from peelian.core.places import NamedPlace
from peelian.core.tasking import DoseChanges, LostHours, RosteredShift, Tasking
from peelian.products.patrol_plan.assembly import PlanWishes, month_starts
from peelian.products.patrol_plan.shift_roster import (
    base_of,
    dose_of,
    lost_from,
    shifts_of_days,
    usual_hours_notice,
    usual_shifts,
)

MONDAY = date(2026, 11, 30)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]
WARD = Area(
    "E05999901", "Larkfield", BoundarySet("made", "ward", 2022, "made", "made"),
    shapely.box(530_000, 183_000, 531_000, 184_000),
)  # fmt: skip


def place(name: str, east: float, *aliases: str) -> NamedPlace:
    return NamedPlace(name, "building", shapely.box(east, 183_400, east + 20, 183_420), aliases)


def test_without_a_tasking_file_two_units_walk_six_hours_a_day_and_the_page_says_so() -> None:
    usual = usual_shifts(units=2)

    shifts = shifts_of_days(usual, WEEK, (0.0, 0.0))

    assert len(shifts) == 28
    assert shifts[0].shift_id == "2026-11-30 afternoon A"
    assert sum((s.end - s.start).total_seconds() for s in shifts) / 3600 == 84
    assert "15:00 to 18:00 and 19:00 to 22:00" in usual_hours_notice(usual)
    assert "--tasking" in usual_hours_notice(usual)


def test_a_shift_that_ends_before_it_starts_ends_the_next_morning() -> None:
    night = RosteredShift(band="night", start="21:00", end="01:00", units=1, days=["friday"])

    (found,) = shifts_of_days([night], WEEK, (0.0, 0.0))

    assert found.start == datetime(2026, 12, 4, 21)
    assert found.end == datetime(2026, 12, 5, 1)


def test_units_of_one_band_are_lettered_across_its_rows() -> None:
    rows = [
        RosteredShift(band="late", start="15:00", end="19:00", units=2),
        RosteredShift(band="late", start="16:00", end="20:00", units=1, mode="vehicle"),
    ]

    found = shifts_of_days(rows, [MONDAY], (0.0, 0.0))

    assert [(s.unit, s.mode) for s in found] == [("A", "foot"), ("B", "foot"), ("C", "vehicle")]


def test_hours_lost_after_midnight_are_of_the_shift_that_began_before_it() -> None:
    night = RosteredShift(band="night", start="21:00", end="03:00", units=1)
    shifts = shifts_of_days([night], WEEK, (0.0, 0.0))
    told = [LostHours(date="2026-12-04", band="night", unit="A", start="23:30", end="01:00")]

    (found,) = lost_from(told, shifts, first=MONDAY, last=WEEK[-1])

    assert (found.start, found.end) == (datetime(2026, 12, 4, 23, 30), datetime(2026, 12, 5, 1))


def test_hours_without_times_are_the_whole_shift_and_other_weeks_are_left() -> None:
    shifts = shifts_of_days(usual_shifts(units=1), WEEK, (0.0, 0.0))
    told = [
        LostHours(date="2026-12-01", band="evening", unit="A", reason="court"),
        LostHours(date="2027-01-01", band="evening", unit="A"),
    ]

    (found,) = lost_from(told, shifts, first=MONDAY, last=WEEK[-1])

    assert (found.start.hour, found.end.hour, found.reason) == (19, 22, "court")


def test_hours_of_a_shift_that_is_not_there_are_refused_with_those_that_are() -> None:
    shifts = shifts_of_days(usual_shifts(units=1), WEEK, (0.0, 0.0))
    told = [LostHours(date="2026-12-01", band="early", unit="A")]

    with pytest.raises(InputError, match=r"has no 2026-12-01 early A.*2026-12-01 afternoon A"):
        lost_from(told, shifts, first=MONDAY, last=WEEK[-1])


@pytest.mark.parametrize(("start", "end"), [("10:00", "12:00"), ("21:00", "20:00")])
def test_lost_hours_that_are_none_of_the_shift_are_refused(start: str, end: str) -> None:
    shifts = shifts_of_days(usual_shifts(units=1), WEEK, (0.0, 0.0))
    told = [LostHours(date="2026-12-01", band="evening", unit="A", start=start, end=end)]

    with pytest.raises(InputError, match=f"{start} to {end} are none of 2026-12-01 evening A"):
        lost_from(told, shifts, first=MONDAY, last=WEEK[-1])


def test_a_dose_without_changes_is_the_usual_one() -> None:
    assert dose_of(Tasking()) == Dose()


def test_routes_allow_for_a_visit_within_the_changed_limits() -> None:
    longer = Tasking(dose=DoseChanges(shortest_minutes=15, longest_minutes=20, gap_minutes=30))
    shorter = Tasking(dose=DoseChanges(shortest_minutes=5, longest_minutes=9))

    assert (dose_of(longer).route_minutes, dose_of(longer).gap_minutes) == (15, 30)
    assert dose_of(shorter).route_minutes == 9


def test_units_start_at_the_nearest_police_station_by_name_where_no_base_is_told() -> None:
    named = [
        place("Far Police Station", 535_000),
        place("Old Nick", 531_100, "Larkfield Police Station"),
        place("British Transport Police", 530_500),
    ]

    found = base_of(named, WARD, told="")

    assert found.name == "Old Nick"
    assert found.point == (531_110.0, 183_410.0)
    assert "100 m from the ward" in found.notice


def test_without_a_police_station_units_start_in_the_wards_middle() -> None:
    found = base_of([], WARD, told="")

    assert found.point == (530_500.0, 183_500.0)
    assert "middle of the ward" in found.notice


def test_a_base_that_is_told_needs_no_notice_and_one_unknown_to_the_map_is_refused() -> None:
    named = [place("Larkfield Police Station", 530_100)]

    assert base_of(named, WARD, told="Larkfield Police Station").notice == ""
    with pytest.raises(UnknownPlaceError, match="'Nowhere House' is none"):
        base_of(named, WARD, told="Nowhere House")


def test_a_trials_months_are_whole_and_begin_with_the_plan_or_after_it() -> None:
    assert month_starts(date(2026, 12, 1), months=2) == (
        date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1),
    )  # fmt: skip
    assert month_starts(date(2026, 11, 30), months=1) == (date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(("days", "units"), [(0, 2), (32, 2), (7, 0), (7, 27)])
def test_a_plan_of_no_days_or_no_units_is_refused(days: int, units: int) -> None:
    with pytest.raises(InputError, match="1 to 31 days, with 1 to 26 units"):
        PlanWishes(MONDAY, MONDAY, "test", days=days, units=units)


@pytest.mark.parametrize("year", [1999, 2100, 9999])
def test_a_plan_of_another_century_is_refused(year: int) -> None:
    with pytest.raises(InputError, match=f"2000 to 2099; found {year}-12-31"):
        PlanWishes(date(year, 12, 31), MONDAY, "test")


@pytest.mark.parametrize("months", [0, 61, 200_000])
def test_a_trial_of_no_months_or_of_years_is_refused(months: int) -> None:
    with pytest.raises(InputError, match=f"from 1 to 60 months; found {months}"):
        PlanWishes(MONDAY, MONDAY, "test", trial_months=months)


@pytest.mark.parametrize("days_later", [-7, 1, 6])
def test_a_plan_that_runs_into_the_plan_before_is_refused(days_later: int) -> None:
    before = plan([], [], days=7)
    first = before.first + timedelta(days=days_later)

    with pytest.raises(InputError, match=r"units would be told twice .* 2026-12-07, or on"):
        PlanWishes(first, MONDAY, "test", previous=before)
    later = PlanWishes(before.first + timedelta(days=7), MONDAY, "test", previous=before)
    assert not later.replaces_previous
    assert PlanWishes(before.first, MONDAY, "test", previous=before).replaces_previous
