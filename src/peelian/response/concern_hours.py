"""When concern falls in the week: from records with times, or from what residents say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import InputError, MonthOnlyError
from peelian.core.week import (
    DAY_MINUTES,
    HOUR_MINUTES,
    WEEK_HOURS,
    WEEK_MINUTES,
    day_numbers,
    minute_of_day,
    minutes_from,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peelian.core.tasking import ConcernHours

# How many records the pattern that days and hours have by themselves is worth: one an hour.
_PATTERN_RECORDS = float(WEEK_HOURS)


@dataclass(frozen=True)
class Concern:
    """Each hour's share of concern, and how unsure that is.

    shares: shape (7, 24), Monday first, summing to 1. replicates: what chance could as well
    have given, shape (replicates, 7, 24); none where people said it. records: how many it is
    from; 0 where people said it. said_by: who did, in the tasking file's words. counts: the
    records by weekday and hour as they are, not averaged; None where people said it.
    """

    shares: NDArray[np.float64]
    replicates: NDArray[np.float64]
    records: int
    said_by: tuple[str, ...] = ()
    seed: int = field(default=0, repr=False)
    counts: NDArray[np.float64] | None = field(default=None, repr=False)

    def as_seen_by_chance(self, true_shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shares that so many records would show if concern truly fell like this."""
        return _drawn(true_shares, self.records, len(self.replicates), (self.seed, 1))


def concern_from_records(
    counts: NDArray[np.float64], *, seed: int, replicates: int = 999
) -> Concern:
    """Each hour's share of concern from records counted by weekday and hour.

    counts: shape (7, 24), as `analysis.time_of_week.hours_of_week` gives them. No record is a
    MonthOnlyError. Single hours hold few records, and a share of 168 that is taken as it is
    looks as if nothing could fit it. So hours are averaged with those beside them, and drawn
    towards what weekday and hour of the day give by themselves (independence), which is worth
    168 records: the posterior mean of a Dirichlet prior. Replicates are the same of records
    drawn from these shares (parametric bootstrap); records whose time is an interval are drawn
    as if in one hour, which overstates how unsure they are. In a simulation of three towns and
    a roster of early and late shifts, 95 % intervals of the fit held the true one in 83 to 90 of
    100 runs with 30 to 100 records, and in 87 to 94 with 400 to 2,000; without averaging and
    drawing in none with 30. Fits near 1 are held less often: see `Fit.is_perfect_possible`.
    Each record is taken to come by itself. Where they come three at a time (one person's night
    among parked cars), the intervals held the true fit in 16 to 73 of 100 runs: count such a run
    of crimes once, or take the interval for the least that is unsure.
    """
    records = round(float(counts.sum()))
    if records < 1:
        raise MonthOnlyError(
            "The hours of concern are those of records with times, and there is none. Use a "
            "force's own extract with times, or write what residents say as [[concern_hours]] in "
            "the tasking file."
        )
    shares = _smoothed(counts)
    drawn = _drawn(shares, records, replicates, (seed, 0))
    return Concern(shares, drawn, records, seed=seed, counts=counts)


def concern_from_words(said: Sequence[ConcernHours]) -> Concern:
    """Each hour's share of concern as people say it: no record, and no interval.

    Shares of entries that name the same hour are added. What no entry takes is spread evenly
    over the hours that none names. Nothing said is a MonthOnlyError; shares outside 0 to 1, or
    that are more than 1 in all, an InputError.
    """
    if not said:
        raise MonthOnlyError(
            "The hours of concern come from records with times or from people; there are neither. "
            "Open crime records are known only to the month: use a force's own extract, or write "
            "what residents say as [[concern_hours]] in the tasking file."
        )
    week = np.zeros(WEEK_MINUTES)
    named = np.zeros(WEEK_MINUTES, dtype=bool)
    for entry in said:
        inside = _minutes_of(entry)
        week[inside] += entry.share / len(inside)
        named[inside] = True
    total = sum(entry.share for entry in said)
    if any(not 0 <= entry.share <= 1 for entry in said) or total > 1 + 1e-9:
        raise InputError(
            f"Shares of concern are from 0 to 1, and 1 at most in all; found "
            f"{', '.join(f'{entry.share:g}' for entry in said)}. Correct them in the tasking file."
        )
    if total < 1 - 1e-9:
        if named.all():
            raise InputError(
                f"Shares of concern that name every hour of the week add up to 1; found {total:g}. "
                f"Correct them in the tasking file."
            )
        week[~named] += (1 - total) / (~named).sum()
    shares = week.reshape(7, 24, HOUR_MINUTES).sum(axis=2)
    return Concern(
        shares / shares.sum(), np.empty((0, 7, 24)), 0,
        tuple(dict.fromkeys(entry.said_by for entry in said if entry.said_by)),
    )  # fmt: skip


def _minutes_of(entry: ConcernHours) -> NDArray[np.int64]:
    """The minutes of the week that an entry names, each once."""
    first = minute_of_day(entry.start)
    length = minutes_from(entry.start, entry.end)
    begins = [DAY_MINUTES * day + first for day in day_numbers(entry.days)]
    return np.unique([(b + m) % WEEK_MINUTES for b in begins for m in range(length)])


def _smoothed(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares from counts, shape (..., 7, 24): see `concern_from_records`."""
    flat = counts.reshape(*counts.shape[:-2], WEEK_HOURS)
    near = ((np.roll(flat, 1, -1) + flat + np.roll(flat, -1, -1)) / 3).reshape(counts.shape)
    total = near.sum(axis=(-1, -2), keepdims=True)
    pattern = near.sum(-1, keepdims=True) * near.sum(-2, keepdims=True) / total**2
    shares: NDArray[np.float64] = (near + _PATTERN_RECORDS * pattern) / (total + _PATTERN_RECORDS)
    return shares


def _drawn(
    shares: NDArray[np.float64], records: int, replicates: int, seed: tuple[int, int]
) -> NDArray[np.float64]:
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(records, shares.ravel() / shares.sum(), size=replicates)
    return _smoothed(drawn.reshape(-1, 7, 24).astype(np.float64))
