"""Published figures of weighted sums of counts, as harm is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.analysis.harm import HarmTotal, harm_weighted
from peelian.measures.harm_index import HarmIndex, HarmWeight

Computed = Callable[[pytest.FixtureRequest], float]

DOWN = "Down's syndrome in Michigan 1950-64, fifth and later births, per 100,000 by mother's age"
# Cases, births, and all births, by age of the mother (Fay and Feuer 1997, Table II).
_CASES = (0, 8, 63, 112, 262, 295)
_BIRTHS = (327, 30_666, 123_419, 149_919, 104_088, 34_392)
_ALL = (319_933, 931_318, 786_511, 488_235, 237_863, 61_313)
_WEIGHTS = [1e5 * every / births / sum(_ALL) for births, every in zip(_BIRTHS, _ALL, strict=True)]
# Each age stands as a type of crime, so that the figures go through all of the method.
_AGES = ("burglary", "drugs", "robbery", "shoplifting", "public-order", "vehicle-crime")
_INDEX = HarmIndex(
    id="births",
    title="Births",
    definition="",
    unit="per 100,000",
    year=1950,
    source="",
    weights=[
        HarmWeight(crime_type=age, weight=w, least=w, most=w, stands_for="", is_proxy=False)
        for age, w in zip(_AGES, _WEIGHTS, strict=True)
    ],
    without_weight=[],
    author="",
    reviewed="",
    review_due="",
)


def figure(name: str) -> Computed:
    def computed(_: pytest.FixtureRequest) -> float:
        total: HarmTotal = harm_weighted(dict(zip(_AGES, _CASES, strict=True)), _INDEX)
        return float(getattr(total, name))

    return computed


COMPUTED: dict[tuple[str, str], Computed] = {
    ("weighted sum of counts: sum", DOWN): figure("harm"),
    ("weighted sum of counts: low, 95 %", DOWN): figure("low"),
    ("weighted sum of counts: high, 95 %", DOWN): figure("high"),
}
