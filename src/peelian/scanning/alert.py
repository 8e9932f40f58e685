"""Which places of a ward newly have more records than they usually have.

One statistic a place and measure: the smallest of the chances of so many records, or more, in
the last one, two and three months, under what is usual there (alert_null.py). The limit that
it has to pass is the same for all places and measures of a ward, and is set so that no more
false alarms are expected than were asked for, whatever the ward's size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.scanning.alert_null import UsualRecords
from peelian.scanning.shrinkage import predictive_interval

FALSE_ALARMS = 5.0  # a hundred ward-years
_SURE = 1e-9  # chances below this are never needed: no limit lies there
_ROUNDING = 1 + 1e-6  # chances are summed for the limit, integrated for the statistic
_LEAST_LOGARITHM = -600.0  # of a chance; that of the smallest number held is -745
_ALMOST_ALWAYS = 1 - 1e-6  # counts that are reached more often than this use up no alarm
_MOST_LISTED = 2_000  # records of a run: their counts are listed by the month, a table of squares


@dataclass(frozen=True)
class Limit:
    """The chance below which records at a place are unusual.

    expected_alarms: how many places would pass it in a month in which nothing has changed, at
    most. chance: 0 where nothing could pass it.
    """

    chance: float
    expected_alarms: float


@dataclass(frozen=True)
class Unusual:
    """A place that passes the limit, in the run of last months that is least likely.

    measure, place: their positions. months: how many months the run has. low, high: the
    central predictive interval of its records at `level`. p_value: the chance that any of the
    three runs at this place would be as unlikely.
    """

    measure: int
    place: int
    months: int
    observed: int
    expected: float
    low: int
    high: int
    level: float
    p_value: float


def alert_limit(usual: Sequence[UsualRecords], *, false_alarms: float = FALSE_ALARMS) -> Limit:
    """The limit for a ward's month: so few places pass it by chance as were asked for.

    usual: one entry a measure. false_alarms: a hundred ward-years, all measures together.
    Counts are whole, so each run of each place passes a limit with a chance of its own, at most
    the limit. These chances are added up over all runs: that is the mean number of runs that
    pass, and at least the mean number of places. Nothing is simulated, so nothing depends on a
    seed.
    """
    if false_alarms <= 0:
        raise InputError(
            f"An alert that never errs never sounds: more than 0 false alarms a hundred "
            f"ward-years have to be borne; found {false_alarms:g}. Ask for 5, say."
        )
    wanted = false_alarms / 100 / 12
    runs = [
        (each.expected[:, :months].sum(axis=1), each.size)
        for each in usual
        for months in range(1, len(each.columns) + 1)
    ]
    if not runs:
        return Limit(0.0, 0.0)
    expected, size = (np.concatenate(column) for column in zip(*runs, strict=True))
    chance, more = _attainable(expected, size, highest=wanted)
    highest = 100 * _SURE
    while highest < wanted and more[chance <= highest].sum() <= wanted:
        highest *= 10
    low = chance <= highest  # sorting all of them would take longer than making them
    order = np.argsort(chance[low], kind="stable")
    alarms = np.cumsum(more[low][order])
    ordered = chance[low][order]
    last = int(np.searchsorted(alarms, wanted, side="right")) - 1
    # Places alike have equal chances: all of them pass, or none.
    while 0 <= last < len(ordered) - 1 and ordered[last + 1] <= ordered[last] * _ROUNDING:
        last -= 1
    return Limit(float(ordered[last]), float(alarms[last])) if last >= 0 else Limit(0.0, 0.0)


def unusual_places(
    usual: Sequence[UsualRecords], limit: Limit, *, level: float = 0.9
) -> tuple[Unusual, ...]:
    """The places that pass the limit, the least likely first; those with equal chances in order."""
    found = []
    for measure, each in enumerate(usual):
        observed = each.observed.cumsum(axis=1)
        expected = each.expected.cumsum(axis=1)
        chances = _chance_of_so_many(observed, expected, each.size[:, None])
        best = chances.argmin(axis=1)
        smallest = chances.min(axis=1)
        for place in np.flatnonzero(smallest <= limit.chance * _ROUNDING).tolist():
            run = int(best[place])
            low, high = predictive_interval(
                expected[place, run : run + 1], 1 / each.size[place : place + 1], level=level
            )
            found.append(
                Unusual(
                    measure=measure,
                    place=place,
                    months=run + 1,
                    observed=int(observed[place, run]),
                    expected=float(expected[place, run]),
                    low=int(low[0]),
                    high=int(high[0]),
                    level=level,
                    p_value=combined_chance(
                        each.expected[place], float(each.size[place]), float(smallest[place])
                    ),
                )
            )
    return tuple(sorted(found, key=lambda each: each.p_value))


def combined_chance(expected: NDArray[np.float64], size: float, smallest: float) -> float:
    """The chance that at least one run of last months is as unlikely as `smallest`, or more so.

    expected: of each month, newest first, at most three. The months share one gamma rate of
    shape `size`, so that their counts are negative multinomial: each month's count, given
    those after it, is negative binomial again. Exact but for rounding; where 2,000 records would
    not be unusual, the runs' chances are added up, which is at most three times as much.
    """
    totals_expected = expected.cumsum().tolist()
    critical = [_least_count(total, size, smallest) for total in totals_expected]
    if critical[0] == 0:
        return 1.0
    if max(critical) > _MOST_LISTED:
        return min(
            1.0, sum(_reached(*run, size) for run in zip(critical, totals_expected, strict=True))
        )
    # The chance that no run has yet reached its critical count, by the total of its months; what
    # reaches one is added up as it does, so that small chances keep their digits.
    none: NDArray[Any] = np.ones(1)
    reached, passed = 0.0, 0.0
    for mean, least in zip(expected.tolist(), critical, strict=True):
        totals, more = np.arange(len(none))[:, None], np.arange(least)
        share = (size + passed) / (size + passed + mean)
        reached += float(none @ _at_least(least - totals[:, 0], size + totals[:, 0], share))
        joint = none[:, None] * _exactly(more, size + totals, share)
        gathered = np.bincount((totals + more).ravel(), joint.ravel(), minlength=least)
        none, passed = gathered[:least], passed + mean
    return min(reached, 1.0)


def _attainable(
    expected: NDArray[np.float64], size: NDArray[np.float64], *, highest: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The chances of so many records or more, each with how much it exceeds the next smaller.

    Of all runs together, in no order, those above _SURE and up to `highest`: a run that passes
    more often uses up all alarms by itself.
    """
    share = expected / (size + expected)
    before, chance, count = _first_counts(expected, size, highest)
    chances, steps = [], []
    turn = 0
    exactly = before
    while len(chance):
        exactly = exactly * share * (size + count - 1) / count
        wanted = (chance <= highest) & (chance > _SURE)
        chances.append(chance[wanted])
        steps.append(exactly[wanted])
        chance = chance - exactly
        count = count + 1
        turn += 1
        if turn % 4 == 0:
            going = chance > _SURE
            exactly, share, size, chance, count = (
                each[going] for each in (exactly, share, size, chance, count)
            )
    return np.concatenate(chances), np.concatenate(steps)


