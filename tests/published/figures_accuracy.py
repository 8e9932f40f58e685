"""Published figures of forecasts' accuracy: counts with a half-life, on Portland's records."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from portland_contest import FILES, HORIZONS, Kind, Portland, origins, plain, portland, rolling

Computed = Callable[[pytest.FixtureRequest], float]


@cache
def city(validation: Path) -> Portland:
    return portland(validation)


def pooled(kind: Kind, horizon: int) -> Computed:
    """The rolling pooled PAI of one kind and horizon."""

    def figure(request: pytest.FixtureRequest) -> float:
        place = city(request.getfixturevalue("real_data") / "validation")
        return rolling(place, kind, plain, horizon, origins(horizon)).pai

    return figure


COMPUTED: dict[tuple[str, str], Computed] = {
    (
        f"PAI of counts with a half-life of 730 days, {horizon} days ahead",
        f"{kind} in Portland (nij-portland), origins 2015-01 to 2017-02",
    ): pooled(kind, horizon)
    for kind in FILES
    for horizon in HORIZONS
}
