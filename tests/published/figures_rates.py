"""Published figures of rates: the exact ratio of two, and the prior of many."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from peelian.scanning.change import exact_rate_ratio
from peelian.scanning.shrinkage import RatePrior, fit_rate_prior

Computed = Callable[[pytest.FixtureRequest], float]

FREDERICIA = "before 21 in 3011; after 11 in 800"
FAY = "before 9 in 16660; after 2 in 17877"
SIDS = (
    "sudden infant deaths in 100 counties of North Carolina 1974-78, expected by births (sids.gpkg)"
)


def ratio_figure(name: str, text: str) -> Computed:
    """One figure of the ratio in "before 21 in 3011; after 11 in 800"."""
    numbers = [int(word) for word in text.replace(";", "").split() if word.isdigit()]
    before, exposure_before, after, exposure_after = numbers
    ratio = exact_rate_ratio(
        before, after, exposure_before=exposure_before, exposure_after=exposure_after
    )
    return lambda _: float(getattr(ratio, name))


@cache
def county_prior(validation: Path) -> RatePrior:
    from pyogrio.raw import read

    path = validation / "spatial-statistics_spData" / "sids.gpkg"
    columns = ["SID74", "BIR74"]
    meta, _, _, values = read(path, columns=columns, read_geometry=False)
    table = dict(zip(meta["fields"], values, strict=True))
    deaths, births = (np.asarray(table[name], dtype=float) for name in columns)
    return fit_rate_prior(deaths, births * deaths.sum() / births.sum())


def prior_of(request: pytest.FixtureRequest) -> RatePrior:
    return county_prior(request.getfixturevalue("real_data") / "validation")


COMPUTED: dict[tuple[str, str], Computed] = {
    **{
        (f"exact rate ratio: {figure}", example): ratio_figure(name, example)
        for example in (FREDERICIA, FAY)
        for figure, name in [("estimate", "estimate"), ("low, 95 %", "low"), ("high, 95 %", "high")]
    },
    ("exact rate ratio: p, twice the smaller tail", FAY): ratio_figure("p_value", FAY),
    ("gamma prior of Clayton and Kaldor: shape", SIDS): lambda request: prior_of(request).shape,
    ("gamma prior of Clayton and Kaldor: rate", SIDS): lambda request: prior_of(request).rate,
}
