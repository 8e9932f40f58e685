"""Expected numbers by groups, and people between counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import InputError
from peelian.scanning.scan_expected import people_between, standardised


def test_each_group_keeps_its_own_risk() -> None:
    # Two groups, two places, one step: the old have 10 cases among 100, the young 2 among 200.
    people = [[[90], [10]], [[50], [150]]]

    expected = standardised([10, 2], people)

    assert expected.tolist() == [[pytest.approx(9.5)], [pytest.approx(2.5)]]


@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=2),
    st.lists(st.integers(1, 90), min_size=12, max_size=12),
)
def test_expected_numbers_add_up_to_the_cases(cases: list[int], people: list[int]) -> None:
    expected = standardised(cases, np.reshape(people, (2, 3, 2)))

    assert expected.shape == (3, 2)
    assert expected.sum() == pytest.approx(sum(cases))


def test_a_group_with_cases_and_no_people_is_refused() -> None:
    with pytest.raises(InputError, match="1 have none"):
        standardised([1, 0], np.zeros((2, 1, 1)))
    assert standardised([0, 0], np.zeros((2, 1, 1))).tolist() == [[0]]


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="by group, place and step"):
        standardised([1, 2, 3], np.ones((2, 3, 1)))


def test_people_change_evenly_between_counts_and_stay_before_and_after() -> None:
    # Counted on day 10 and 20; steps of five days.
    within = people_between([10, 20], [100, 200], [0, 5, 10, 15, 20, 25])

    assert within.tolist() == pytest.approx([500, 500, 625, 875, 1000])


def test_a_count_in_the_middle_of_a_step_bends_the_line_there() -> None:
    # Up from 0 to 10 in 10 days, then down to 0 in 10: two triangles of 50.
    assert people_between([0, 10, 20], [0, 10, 0], [0, 20]).tolist() == [pytest.approx(100)]


def test_a_single_count_holds_for_all_steps_and_all_axes() -> None:
    within = people_between([7], np.array([[[2.0]], [[3.0]]]), [0, 1, 4])

    assert within.tolist() == [[[2, 6]], [[3, 9]]]


def test_counts_out_of_order_are_refused() -> None:
    with pytest.raises(InputError, match="dates that ascend"):
        people_between([20, 10], [1, 2], [0, 5])
