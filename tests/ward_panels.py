"""Made panels of records before a start: one row a place, one column a month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.months import Month

FIRST = Month(2020, 1)
MONTHS = 24


def months(count: int = MONTHS) -> list[Month]:
    return [FIRST.plus(step) for step in range(count)]


def ids(count: int) -> list[str]:
    return [f"place {number:02d}" for number in range(count)]


def alike(
    places: int, *, mean: float = 12, count: int = MONTHS, seed: int = 1
) -> NDArray[np.float64]:
    """Poisson counts of one rate, with a season that all have in common."""
    season = 1 + 0.3 * np.sin(np.arange(count) * np.pi / 6)
    rng = np.random.default_rng(seed)
    return rng.poisson(mean * season, size=(places, count)).astype(float)
