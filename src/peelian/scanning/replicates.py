"""Monte Carlo replicates shared out among threads, with the same answer on any number of them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_EACH = 64


def check_replicates(replicates: int, level: float) -> None:
    """An InputError unless there is a replicate, and a level between 0 and 1."""
    if replicates < 1 or not 0 < level < 1:
        raise InputError(
            f"Chance needs at least one replicate and a level between 0 and 1; found {replicates} "
            f"replicates and level {level:g}. Ask for 999 and 0.95."
        )


def by_replicate(
    statistics: Callable[[int, int], NDArray[np.float64]], replicates: int
) -> NDArray[np.float64]:
    """The statistic of each replicate, in order.

    statistics: those of so many replicates from one number on, (first, count); the first
    replicate of all has number 1. It must not hold Python's lock, and the stream of a replicate
    must depend on its number only.
    """
    firsts = range(1, replicates + 1, _EACH)
    counts = [min(_EACH, replicates + 1 - first) for first in firsts]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return np.concatenate([np.empty(0), *pool.map(statistics, firsts, counts)])
