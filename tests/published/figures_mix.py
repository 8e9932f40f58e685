"""Published figures of shares and location quotients."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.analysis.offence_mix import offence_mix
from peelian.scanning.exact_share import exact_share

Computed = Callable[[pytest.FixtureRequest], float]

SHARES = ("81 of 263", "15 of 148", "0 of 20", "1 of 29")
QUOTIENT = "16 of 100 here; 800 of 10000 around"


def share_figure(end: str, text: str) -> Computed:
    part, whole = (int(word) for word in text.split(" of "))
    return lambda _: float(getattr(exact_share(part, whole), end))


def quotient(_: pytest.FixtureRequest) -> float:
    mix = offence_mix({"robbery": 16, "burglary": 84}, {"robbery": 800, "burglary": 9200})
    found = next(each.quotient for each in mix.types if each.crime_type == "robbery")
    assert found is not None
    return found


COMPUTED: dict[tuple[str, str], Computed] = {
    **{
        (f"exact share: {end}, 95 %", text): share_figure(end, text)
        for text in SHARES
        for end in ("low", "high")
    },
    ("location quotient", QUOTIENT): quotient,
}
