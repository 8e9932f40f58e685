"""A small plan made by hand on a grid of streets: two days, two bands, two units, three places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import shapely

import made_patrols
from made_patrols import MONDAY
from made_places import CORNER, ways
from peelian.core.areas import Area, BoundarySet
from peelian.core.patrols import Abstraction, Dose, Hotspot, PatrolPlan, PlannedVisit, Shift
from peelian.core.streets import StreetNetwork
from peelian.core.tasking import SpeakTo, Tasking
from peelian.core.wards import Commitment, Priority
from peelian.measures import load_measures
from peelian.products.patrol_plan.document import PlanDocument
from peelian.products.patrol_plan.shift_routes import shift_routes
from peelian.products.ward_page import MapLayers, MappedStreet
from peelian.response.options import cards_for, poor_fits_for
from peelian.response.tactic_mix import tactic_mix
from peelian.store.street_network import network_of

LONG_NAME = "A place with a name of quite sixty letters, near the old market hall"
BASE = (CORNER[0], CORNER[1])


def grid_network() -> StreetNetwork:
    """Six streets across and six along, 100 m apart, from CORNER on."""
    across = [{"nodes": range(10 * n, 10 * n + 6), "name": f"{n} Cross Row"} for n in range(6)]
    along = [{"nodes": range(n, n + 60, 10), "name": f"{n} Long Street"} for n in range(6)]
    made = network_of(ways(*across, *along))
    moved = [shapely.transform(line, lambda xy: xy + np.array(CORNER)) for line in made.lines]
    return replace(
        made,
        node_easting=made.node_easting + CORNER[0],
        node_northing=made.node_northing + CORNER[1],
        lines=np.array(moved),
    )


def hotspot(rank: int, name: str, east: float, north: float, **changes: Any) -> Hotspot:
    part = rank or 4
    alike = made_patrols.hotspot(
        f"place-{rank}", name, centre=(CORNER[0] + east, CORNER[1] + north)
    )
    figures = {
        "radius_m": 80.0, "rank": rank, "weight": 40.0 / part, "expected": 40.0 / part,
        "low": 20.0 / part, "high": 60.0 / part, "records": 120 // part, "police_made_share": 0.05,
        "why": (f"{120 // part} records in the last twelve months.",),
    }  # fmt: skip
    return replace(alike, **{**figures, **changes})


def shift(day: date, band: str, unit: str, hour: int, *, mode: Any = "foot") -> Shift:
    start = datetime(day.year, day.month, day.day, hour)
    return Shift(f"{day} {band} {unit}", band, unit, mode, start, start + timedelta(hours=3), BASE)


def visit(place: int, to: Shift, after: int, minutes: int = 12) -> PlannedVisit:
    start = to.start + timedelta(minutes=after)
    return PlannedVisit(f"place-{place}", to.shift_id, start, start + timedelta(minutes=minutes))


def made_plan(**changes: Any) -> PatrolPlan:
    days = (MONDAY, MONDAY + timedelta(days=1))
    shifts = tuple(
        shift(day, band, unit, hour, mode="cycle" if unit == "B" else "foot")
        for day in days
        for band, hour in (("afternoon", 15), ("evening", 19))
        for unit in "AB"
    )
    visits = tuple(
        visit(place, each, after)
        for each in shifts
        if each.unit == "A"
        for place, after in ((1, 20), (2, 50), (1, 100))
    )
    places = (
        hotspot(1, "Granary Street", 200, 300),
        hotspot(2, "Pratt Street and Camden Place", 400, 100),
        hotspot(
            3, "Curnock Estate", 100, 500, origin="known", until=date(2026, 12, 31),
            reason="Residents report drug use on the stairs", hours_set="night", why=(),
        ),
        hotspot(0, "Old Yard", 500, 500, place_id="old", weight=0.0, lifecycle="retired",
                reason="fewer records than 36 for six months"),
    )  # fmt: skip
    plan = PatrolPlan(
        area_code="E05999901",
        area_name="Larkfield",
        boundary_set="made-wards",
        first=days[0],
        last=days[1],
        made_on=date(2026, 11, 25),
        measure="public-reported",
        harm_index="",
        seed=7,
        code_version="test",
        dose=Dose(),
        hotspots=places,
        shifts=shifts,
        asked=(("place-1", 8), ("place-2", 4), ("place-3", 2)),
        visits=visits,
        covered=0.6,
        bound=0.9,
        next_best=0.5,
        notices=("The base is made.",),
    )
    return replace(plan, **changes)


def made_document(plan: PatrolPlan | None = None, **changes: Any) -> PlanDocument:
    plan = plan or made_plan()
    network = grid_network()
    x, y = CORNER
    priority = Priority(
        id="p1", title="Robbery", issue="x", measure="public-reported",
        commitments=[
            Commitment(id="c1", text="foot patrols in the gardens", sentence="", said_in="action",
                       tactic="visibility"),
            Commitment(id="c2", text="searches", sentence="", said_in="action",
                       tactic="stop_search"),
        ],
    )  # fmt: skip
    document = PlanDocument(
        plan=plan,
        measure=load_measures()["public-reported"],
        harm=None,
        area=Area(
            "E05999901", "Larkfield", BoundarySet("made-wards", "ward", 2022, "made", "made"),
            shapely.box(x, y, x + 500, y + 500), "",
        ),
        layers=MapLayers(
            tuple(
                MappedStreet(str(name), str(highway), line)
                for name, highway, line in zip(
                    network.names, network.highways, network.lines, strict=True
                )
            ),
            (),
        ),
        force_name="Made Town Police",
        routes=shift_routes(plan, network),
        expected=1.2,
        tasking=Tasking(
            speak_to=[
                SpeakTo(who="Curnock estate office", place="Curnock Estate", about="keys"),
                SpeakTo(who="Made Street market", place="Pratt Street"),
                SpeakTo(who="The ward panel's chair", about="what residents ask"),
            ]
        ),
        base_name="Larkfield police station",
        power=None,
        priorities=(priority,),
        cards=cards_for("public-reported"),
        poor_fits=poor_fits_for("public-reported"),
        mix=tactic_mix(["visibility", "stop_search"]),
        cover=None,
        fairness=None,
        sources=(),
    )  # fmt: skip
    return replace(document, **changes)


def busy_document(stops: int) -> PlanDocument:
    """One shift of nine hours with so many visits, all at places with long names and reasons."""
    places = tuple(
        hotspot(
            n, f"{LONG_NAME} {n}", 100.0 * (n % 5), 100.0 * (n % 4),
            why=("Recorded there: " + "Violence and sexual offences (10), " * 4 + "others (5).",),
        )
        for n in range(1, stops + 1)
    )  # fmt: skip
    first = made_plan().shifts[0]
    long = replace(first, end=first.start + timedelta(hours=9))
    visits = tuple(visit(n, long, 20 * n, minutes=10) for n in range(1, stops + 1))
    return made_document(made_plan(hotspots=places, shifts=(long,), visits=visits, asked=()))


def lost(of: Shift, first: int, last: int, reason: str = "custody") -> Abstraction:
    """Minutes of a shift that are lost, from its start."""
    begins, ends = (of.start + timedelta(minutes=minutes) for minutes in (first, last))
    return Abstraction(of.shift_id, begins, ends, reason)
