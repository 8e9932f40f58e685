"""The loop of conditional permutations: places dealt in random order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled
from peelian.core.seeds import below, stream


@compiled
def first_dealt(places: int, length: int, replicates: int, seed: int) -> NDArray[np.int64]:
    """The first `length` places of a random order of all, one row a replicate."""
    order = np.arange(places)
    swapped = np.empty(length, dtype=np.int64)
    dealt = np.empty((replicates, length), dtype=np.int64)
    for replicate in range(replicates):
        state = stream(seed, replicate)
        for nth in range(length):
            other = nth + below(state, places - nth)
            order[nth], order[other] = order[other], order[nth]
            dealt[replicate, nth] = order[nth]
            swapped[nth] = other
        # Undone, so that a replicate does not depend on those before it.
        for nth in range(length - 1, -1, -1):
            order[nth], order[swapped[nth]] = order[swapped[nth]], order[nth]
    return dealt
