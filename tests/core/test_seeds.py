"""Random streams: known bits, evenness, and independence of the order of replicates."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.core import seeds

WORD = 2**64


def splitmix64(state: int) -> tuple[int, int]:
    """The generator again, with Python's own whole numbers, from the paper's listing."""
    state = (state + 0x9E3779B97F4A7C15) % WORD
    z = state
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return state, z ^ (z >> 31)


@given(st.integers(0, WORD - 1))
def test_the_bits_are_those_of_the_paper(start: int) -> None:
    state = np.array([start], dtype=np.uint64)

    drawn = [int(seeds.draw(state)) for _ in range(3)]

    expected = []
    for _ in range(3):
        start, bits = splitmix64(start)
        expected.append(bits)
    assert drawn == expected


def test_the_same_seed_and_replicate_give_the_same_stream_and_others_do_not() -> None:
    first = {
        (seed, r): int(seeds.draw(seeds.stream(seed, r))) for seed in range(50) for r in range(50)
    }

    again = {key: int(seeds.draw(seeds.stream(*key))) for key in reversed(first)}

    assert again == first
    assert len(set(first.values())) == len(first)


def test_a_shuffle_puts_every_value_at_every_position_equally_often() -> None:
    rounds, size = 20_000, 5
    tally = np.zeros((size, size))
    for replicate in range(rounds):
        values = np.arange(size)
        seeds.shuffle(seeds.stream(7, replicate), values)
        tally[np.arange(size), values] += 1

    # Five standard errors of a share of one fifth in 20,000.
    assert np.abs(tally / rounds - 1 / size).max() < 5 * np.sqrt(0.2 * 0.8 / rounds)


@given(st.integers(0, 2**32), st.integers(1, 2**32))
def test_numbers_lie_below_their_limit(seed: int, limit: int) -> None:
    state = seeds.stream(seed, 0)

    assert 0 <= seeds.below(state, limit) < limit
    assert 0 <= seeds.share(state) < 1
