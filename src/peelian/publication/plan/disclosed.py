"""A patrol plan as its page, its briefings and its files take it: nothing is computed after this.

Made by `page.cleared_for_team` alone. Times and routes are exact and counts are true: it is the
team's own. Residents see minutes, by another door. Times are the clock on the wall, without a
zone, to the whole minute; positions are EPSG:27700, metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peelian.publication.disclosed import DisclosedMap, DisclosedSource, Ring


@dataclass(frozen=True)
class DisclosedHotspot:
    """A place that is patrolled: a row of the table and a circle of the map.

    asked, planned: visits in the plan's days. expected: in words, with its interval.
    """

    rank: int
    place_id: str
    name: str
    easting: float
    northing: float
    radius_m: float
    buffer_m: float
    expected: str
    police_made: str  # the share of police-generated records, in words
    why: tuple[str, ...]
    hours: str
    until: str
    asked: int
    planned: int


@dataclass(frozen=True)
class DisclosedInactive:
    """A place that is not patrolled in this plan, and why not."""

    name: str
    state: str
    reason: str


@dataclass(frozen=True)
class DisclosedLeg:
    """The way to a visit, or back to the base, where rank is 0 and start is None.

    before: what has to be known before it: a new day after midnight, hours lost. speak_to: at
    the first visit to a place. way: the streets in order, in words. line: of the way, empty where
    the map knows none.
    """

    before: tuple[str, ...]
    speak_to: tuple[str, ...]
    rank: int
    place_id: str
    name: str
    leaves: datetime
    arrives: datetime
    ends: datetime | None
    minutes_there: int
    metres: int
    way: str
    streets: str  # the same in short: the names of the streets alone
    line: Ring

    @property
    def is_visit(self) -> bool:
        """Whether it leads to a place, not back to the base."""
        return self.ends is not None

    @property
    def visit_minutes(self) -> int:
        """How long the visit lasts; 0 for the way back."""
        return round((self.ends - self.arrives).total_seconds() / 60) if self.ends else 0


@dataclass(frozen=True)
class DisclosedShift:
    """A unit's round. stem: the name of its briefing's files, without an ending."""

    shift_id: str
    stem: str
    day: date
    day_in_words: str  # both days of a shift over midnight
    band: str
    unit: str
    mode: str  # "on foot"
    start: datetime
    end: datetime
    base: str
    legs: tuple[DisclosedLeg, ...]
    lost: tuple[str, ...]
    is_lost: bool  # whether all of it is

    @property
    def visits(self) -> tuple[DisclosedLeg, ...]:
        """The legs that lead to a visit, in order of time."""
        return tuple(leg for leg in self.legs if leg.is_visit)


@dataclass(frozen=True)
class DisclosedPlaceBrief:
    """Why a unit goes to a place."""

    rank: int
    name: str
    why: str


@dataclass(frozen=True)
class DisclosedBriefing:
    """One shift of one unit on one page. footer: version and seal."""

    shift: DisclosedShift
    summary: str
    places: tuple[DisclosedPlaceBrief, ...]
    to_do: tuple[str, ...]
    speak_to: tuple[str, ...]  # in the whole ward
    footer: str


@dataclass(frozen=True)
class DisclosedOption:
    """An evidence card in short. facts: name and text, in the order of EMMIE."""

    title: str
    strength: str
    why_strength: str
    what: str
    facts: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]  # citation, and its address or ""


@dataclass(frozen=True)
class DisclosedTrial:
    """The draw: a row a place, a mark a period. power: what the trial could show, in words."""

    periods: tuple[str, ...]
    rows: tuple[tuple[str, tuple[bool, ...]], ...]
    says: tuple[str, ...]


@dataclass(frozen=True)
class DisclosedTable:
    """A small table beside the plan, with what it says first. id: of its part of the page."""

    id: str
    title: str
    says: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class DisclosedPlan:
    """All that a plan's page says, in reading order."""

    ward_code: str
    ward_name: str
    operator: str
    notice: str  # for whom it is
    made_town: str
    first: date
    last: date
    period: str  # "Monday 1 to Sunday 7 December 2025"
    snapshot_day: str  # on which it was made, YYYY-MM-DD
    version: int
    change: str
    warning: str  # what must be known before all else: records that are old; "" for none
    finding: str
    score: str  # how well the hours are spent, in points; "" where nothing can be reckoned
    how_sure: tuple[str, ...]
    notices: tuple[str, ...]
    shortfalls: tuple[str, ...]  # places that get fewer visits than asked, and why
    what: str  # "harm" or "records": what places are weighed by
    hotspots: tuple[DisclosedHotspot, ...]
    inactive: tuple[DisclosedInactive, ...]
    shifts: tuple[DisclosedShift, ...]
    briefings: tuple[DisclosedBriefing, ...]
    trial: DisclosedTrial | None
    tables: tuple[DisclosedTable, ...]  # cover and fairness, where they can be told
    options: tuple[DisclosedOption, ...]
    poor_fits: tuple[tuple[str, str], ...]
    question: str  # about the mix of tactics; "" where there is none to ask
    unknown: tuple[str, ...]
    how: tuple[tuple[str, str], ...]
    map: DisclosedMap
    sources: tuple[DisclosedSource, ...]
    licence: str
    code_version: str
    seed: int
    seal: str

    @property
    def days(self) -> tuple[date, ...]:
        """The days that have a shift, in order."""
        return tuple(sorted({shift.day for shift in self.shifts}))

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Band and unit, in order of time: the columns of the week."""
        ordered = sorted(self.shifts, key=lambda s: (s.start.time(), s.band, s.unit))
        return tuple(dict.fromkeys((shift.band, shift.unit) for shift in ordered))

    def shift_of(self, day: date, band: str, unit: str) -> DisclosedShift | None:
        """The shift of a day, band and unit; None where there is none."""
        of = (day, band, unit)
        return next((s for s in self.shifts if (s.day, s.band, s.unit) == of), None)
