"""From points to circles: what each holds, what it expects, and what becomes of it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.patrol_circles import divided, most_covered
from peelian.core.crimes import POLICE_GENERATED_TYPES
from peelian.core.errors import InputError
from peelian.core.months import MonthSpan
from peelian.core.patrols import Hotspot
from peelian.core.places import MicroPlace, NamedPlace, SnapPoint
from peelian.measures import load_measures, measure
from peelian.measures.harm_index import harm_index
from peelian.response.patrol_places import (
    Eligibility,
    divide_into_circles,
    known_centre,
    require_public_basis,
)
from peelian.response.place_artefacts import suspected_artefacts
from peelian.response.place_figures import (
    expected_harm,
    figures_of_circles,
    points_of_places,
    recent_records,
)
from peelian.response.place_hours import day_night, ranks_of
from peelian.response.place_life import lives_of_eligible, lives_of_ended, not_carried_on
from peelian.response.place_words import names_of_circles, slug
from peelian.scanning.series import PlaceCounts

YEAR = MonthSpan.parse("2025-01/2025-12")


def point(name: str, east: float, north: float = 0.0, *, location: str = "") -> MicroPlace:
    """A micro-place of one snap point."""
    published = location or f"On or near {name}"
    return MicroPlace(slug(name), name, (SnapPoint(published, 0.0, 0.0, east, north),))


def counts_of(*rows: list[float]) -> PlaceCounts:
    places = tuple(point(f"Street {i}", 100.0 * i) for i in range(len(rows)))
    return PlaceCounts("public-reported", places, YEAR, np.array(rows, dtype=float))


def spot(place_id: str, east: float = 0.0, **changes: object) -> Hotspot:
    made = Hotspot(
        place_id=place_id, name=place_id, centre=(east, 0.0), radius_m=100, buffer_m=100, rank=1,
        weight=9, expected=9, low=4, high=15, level=0.9, records=40, police_made_share=0.1,
        lifecycle="active", origin="ranked", reason="40 records.",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


# ---- circles


def test_a_circle_is_around_the_point_that_holds_most_with_its_neighbours() -> None:
    spots = np.array([(0, 0), (90, 0), (180, 0), (900, 0)], dtype=float)

    found = divide_into_circles(
        spots, [5, 1, 5, 9], [50, 10, 50, 40], eligibility=Eligibility(), least_records=36
    )

    # Around the middle one: 5 + 1 + 5 = 11, more than the 9 of the one far away.
    assert [(circle.centre, circle.points) for circle in found.chosen] == [
        ((90.0, 0.0), (0, 1, 2)),
        ((900.0, 0.0), (3,)),
    ]
    assert found.rest == ()


def test_a_place_with_too_few_records_or_too_near_is_not_chosen_and_not_lost() -> None:
    spots = np.array([(0, 0), (150, 0), (500, 0)], dtype=float)

    found = divide_into_circles(
        spots, [9, 8, 7], [60, 50, 35], eligibility=Eligibility(), least_records=36
    )

    assert [circle.points for circle in found.chosen] == [(0,)]
    assert [(c.points, c.is_near_another) for c in found.rest] == [((1,), True), ((2,), False)]


def test_a_known_place_takes_its_records_first_and_keeps_others_away() -> None:
    spots = np.array([(0, 0), (90, 0), (160, 0), (400, 0)], dtype=float)

    found = divide_into_circles(
        spots, [9, 9, 9, 9], [50, 50, 50, 50],
        eligibility=Eligibility(), least_records=36, known=[(10.0, 0.0)],
    )  # fmt: skip

    assert found.known[0].points == (0, 1)
    assert [circle.centre for circle in found.chosen] == [(400.0, 0.0)]


def test_a_point_left_out_is_in_no_circle() -> None:
    spots = np.array([(0, 0), (50, 0)], dtype=float)

    found = divide_into_circles(
        spots, [9, 9], [500, 50], eligibility=Eligibility(), least_records=36, left_out=[0]
    )

    assert [circle.points for circle in found.chosen] == [(1,)]
    assert found.chosen[0].centre == (50.0, 0.0)


def test_no_points_give_no_circles_but_those_known() -> None:
    found = divide_into_circles(
        np.empty((0, 2)), [], [], eligibility=Eligibility(), least_records=36, known=[(5.0, 5.0)]
    )

    assert found.chosen == found.rest == ()
    assert found.known[0].points == ()


wards = st.lists(
    st.tuples(st.integers(0, 700), st.integers(0, 700), st.integers(0, 80)), max_size=25
)


@settings(max_examples=150)
@given(ward=wards, radius=st.sampled_from([50.0, 100.0, 150.0]), apart=st.sampled_from([0, 200]))
def test_the_division_is_that_of_the_slow_rule_and_has_every_point_once(
    ward: list[tuple[int, int, int]], radius: float, apart: int
) -> None:
    spots = np.array([each[:2] for each in ward], dtype=float).reshape(-1, 2)
    records = [float(each[2]) for each in ward]
    eligibility = Eligibility(radius_m=radius, least_apart_m=apart)

    found = divide_into_circles(
        spots, np.array(records) / 4, records, eligibility=eligibility, least_records=36
    )

    slow = divided(
        [(float(x), float(y)) for x, y in spots], [r / 4 for r in records], records,
        radius_m=radius, least_apart_m=apart, least_records=36,
    )  # fmt: skip
    assert [(c.centre, list(c.points)) for c in found.chosen] == [
        ((float(spots[centre, 0]), float(spots[centre, 1])), inside) for centre, inside in slow
    ]
    held = [i for circle in (*found.chosen, *found.rest) for i in circle.points]
    assert sorted(held) == list(range(len(ward)))
    for circle in (*found.chosen, *found.rest):
        assert all(math.dist(spots[i], circle.centre) <= radius for i in circle.points)
    for one, other in itertools.combinations(found.chosen, 2):
        assert math.dist(one.centre, other.centre) >= apart


@settings(max_examples=40)
@given(ward=wards.filter(lambda ward: len(ward) >= 3))
def test_three_circles_hold_63_percent_of_the_best_three(ward: list[tuple[int, int, int]]) -> None:
    """The bound of Nemhauser, Wolsey and Fisher (1978): 1 - (1 - 1/3)^3 is 70 % for three."""
    spots = np.array([each[:2] for each in ward[:12]], dtype=float)
    expected = [float(each[2]) for each in ward[:12]]

    found = divide_into_circles(
        spots, expected, expected, eligibility=Eligibility(least_apart_m=0), least_records=0
    )

    held = sum(expected[i] for circle in found.chosen[:3] for i in circle.points)
    at_best = most_covered(
        [(float(x), float(y)) for x, y in spots], expected, circles=3, radius_m=100
    )
    assert held >= (1 - (2 / 3) ** 3) * at_best - 1e-9


# ---- eligibility and basis


@pytest.mark.parametrize("radius", [0.0, 151.0])
def test_a_circle_of_no_size_or_over_150_metres_is_refused(radius: float) -> None:
    with pytest.raises(InputError, match=f"at most 150 m .*found a radius of {radius:g} m"):
        Eligibility(radius_m=radius)


def test_nobody_overrides_without_a_name_and_a_reason() -> None:
    with pytest.raises(InputError, match="NAME: REASON; found 'because'"):
        Eligibility(override="because")
    with pytest.raises(InputError, match="at least one record"):
        Eligibility(least_records=0)


@pytest.mark.parametrize("id_", ["drugs", "weapons", "all-recorded-crime", "all-records"])
def test_what_police_find_is_no_basis_unless_a_named_person_says_why(id_: str) -> None:
    with pytest.raises(InputError, match=r"follows? where police looked, and would send patrols"):
        require_public_basis(measure(id_), Eligibility())

    require_public_basis(measure(id_), Eligibility(override="Sgt A. Jones: the panel asked"))
    require_public_basis(measure("public-reported"), Eligibility())


def test_no_measure_that_passes_unasked_counts_a_type_that_police_find() -> None:
    passed = []
    for each in load_measures().values():
        try:
            require_public_basis(each, Eligibility())
        except InputError:
            continue
        passed.append(each)

    assert "public-reported" in {each.id for each in passed}
    assert not {kind for each in passed for kind in each.crime_types} & POLICE_GENERATED_TYPES


def test_stops_are_no_basis_whoever_asks() -> None:
    with pytest.raises(InputError, match="a record of what police did"):
        require_public_basis(measure("stops"), Eligibility(override="Sgt A. Jones: asked"))


# ---- figures


def test_a_circles_interval_is_its_own_and_narrower_than_its_points_ends_together() -> None:
    points = counts_of([4.0] * 12, [4.0] * 12, [1.0] * 12, [0.0] * 12)

    together = figures_of_circles(points, [(0, 1), (2,), (3,)])
    apart = figures_of_circles(points, [(0,), (1,), (2,), (3,)])

    assert together[0].records == 96
    assert together[0].low > apart[0].low + apart[1].low
    assert together[0].high < apart[0].high + apart[1].high
    assert (
        together[0].why[0] == "96 of the ward's 108 records in the twelve months to December 2025."
    )


def test_a_circle_without_a_point_expects_little_and_says_that_it_has_none() -> None:
    found = figures_of_circles(counts_of([5.0] * 12, [3.0] * 12), [(0,), (1,), ()])

    assert found[2].records == 0
    assert found[2].expected < found[1].expected
    assert found[2].why == ("No record in the months held.",)


def test_a_month_that_is_missing_is_not_zero_in_a_circle() -> None:
    row = [3.0] * 12
    gap = [3.0] * 11 + [math.nan]

    whole = figures_of_circles(counts_of(row, [1.0] * 12), [(0,), (1,)])
    missing = figures_of_circles(counts_of(gap, [1.0] * 11 + [math.nan]), [(0,), (1,)])

    assert missing[0].records == 33
    assert missing[0].expected == pytest.approx(whole[0].expected, rel=0.02)


def test_expected_harm_is_records_times_the_mean_of_a_mix_drawn_to_the_wards() -> None:
    """By hand: of 100 records 20 are robberies (746 points), all of them at the first place."""
    basis = counts_of([5.0] * 10 + [0, 0], [5.0] * 10 + [0, 0])
    robbery = counts_of([2.0] * 10 + [0, 0], [0.0] * 12)
    index = harm_index("ons-crime-severity-score-2016")

    harm = expected_harm([10.0, 10.0], basis, {"robbery": robbery}, [(0,), (1,)], index)

    # (20 + 100 x 0.2) / (50 + 100) and (0 + 100 x 0.2) / (50 + 100) of the records.
    assert harm == pytest.approx([10 * 746 * 40 / 150, 10 * 746 * 20 / 150])


def test_points_of_places_are_as_many_and_keep_their_places_names() -> None:
    long = MicroPlace(
        "high",
        "High Street",
        tuple(p.snap_points[0] for p in (point("High Street", 0), point("High Street", 120))),
    )

    found = points_of_places([long, point("Mews", 300)])

    assert [each.name for each in found] == ["High Street", "High Street", "Mews"]
    assert recent_records(counts_of([1.0] * 12)).tolist() == [12]


# ---- names


def test_a_circle_is_called_by_its_main_places_and_no_two_alike() -> None:
    points = [
        point("Churchway", 0), point("Doric Way", 50), point("Tiny Mews", 60),
        point("Supermarket near Chalton Street", 70), point("Churchway", 300),
    ]  # fmt: skip

    names = names_of_circles([(0, 1, 2, 3), (4,), ()], points, [30, 25, 1, 60, 20])
    alike = names_of_circles([(0,), (4,)], points, [30, 25, 1, 60, 20])

    assert names == ("Churchway and Doric Way", "Churchway", "")
    assert alike == ("Churchway (1)", "Churchway (2)")
    assert names_of_circles([(3,)], points, [0] * 5) == ("Supermarket near Chalton Street",)


# ---- known places


def test_a_place_larger_than_the_circle_is_patrolled_from_its_busiest_point() -> None:
    spots = np.array([(0, 0), (150, 0), (300, 0)], dtype=float)

    busiest = known_centre([0, 1, 2], (150.0, 40.0), spots, [5, 9, 9], radius_m=100, reach_m=180)
    small = known_centre([0, 1, 2], (150.0, 40.0), spots, [5, 9, 9], radius_m=100, reach_m=100)
    empty = known_centre([], (150.0, 40.0), spots, [5, 9, 9], radius_m=100, reach_m=180)

    assert busiest == ((150.0, 0.0), "busiest point")
    assert small == ((150.0, 40.0), "middle")
    assert empty == ((150.0, 40.0), "no point")


# ---- lives


def test_in_a_first_plan_what_is_eligible_is_active() -> None:
    assert lives_of_eligible([spot("a")], None, within_m=100) == (spot("a"),)


def test_a_new_place_is_proposed_for_one_plan_and_active_in_the_next() -> None:
    (first,) = lives_of_eligible([spot("a")], [spot("far", 500)], within_m=100)
    (second,) = lives_of_eligible([spot("b", 80)], [first], within_m=100)

    assert (first.lifecycle, first.rank) == ("proposed", 0)
    assert "patrolled from the next plan on" in first.reason
    assert (second.lifecycle, second.place_id) == ("active", "a")
    assert second.reason == "Proposed in the plan before. 40 records."


def ended(spots: list[Hotspot], **changes: object) -> tuple[Hotspot, ...]:
    """Those that end, with figures of today that differ from the plan before's."""
    before = [replace(each, expected=each.expected + 1) for each in spots]
    return lives_of_ended(spots, before, least_records=36, **{"kept": [], **changes})  # type: ignore[arg-type]


