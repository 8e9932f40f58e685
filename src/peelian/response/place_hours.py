"""Day and night: whether a hot spot is one at all hours, where records have times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from peelian.analysis.time_of_week import hours_of_week

if TYPE_CHECKING:
    from peelian.core.patrols import HoursSet


@dataclass(frozen=True)
class DayNight:
    """A place's records by day and by night.

    day, night: records, an interval's parts summed; records without a time are in neither.
    hours_set: "always" unless the share of the day hours is surely above, or below, that of
    the hours themselves.
    """

    hours_set: HoursSet
    day: float
    night: float
    sentence: str


def day_night(
    from_times: ArrayLike,
    to_times: ArrayLike,
    *,
    day_begins: int,
    night_begins: int,
    places: int = 1,
) -> DayNight:
    """Say whether a place is a hot spot by day, by night or always.

    from_times, to_times: local times, as `hours_of_week` takes them; midnights that stand for
    "not known" are to be set aside before, since a few records cannot show that they do.
    day_begins, night_begins: o'clock. Forces keep a set for each half of the day; a place goes
    into one alone only where the interval of its share says so, so a few records, or none,
    leave it in both. places: how many are asked the same; the interval is widened so that all
    hold at once in 95 of 100 cases (Bonferroni).
    """
    shifts = {"day": (day_begins, night_begins), "night": (night_begins, day_begins)}
    level = 1 - 0.05 / places
    found = hours_of_week(from_times, to_times, shifts=shifts, keep_midnight=True, level=level)
    day, night = found.shift_bands
    hours_set: HoursSet = "always"
    if found.records and day.is_unlike_even:
        hours_set = "day" if day.share > day.even_share else "night"
    sentence = (
        f"Of {found.records} records with a time, {day.records:.0f} by day "
        f"({day_begins:02d}:00 to {night_begins:02d}:00) and {night.records:.0f} by night"
    )
    verdict = {
        "always": "no surer than chance of one half" if found.records else "too few to say",
        "day": "surely more than its hours' share by day",
        "night": "surely more than its hours' share by night",
    }[hours_set]
    return DayNight(hours_set, day.records, night.records, f"{sentence}: {verdict}.")


def ranks_of(weights: ArrayLike) -> tuple[int, ...]:
    """Each one's rank, the largest first; equal ones in their order."""
    order = np.argsort(-np.asarray(weights, dtype=float), kind="stable")
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return tuple(ranks.tolist())
