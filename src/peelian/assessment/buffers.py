"""What became of the surroundings where a response worked: records that moved, or fell as well."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.displacement_over_months import Drift
from peelian.assessment.effect import Difference
from peelian.assessment.weighted_displacement import BeforeAfter
from peelian.core.errors import InputError

ONE_BY_ONE = Drift()
Meaning = Literal["diffusion", "displacement", "neither beyond chance", "no fall to move"]

_SAYS = {
    "diffusion": "The surroundings fell too, beyond chance.",
    "displacement": "Records moved to the surroundings, beyond chance.",
    "neither beyond chance": "Too few to say whether records moved, or fell around as well.",
    "no fall to move": (
        "The treated place did not fall beyond chance against its comparison, so there is "
        "nothing that could have moved."
    ),
}


@dataclass(frozen=True)
class DisplacementQuotient:
    """The change around a treated place over the change in it, both against a comparison.

    estimate: above 1, the surroundings fell by more than the place; 0 to 1, they fell by less;
    0 to -1, some of what the place lost appeared around it; below -1, more appeared than it
    lost. It reads so only where the place fell; None where it did not, or the comparison has no
    record. low, high: an interval at `level`, without bounds where a fall is not sure. success,
    around: the change of the place and of its surroundings, in records for each of the
    comparison's: below 0 is a fall. meaning: what the interval allows to say.
    """

    estimate: float | None
    low: float
    high: float
    level: float
    success: float | None
    around: float | None
    meaning: Meaning
    assumptions: tuple[str, ...]

    @property
    def says(self) -> str:
        """The meaning in a sentence, with whether more moved than was prevented."""
        if self.high < -1:
            return f"{_SAYS[self.meaning]} More appeared there than the place lost."
        if self.meaning == "displacement" and self.low > -1:
            return f"{_SAYS[self.meaning]} Less appeared there than the place lost."
        return _SAYS[self.meaning]


def displacement_quotient(
    *,
    treated: BeforeAfter,
    around: BeforeAfter,
    control: BeforeAfter,
    seed: int,
    drift: Drift = ONE_BY_ONE,
    level: float = 0.95,
    draws: int = 9_999,
) -> DisplacementQuotient:
    """Say what became of the surroundings for each record that a treated place fell by.

    The weighted displacement quotient of Bowers and Johnson (2003,
    doi:10.1023/A:1024909009240), the paper's formula: the change in surroundings over control,
    divided by that in treated over control. Areas are not used: it is of records. The interval,
    which they do not have, is by simulation: rates are drawn about each count (a gamma of half a
    record more), and draws in which the treated place did not fall stand at both ends at once, so
    that a fall that is not sure gives no bounds. drift: how much places vary, as `drift_of`
    measures it; each draw has a spread of its own, as sure as its degrees of freedom make it.
    Without it records come one by one, and the interval is too narrow for most real places. The
    control has to lie beyond the surroundings. Between two changes the quotient is a poor scale;
    `total_net_effect` gives records.
    """
    rates = _drawn_rates((treated, around, control), drift=drift, seed=seed, draws=draws)
    fall, change = _against(rates[0], rates[2]), _against(rates[1], rates[2])
    fell = fall < 0
    quotients = np.divide(change, fall, out=np.full(draws, -inf), where=fell)
    low = _ends(quotients, level)[0]
    high = _ends(np.where(fell, quotients, inf), level)[1]
    success, moved = _change(treated, control), _change(around, control)
    has_fallen = success is not None and moved is not None and success < 0
    return DisplacementQuotient(
        estimate=moved / success if has_fallen and success and moved is not None else None,
        low=low,
        high=high,
        level=level,
        success=success,
        around=moved,
        meaning=_meaning(low, high, _ends(fall, level)[1]),
        assumptions=_ASSUMPTIONS,
    )


def total_net_effect(
    *,
    treated: BeforeAfter,
    around: BeforeAfter,
    control: BeforeAfter,
    seed: int,
    drift: Drift = ONE_BY_ONE,
    level: float = 0.95,
    draws: int = 9_999,
) -> Difference:
    """Say by how many records a place and its surroundings changed, beyond the comparison's trend.

    Both are taken to have changed by the comparison's share, not by its number. Guerette's (2009,
    "Analyzing Crime Displacement and Diffusion", POP tool guide 10) formula with its sign turned:
    below 0 for fewer records. Interval and p-value, which it does not have, by the
    simulation of `displacement_quotient`, with the same drift. Where the comparison had no
    record before there is no trend: InputError.
    """
    if control.before == 0:
        raise InputError(
            "A trend needs records of the comparison before; found none. Choose a larger "
            "comparison, or compare numbers with weighted_displacement."
        )
    rates = _drawn_rates((treated, around, control), drift=drift, seed=seed, draws=draws)
    both = rates[0] + rates[1]
    trend = rates[2, 1] / rates[2, 0]
    changes = both[1] - both[0] * trend
    low, high = _ends(changes, level)
    at_least, at_most = (changes >= 0).sum() + 1, (changes <= 0).sum() + 1
    before, after = treated.before + around.before, treated.after + around.after
    return Difference(
        estimate=after - before * control.after / control.before,
        low=low,
        high=high,
        level=level,
        p_value=min(1.0, float(2 * min(at_least, at_most) / (draws + 1))),
        design="before and after, with the surroundings and a comparison's trend",
        maryland_level=3,
        assumptions=(_TREND, *_ASSUMPTIONS),
    )


_TREND = "Without the response, place and surroundings would have changed by the same share."
_ASSUMPTIONS = (
    "The comparison shows what would have come of both, and nothing moved to it or from it.",
    "The surroundings hold the places where records could move to.",
    "Nothing else came to either at that time, and as much of what happens is recorded.",
    "Places vary as much as the drift says.",
)


def _drawn_rates(
    places: tuple[BeforeAfter, ...], *, drift: Drift, seed: int, draws: int
) -> NDArray[np.float64]:
    """Rates by place, period and draw: gamma, their mean half a record more than the count."""
    counts = np.array([[place.before, place.after] for place in places], dtype=float)
    if (counts < 0).any() or not drift.spread >= 1 or not drift.degrees > 0:
        raise InputError(
            f"Counts are 0 or more, a spread is at least 1 and its degrees of freedom are above "
            f"0; found counts {counts.astype(int).tolist()} and {drift}. Count again."
        )
    rng = np.random.default_rng([seed, draws])
    spread = np.full(draws, drift.spread)
    if drift.degrees < inf:
        spread *= drift.degrees / rng.chisquare(drift.degrees, size=draws)
    shape = (counts[..., None] + 0.5) / spread
    drawn: NDArray[np.float64] = spread * rng.gamma(shape)
    # A rate of nothing at all cannot be divided by.
    return np.maximum(drawn, 1e-12)


def _against(place: NDArray[np.float64], control: NDArray[np.float64]) -> NDArray[np.float64]:
    change: NDArray[np.float64] = place[1] / control[1] - place[0] / control[0]
    return change


def _change(place: BeforeAfter, control: BeforeAfter) -> float | None:
    if not control.before or not control.after:
        return None
    return place.after / control.after - place.before / control.before


def _ends(drawn: NDArray[np.float64], level: float) -> tuple[float, float]:
    """The drawn values that leave out the same number on both sides, at most (1 - level) / 2."""
    ordered = np.sort(drawn)
    outside = int((1 - level) / 2 * (len(drawn) + 1) + 1e-9)
    if not 0 < level < 1 or outside < 1:
        raise InputError(
            f"A level lies between 0 and 1, and takes draws beyond both its ends; found "
            f"{level:g} with {len(drawn)} draws. Write 95 % as 0.95, with 999 draws or more."
        )
    return float(ordered[outside - 1]), float(ordered[-outside])


def _meaning(low: float, high: float, highest_success: float) -> Meaning:
    if highest_success >= 0:
        return "no fall to move"
    if low > 0:
        return "diffusion"
    return "displacement" if high < 0 else "neither beyond chance"