def test_a_place_goes_from_active_to_watch_to_retired_and_is_then_not_listed() -> None:
    active = spot("a", records=20)

    (watch,) = ended([*not_carried_on([], [active], within_m=100)])
    (retired,) = ended([*not_carried_on([], [watch], within_m=100)])

    assert (watch.lifecycle, watch.rank) == ("watch", 0)
    assert "20 records in its circle in the last twelve months, under the 36 asked" in watch.reason
    assert retired.lifecycle == "retired"
    assert retired.reason.startswith("On watch in the plan before, and not eligible: 20 records")
    assert not_carried_on([], [retired], within_m=100) == ()


def test_a_weekly_plan_without_newer_records_retires_nothing_that_is_watched() -> None:
    watch = spot("a", lifecycle="watch", records=20)

    (still,) = lives_of_ended([watch], [watch], least_records=36, kept=[])

    assert (still.lifecycle, still.rank) == ("watch", 0)
    assert still.reason.startswith("Still on watch, since there are no newer records")


def test_a_place_on_watch_that_is_eligible_again_is_active_again() -> None:
    (found,) = lives_of_eligible([spot("b", 10)], [spot("a", lifecycle="watch")], within_m=100)

    assert (found.lifecycle, found.place_id) == ("active", "a")
    assert found.reason.startswith("On watch in the plan before, and eligible again.")


