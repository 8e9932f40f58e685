from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import compared_counts as oracle
from peelian.assessment.compared_counts import ComparedCounts

SMALL = st.integers(0, 12)


def counts(*numbers: int) -> ComparedCounts:
    return ComparedCounts(*(np.array([float(number)]) for number in numbers))


@given(SMALL, SMALL, SMALL, SMALL)
def test_without_variation_the_tails_are_fishers(a: int, b: int, c: int, d: int) -> None:
    few, many = counts(a, b, c, d).tails(variation=0)

    expected = oracle.fisher_tails(a, b, c, d)
    assert (few[0], many[0]) == pytest.approx(tuple(map(float, expected)), abs=1e-12)


@given(SMALL, SMALL, st.integers(1, 30), st.integers(1, 30))
def test_against_a_known_rate_the_tails_are_binomial(a: int, b: int, m: int, n: int) -> None:
    known = ComparedCounts.against_itself(
        np.array([float(a)]), np.array([float(b)]), months_before=m, months_after=n
    )

    few, many = known.tails(variation=0)

    expected = oracle.binomial_tails(a, b, Fraction(n, m + n))
    assert (few[0], many[0]) == pytest.approx(tuple(map(float, expected)), abs=1e-12)


def test_what_was_expected_follows_the_comparison_places() -> None:
    assert counts(40, 7, 100, 50).expected[0] == 20
    assert np.isnan(counts(40, 7, 0, 50).expected[0])


def test_a_place_without_a_record_is_never_beyond_chance() -> None:
    few, many = counts(0, 0, 50, 50).tails(variation=0.3)

    assert (few[0], many[0]) == (1, 1)


@given(st.integers(0, 80), st.integers(0, 80), st.floats(0.1, 0.6))
def test_no_comparison_is_surer_for_rates_that_vary(a: int, b: int, variation: float) -> None:
    plain = counts(a, b, 4000, 4000).tails(variation=0)
    varying = counts(a, b, 4000, 4000).tails(variation=variation)

    # Rounding to whole records can move a tail a little, never to surer than 1 in 20 from more.
    surest = min(float(tail[0]) for tail in plain)
    assert not (surest > 0.05 and min(float(tail[0]) for tail in varying) < 0.025)


def test_the_variance_is_that_of_many_drawn_counts() -> None:
    rng = np.random.default_rng(5)
    means = np.array([60, 30, 400, 200])
    drawn = ComparedCounts(*rng.poisson(means[:, None], size=(4, 40_000)).astype(float))

    off = drawn.after - drawn.expected

    # Four counts' delta method is a few per cent off at such counts.
    assert drawn.variance.mean() == pytest.approx(off.var(), rel=0.04)
