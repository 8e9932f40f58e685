"""The tasking file: what a sergeant knows that no record says, for a ward's patrol plan.

Hours that the team really has, its base, places that people know, hours lost, and whom to speak
to. A person writes it as TOML; a field that nobody knows is an error, never silently dropped.
"""

from __future__ import annotations

import msgspec

from peelian.core.patrols import HoursSet, PatrolMode


class RosteredShift(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Hours of the day that some units have for planned patrol.

    An end before the start is the next morning's.
    """

    band: str  # "late"
    start: str  # HH:MM
    end: str
    units: int = 2
    mode: PatrolMode = "foot"
    days: list[str] = []  # "monday" ...; empty for all


class KnownPlace(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A place that people know and records may not show, with its reason and its last day."""

    place: str  # a name that the map knows: "Curnock Estate"
    reason: str
    until: str  # YYYY-MM-DD, included
    hours: HoursSet = "always"
    rank: int = 0  # where among the places; 0 for after the ranked ones


class LeftOut(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A ranked place that is none: a station whose point collects a whole borough's records."""

    place: str
    reason: str


class LostHours(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Hours that a unit is known to lose to other work."""

    date: str  # YYYY-MM-DD: the day on which the shift begins
    band: str
    unit: str  # "A"; units of a shift are lettered
    start: str = ""  # HH:MM; empty for the whole shift
    end: str = ""
    reason: str = ""


class SpeakTo(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Whom to speak to at a place: a role or a body, not a private person."""

    who: str  # "Curnock estate office"
    place: str = ""  # empty for the whole ward
    about: str = ""


class ConcernHours(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Hours in which residents say that concern is highest, where no record has times."""

    days: list[str]
    start: str  # HH:MM
    end: str
    share: float  # of all concern, from 0 to 1; what is left is spread over the other hours
    said_by: str = ""  # "ward panel, 12 March"


class DoseChanges(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What differs from the usual dose; None for the usual."""

    shortest_minutes: int | None = None
    longest_minutes: int | None = None
    gap_minutes: int | None = None
    visits_a_day: list[tuple[int, int]] | None = None
    reason: str = ""


class Tasking(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a plan is made with, beside the records."""

    ward: str = ""  # the area's code; empty for any ward
    base: str = ""  # where shifts begin and end, a name that the map knows; empty for the nearest
    shifts: list[RosteredShift] = []
    dose: DoseChanges = DoseChanges()
    known_places: list[KnownPlace] = []
    left_out: list[LeftOut] = []
    lost: list[LostHours] = []
    speak_to: list[SpeakTo] = []
    concern_hours: list[ConcernHours] = []
