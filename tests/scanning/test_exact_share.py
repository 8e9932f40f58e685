from __future__ import annotations

from math import ceil, comb, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.exact_share import share_limits
from peelian.core.errors import InputError
from peelian.scanning.exact_share import exact_limits, exact_share

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(0, 60), LEVELS)
def test_the_limits_of_a_share_agree_with_sums_and_bisection(
    part: int, others: int, level: float
) -> None:
    found = exact_share(part, part + others, level=level)

    low, high = share_limits(part, part + others, level)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)


@given(st.integers(0, 300), st.integers(0, 300), LEVELS)
def test_a_share_and_the_share_of_the_others_mirror_each_other(
    part: int, others: int, level: float
) -> None:
    one = exact_share(part, part + others, level=level)
    other = exact_share(others, part + others, level=level)

    assert one.low == pytest.approx(1 - other.high, abs=1e-9)
    assert one.estimate is None or one.low <= one.estimate <= one.high


@pytest.mark.parametrize("whole", [1, 2, 5, 13])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_true_share_is_held_at_least_as_often_as_the_level_says(
    whole: int, level: float
) -> None:
    limits = [exact_limits(part, whole, level=level) for part in range(whole + 1)]

    for share in (step / 200 for step in range(201)):
        # Every number of records that could come, with its chance.
        held = sum(
            comb(whole, part) * share**part * (1 - share) ** (whole - part)
            for part, (low, high) in enumerate(limits)
            if low <= share <= high
        )
        assert held >= level - 1e-12


@given(st.floats(0, 20), LEVELS)
def test_parts_of_records_lie_between_the_whole_records_around_them(
    part: float, level: float
) -> None:
    below, above = (exact_limits(n, 20, level=level) for n in (floor(part), ceil(part)))

    low, high = exact_limits(part, 20, level=level)

    assert below[0] - 1e-9 <= low <= above[0] + 1e-9
    assert below[1] - 1e-9 <= high <= above[1] + 1e-9


def test_parts_that_miss_all_records_by_a_rounding_error_are_all_of_them() -> None:
    assert exact_limits(10 - 1e-12, 10)[1] == 1
    assert exact_limits(10 + 1e-12, 10)[1] == 1
    assert exact_limits(1e-12, 10)[0] == 0


def test_one_record_of_many_millions_is_not_lost_in_rounding() -> None:
    low, high = exact_limits(1, 10**10)

    # As of a Poisson count of 1: 0.0253 and 5.572 (Garwood 1936, Table V).
    assert low * 10**10 == pytest.approx(0.0253, abs=5e-5)
    assert high * 10**10 == pytest.approx(5.572, abs=5e-4)


def test_nothing_out_of_nothing_can_be_any_share() -> None:
    found = exact_share(0, 0)

    assert (found.estimate, found.low, found.high) == (None, 0, 1)


@pytest.mark.parametrize(("part", "whole"), [(3, 2), (-1, 2), (1, 0)])
def test_a_part_is_no_larger_than_the_whole(part: int, whole: int) -> None:
    with pytest.raises(InputError, match="at most the whole"):
        exact_share(part, whole)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_share_is_refused(level: float) -> None:
    with pytest.raises(InputError, match=rf"between 0 and 1.*found {level}"):
        exact_share(1, 2, level=level)
