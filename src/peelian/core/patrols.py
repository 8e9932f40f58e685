"""Words of patrol: hot spots, shifts, visits and the plan that joins them.

A unit is a call sign for the day, never a person. Times are the clock on the wall in England
and Wales, without a zone, to the whole minute; an end is excluded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from peelian.core.streets import Travel

PatrolMode = Literal["foot", "cycle", "vehicle"]
Lifecycle = Literal["proposed", "active", "watch", "retired"]
HoursSet = Literal["always", "day", "night"]
TrialKind = Literal["parallel", "crossover"]

TRAVEL_OF: Mapping[PatrolMode, Travel] = {
    "foot": "on_foot",
    "cycle": "by_cycle",
    "vehicle": "by_vehicle",
}


@dataclass(frozen=True)
class Dose:
    """How much presence a hot spot is to get.

    shortest_minutes, longest_minutes: of a visit, both included (Koper 1995,
    doi:10.1080/07418829500096231). route_minutes: what routes allow for a visit, between the
    two. gap_minutes: the least time from the end of a visit to the start of the next at the
    same place, whichever unit makes them. visits_a_day: (last rank, visits) from the first
    rank on; a place below the last rank gets none. hours_set "day" begins at day_begins and
    ends where "night" begins.
    """

    shortest_minutes: int = 10
    longest_minutes: int = 16
    route_minutes: int = 14
    gap_minutes: int = 60
    visits_a_day: tuple[tuple[int, int], ...] = ((5, 3), (10, 2), (20, 1))
    day_begins: int = 7  # o'clock
    night_begins: int = 19


@dataclass(frozen=True)
class Hotspot:
    """A circle that is to be patrolled, why, and where it stands in its life.

    centre: easting and northing, EPSG:27700, metres; radius_m: at most 150. weight: expected
    harm over the next three months, or expected records where no harm index is used; what
    routes cover. expected, low, high: records expected in the next three months and their
    interval at `level`. records: of the basis in the last twelve months. police_made_share:
    police-generated records as a share of all placed there, from 0 to 1; None where there is
    no record. rank: from 1, among active places; 0 for one that is not active.
    """

    place_id: str
    name: str
    centre: tuple[float, float]
    radius_m: float
    buffer_m: float
    rank: int
    weight: float
    expected: float
    low: float
    high: float
    level: float
    records: int
    police_made_share: float | None
    lifecycle: Lifecycle
    origin: Literal["ranked", "known"]
    hours_set: HoursSet = "always"
    until: date | None = None  # the last day on which it is patrolled
    reason: str = ""  # why it is here, or why it is not active; a person's words for "known"
    why: tuple[str, ...] = ()  # the months and figures that justify it, each one sentence
    points: tuple[str, ...] = ()  # ids of the micro-places inside


@dataclass(frozen=True)
class Shift:
    """Hours that one unit has for planned patrol, from a base and back to it.

    base: easting and northing, EPSG:27700, metres.
    """

    shift_id: str  # "2026-12-01 late A"
    band: str  # "late": shifts of one day and band are planned together
    unit: str  # "A"
    mode: PatrolMode
    start: datetime
    end: datetime
    base: tuple[float, float]


@dataclass(frozen=True)
class PlannedVisit:
    """Time that a unit is to spend at a hot spot."""

    place_id: str
    shift_id: str
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return round((self.end - self.start).total_seconds() / 60)


@dataclass(frozen=True)
class Visit:
    """Time that a unit did spend at a hot spot; without a place_id, background patrol."""

    place_id: str
    start: datetime
    end: datetime
    mode: PatrolMode
    unit: str
    visible: bool = True  # in uniform

    @property
    def minutes(self) -> float:
        """How long it lasted."""
        return (self.end - self.start).total_seconds() / 60


@dataclass(frozen=True)
class Abstraction:
    """Hours that a unit lost to other work. From start, included, to end, excluded."""

    shift_id: str
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True)
class Trial:
    """Which places get extra patrol in which periods, drawn by chance and sealed.

    places: ids, in order of their block and rank. blocks: one a place; places of a block are
    alike before the trial. expected: one a place, records expected in three months, as they were
    when it was drawn. period_starts: the first day of each period, and after them the day
    on which the last one ends. treated: one row a place, one entry a period. seal: SHA-256 over
    all of this and the seed, in hexadecimal, so that a later change shows.
    """

    kind: TrialKind
    places: tuple[str, ...]
    blocks: tuple[int, ...]
    expected: tuple[float, ...]
    period_starts: tuple[date, ...]
    treated: tuple[tuple[bool, ...], ...]
    seed: int
    seal: str


@dataclass(frozen=True)
class PatrolPlan:
    """A period's patrols in a ward: what was asked, what is planned, and how well it covers.

    first, last: days, both included. asked: place id and visits asked for in the period.
    covered: expected harm that the visits cover (`response.patrol_routes` says how it is
    reckoned); bound: no plan of these shifts can cover more; next_best: what going to the best
    next place at every step would cover. version: from 1; replaces:
    the seal of the plan before.
    """

    area_code: str
    area_name: str
    boundary_set: str
    first: date
    last: date
    made_on: date
    measure: str  # the id of the measure that places are ranked by
    harm_index: str  # id; empty where places are weighed by records
    seed: int
    code_version: str
    dose: Dose
    hotspots: tuple[Hotspot, ...]
    shifts: tuple[Shift, ...]
    asked: tuple[tuple[str, int], ...]
    visits: tuple[PlannedVisit, ...]
    covered: float
    bound: float
    next_best: float
    trial: Trial | None = None
    abstractions: tuple[Abstraction, ...] = ()
    notices: tuple[str, ...] = ()
    version: int = 1
    replaces: str = ""
    change: str = ""  # what a later version changes, and why
    records_until: str = ""  # YYYY-MM, the last month of the records that it is made from
