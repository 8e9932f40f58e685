"""What a plan covers and what is the most it can, by trying everything: slow and obvious."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product

from peelian.core.patrols import Hotspot, PatrolPlan, Shift

MINUTE = timedelta(minutes=1)


def best_allocation(weights: Sequence[float], room: Sequence[int], limits: Sequence[int]) -> float:
    """The most that visits to one place cover. limits: how many up to each band, at most."""
    best = 0.0
    for counts in product(*(range(most + 1) for most in room)):
        if all(sum(counts[: band + 1]) <= limit for band, limit in enumerate(limits)):
            best = max(best, sum(w * (1 - 0.5**n) for w, n in zip(weights, counts, strict=True)))
    return best


def covered_by_plan(plan: PatrolPlan) -> float:
    """What a plan's visits cover, minute by minute of the hours that its bands have."""
    bands: dict[tuple[str, str], list[Shift]] = {}
    for shift in plan.shifts:
        bands.setdefault((str(shift.start.date()), shift.band), []).append(shift)
    total = 0.0
    for spot in plan.hotspots:
        if spot.lifecycle != "active" or not spot.rank:
            continue
        for (day, _), shifts in bands.items():
            same_day = [group for (other, _), group in bands.items() if other == day]
            everything = sum(_open_minutes(plan, spot, group) for group in same_day)
            ids = {shift.shift_id for shift in shifts}
            visits = [v for v in plan.visits if v.shift_id in ids and v.place_id == spot.place_id]
            if everything:
                share = _open_minutes(plan, spot, shifts) / everything
                total += spot.weight / 91 * share * (1 - 0.5 ** len(visits))
    return total


def _open_minutes(plan: PatrolPlan, spot: Hotspot, shifts: Sequence[Shift]) -> int:
    """The longest run of minutes in which a visit may be made; 0 where no visit fits in."""
    minute, last = min(s.start for s in shifts), max(s.end for s in shifts)
    longest = run = 0
    while minute < last:
        run = run + 1 if _is_open(plan, spot, minute) else 0
        longest = max(longest, run)
        minute += MINUTE
    return longest if longest >= plan.dose.route_minutes else 0


def _is_open(plan: PatrolPlan, spot: Hotspot, minute: datetime) -> bool:
    if spot.until and minute.date() > spot.until:
        return False
    if plan.trial and plan.trial.period_starts[0] <= minute.date() < plan.trial.period_starts[-1]:
        day = (minute.date() - plan.trial.period_starts[0]).days  # one period a day
        if not plan.trial.treated[plan.trial.places.index(spot.place_id)][day]:
            return False
    by_day = plan.dose.day_begins <= minute.hour < plan.dose.night_begins
    return {"always": True, "day": by_day, "night": not by_day}[spot.hours_set]
