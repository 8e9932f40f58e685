"""A test of records by hour of the day against an even spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.scanning.replicates import by_replicate, check_replicates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peelian.analysis.time_of_week import HoursOfWeek

# Half of the records crowded into a quarter of the clock is far from even. A test that would
# miss that more often than this is too weak.
_CROWDED = 0.5
_LEAST_POWER = 0.8
# Power is tried with at most so many records: more could only be stronger.
_MOST_TRIED = 500


@dataclass(frozen=True)
class EvenHours:
    """Whether records are spread evenly over the hours of the day.

    records: those known to the hour; longer intervals are left out. statistic: Pearson's
    chi-square over 24 hours. p_value: the share of even spreads by chance, the observed one
    counted, that are at least as uneven. power: how often as many records would have been found
    uneven, were half of them crowded into six hours.
    """

    records: int
    statistic: float
    p_value: float
    power: float
    level: float
    replicates: int
    seed: int

    @property
    def is_uneven(self) -> bool:
        """Whether the hours differ beyond chance."""
        return self.p_value <= 1 - self.level

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether nothing was found, and far from even might well have been missed."""
        return not self.is_uneven and self.power < _LEAST_POWER


def even_hours(
    hours: HoursOfWeek, *, replicates: int = 999, level: float = 0.95, seed: int
) -> EvenHours:
    """Test whether records are spread evenly over the hours of the day.

    Pearson's chi-square (1900, doi:10.1080/14786440009463897), judged by Monte Carlo, a
    variation: as many records fall on 24 hours, each as likely. Only records known to the hour
    count. No records give a p-value of one.
    """
    check_replicates(replicates, level)
    counts = hours.least.sum(axis=0)
    records = int(counts.sum())
    if not records:
        return EvenHours(0, 0.0, 1.0, 0.0, level, replicates, seed)
    expected = records / 24
    statistic = float(((counts - expected) ** 2).sum() / expected)
    by_chance = _spread_by_chance(records, 0.0, replicates, seed)
    tried = min(records, _MOST_TRIED)
    crowded = _spread_by_chance(tried, _CROWDED, replicates, seed + 1)
    crowded_p = _p_values(crowded, _spread_by_chance(tried, 0.0, replicates, seed))
    return EvenHours(
        records=records,
        statistic=statistic,
        p_value=float(_p_values(np.array([statistic]), by_chance)[0]),
        power=float((crowded_p <= 1 - level).mean()),
        level=level,
        replicates=replicates,
        seed=seed,
    )


def _spread_by_chance(
    records: int, crowded: float, replicates: int, seed: int
) -> NDArray[np.float64]:
    """The statistics of so many records, each crowded with this chance; in order of size."""
    from peelian.analysis.time_shuffles import even_statistics

    return np.sort(
        by_replicate(
            lambda first, count: even_statistics(records, 24, crowded, seed, first, count),
            replicates,
        )
    )


def _p_values(found: NDArray[np.float64], by_chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of arrangements, each found one among them, that reach it. by_chance: sorted."""
    # A sum in another order may differ in its last digits.
    below = np.searchsorted(by_chance, found * (1 - 1e-9), side="left")
    share: NDArray[np.float64] = (1 + len(by_chance) - below) / (len(by_chance) + 1)
    return share
