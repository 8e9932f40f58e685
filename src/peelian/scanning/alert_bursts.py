"""Whether a ward's records came in a burst, where there are too few to watch its places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.scanning.alert_null import LAST_MONTHS, LEAST_MONTHS_BEFORE

_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Burst:
    """A ward's records of the last three months, more than come together by chance.

    usual: records a month before. chance: that some three months of a steady year hold as many.
    """

    observed: int
    usual: float
    chance: float


def ward_burst(totals: NDArray[np.float64], *, column: int, highest: float) -> Burst | None:
    """The burst that a ward's last three months are; None where they are none, or not all held.

    totals: the ward's records by month, NaN where missing. column: the last of the three months.
    highest: the chance in a steady year that a burst may have, at most; so it is the number of
    false alarms a ward-year. At least twelve months before have to be held. The usual rate is
    taken one record higher than it was: a rate known from few records may well be higher.
    """
    last = totals[max(column - LAST_MONTHS + 1, 0) : column + 1]
    before = totals[: max(column - LAST_MONTHS + 1, 0)]
    before = before[~np.isnan(before)]
    if len(last) < LAST_MONTHS or np.isnan(last).any() or len(before) < LEAST_MONTHS_BEFORE:
        return None
    observed, rate = int(last.sum()), float((before.sum() + 1) / len(before))
    if observed <= LAST_MONTHS * rate:
        return None
    chance = temporal_scan_probability(_MONTHS_A_YEAR, LAST_MONTHS, rate=rate, records=observed)
    return Burst(observed, float(before.mean()), chance) if chance <= highest else None


def temporal_scan_probability(span: float, window: float, *, rate: float, records: int) -> float:
    """The chance that some window within a span holds at least so many records.

    Records come one by one at a steady `rate` in each unit of time; span and window are in that
    unit, and a window may begin at any moment. Naus' approximation (1982,
    doi:10.1080/01621459.1982.10477783), the paper's formula: exact for a span of two or three
    windows, and hardly off beyond. Where records come in bursts anyway it is too small.
    InputError where the span is shorter than two windows.
    """
    from scipy.special import gammaln, pdtr

    if span < 2 * window:
        raise InputError(
            f"A window is looked for in a span of at least twice its length; found a window of "
            f"{window:g} in {span:g}. Take a longer span."
        )
    k, mean = records, rate * window
    if k < 2:
        return 1.0 if k < 1 else 1.0 - float(np.exp(-rate * span))
    if mean == 0:
        return 0.0

    def exactly(count: int) -> float:
        return float(np.exp(count * np.log(mean) - mean - gammaln(count + 1)))

    def most(count: int) -> float:
        return float(pdtr(count, mean)) if count >= 0 else 0.0

    two = (
        most(k - 1) ** 2
        - (k - 1) * exactly(k) * exactly(k - 2)
        - (k - 1 - mean) * exactly(k) * most(k - 3)
    )
    first = 2 * exactly(k) * most(k - 1) * ((k - 1) * most(k - 2) - mean * most(k - 3))
    second = (
        0.5
        * exactly(k) ** 2
        * (
            (k - 1) * (k - 2) * most(k - 3)
            - 2 * (k - 2) * mean * most(k - 4)
            + mean**2 * most(k - 5)
        )
    )
    third = sum(exactly(2 * k - r) * most(r - 1) ** 2 for r in range(1, k))
    fourth = sum(
        exactly(2 * k - r) * exactly(r) * ((r - 1) * most(r - 2) - mean * most(r - 3))
        for r in range(2, k)
    )
    three = most(k - 1) ** 3 - first + second + third - fourth
    if two <= 0:
        return 1.0
    none = two * max(three / two, 0.0) ** (span / window - 2)
    return float(min(max(1.0 - none, 0.0), 1.0))
