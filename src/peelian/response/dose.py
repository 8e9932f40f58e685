"""How much presence is asked for: visits a place and day, and the hours in which they may fall."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from peelian.core.errors import InputError
from peelian.core.patrols import Dose, Hotspot, Trial
from peelian.response.clock_hours import CLOCKS_CHANGE, is_unclear

Hours = tuple[datetime, datetime]


def refuse_impossible_dose(dose: Dose) -> None:
    """InputError for a dose that no visit can have.

    The usual one is visits of 10 to 16 minutes: Koper (1995, doi:10.1080/07418829500096231) saw
    deterrence grow with each minute up to about 15 and fall after. Trials in England used one
    visit of 15 to 20 minutes a day (Southend), three of 15 or nine of 5, and 15 minutes a day
    (Operation Rowan); a tasking file may ask for any of these.
    """
    ranks = [rank for rank, _ in dose.visits_a_day]
    rules = {
        "The shortest visit lasts at least 1 minute": (
            dose.shortest_minutes >= 1,
            f"{dose.shortest_minutes}",
        ),
        "Minutes of a visit rise from the shortest over the one routes allow for to the longest": (
            dose.shortest_minutes <= dose.route_minutes <= dose.longest_minutes,
            f"{dose.shortest_minutes}, {dose.route_minutes}, {dose.longest_minutes}",
        ),
        "The gap between visits is at least 0 minutes": (
            dose.gap_minutes >= 0,
            f"{dose.gap_minutes}",
        ),
        "Visits a day stand by last rank, rising, and are at least 0": (
            ranks == sorted(set(ranks))
            and all(rank >= 1 and visits >= 0 for rank, visits in dose.visits_a_day),
            f"{list(dose.visits_a_day)}",
        ),
        "The day begins before the night, both at whole hours from 0 to 24": (
            0 <= dose.day_begins < dose.night_begins <= 24,
            f"{dose.day_begins} and {dose.night_begins}",
        ),
    }
    for rule, (holds, found) in rules.items():
        if not holds:
            raise InputError(f"{rule}; found {found}. Change the dose in the tasking file.")


def visits_a_day(dose: Dose, rank: int) -> int:
    """How many visits a place of this rank is to get each day; 0 below the last rank, and for 0."""
    if rank < 1:
        return 0
    return next((visits for last, visits in dose.visits_a_day if rank <= last), 0)


def visits_that_fit(minutes: int, *, dose: Dose) -> int:
    """How many visits to one place so many minutes hold, with the gap between them."""
    return max(0, (minutes + dose.gap_minutes) // (dose.route_minutes + dose.gap_minutes))


def withheld_by(trial: Trial | None) -> dict[date, tuple[str, ...]]:
    """The places that a trial's draw keeps from planned visits, by day; none without a trial.

    A day before the first period, or from the end of the last one on, withholds no place.
    """
    if trial is None:
        return {}
    periods = pairwise(trial.period_starts)
    return {
        first + timedelta(days=n): tuple(
            place
            for place, treated in zip(trial.places, trial.treated, strict=True)
            if not treated[period]
        )
        for period, (first, after) in enumerate(periods)
        for n in range((after - first).days)
    }


def hours_open(
    hotspot: Hotspot,
    start: datetime,
    end: datetime,
    *,
    dose: Dose,
    withheld: Mapping[date, Collection[str]],
) -> Hours | None:
    """The longest stretch from start to end in which a place may be visited; None for none.

    Of equally long ones the first. A place is closed outside its set of hours (day or night),
    after its last day, and on days on which it is withheld; these are days of the calendar,
    from midnight to midnight. It is closed too in the hour at which clocks are changed. Other
    stretches than the longest are not used.
    """
    cuts = sorted({start, end, *_turns(start, end, dose)})
    stretches: list[Hours] = []
    for begins, ends in pairwise(cuts):
        if not _is_open(hotspot, begins, dose, withheld):
            continue
        if stretches and stretches[-1][1] == begins:
            begins = stretches.pop()[0]
        stretches.append((begins, ends))
    return max(stretches, key=lambda hours: hours[1] - hours[0], default=None)


def _turns(start: datetime, end: datetime, dose: Dose) -> list[datetime]:
    """The moments in between at which a place may open or close."""
    days = [start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days + 1)]
    hours = (0, dose.day_begins, dose.night_begins, *CLOCKS_CHANGE)
    turns = [
        datetime.combine(day, time()) + timedelta(hours=hour) for day in days for hour in hours
    ]
    return [turn for turn in turns if start < turn < end]


def _is_open(
    hotspot: Hotspot, moment: datetime, dose: Dose, withheld: Mapping[date, Collection[str]]
) -> bool:
    day = moment.date()
    if is_unclear(moment):
        return False
    if hotspot.place_id in withheld.get(day, ()):
        return False
    if hotspot.until is not None and day > hotspot.until:
        return False
    by_day = dose.day_begins <= moment.hour < dose.night_begins
    return hotspot.hours_set == "always" or by_day == (hotspot.hours_set == "day")
