"""Counts added and taken away, each with its weight: how much, and how sure with few records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from math import inf, sqrt

from peelian.core.errors import InputError
from peelian.core.results import Direction

# Below these the normal interval misses its level by more than half a point in simulations.
LEAST_RECORDS = 20
MOST_SKEW = 0.05


@dataclass(frozen=True)
class CountContrast:
    """A weighted sum of counts of records that come one by one, some weights below zero.

    counts, weights: one of each a count, in the same order. The sum has to have a weight above
    zero and one below: InputError otherwise.
    """

    counts: tuple[int, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if any(count < 0 or count != int(count) for count in self.counts):
            raise InputError(
                f"Records are counted in whole numbers, none below zero; found {self.counts}. "
                f"Count them again."
            )
        if not min(self.weights) < 0 < max(self.weights) or inf in map(abs, self.weights):
            raise InputError(
                f"What is compared has one side that adds and one that takes away, each of "
                f"finite weight; found weights {self.weights}. Give both sides a size above zero."
            )

    @property
    def estimate(self) -> float:
        """The weighted sum."""
        return float(sum(n * w for n, w in zip(self.counts, self.weights, strict=True)))

    @property
    def variance(self) -> float:
        """Of the sum, each count's variance taken to be the count."""
        return float(sum(n * w**2 for n, w in zip(self.counts, self.weights, strict=True)))

    @property
    def standard_error(self) -> float:
        """The square root of the variance."""
        return sqrt(self.variance)

    @property
    def is_nearly_normal(self) -> bool:
        """Whether the normal interval may be used.

        Every count is at least 20, and the sum leans to neither side: its skewness is at most
        0.05.
        """
        third = sum(n * w**3 for n, w in zip(self.counts, self.weights, strict=True))
        return (
            min(self.counts) >= LEAST_RECORDS and abs(third) <= MOST_SKEW * self.standard_error**3
        )

    def normal_interval(self, *, level: float) -> tuple[float, float]:
        """The sum and so many standard errors to either side, both ends included."""
        reach = _normal_reach(level) * self.standard_error
        return self.estimate - reach, self.estimate + reach

    def interval(self, *, level: float, stretch: float = 1.0) -> tuple[float, float]:
        """An interval that holds with few records too, both ends included.

        stretch: how many times further both ends lie from the sum, where counts vary more.

        What adds and what takes away each get gamma limits, which are joined as Zou and Donner
        (2008, doi:10.1002/sim.3095) join two intervals, their formula. The limits are a
        variation on those of Fay and Feuer (1997,
        doi:10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#): half a record of
        the heaviest weight is added for both limits, not a whole one for the upper alone,
        which would cover nearly always. No record at all gives an interval round 0.
        """
        adds = self._limits(1, level)
        takes = self._limits(-1, level)
        below = sqrt((adds[0] - adds[1]) ** 2 + (takes[2] - takes[0]) ** 2)
        above = sqrt((adds[2] - adds[0]) ** 2 + (takes[0] - takes[1]) ** 2)
        return self.estimate - stretch * below, self.estimate + stretch * above

    def _limits(self, sign: int, level: float) -> tuple[float, float, float]:
        """The sum of one side, and its limits."""
        from scipy.special import gammaincinv

        on_side = [weight * sign > 0 for weight in self.weights]
        counts = list(compress(self.counts, on_side))
        weights = [abs(weight) for weight in compress(self.weights, on_side)]
        heaviest = max(weights)
        total = sum(n * w for n, w in zip(counts, weights, strict=True))
        mean = total + heaviest / 2
        variance = sum(n * w**2 for n, w in zip(counts, weights, strict=True)) + heaviest**2 / 2
        shape, scale = mean**2 / variance, variance / mean
        low = float(scale * gammaincinv(shape, (1 - level) / 2)) if total else 0.0
        return total, min(low, total), float(scale * gammaincinv(shape, (1 + level) / 2))


def least_level_that_holds(
    interval: Callable[[float], tuple[float, float]], value: float = 0.0
) -> float:
    """One less the level at which an interval just holds a value: the p-value that goes with it.

    interval: takes a level and gives both ends; it has to widen with the level. At least 1e-9.
    """
    from scipy.optimize import brentq

    def short_of(level: float) -> float:
        low, high = interval(level)
        return max(low - value, value - high)

    least, most = 1e-9, 1 - 1e-9
    if short_of(least) <= 0:
        return 1.0
    if short_of(most) >= 0:
        return 1 - most
    return float(1 - brentq(short_of, least, most, xtol=1e-12))


def direction_of(low: float, high: float) -> Direction | None:
    """Which way a difference with this interval moved beyond chance; None where it holds 0."""
    if low > 0:
        return "up"
    return "down" if high < 0 else None


def joined(parts: Sequence[CountContrast]) -> CountContrast:
    """The sum of several contrasts of different records."""
    return CountContrast(
        tuple(n for part in parts for n in part.counts),
        tuple(w for part in parts for w in part.weights),
    )


def _normal_reach(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))
