"""What a comparison could find, before anything starts: its power, and the smallest effect seen.

By simulation of the very rule that the assessment will use, on records that vary between before
and after as places did where nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.compared_counts import ComparedCounts
from peelian.core.errors import CoverageError, InputError
from peelian.response.trial_power import PowerAt
from peelian.scanning.exact_share import exact_limits

if TYPE_CHECKING:
    from peelian.core.months import Month
    from peelian.core.results import Direction

# A made panel, and how many of its columns lie before the start: which way beyond chance.
Method = Callable[[NDArray[np.float64], int], "Direction | None"]

_LARGEST = {"down": 90, "up": 300}  # per cent


@dataclass(frozen=True)
class DesignPower:
    """What a design could find. expected_records: after the start, without the response.

    at: how often effects are found, in the direction that is expected. false_alarms: how
    often anything is, either way, where nothing happens. smallest_found: the smallest effect
    found with `wanted` power, to a hundredth; None where none short of -0.9, or 3, is.
    """

    at: tuple[PowerAt, ...]
    false_alarms: PowerAt
    smallest_found: float | None
    wanted: float
    level: float
    expected_records: float
    variation: float
    simulations: int


def power_of_design(
    panel: NDArray[np.float64],
    months: Sequence[Month],
    *,
    after: Sequence[Month],
    variation: float,
    seed: int,
    effects: Sequence[float] = (-0.1, -0.2, -0.4),
    wanted: float = 0.8,
    level: float = 0.95,
    simulations: int = 2_000,
    method: Method | None = None,
) -> DesignPower:
    """Simulate a comparison, and count how often an effect is found.

    panel: records before the start, no month missing: first the place treated, or the sum of
    several, then a row for each comparison place; with no other row, the place is compared with
    its own past in the same months of the year. after: the months to come. variation: how much
    the place moves against its comparison beyond chance (`ChoiceCheck.variation`). effects: all
    of one sign, -0.2 for a fifth fewer. method: the rule that will be used; unless given,
    `ComparedCounts.tails`, which is quick: on burglary in one ward it put the smallest effect at
    -0.62, where `difference_in_differences` itself had -0.61. With a rule that takes 10
    milliseconds, 150 simulations take half a minute.

    Rates follow the panel's months of the year and its means; each place's rate after is
    multiplied by a gamma factor, so that the difference varies as `variation` says. Within the
    two spans months vary as Poisson counts. InputError for effects of both signs, of 0, of -1 or
    less; CoverageError where the place has no record.
    """
    direction = _direction(effects)
    if panel.ndim != 2 or panel.shape[1] != len(months) or np.isnan(panel).any():
        raise InputError(
            f"Power is simulated from months that are all held; found a panel of {panel.shape} for "
            f"{len(months)} months, or months missing. Leave out the months that are."
        )
    if not panel[0].sum() or not after:
        raise CoverageError(
            "Power needs a record before the start and a month after it; found none. Measure "
            "something that is recorded there, over a month at least."
        )
    made = _Made.of(panel, months, after, variation, seed, simulations, method)
    least = (1 - level) / 2
    at = tuple(_with_limits(e, made.share_found(e, direction, least), simulations) for e in effects)
    alarms = made.share_found(0.0, "down", least) + made.share_found(0.0, "up", least)
    return DesignPower(
        at=at,
        false_alarms=_with_limits(0.0, alarms, simulations),
        smallest_found=_smallest_found(made, direction, wanted=wanted, least=least),
        wanted=wanted,
        level=level,
        expected_records=float(made.expected),
        variation=variation,
        simulations=simulations,
    )


@dataclass(frozen=True, eq=False)
class _Made:
    """Made records without a response: (simulations, rows, months before and after).

    further: records that a tripled rate would add to the place treated after the start. season:
    the columns before that are months of the year of those after.
    """

    records: NDArray[np.int64]
    further: NDArray[np.int64]
    months_before: int
    season: NDArray[np.bool_]
    expected: float
    variation: float
    seed: int
    method: Method | None

    @classmethod
    def of(
        cls,
        panel: NDArray[np.float64],
        months: Sequence[Month],
        after: Sequence[Month],
        variation: float,
        seed: int,
        simulations: int,
        method: Method | None,
    ) -> _Made:
        rng = np.random.default_rng([seed, 0, 1])
        of_year = np.array([month.number for month in (*months, *after)])
        before = len(months)
        season = np.isin(of_year[:before], of_year[before:])
        rates = _rates(panel, of_year, before)
        others = len(panel) - 1
        # The difference of place and comparison varies as told, in equal parts for each place.
        own = variation * (others / (others + 1)) ** 0.5 if others else variation
        factors = np.ones((simulations, len(panel), len(of_year)))
        if own > 0:
            drawn = rng.gamma(own**-2, own**2, size=(simulations, len(panel), 1))
            factors[:, :, before:] = drawn
        rates_drawn = rates * factors
        return cls(
            records=rng.poisson(rates_drawn),
            further=rng.poisson(_LARGEST["up"] / 100 * rates_drawn[:, 0, before:]),
            months_before=before,
            season=season if season.any() else np.ones(before, dtype=bool),
            expected=float(rates[0, before:].sum()),
            variation=variation,
            seed=seed,
            method=method,
        )

    def share_found(self, effect: float, direction: Direction, least: float) -> float:
        """The share of simulations in which this is found beyond chance in the direction."""
        after = self._after(effect)
        if self.method is None:
            counts = replace(self.compared, after=after.sum(axis=1).astype(float))
            few, many = counts.tails(variation=self.variation)
            return float(((few if direction == "down" else many) <= least).mean())
        found = 0
        for number, made in enumerate(self.records.astype(float)):
            made[0, self.months_before :] = after[number]
            found += self.method(made, self.months_before) == direction
        return found / len(self.records)

    def _after(self, effect: float) -> NDArray[np.int64]:
        """The treated place's records after the start, by month, with the effect."""
        rng = np.random.default_rng([self.seed, 0, 2])
        after = self.records[:, 0, self.months_before :]
        if effect > 0:
            return after + rng.binomial(self.further, effect / (_LARGEST["up"] / 100))
        # Of records that would be there, a fall leaves each with the same chance.
        return rng.binomial(after, 1 + effect)

    @cached_property
    def compared(self) -> ComparedCounts:
        """The records added up, as `ComparedCounts` compares them."""
        before = self.records[:, :, : self.months_before]
        after = self.records[:, :, self.months_before :].sum(axis=2).astype(float)
        if len(after[0]) == 1:
            return ComparedCounts.against_itself(
                before[:, 0, self.season].sum(axis=1).astype(float),
                after[:, 0],
                months_before=int(self.season.sum()),
                months_after=self.records.shape[2] - self.months_before,
            )
        summed = before.sum(axis=2).astype(float)
        return ComparedCounts(
            summed[:, 0], after[:, 0], summed[:, 1:].sum(axis=1), after[:, 1:].sum(axis=1)
        )


