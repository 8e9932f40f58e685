"""What residents may see of patrols: minutes by week, and nothing finer.

Made by `patrol_minutes.disclosed_minutes` alone. No time, no day, no route, no unit and no
shift is in these types, and nothing here can be turned back into them.
"""

from __future__ import annotations

from dataclasses import dataclass

from peelian.publication.disclosed import DisclosedCount, DisclosedSource


@dataclass(frozen=True)
class DisclosedMinutesAtPlace:
    """Minutes at a place in a week, or at several together. names: those places, by alphabet.

    delivered: None where nothing is logged of the week.
    """

    name: str
    names: tuple[str, ...]
    planned: DisclosedCount
    delivered: DisclosedCount | None


@dataclass(frozen=True)
class DisclosedWeek:
    """A week of the ward. monday: YYYY-MM-DD, by which the week is called; words: the same day.

    planned: at places, in a week to come what is aimed for; None before there was a plan.
    delivered, elsewhere: at places, and in the rest of the ward; None where the week is not
    over, or nothing is logged of it. places: of a week that is over. note: what a reader has to
    know of the week; otherwise empty.
    """

    monday: str
    words: str  # "30 November 2026"
    is_over: bool
    planned: DisclosedCount | None
    delivered: DisclosedCount | None
    elsewhere: DisclosedCount | None
    places: tuple[DisclosedMinutesAtPlace, ...]
    note: str


@dataclass(frozen=True)
class DisclosedMinutes:
    """A ward's patrol minutes. place_names: of the plan, by alphabet, not by rank.

    finding: first on the page. trend: before and since the plan, or why they are not compared.
    snapshot_day: the Monday of the week in which it was made.
    """

    ward_code: str
    ward_name: str
    operator: str
    snapshot_day: str
    finding: str
    trend: str
    weeks: tuple[DisclosedWeek, ...]
    place_names: tuple[str, ...]
    notes: tuple[str, ...]
    licence: str
    sources: tuple[DisclosedSource, ...] = ()
