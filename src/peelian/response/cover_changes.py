"""The smallest change of a roster that would make its hours fit concern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from peelian.core.errors import InputError
from peelian.core.week import DAY_MINUTES, HOUR_MINUTES
from peelian.response.cover import cover_share, fit_index, rostered_hours
from peelian.response.roster import WeeklyShift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peelian.response.concern_hours import Concern

Kind = Literal["start", "day", "added"]
_KINDS: tuple[Kind, ...] = ("start", "day", "added")
_ALIKE = 1e-9


@dataclass(frozen=True)
class RosterChange:
    """One change of one unit's shift, and what it does to the fit.

    shift: as it is now; None where one is added. becomes: as it would be. hours: unit-hours
    that would be worked at another time than now, or more than now. before, after: the fit.
    gain_low, gain_high: interval of the gain at `level`, which allows for the change being picked
    for its gain, and so may lie below after less before; None where people said what concern
    is. reaches: whether the fit that was asked for is reached; None where none was.
    """

    kind: Kind
    shift: WeeklyShift | None
    becomes: WeeklyShift
    hours: float
    before: float
    after: float
    gain_low: float | None
    gain_high: float | None
    level: float
    reaches: bool | None

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether chance alone could make it a change for the worse."""
        return self.gain_low is not None and self.gain_low <= 0


def changes_of(
    shifts: Sequence[WeeklyShift],
) -> Iterator[tuple[Kind, WeeklyShift | None, WeeklyShift]]:
    """Every single change of a roster: its kind, the shift as it is, and as it would be.

    In this order: each shift begun whole hours earlier or later on its own day, the nearest
    first and the earlier of two; each shift on another day, from Monday on; one more shift of
    usual length, band and mode, at every whole hour from Monday 00:00. The usual length is the
    most common, the shorter of two. Shifts are taken in their own order: day, start, band, unit.
    """
    ordered = sorted(shifts)
    for shift in ordered:
        for hours in sorted(range(-23, 24), key=lambda h: (abs(h), h)):
            start = shift.start + HOUR_MINUTES * hours
            if hours and 0 <= start < DAY_MINUTES:
                yield "start", shift, shift.moved(start=start)
    for shift in ordered:
        for day in range(7):
            if day != shift.day:
                yield "day", shift, shift.moved(day=day)
    if ordered:
        tally = Counter(shift.minutes for shift in ordered)
        usual = min(tally, key=lambda minutes: (-tally[minutes], minutes))
        for day in range(7):
            for hour in range(24):
                yield "added", None, WeeklyShift(day, HOUR_MINUTES * hour, "added", "", usual)


def smallest_change(
    concern: Concern,
    shifts: Sequence[WeeklyShift],
    *,
    reach: float | None = None,
    level: float = 0.95,
) -> RosterChange | None:
    """The least single change that makes the fit at least `reach`; the best one where none does.

    Least is fewest unit-hours at other times than now or added; of equals a later or earlier
    start comes before another day, and that before one more shift; then the better fit; then
    the order of `changes_of`. Without `reach`, or where no change reaches it, the change with
    the best fit, by the same rules among equals. None where the roster has that fit already,
    or nothing makes it better. It is picked as the best of many, so its gain is overstated: by
    more than a third with 50 records. The interval allows for that: a change is picked anew from
    each replicate of the records, and what it gains there is held against what it gains in the
    shares that the replicate was drawn from. A `reach` outside 0 to 1, or no shift, is an
    InputError.
    """
    if reach is not None and not 0 < reach <= 1:
        raise InputError(
            f"A fit to reach is above 0 and 1 at most; found {reach:g}. Write 70 % as 0.7."
        )
    hours = rostered_hours(shifts)
    now = float(fit_index(concern.shares, cover_share(hours)))
    if reach is not None and now >= reach - _ALIKE:
        return None
    tried = _tried(concern, shifts, hours)
    fits = np.array([one.fit for one in tried])
    effort = _order_of([one.least for one in tried])
    picked = _pick(fits, effort, reach)
    if fits[picked] <= now + _ALIKE:
        return None
    chosen = tried[picked]
    low, high = _gain(concern, cover_share(hours), tried, picked, now, reach, level)
    return RosterChange(
        chosen.kind, chosen.shift, chosen.becomes, chosen.hours, now, chosen.fit, low, high, level,
        None if reach is None else bool(chosen.fit >= reach - _ALIKE),
    )  # fmt: skip


@dataclass(frozen=True)
class _Tried:
    """A change tried out. hours: unit-hours at other times than now, or added."""

    kind: Kind
    shift: WeeklyShift | None
    becomes: WeeklyShift
    hours: float
    fit: float
    cover: NDArray[np.float64]

    @property
    def least(self) -> tuple[float, int]:
        return self.hours, _KINDS.index(self.kind)


def _tried(
    concern: Concern, shifts: Sequence[WeeklyShift], hours: NDArray[np.float64]
) -> list[_Tried]:
    found = []
    for kind, shift, becomes in changes_of(shifts):
        cover = _share_after(hours, shift, becomes)
        fit = float(fit_index(concern.shares, cover))
        found.append(_Tried(kind, shift, becomes, _hours_changed(shift, becomes), fit, cover))
    return found


def _order_of(keys: Sequence[tuple[float, int]]) -> NDArray[np.int64]:
    """Each key's place in their order, equal ones alike."""
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    return np.array([place[key] for key in keys])


def _pick(fits: NDArray[np.float64], effort: NDArray[np.int64], reach: float | None) -> int:
    """The number of the least change that reaches enough, or of the best where none does.

    effort: the order in which changes are preferred. The first of equals is taken.
    """
    rounded = np.round(fits, 9)
    enough = rounded >= reach - _ALIKE if reach is not None else np.zeros(len(fits), dtype=bool)
    if enough.any():
        order = np.lexsort((-rounded, np.where(enough, effort, effort.max() + 1)))
    else:
        order = np.lexsort((effort, -rounded))
    return int(order[0])


def _share_after(
    hours: NDArray[np.float64], shift: WeeklyShift | None, becomes: WeeklyShift
) -> NDArray[np.float64]:
    left = hours - rostered_hours([shift]) if shift else hours
    return cover_share(left + rostered_hours([becomes]))


def _hours_changed(shift: WeeklyShift | None, becomes: WeeklyShift) -> float:
    """Unit-hours of the changed shift that are not worked now."""
    if shift is None:
        return becomes.minutes / HOUR_MINUTES
    now, then = rostered_hours([shift]), rostered_hours([becomes])
    return float(np.maximum(then - now, 0).sum())


def _gain(
    concern: Concern,
    before: NDArray[np.float64],
    tried: Sequence[_Tried],
    picked: int,
    now: float,
    reach: float | None,
    level: float,
) -> tuple[float | None, float | None]:
    """The basic bootstrap's interval of the gain, with the change picked anew each time."""
    if not len(concern.replicates):
        return None, None
    covers = np.stack([one.cover for one in tried])
    gains = np.array([one.fit for one in tried]) - now
    effort = _order_of([one.least for one in tried])
    overstated = []
    for shares in concern.replicates:
        fits, as_it_is = fit_index(shares, covers), float(fit_index(shares, before))
        best = _pick(fits, effort, reach)
        overstated.append(float(fits[best]) - as_it_is - gains[best])
    tail = (1 - level) / 2
    least, most = np.quantile(overstated, [tail, 1 - tail])
    return float(gains[picked] - most), float(gains[picked] - least)
