"""Published figures of weighted sums of counts, as harm is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.analysis.harm import weighted_sum_interval

Computed = Callable[[pytest.FixtureRequest], float]

DOWN = "Down's syndrome in Michigan 1950-64, fifth and later births, per 100,000 by mother's age"
# Cases, births, and all births, by age of the mother (Fay and Feuer 1997, Table II).
_CASES = (0, 8, 63, 112, 262, 295)
_BIRTHS = (327, 30_666, 123_419, 149_919, 104_088, 34_392)
_ALL = (319_933, 931_318, 786_511, 488_235, 237_863, 61_313)
_WEIGHTS = [1e5 * every / births / sum(_ALL) for births, every in zip(_BIRTHS, _ALL, strict=True)]
_TOTAL = sum(case * weight for case, weight in zip(_CASES, _WEIGHTS, strict=True))
_VARIANCE = sum(case * weight**2 for case, weight in zip(_CASES, _WEIGHTS, strict=True))


def limit(which: int) -> Computed:
    return lambda _: weighted_sum_interval(_TOTAL, _VARIANCE, heaviest=max(_WEIGHTS))[which]


COMPUTED: dict[tuple[str, str], Computed] = {
    ("weighted sum of counts: sum", DOWN): lambda _: _TOTAL,
    ("weighted sum of counts: low, 95 %", DOWN): limit(0),
    ("weighted sum of counts: high, 95 %", DOWN): limit(1),
}
