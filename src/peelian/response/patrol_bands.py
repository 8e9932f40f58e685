"""The days and bands of a plan: what each place is worth in them, and what is asked of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.core.patrols import Dose, Hotspot, Shift
from peelian.response.dose import Hours, hours_open, visits_a_day

# A hot spot's weight is expected over three months.
DAYS_OF_WEIGHT = 91


@dataclass(frozen=True, eq=False)
class Band:
    """The shifts of one day and band, which are planned together.

    day: on which they begin. first, last: the earliest start and the latest end. hours: when
    each place may be visited; None where it may not, or not for a whole visit. weight: (P,)
    expected harm there in the band. asked: (P,) visits asked from the period's beginning up to
    the end of this band.
    """

    day: date
    name: str
    shifts: tuple[Shift, ...]
    first: datetime
    last: datetime
    hours: tuple[Hours | None, ...]
    weight: NDArray[np.float64]
    asked: NDArray[np.int64]

    @property
    def minutes(self) -> NDArray[np.int64]:
        """How long each place may be visited: (P,)."""
        return np.array([_minutes(each) for each in self.hours], dtype=np.int64)


def bands_of(
    places: Sequence[Hotspot],
    shifts: Sequence[Shift],
    *,
    dose: Dose,
    withheld: Mapping[date, Collection[str]],
) -> tuple[Band, ...]:
    """The bands in order of time, with what is expected and asked at each place.

    Three months' weight is spread evenly over 91 days, since open records know no day; a day's
    share is divided over the bands in which the place may be visited, by their hours, so that
    what is expected of a day lies in the hours that the team has. Visits are asked for days that
    have a shift, and divided over a day's bands in the same way; where the share is no whole
    number, the place gets one more in the first band on one day, and one fewer on the next.
    """
    ordered = sorted(shifts, key=lambda s: (s.start.date(), s.band, s.start, s.shift_id))
    bands: list[Band] = []
    asked = np.zeros(len(places), dtype=np.int64)
    for day, of_day in groupby(ordered, key=lambda shift: shift.start.date()):
        grouped = [tuple(group) for _, group in groupby(of_day, key=lambda shift: shift.band)]
        grouped.sort(key=lambda group: (min(shift.start for shift in group), group[0].band))
        hours = [_hours_in(places, group, dose, withheld) for group in grouped]
        minutes = np.array([[_minutes(each) for each in row] for row in hours], dtype=np.int64)
        share = minutes / np.maximum(minutes.sum(axis=0), 1)
        daily = _asked_on(places, day, dose, withheld)
        so_far = _spread(daily, minutes, turn=_turn(places, day))
        for group, row, part, due in zip(grouped, hours, share, so_far, strict=True):
            weight = part * [place.weight / DAYS_OF_WEIGHT for place in places]
            first, last = min(s.start for s in group), max(s.end for s in group)
            bands.append(Band(day, group[0].band, group, first, last, row, weight, asked + due))
        asked = asked + daily
    return tuple(bands)


def _hours_in(
    places: Sequence[Hotspot],
    shifts: Sequence[Shift],
    dose: Dose,
    withheld: Mapping[date, Collection[str]],
) -> tuple[Hours | None, ...]:
    first, last = min(s.start for s in shifts), max(s.end for s in shifts)
    found = [hours_open(place, first, last, dose=dose, withheld=withheld) for place in places]
    return tuple(hours if _minutes(hours) >= dose.route_minutes else None for hours in found)


def _minutes(hours: Hours | None) -> int:
    return (hours[1] - hours[0]) // timedelta(minutes=1) if hours else 0


def _asked_on(
    places: Sequence[Hotspot], day: date, dose: Dose, withheld: Mapping[date, Collection[str]]
) -> NDArray[np.int64]:
    """Visits asked at each place on a day."""
    return np.array(
        [
            0
            if place.place_id in withheld.get(day, ()) or (place.until and place.until < day)
            else visits_a_day(dose, place.rank)
            for place in places
        ],
        dtype=np.int64,
    )


def _turn(places: Sequence[Hotspot], day: date) -> NDArray[np.int64]:
    """0 or 1 a place, by turns from day to day and from rank to rank."""
    return np.array([(day.toordinal() + place.rank) % 2 for place in places], dtype=np.int64)


def _spread(
    daily: NDArray[np.int64], minutes: NDArray[Any], *, turn: NDArray[np.int64]
) -> NDArray[np.int64]:
    """A day's visits asked up to the end of each of its bands. minutes: (bands, P).

    By minutes, in whole numbers: a share of a quarter up to three quarters of a visit is counted
    on every second day. A place that no band is open for is owed its visits all the same.
    """
    total = minutes.sum(axis=0)
    up_to = np.cumsum(minutes, axis=0)
    quarters = np.where(turn == 1, 3, 1)
    so_far: NDArray[np.int64] = (4 * daily * up_to + quarters * total) // np.maximum(4 * total, 1)
    so_far[-1] = daily
    return so_far
