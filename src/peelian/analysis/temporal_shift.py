"""A test of whether the hours, or the weekdays, of records changed between two periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from peelian.analysis.clock_changes import DAY, HOUR
from peelian.analysis.time_of_week import SHIFTS, hours_of_shift, is_midnight_without_time
from peelian.core.errors import InputError
from peelian.scanning.replicates import by_replicate, check_replicates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

ShiftKind = Literal["hours", "weekdays"]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# A shift is large where half of the later records have moved into the quietest quarter of the
# clock, or the two quietest days. A test that would miss one more often than this is too weak.
_LEAST_POWER = 0.8
_POWER_RUNS = 199
# Power is tried with at most so many records of each period: more could only be stronger.
_MOST_TRIED = 500
_STRIDE = 2**20  # streams of the power runs lie apart from those of the test


@dataclass(frozen=True)
class ShareChange:
    """The share of records in one part of the day, or on one weekday, before and after.

    before, after: records. difference, low, high: of the later share less the earlier one.
    """

    name: str
    before: int
    after: int
    before_share: float
    after_share: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True)
class TemporalShift:
    """Whether two periods' records are spread over the day, or the week, alike.

    before, after: records with a time. without_time: left out for having none; set_aside: for
    being at midnight, without a time in truth. statistic: Watson's U2 of the hours; chi-square
    of the weekdays. p_value: the share of arrangements, the observed one among them, at least as
    far apart. power: how often a large shift would have been found with as many records. parts:
    the change in each shift or weekday, with its interval.
    """

    kind: ShiftKind
    before: int
    after: int
    without_time: int
    set_aside: int
    statistic: float
    p_value: float
    power: float
    level: float
    replicates: int
    seed: int
    parts: tuple[ShareChange, ...]

    @property
    def is_shift(self) -> bool:
        """Whether the two differ beyond chance."""
        return self.p_value <= 1 - self.level

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether no shift was found, and a large one might well have been missed."""
        return not self.is_shift and self.power < _LEAST_POWER


def temporal_shift(
    before: ArrayLike,
    after: ArrayLike,
    *,
    kind: ShiftKind = "hours",
    shifts: Mapping[str, tuple[int, int]] = SHIFTS,
    replicates: int = 999,
    level: float = 0.95,
    seed: int,
) -> TemporalShift:
    """Test whether two periods' records fall on other hours, or on other weekdays.

    before, after: exact local times (datetime64); an interval of hours has none to compare.
    NaT is counted apart. Dates that were stored as midnight are set aside for "hours" (see
    `hours_of_week`), as a change in how many lack a time is no change in when. kind: "hours" by
    Watson's U2 for two samples on a circle (1962, doi:10.1093/biomet/49.1-2.57), to which 23:50
    is near 00:10; "weekdays" by Pearson's chi-square. Both are judged by shuffling the records
    between the periods, a variation: the papers have tables. shifts: the parts of the day to
    show, as in `hours_of_week`. Differences of shares have Newcombe's interval (1998, method
    10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I), the paper's.

    Power is simulated: both periods drawn from all the records, and half of the later ones
    moved into the quietest six hours (or two days) that follow each other; 199 times, at most
    500 records of each. Under 80 %, no finding says nothing: two searches, one before and one
    after, give a p-value of one whatever they are. A period without records is too few as well.
    Records come one by one here; where they come in bursts, p-values are too small.
    """
    check_replicates(replicates, level)
    pooled, is_after, without_time, aside = _pooled(before, after, kind)
    counts = int(len(is_after) - is_after.sum()), int(is_after.sum())
    statistic, p_value, power = 0.0, 1.0, 0.0
    if min(counts) > 0:
        statistic, p_value = _tested(pooled, is_after, kind == "hours", replicates, seed)
        power = _power(pooled, counts, kind, level, seed)
    return TemporalShift(
        kind=kind,
        before=counts[0],
        after=counts[1],
        without_time=without_time,
        set_aside=aside,
        statistic=statistic,
        p_value=p_value,
        power=power,
        level=level,
        replicates=replicates,
        seed=seed,
        parts=_parts(pooled, is_after, kind, shifts, level),
    )