def test_a_proposal_that_is_not_eligible_any_more_is_retired() -> None:
    (found,) = ended([spot("a", lifecycle="proposed", records=5)])

    assert found.lifecycle == "retired"
    assert found.reason.startswith("Proposed in the plan before, and not eligible: 5 records")


def test_a_place_that_came_back_after_it_was_retired_is_proposed_anew() -> None:
    (found,) = lives_of_eligible([spot("b")], [spot("a", lifecycle="retired")], within_m=100)

    assert (found.lifecycle, found.place_id) == ("proposed", "b")


def test_an_earlier_place_is_carried_on_by_the_nearest_and_by_one_alone() -> None:
    earlier = [spot("a", 0), spot("b", 200)]

    found = lives_of_eligible([spot("x", 95), spot("y", 110)], earlier, within_m=100)

    # y to b is 90 m and x to a 95 m; x to b, y to a are over 100 m.
    assert [each.place_id for each in found] == ["a", "b"]
    assert not_carried_on([spot("x", 95)], earlier, within_m=100) == (earlier[1],)


def test_ground_that_is_now_a_known_place_is_retired_as_that_place() -> None:
    known = spot("known-estate", 60, origin="known", name="Curnock Street Estate")

    (found,) = ended([spot("a")], kept=[known])

    assert found.lifecycle == "retired"
    assert found.reason == "Patrolled now as the known place Curnock Street Estate."


