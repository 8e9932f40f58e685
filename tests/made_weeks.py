"""Small made wards to be patrolled: a grid with one-way streets, places, shifts and doses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from made_patrols import MONDAY, hotspot
from made_places import ways
from peelian.core.patrols import (
    Abstraction,
    Dose,
    Hotspot,
    PatrolPlan,
    PlannedVisit,
    Shift,
    Trial,
)
from peelian.core.streets import StreetNetwork
from peelian.response.patrol_week import PlannedWeek, plan_week
from peelian.store.street_network import network_of

SIDE = 6  # streets each way, 100 m apart


def grid_network(one_way: Sequence[int] = ()) -> StreetNetwork:
    """Streets from west to east and from south to north; each one way as given, 0 for not."""
    across = [[10 * row + column for column in range(SIDE)] for row in range(SIDE)]
    along = [[10 * row + column for row in range(SIDE)] for column in range(SIDE)]
    turns = [*one_way, *[0] * (2 * SIDE - len(one_way))]
    return network_of(
        ways(
            *(
                {"nodes": nodes, "one_way": turn, "cycles_both_ways": turn > 0}
                for nodes, turn in zip([*across, *along], turns, strict=True)
            )
        )
    )


def spot(place_id: str, east: float, north: float, *, rank: int = 1, **changes: object) -> Hotspot:
    """An active place so many metres from the grid's south-west corner."""
    return replace(hotspot(place_id, centre=(east, north)), rank=rank, **changes)


def shift(
    start: str = "14:00", hours: float = 4, *, day: int = 0, band: str = "late", unit: str = "A",
    mode: str = "foot", base: tuple[float, float] = (0.0, 0.0),
) -> Shift:  # fmt: skip
    """A shift so many days after MONDAY."""
    begins = datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(start))
    return Shift(
        f"{begins.date()} {band} {unit}", band, unit, mode, begins,
        begins + timedelta(hours=hours), base,
    )  # fmt: skip


@dataclass(frozen=True)
class MadeWeek:
    """All that a week's plan is made from."""

    network: StreetNetwork
    hotspots: Sequence[Hotspot]
    shifts: Sequence[Shift]
    dose: Dose = Dose()
    lost: Sequence[Abstraction] = ()
    withheld: Mapping[date, Collection[str]] = field(default_factory=dict)
    seed: int = 7301

    def planned(self, *, seed: int | None = None, effort: float = 0.1) -> PlannedWeek:
        return plan_week(
            self.hotspots, self.shifts, dose=self.dose, network=self.network,
            seed=self.seed if seed is None else seed, lost=self.lost, withheld=self.withheld,
            effort=effort,
        )  # fmt: skip

    def plan(self, week: PlannedWeek | None = None) -> PatrolPlan:
        """The plan of a week, planned here unless it is given; withheld places as a trial."""
        week = week or self.planned()
        days = sorted({s.start.date() for s in self.shifts})
        return PatrolPlan(
            area_code="E05999901", area_name="Larkfield", boundary_set="made", first=days[0],
            last=days[-1], made_on=MONDAY - timedelta(days=4), measure="public-reported",
            harm_index="", seed=self.seed, code_version="0", dose=self.dose,
            hotspots=tuple(self.hotspots), shifts=tuple(self.shifts), asked=week.asked,
            visits=week.visits, covered=week.covered, bound=week.bound,
            next_best=week.next_best, abstractions=tuple(self.lost), notices=week.notices,
            trial=self._trial(),
        )  # fmt: skip

    def _trial(self) -> Trial | None:
        """One period a day, so that what is withheld on a day stands in it."""
        if not self.withheld:
            return None
        ids = tuple(place.place_id for place in self.hotspots)
        days = sorted(self.withheld)
        starts = (*days, days[-1] + timedelta(days=1))
        treated = tuple(
            tuple(place_id not in self.withheld[day] for day in days) for place_id in ids
        )
        return Trial("parallel", ids, (0,) * len(ids), (9,) * len(ids), starts, treated, 1, "")


