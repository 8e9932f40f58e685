"""A shift's round leads from its base to its visits in order and back, along named streets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from made_places import ways
from peelian.core.patrols import PatrolPlan
from peelian.products.patrol_plan.document import expected_in
from peelian.products.patrol_plan.shift_routes import ShiftRoute, shift_routes
from peelian.response.travel_times import minutes_between
from peelian.store.street_network import network_of
from publication.plan_sample import grid_network, lost, made_plan


def round_of(plan: PatrolPlan, shift_id: str) -> ShiftRoute:
    return next(r for r in shift_routes(plan, grid_network()) if r.shift.shift_id == shift_id)


def test_a_round_visits_in_order_and_ends_at_the_base() -> None:
    plan = made_plan()

    found = round_of(plan, "2026-11-30 afternoon A")

    assert [leg.hotspot.rank if leg.hotspot else 0 for leg in found.legs] == [1, 2, 1, 0]
    assert len(found.stops) == 3


def test_a_unit_leaves_at_the_last_whole_minute_that_keeps_the_visits_time() -> None:
    plan = made_plan()
    legs = round_of(plan, "2026-11-30 afternoon A").legs
    points = [plan.shifts[0].base, *(leg.hotspot.centre for leg in legs if leg.hotspot)]
    minutes = minutes_between(grid_network(), points, mode="foot")

    # 500 m at 72 m a minute are 6.94 minutes: seven before 15:20 is 15:13.
    assert legs[0].leaves.isoformat() == "2026-11-30T15:13:00"
    for number, leg in enumerate(legs[:3]):
        assert leg.way is not None
        assert leg.way.minutes == minutes[number, number + 1]
        assert leg.leaves + timedelta(minutes=leg.way.minutes) <= leg.arrives


def test_a_unit_is_back_at_its_base_before_hours_that_are_lost() -> None:
    plan = made_plan()
    shift = plan.shifts[0]
    plan = replace(plan, abstractions=(lost(shift, 65, 90),))

    found = round_of(plan, shift.shift_id)

    assert [leg.hotspot.rank if leg.hotspot else 0 for leg in found.legs] == [1, 2, 0, 1, 0]
    assert found.lost[0].reason == "custody"


def test_a_shift_without_visits_has_no_way() -> None:
    found = round_of(made_plan(), "2026-11-30 afternoon B")

    assert found.legs == ()
    assert found.stops == ()


def test_without_a_street_map_visits_stand_and_ways_are_not_known() -> None:
    found = shift_routes(made_plan(), network_of(ways({"nodes": (0, 1)}).clear()))

    assert [leg.way for leg in found[0].legs] == [None] * 4
    assert found[0].legs[0].leaves == found[0].legs[0].arrives


def test_what_is_expected_in_the_plans_days_is_a_share_of_three_months() -> None:
    # Weights 40, 20 and 40/3 over 91 days; the third is patrolled by night alone, and the
    # evening has hours for it on both days, so each place has its two days whole.
    assert abs(expected_in(made_plan()) - 2 * (40 + 20 + 40 / 3) / 91) < 1e-9