def test_a_watched_place_whose_records_are_counted_elsewhere_says_where() -> None:
    (found,) = ended([spot("a", records=90)], kept=[spot("b", 130)])

    assert found.lifecycle == "watch"
    assert "those that lie near b are counted there" in found.reason


# ---- artefacts


def beside(east: float) -> MicroPlace:
    return point(f"Street {east:g}", east)


def test_a_police_station_with_far_more_records_than_its_neighbours_is_pointed_at() -> None:
    station = point("Police station near A Road", 0, location="On or near Police Station")
    points = [station, beside(80), beside(160), beside(240)]

    # Six times the others' mean, of 120 records against 60: an interval well above twice.
    (found,) = suspected_artefacts(points, [120, 20, 20, 20], [])

    assert found.standing_for == "a police station"
    assert 2 < found.low < 6


def test_a_hospital_of_the_map_beside_a_street_is_named() -> None:
    hospital = NamedPlace("St Pancras Hospital", "building", shapely.Point(0, 40).buffer(20))
    points = [beside(0), beside(80), beside(160), beside(240)]

    (found,) = suspected_artefacts(points, [120, 20, 20, 20], [hospital])

    assert found.standing_for == "a hospital (St Pancras Hospital)"


@pytest.mark.parametrize(
    ("records", "why"), [([30, 20, 20, 20], "not far beyond"), ([0, 0, 0, 0], "no record")]
)
def test_a_station_like_its_neighbours_is_not_suspected(records: list[int], why: str) -> None:
    station = point("Euston station", 0, location="Euston (Station)")

    assert why
    assert suspected_artefacts([station, beside(80), beside(160), beside(240)], records, []) == ()


