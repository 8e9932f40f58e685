"""A week's plan for each of Camden's wards, on its own streets, without a fault."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from camden_map import camden_store
from made_weeks import MadeWeek, shift, spot
from peelian.core.areas import Area
from peelian.core.patrols import Abstraction, PatrolPlan
from peelian.core.streets import StreetNetwork
from peelian.response.abstraction import replan
from peelian.response.plan_check import faults_of
from peelian.store import Store, places

PILOT = "E05013669"


def week_in(store: Store, ward: Area, network: StreetNetwork) -> MadeWeek:
    """Twelve places where streets meet, and two bands a day from the nearest police station."""
    rng = np.random.default_rng([1829, int(ward.code[1:])])
    nodes = network.joined_nodes("on_foot")
    inside = nodes[ward.holds(network.node_easting[nodes], network.node_northing[nodes])]
    at = rng.choice(inside, size=12, replace=False)
    middle = ward.shape.centroid
    stations = [p for p in places.named_places(store, ward.shape) if "Police Station" in p.name]
    base = min((p.shape.centroid for p in stations), key=middle.distance, default=middle)
    return MadeWeek(
        network,
        [
            spot(
                f"p{rank}", float(network.node_easting[node]), float(network.node_northing[node]),
                rank=rank, weight=40.0 / rank,
            )
            for rank, node in enumerate(at, start=1)
        ],
        [
            shift(start, 4, day=day, band=band, unit=unit, base=(base.x, base.y))
            for day in range(7)
            for band, start in (("early", "08:00"), ("late", "18:00"))
            for unit in "AB"
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def weeks(real_data: Path) -> dict[str, MadeWeek]:
    """A week by ward; all share the borough's map, since reading it is slow."""
    store = camden_store(real_data)
    wards = [places.area(store, f"E050136{number}") for number in range(52, 72)]
    network = places.street_network(store, wards[0].shape, buffer_m=10_000)
    return {ward.code: week_in(store, ward, network) for ward in wards}


def test_a_week_of_every_ward_of_camden_has_no_fault(weeks: dict[str, MadeWeek]) -> None:
    for made in weeks.values():
        plan = made.plan(made.planned())

        assert faults_of(plan, network=made.network) == ()
        assert len(plan.visits) + sum(_missing(plan).values()) == sum(n for _, n in plan.asked)
        assert len(plan.notices) == len(_missing(plan))
    assert len(weeks) == 20


def test_the_pilot_wards_week_is_made_up_after_a_unit_is_called_away(
    weeks: dict[str, MadeWeek],
) -> None:
    made = weeks[PILOT]
    plan = made.plan()
    called = shift("18:00", 4, day=2)
    now = called.start - timedelta(hours=1)

    new = replan(
        plan, [Abstraction(called.shift_id, called.start, called.end)], network=made.network,
        now=now, made_on=now.date(), reason="", replaces="", code_version="0",
    )  # fmt: skip

    assert faults_of(new, network=made.network) == ()
    assert [v for v in new.visits if v.start < now] == [v for v in plan.visits if v.start < now]
    assert sum(_missing(new).values()) <= 3


def _missing(plan: PatrolPlan) -> dict[str, int]:
    """Visits asked for and not planned, of places that have any."""
    got = {place_id: 0 for place_id, _ in plan.asked}
    for visit in plan.visits:
        got[visit.place_id] += 1
    return {place_id: n - got[place_id] for place_id, n in plan.asked if n > got[place_id]}