def _pooled(
    before: ArrayLike, after: ArrayLike, kind: ShiftKind
) -> tuple[NDArray[np.int64], NDArray[np.int8], int, int]:
    """Times past midnight in microseconds, or weekdays, in order; 1 where later; left out."""
    one, other = (np.asarray(times, dtype="datetime64[us]") for times in (before, after))
    times = np.concatenate([one, other])
    is_after = np.repeat(np.array([0, 1], dtype=np.int8), [len(one), len(other)])
    known = ~np.isnat(times)
    timed, is_after = times[known], is_after[known]
    aside = 0
    if kind == "hours":
        without = is_midnight_without_time(timed, timed)
        timed, is_after, aside = timed[~without], is_after[~without], int(without.sum())
        values = timed.astype(np.int64) % DAY
    elif kind == "weekdays":
        values = (timed.astype(np.int64) // DAY + 3) % 7  # 1970 began on a Thursday
    else:
        raise InputError(
            f'A shift is looked for in "hours" or "weekdays"; found {kind!r}. Use one of the two.'
        )
    order = np.argsort(values, kind="stable")
    return values[order], is_after[order], int((~known).sum()), aside


def _tested(
    pooled: NDArray[np.int64],
    is_after: NDArray[np.int8],
    on_circle: bool,
    replicates: int,
    seed: int,
) -> tuple[float, float]:
    from peelian.analysis import time_shuffles as kernel

    ends = np.append(np.flatnonzero(np.diff(pooled)) + 1, len(pooled))
    statistic = (kernel.watson_u2 if on_circle else kernel.chi_square)(is_after, ends)
    by_chance = by_replicate(
        lambda first, count: kernel.shuffled_statistics(
            is_after, ends, on_circle, seed, first, count
        ),
        replicates,
    )
    # A sum in another order may differ in its last digits.
    as_far = int((by_chance >= statistic - 1e-9 * abs(statistic)).sum())
    return float(statistic), (1 + as_far) / (replicates + 1)


def _power(
    pooled: NDArray[np.int64], counts: tuple[int, int], kind: ShiftKind, level: float, seed: int
) -> float:
    """How often half of the later records in the quietest part would be found."""
    from peelian.analysis import time_shuffles as kernel

    before, after = (min(count, _MOST_TRIED) for count in counts)
    quiet = _quiet_hours(pooled) if kind == "hours" else _quiet_days(pooled)
    p_values = [
        kernel.p_value_if_shifted(
            pooled, before, after, quiet, kind == "hours", seed, run * _STRIDE, _POWER_RUNS
        )
        for run in range(1, _POWER_RUNS + 1)
    ]
    return float(np.mean(np.array(p_values) <= 1 - level))


def _quiet_hours(pooled: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each minute of the six hours in a row with fewest records."""
    first = _quietest(np.bincount(pooled // HOUR, minlength=24), 6)
    return (first * HOUR + np.arange(360) * (HOUR // 60)) % DAY


def _quiet_days(pooled: NDArray[np.int64]) -> NDArray[np.int64]:
    return (_quietest(np.bincount(pooled, minlength=7), 2) + np.arange(2)) % 7


def _quietest(counts: NDArray[np.int64], length: int) -> int:
    """Where the run of so many with fewest records begins, going round."""
    around = np.concatenate([counts, counts[: length - 1]])
    return int(np.argmin(np.convolve(around, np.ones(length), mode="valid")))


def _parts(
    pooled: NDArray[np.int64],
    is_after: NDArray[np.int8],
    kind: ShiftKind,
    shifts: Mapping[str, tuple[int, int]],
    level: float,
) -> tuple[ShareChange, ...]:
    if kind == "hours":
        cells = pooled // HOUR
        named = {name: hours_of_shift(name, *ends) for name, ends in shifts.items()}
    else:
        cells = pooled
        named = {name: (day,) for day, name in enumerate(WEEKDAYS)}
    total_after = int(is_after.sum())
    total_before = len(is_after) - total_after
    parts = []
    for name, members in named.items():
        within = np.isin(cells, members)
        after = int(is_after[within].sum())
        before = int(within.sum()) - after
        parts.append(share_change(name, before, total_before, after, total_after, level=level))
    return tuple(parts)


def share_change(
    name: str, before: int, total_before: int, after: int, total_after: int, *, level: float = 0.95
) -> ShareChange:
    """The later share less the earlier, with Newcombe's interval; -1 to 1 without records."""
    one, one_low, one_high = _wilson(before, total_before, level)
    two, two_low, two_high = _wilson(after, total_after, level)
    difference = two - one
    if not (total_before and total_after):
        return ShareChange(name, before, after, one, two, difference, -1.0, 1.0)
    return ShareChange(
        name,
        before,
        after,
        one,
        two,
        difference,
        # Rounding can lead a hair beyond what a difference can be.
        low=max(-1.0, difference - float(np.hypot(two - two_low, one_high - one))),
        high=min(1.0, difference + float(np.hypot(two_high - two, one - one_low))),
    )


def _wilson(records: int, total: int, level: float) -> tuple[float, float, float]:
    """A share and Wilson's score limits (1927, doi:10.1080/01621459.1927.10502953)."""
    from scipy.special import ndtri

    if not total:
        return 0.0, 0.0, 1.0
    z, share = float(ndtri((1 + level) / 2)), records / total
    middle = (records + z**2 / 2) / (total + z**2)
    half = z / (total + z**2) * float(np.sqrt(records * (1 - share) + z**2 / 4))
    return share, middle - half, middle + half