def random_week(number: int) -> MadeWeek:
    """A small ward, its shifts and its dose, all drawn by the number; some cannot be planned."""
    rng = np.random.default_rng([20_261_130, number])
    dose = _random_dose(rng)
    shifts = _random_shifts(rng)
    hotspots = [_random_spot(rng, rank) for rank in range(1, int(rng.integers(0, 7)) + 1)]
    days = sorted({s.start.date() + timedelta(days=n) for s in shifts for n in (0, 1)})
    withheld = {
        day: tuple(h.place_id for h in hotspots if rng.random() < 0.4)
        for day in _all_days(days)
        if rng.random() < 0.9
    }
    return MadeWeek(
        network=grid_network([int(turn) for turn in rng.integers(-1, 2, size=2 * SIDE)]),
        hotspots=hotspots,
        shifts=shifts,
        dose=dose,
        lost=[_random_loss(rng, s) for s in shifts if rng.random() < 0.2],
        withheld=_without_gaps(withheld) if rng.random() < 0.3 else {},
        seed=int(rng.integers(0, 2**31)),
    )


def _random_dose(rng: np.random.Generator) -> Dose:
    shortest = int(rng.integers(5, 13))
    route = shortest + int(rng.integers(0, 4))
    return Dose(
        shortest_minutes=shortest if rng.random() > 0.03 else route + 1,  # one that cannot be
        longest_minutes=route + int(rng.integers(0, 4)),
        route_minutes=route,
        gap_minutes=int(rng.choice([0, 20, 60, 120])),
        visits_a_day=((2, int(rng.integers(1, 5))), (5, int(rng.integers(0, 3)))),
    )


def _random_shifts(rng: np.random.Generator) -> list[Shift]:
    shifts: list[Shift] = []
    bands = [("early", int(rng.integers(5, 12))), ("late", int(rng.integers(12, 24)))]
    for band, o_clock in bands[: int(rng.integers(1, 3))]:
        for day in range(int(rng.integers(0 if rng.random() < 0.05 else 1, 4))):
            for unit in "AB"[: int(rng.integers(1, 3))]:
                hours = rng.choice([0.25, 1, 2, 3.5, 5], p=[0.05, 0.15, 0.4, 0.2, 0.2])
                base = (0.0, 0.0) if rng.random() < 0.9 else (-4_000.0, 0.0)  # an hour away
                mode = str(rng.choice(["foot", "cycle", "vehicle"], p=[0.6, 0.2, 0.2]))
                minute = int(rng.choice([0, 30, 45]))
                shifts.append(
                    shift(
                        f"{o_clock:02d}:{minute:02d}", -1 if rng.random() < 0.005 else float(hours),
                        day=day, band=band, unit=unit, mode=mode, base=base,
                    )
                )  # fmt: skip
    return shifts


def _random_spot(rng: np.random.Generator, rank: int) -> Hotspot:
    east, north = (float(metres) for metres in rng.uniform(0, 100 * (SIDE - 1), size=2))
    active = rng.random() < 0.9
    return spot(
        f"p{rank}", east, north, rank=rank if active else 0,
        weight=float(rng.uniform(0, 60)) if rng.random() < 0.95 else 0.0,
        lifecycle="active" if active else "watch",
        hours_set=str(rng.choice(["always", "day", "night"], p=[0.6, 0.2, 0.2])),
        until=MONDAY + timedelta(days=1) if rng.random() < 0.15 else None,
    )  # fmt: skip


def _random_loss(rng: np.random.Generator, of: Shift) -> Abstraction:
    minutes = max(1, round((of.end - of.start) / timedelta(minutes=1)))
    begins = int(rng.integers(0, minutes))
    lasts = int(rng.integers(1, minutes - begins + 1))
    start = of.start + timedelta(minutes=begins)
    return Abstraction(of.shift_id, start, start + timedelta(minutes=lasts), "another job")


def _all_days(days: Sequence[date]) -> list[date]:
    if not days:
        return []
    return [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]


def _without_gaps(withheld: Mapping[date, Collection[str]]) -> dict[date, Collection[str]]:
    """The same for every day from the first to the last, so that it can be a trial's periods."""
    return {day: withheld.get(day, ()) for day in _all_days(sorted(withheld))}


def visit(place_id: str, at: str, *, of: Shift, minutes: int = 14, day: int = 0) -> PlannedVisit:
    """A visit in a shift, so many days after MONDAY."""
    start = datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(at))
    return PlannedVisit(place_id, of.shift_id, start, start + timedelta(minutes=minutes))
