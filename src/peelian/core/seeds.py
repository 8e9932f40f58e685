"""Random numbers that depend on a seed and a replicate's number, and on nothing else.

Every replicate of a Monte Carlo test draws from a stream of its own, so the answer is the
same in whatever order, and on however many threads, replicates are run. The generator is
SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled

Stream = NDArray[np.uint64]  # one number: the state, which drawing moves on

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@compiled
def stream(seed: int, replicate: int) -> Stream:
    """The stream of one replicate."""
    state = np.empty(1, dtype=np.uint64)
    state[0] = np.uint64(seed)
    # The seed is stirred before the replicate is added, so that neighbouring seeds and
    # replicates do not meet.
    state[0] = draw(state) + np.uint64(replicate) * _SECOND
    state[0] = draw(state)
    return state


@compiled
def draw(state: Stream) -> np.uint64:
    """The next 64 random bits."""
    state[0] += _STEP
    z: np.uint64 = state[0]
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


@compiled
def share(state: Stream) -> float:
    """A number from 0, included, to 1, excluded: 53 random bits."""
    return np.float64(draw(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def below(state: Stream, limit: int) -> np.int64:
    """A whole number from 0 to limit - 1, each as likely. limit: 1 to 2**32."""
    # The high half of a product: the bias is below 2**-32 a draw, far under any Monte Carlo
    # error that a test could show.
    return np.int64(((draw(state) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@compiled
def shuffle(state: Stream, values: NDArray[np.int64]) -> None:
    """Put an array into a random order, in place, every order as likely (Fisher and Yates)."""
    for last in range(len(values) - 1, 0, -1):
        other = below(state, last + 1)
        values[last], values[other] = values[other], values[last]