def _rates(
    panel: NDArray[np.float64], of_year: NDArray[np.int64], before: int
) -> NDArray[np.float64]:
    """Each place's mean, times how the months of the year differ in all of them together."""
    total = panel.sum(axis=0)
    by_month = {
        number: total[of_year[:before] == number].mean() for number in np.unique(of_year[:before])
    }
    mean = total.mean()
    pattern = np.array([by_month.get(number, mean) for number in of_year]) / mean
    pattern *= before / pattern[:before].sum()
    rates: NDArray[np.float64] = panel.mean(axis=1)[:, None] * pattern
    return rates


def _smallest_found(
    made: _Made, direction: Direction, *, wanted: float, least: float
) -> float | None:
    """By halving: the larger an effect, the more often it is found."""
    sign = -1 if direction == "down" else 1
    low, high = 0, _LARGEST[direction]
    if made.share_found(sign * high / 100, direction, least) < wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if made.share_found(sign * middle / 100, direction, least) < wanted:
            low = middle
        else:
            high = middle
    return sign * high / 100


def _with_limits(effect: float, power: float, simulations: int) -> PowerAt:
    low, high = exact_limits(round(power * simulations), simulations, level=0.95)
    return PowerAt(effect, power, float(low), float(high))


def _direction(effects: Sequence[float]) -> Direction:
    falls = [-1 < effect < 0 for effect in effects]
    rises = [0 < effect <= _LARGEST["up"] / 100 for effect in effects]
    if not effects or not (all(falls) or all(rises)):
        raise InputError(
            f"Power is asked for falls or for rises, from -1 to {_LARGEST['up'] // 100} without 0 "
            f"and -1; found {list(effects)}. Write -0.2 for a fifth fewer."
        )
    return "down" if all(falls) else "up"
