"""A plan, its log and its places made by hand, small enough to check by eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from peelian.core.patrols import Dose, Hotspot, PatrolPlan, PlannedVisit, Shift, Visit

MONDAY = date(2026, 11, 30)


def hotspot(place_id: str, name: str = "", *, centre: tuple[float, float] = (0.0, 0.0)) -> Hotspot:
    return Hotspot(
        place_id=place_id, name=name or place_id, centre=centre, radius_m=100.0, buffer_m=100.0,
        rank=1, weight=10.0, expected=10.0, low=5.0, high=16.0, level=0.9, records=40,
        police_made_share=0.1, lifecycle="active", origin="ranked",
    )  # fmt: skip


def planned(place_id: str, day: int, at: str = "15:10", minutes: int = 14) -> PlannedVisit:
    """A visit so many days after MONDAY."""
    start = _when(day, at)
    return PlannedVisit(place_id, _shift_id(day), start, start + timedelta(minutes=minutes))


def visit(
    place_id: str, day: int, at: str = "15:10", minutes: float = 14, *, unit: str = "A"
) -> Visit:
    start = _when(day, at)
    return Visit(place_id, start, start + timedelta(minutes=minutes), "foot", unit)


def plan(
    hotspots: Sequence[Hotspot], visits: Sequence[PlannedVisit], *, days: int = 7,
    area_code: str = "E05999901", boundary_set: str = "made",
) -> PatrolPlan:  # fmt: skip
    """A plan from MONDAY on, with one late shift of one unit a day."""
    shifts = [
        Shift(_shift_id(d), "late", "A", "foot", _when(d, "14:00"), _when(d, "22:00"), (0.0, 0.0))
        for d in range(days)
    ]
    return PatrolPlan(
        area_code=area_code, area_name="Larkfield", boundary_set=boundary_set, first=MONDAY,
        last=MONDAY + timedelta(days=days - 1), made_on=MONDAY - timedelta(days=4),
        measure="public-reported", harm_index="", seed=7301, code_version="0", dose=Dose(),
        hotspots=tuple(hotspots), shifts=tuple(shifts),
        asked=tuple(sorted(Counter(v.place_id for v in visits).items())), visits=tuple(visits),
        covered=1.0, bound=2.0, next_best=0.5,
    )  # fmt: skip


def _when(day: int, at: str) -> datetime:
    on = MONDAY + timedelta(days=day)
    return datetime.fromisoformat(f"{on} {at}")


def _shift_id(day: int) -> str:
    return f"{MONDAY + timedelta(days=day)} late A"
