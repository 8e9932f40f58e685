"""What a trial could find, before anyone walks: its power, and the smallest effect it would see.

By simulation of the very test and interval that `assessment.randomised` uses, on records drawn as
they vary in fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.response.trial import blocks_of, draws_of_block
from peelian.response.trial_ratio import mantel_haenszel_weights
from peelian.scanning.exact_share import exact_limits
from peelian.scanning.ranking import DRIFT

if TYPE_CHECKING:
    from peelian.core.patrols import Trial

# The 20 busiest places of eight wards of Camden, 25 months from January 2016: all recorded crime
# 0.10 to 0.44 with a median of 0.25, anti-social behaviour 0.22 to 0.73 (0.34), violence 0.19 to
# 0.70 (0.46); the median of all is 0.34.
PERIOD_VARIATION = 0.35

_SMALLEST, _LARGEST = 1, 90  # per cent fewer records


@dataclass(frozen=True)
class PowerAt:
    """How often a trial would find an effect of this size.

    effect: -0.2 for a fifth fewer records. low, high: 95 % interval of the simulation.
    """

    effect: float
    power: float
    low: float
    high: float


@dataclass(frozen=True)
class TrialPower:
    """What a trial could find. expected_records: in all its place-periods, without extra patrol.

    smallest_found: the smallest effect that is found with `wanted` power, to a hundredth; None
    where none short of -0.9 is.
    """

    at: tuple[PowerAt, ...]
    smallest_found: float | None
    wanted: float
    level: float
    expected_records: float
    simulations: int

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether the trial would find no effect that patrol can have."""
        return self.smallest_found is None


def power_of_trial(
    trial: Trial,
    expected: Sequence[float],
    *,
    seed: int,
    effects: Sequence[float] = (-0.1, -0.2, -0.4),
    wanted: float = 0.8,
    level: float = 0.95,
    place_variation: float = DRIFT,
    period_variation: float = PERIOD_VARIATION,
    simulations: int = 1_000,
    draws: int = 999,
) -> TrialPower:
    """Simulate a trial's design, and count how often the effect's interval lies below 1.

    trial: only its kind, blocks and periods matter, not how it was drawn. expected: in the
    trial's order, records a period of each place, positive. effects: from -1 to 0, both
    excluded. place_variation: standard deviation of a place's rate about what is expected, as
    a share of it, for the whole trial; the default is what ranking measured. period_variation:
    the same from one period to the next (`variation_between_periods`). InputError for anything
    else.
    """
    means = np.array(expected, dtype=float)
    _check(trial, means, effects)
    made = _Simulated.of(
        trial, means, seed, (place_variation, period_variation), simulations, draws
    )
    found = {effect: made.share_found(effect, level=level) for effect in effects}
    at = []
    for effect, power in found.items():
        low, high = exact_limits(round(power * simulations), simulations, level=0.95)
        at.append(PowerAt(effect, power, float(low), float(high)))
    return TrialPower(
        at=tuple(at),
        smallest_found=_smallest_found(made, wanted=wanted, level=level),
        wanted=wanted,
        level=level,
        expected_records=float(means.sum()) * (len(trial.period_starts) - 1),
        simulations=simulations,
    )


def variation_between_periods(history: NDArray[np.float64]) -> float:
    """How much places' rates vary from period to period beyond chance, as a share of the rate.

    history: one row a place, one column a period as long as the trial's, NaN where missing. A
    standard deviation by moments, about rates that are each place's share of each period's
    total: what all places have in common is no noise to a trial that compares within periods.
    0 where records vary no more than Poisson counts, and where fewer than two places or
    periods have a record.
    """
    held = history[:, ~np.isnan(history).any(axis=0)]
    held = held[np.ix_(held.sum(axis=1) > 0, held.sum(axis=0) > 0)]
    places, periods = held.shape
    if places < 2 or periods < 2:
        return 0.0
    means = held.sum(axis=1, keepdims=True) * held.sum(axis=0) / held.sum()
    # Means fitted to rows and columns take that many degrees of freedom from the residuals.
    free = (places - 1) * (periods - 1) / (places * periods)
    beyond = ((held - means) ** 2).sum() / free - means.sum()
    return float(np.sqrt(max(beyond, 0.0) / (means**2).sum()))