def _first_counts(
    expected: NDArray[np.float64], size: NDArray[np.float64], highest: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """From which count on each run is followed: the chance of one less, of so many, and it."""
    from scipy.special import betaincc

    none = -size * np.log1p(expected / size)
    before, count = np.exp(none), np.ones(len(expected))
    chance = 1 - before
    # Where hundreds are expected, none at all is less likely than the smallest number held, and
    # nothing could be added up from there; the counts below `highest` are not needed either.
    for run in np.flatnonzero(none < _LEAST_LOGARITHM).tolist():
        mean, shape = float(expected[run]), float(size[run])
        least = _least_count(mean, shape, min(highest, _ALMOST_ALWAYS))
        share = shape / (shape + mean)
        count[run] = least
        chance[run] = betaincc(shape, least, share)
        before[run] = _exactly(np.array(least - 1), np.array(shape), share)
    return before, chance, count


def _chance_of_so_many(
    observed: NDArray[np.int64], expected: NDArray[np.float64], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The chance of as many records as observed, or more; 1 where no more than expected."""
    from scipy.special import betaincc

    chance = np.ones(observed.shape)
    # Fewer than expected is nothing to look at, and most places have no record at all.
    many = observed > expected
    size = np.broadcast_to(size, observed.shape)[many]
    chance[many] = betaincc(size, observed[many], size / (size + expected[many]))
    return chance


def _least_count(expected: float, size: float, chance: float) -> int:
    """The smallest count that is at most so likely to be reached."""
    from scipy.special import betaincc

    if chance >= 1:
        return 0
    share, low, high = size / (size + expected), 0, 1
    while betaincc(size, high, share) > chance * (1 + 1e-9):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if betaincc(size, middle, share) > chance * (1 + 1e-9):
            low = middle
        else:
            high = middle
    return high


def _at_least(count: NDArray[Any], shape: NDArray[Any], share: float) -> NDArray[np.float64]:
    """The negative binomial chance of `count` records or more; 1 where that is not above 0."""
    from scipy.special import betaincc

    chance = betaincc(shape, np.maximum(count, 1), share)
    filled: NDArray[np.float64] = np.where(count > 0, chance, 1.0)
    return filled


def _reached(count: int, expected: float, size: float) -> float:
    """The chance of so many records or more in one run."""
    from scipy.special import betaincc

    return float(betaincc(size, count, size / (size + expected)))


def _exactly(count: NDArray[Any], shape: NDArray[Any], share: float) -> NDArray[np.float64]:
    """The negative binomial chance of so many records."""
    from scipy.special import gammaln

    logarithm = gammaln(shape + count) - gammaln(shape) - gammaln(count + 1)
    chance: NDArray[np.float64] = np.exp(
        logarithm + shape * np.log(share) + count * np.log1p(-share)
    )
    return chance