def test_a_busy_street_is_no_artefact_nor_is_one_without_neighbours_or_a_petrol_station() -> None:
    tube = NamedPlace("Camden Town", "station", shapely.Point(0, 0).buffer(30))
    petrol = point("Petrol station near A Road", 0, location="On or near Petrol Station")
    police = point("Police station near A Road", 0, location="On or near Police Station")
    others = [beside(80), beside(160), beside(240)]

    assert suspected_artefacts([beside(0), *others], [500, 20, 20, 20], [tube]) == ()
    assert suspected_artefacts([petrol, *others], [500, 20, 20, 20], []) == ()
    assert suspected_artefacts([police, beside(80)], [500, 20], []) == ()
    assert suspected_artefacts([], [], []) == ()


# ---- day and night


def at_hours(*hours: int) -> np.ndarray:
    return np.array(
        [f"2025-03-{1 + i % 28:02d}T{h:02d}:30" for i, h in enumerate(hours)],
        dtype="datetime64[us]",
    )


def test_a_place_of_the_night_is_marked_as_one() -> None:
    times = at_hours(*[22] * 30, *[12] * 5)

    found = day_night(times, times, day_begins=7, night_begins=19)

    assert (found.hours_set, found.day, found.night) == ("night", 5, 30)
    assert found.sentence.startswith("Of 35 records with a time, 5 by day (07:00 to 19:00)")


def test_asked_of_many_places_at_once_a_share_must_be_surer() -> None:
    times = at_hours(*[22] * 15, *[12] * 5)

    alone = day_night(times, times, day_begins=7, night_begins=19)
    of_twenty = day_night(times, times, day_begins=7, night_begins=19, places=20)

    # 15 of 20: the exact 95 % interval is .51 to .91; at 99.75 % it reaches below one half.
    assert (alone.hours_set, of_twenty.hours_set) == ("night", "always")


@pytest.mark.parametrize("hours", [(), (12, 13), (12, 22) * 20])
def test_few_records_or_even_ones_leave_a_place_in_both_sets(hours: tuple[int, ...]) -> None:
    found = day_night(at_hours(*hours), at_hours(*hours), day_begins=7, night_begins=19)

    assert found.hours_set == "always"


def test_an_interval_over_the_evening_counts_in_both_halves() -> None:
    start = np.array(["2025-03-01T17:00"], dtype="datetime64[us]")
    end = np.array(["2025-03-01T21:00"], dtype="datetime64[us]")

    found = day_night(start, end, day_begins=7, night_begins=19)

    assert [found.day, found.night] == pytest.approx([2 / 4, 2 / 4])


def test_ranks_go_from_the_largest_and_equal_ones_in_their_order() -> None:
    assert ranks_of([3.0, 9.0, 3.0]) == (2, 1, 3)
    assert ranks_of([]) == ()


def test_a_hot_spots_last_day_is_kept_through_its_life() -> None:
    until = date(2026, 12, 31)

    (found,) = ended([spot("a", until=until, records=1)])

    assert found.until == until