@dataclass(frozen=True, eq=False)
class _Simulated:
    """Made records without extra patrol, who would be treated, and other draws to test against.

    records, treated: (simulations, place-periods). weights: of a record under `treated`, the
    same shape; others: (draws, place-periods). exposure: of each place-period.
    """

    records: NDArray[np.int64]
    treated: NDArray[np.bool_]
    weights: NDArray[np.float64]
    others: NDArray[np.float64]
    exposure: NDArray[np.float64]
    seed: int

    @classmethod
    def of(
        cls,
        trial: Trial,
        means: NDArray[np.float64],
        seed: int,
        variation: tuple[float, float],
        simulations: int,
        draws: int,
    ) -> _Simulated:
        rng = np.random.default_rng([seed, 0, 1])
        periods = len(trial.period_starts) - 1
        rates = means[:, None] * _about_one(rng, variation[0], (simulations, len(means), 1))
        rates = rates * _about_one(rng, variation[1], (simulations, len(means), periods))
        treated, weights = [], []
        for block, rows in blocks_of(trial):
            drawn = draws_of_block(trial, block, draws=simulations + draws, seed=seed)
            exposure = np.repeat(means[rows, None], periods, axis=1)
            treated.append(drawn.reshape(len(drawn), -1))
            weights.append(mantel_haenszel_weights(drawn, exposure).reshape(len(drawn), -1))
        order = np.concatenate([rows for _, rows in blocks_of(trial)])
        every = np.concatenate(weights, axis=1)
        return cls(
            records=rng.poisson(rates[:, order]).reshape(simulations, -1),
            treated=np.concatenate(treated, axis=1)[:simulations],
            weights=every[:simulations],
            others=every[simulations:],
            exposure=np.repeat(means[order], periods),
            seed=seed,
        )

    def share_found(self, effect: float, *, level: float) -> float:
        """The share of simulations in which the interval lies below 1."""
        from scipy.special import bdtr

        rng = np.random.default_rng([self.seed, 0, 2])
        # Of records that would be there, treatment leaves each with the same chance.
        kept = rng.binomial(self.records, 1 + effect)
        counts = np.where(self.treated, kept, self.records).astype(float)
        came = (counts * self.weights).sum(axis=1)
        as_low = (self.others @ counts.T <= came + 1e-9).sum(axis=0)
        least = (1 - level) / 2
        by_draw = (1 + as_low) / (len(self.others) + 1) <= least
        # The effect's interval also holds what that of two Poisson counts does.
        treated = (counts * self.treated).sum(axis=1)
        share = (self.treated @ self.exposure) / self.exposure.sum()
        by_chance = bdtr(treated, counts.sum(axis=1).astype(np.int64), share) <= least
        return float((by_draw & by_chance).mean())


def _smallest_found(made: _Simulated, *, wanted: float, level: float) -> float | None:
    """By halving: the larger an effect, the more often it is found."""
    low, high = _SMALLEST - 1, _LARGEST
    if made.share_found(-high / 100, level=level) < wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if made.share_found(-middle / 100, level=level) < wanted:
            low = middle
        else:
            high = middle
    return -high / 100


def _about_one(
    rng: np.random.Generator, variation: float, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Gamma factors with mean 1 and this standard deviation."""
    if variation == 0:
        return np.ones(shape)
    return rng.gamma(variation**-2, variation**2, size=shape)


def _check(trial: Trial, means: NDArray[np.float64], effects: Sequence[float]) -> None:
    if len(means) != len(trial.places) or not (means > 0).all():
        raise InputError(
            f"Power needs the records expected a period of each of the trial's "
            f"{len(trial.places)} places, each more than 0; found {len(means)}, the least "
            f"{means.min(initial=np.inf):g}. Give one for each place."
        )
    wrong = [effect for effect in effects if not -1 < effect < 0]
    if wrong:
        raise InputError(
            f"Power is asked for a fall in records, as a share between -1 and 0; found "
            f"{wrong[0]:g}. Write -0.2 for a fifth fewer."
        )
