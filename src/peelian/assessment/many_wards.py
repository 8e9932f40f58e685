"""How records changed in many wards at once, so that a league table is not one of noise.

A ward with few records is often first or last by chance. So each ward's change, against that of a
typical ward, is drawn towards no difference, the more the fewer records it has; it comes with the
ranks that it may hold (Goldstein and Spiegelhalter 1996, doi:10.2307/2983325); and only as many
are said to differ as false-discovery control lets pass. Nothing here says why a ward differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.change_spread import beta_of, burst_factor, fit_spread
from peelian.core.errors import CoverageError, InputError
from peelian.core.results import Direction, RatioInterval
from peelian.scanning.false_discovery import discoveries

FALSE_DISCOVERIES = 0.05
LEAST_WARDS = 10


@dataclass(frozen=True)
class WardChange(RatioInterval):
    """One ward's change over that of a typical ward: 0.9 is a tenth fewer than there.

    before, after: its records. estimate, low, high: drawn towards no difference, and an
    interval of the posterior at `level`. highest_rank, lowest_rank: the ranks it may hold
    at that level; 1 is the largest rise. p_value: of no difference from the typical ward, of
    its own records alone. changed: its direction where it is among the discoveries.
    """

    ward: str
    before: int
    after: int
    estimate: float
    low: float
    high: float
    level: float
    highest_rank: int
    lowest_rank: int
    p_value: float
    changed: Direction | None


@dataclass(frozen=True)
class ManyWards:
    """Wards in the order given. typical: the typical ward's records after over before, a month.

    spread: the standard deviation of the logarithm of true changes. burst: how many times
    the variance of single records a month's has. discovery_rate: of the changes found, the
    share expected to be chance, at most.
    """

    wards: tuple[WardChange, ...]
    typical: float
    spread: float
    burst: float
    discovery_rate: float
    notices: tuple[str, ...]

    @property
    def changed(self) -> tuple[WardChange, ...]:
        """The discoveries, the least likely by chance first."""
        return tuple(
            sorted((each for each in self.wards if each.changed), key=lambda each: each.p_value)
        )


def many_wards(
    wards: Sequence[str],
    counts: NDArray[np.float64],
    *,
    first_after: int,
    seed: int,
    level: float = 0.95,
    discovery_rate: float = FALSE_DISCOVERIES,
    draws: int = 4_000,
) -> ManyWards:
    """Compare each ward's change with that of a typical one, all wards at once.

    counts: one row a ward, one column a month, NaN where not held; months that a ward lacks
    are left out of all. first_after: the first column of the months after. Given a ward's
    records in all, those after are binomial; wards' shares come from one beta distribution,
    as they do where rates are gamma (a variation on Clayton and Kaldor 1987,
    doi:10.2307/2532003). Records that come in bursts count as fewer: sums are divided by
    `burst`. How far wards differ is averaged over (`fit_spread`), by `draws` of the seed, so an
    end of an interval is known to about a fortieth of its width. The tests do not lean on
    other wards but for the typical share. InputError where tables do not fit or fewer than ten
    wards are given; CoverageError where a side has no month or no record.
    """
    held, after = _columns(wards, counts, first_after)
    early, late = counts[:, held & ~after], counts[:, held & after]
    burst = burst_factor([early, late])
    records, total = late.sum(axis=1), early.sum(axis=1) + late.sum(axis=1)
    fitted = fit_spread(records / burst, total / burst)
    share = float(fitted.weights @ fitted.means)
    p_values = _p_values(records / burst, total / burst, share)
    found = discoveries(p_values, rate=discovery_rate)
    spreads, means = fitted.drawn(draws, seed=seed)
    ratios = _ratios(records / burst, total / burst, spreads, means, seed=seed)
    tails = [(1 - level) / 2, 0.5, (1 + level) / 2]
    low, middle, high = np.quantile(ratios, tails, axis=0)
    ranks = 1 + (-ratios).argsort(axis=1).argsort(axis=1)
    first, _, last = np.quantile(ranks, tails, axis=0, method="nearest").astype(int)
    return ManyWards(
        tuple(
            WardChange(
                ward=ward,
                before=int(total[i] - records[i]),
                after=int(records[i]),
                estimate=float(middle[i]),
                low=float(low[i]),
                high=float(high[i]),
                level=level,
                highest_rank=int(first[i]),
                lowest_rank=int(last[i]),
                p_value=float(p_values[i]),
                changed=_direction(records[i], total[i] * share) if found[i] else None,
            )
            for i, ward in enumerate(wards)
        ),
        typical=share / (1 - share) * early.shape[1] / late.shape[1],
        spread=float(fitted.weights @ fitted.spreads),
        burst=burst,
        discovery_rate=discovery_rate,
        notices=_notices(held),
    )


def _columns(
    wards: Sequence[str], counts: NDArray[np.float64], first_after: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    if counts.ndim != 2 or len(counts) != len(wards) or len(wards) < LEAST_WARDS:
        raise InputError(
            f"Wards are compared with a row of counts each, and {LEAST_WARDS} of them or more, so "
            f"that one is typical; found {len(wards)} wards and counts of shape {counts.shape}."
        )
    if (counts < 0).any():
        raise InputError("Counts are 0 or more; found others. Count records by ward and month.")
    held = np.asarray(~np.isnan(counts).any(axis=0))
    after = np.arange(counts.shape[1]) >= first_after
    for name, side in (("before", ~after), ("after", after)):
        if not counts[:, held & side].sum():
            raise CoverageError(
                f"A change needs records on either side, in months that all wards hold; there are "
                f"none {name} column {first_after}. Give more months, or leave out wards with gaps."
            )
    return held, after


def _p_values(
    records: NDArray[np.float64], total: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Twice the smaller binomial tail, at most 1; the records are counted in both tails."""
    from scipy.special import betainc

    none, every = records <= 0, total - records <= 0
    # The beta function's ends: nothing is certain to be reached, everything never exceeded.
    upper = np.where(none, 1.0, betainc(np.where(none, 1.0, records), total - records + 1, share))
    lower = np.where(
        every, 1.0, 1 - betainc(records + 1, np.where(every, 1.0, total - records), share)
    )
    doubled: NDArray[np.float64] = np.minimum(1.0, 2 * np.minimum(upper, lower))
    return doubled


def _ratios(
    records: NDArray[np.float64],
    total: NDArray[np.float64],
    spreads: NDArray[np.float64],
    means: NDArray[np.float64],
    *,
    seed: int,
) -> NDArray[np.float64]:
    """Draws of each ward's ratio to the typical ward: one row a draw, one column a ward."""
    alpha, beta = (each[:, None] for each in beta_of(spreads, means))
    draw = np.random.default_rng([seed, 1])
    shares = draw.beta(alpha + records, beta + total - records).clip(1e-12, 1 - 1e-12)
    ratios: NDArray[np.float64] = shares / (1 - shares) * ((1 - means) / means)[:, None]
    return ratios


def _direction(records: float, expected: float) -> Direction:
    return "up" if records > expected else "down"


def _notices(held: NDArray[np.bool_]) -> tuple[str, ...]:
    if held.all():
        return ()
    return (f"{int((~held).sum())} of {len(held)} months are not held everywhere: left out.",)
