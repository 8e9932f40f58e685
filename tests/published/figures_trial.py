"""Published figures of the trial's ratio: the rate ratio of Mantel and Haenszel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from peelian.core.patrols import Trial
from peelian.response.trial_ratio import ratio_draws

Computed = Callable[[pytest.FixtureRequest], float]

DOCTORS = (
    "coronary deaths of British doctors in person-years at five ages: smokers 32 in 52407, "
    "104 in 43248, 206 in 28612, 186 in 12663, 102 in 5317; others 2 in 18790, 12 in 10673, "
    "28 in 5710, 28 in 2585, 31 in 1462"
)


def doctors_ratio(_: pytest.FixtureRequest) -> float:
    """Each age is a block of two, smokers and others, in one period."""
    smokers, others = (
        [int(word) for word in part.split() if word.isdigit()]
        for part in DOCTORS.partition(":")[2].replace(",", "").split(";")
    )
    pairs = [numbers[i : i + 2] for i in range(0, 10, 2) for numbers in (smokers, others)]
    deaths, years = np.array(pairs, dtype=float).T
    trial = Trial(
        kind="parallel",
        places=tuple(map(str, range(10))),
        blocks=(1, 1, 2, 2, 3, 3, 4, 4, 5, 5),
        expected=tuple(years),
        period_starts=(date(1951, 11, 1), date(1961, 11, 1)),
        treated=((True,), (False,)) * 5,
        seed=0,
        seal="",
    )
    estimate = ratio_draws(trial, deaths[:, None], years, draws=1, seed=0).estimate
    assert estimate is not None
    return estimate


COMPUTED: dict[tuple[str, str], Computed] = {
    ("Mantel-Haenszel rate ratio: estimate", DOCTORS): doctors_ratio
}
