"""Scores of places from records with days."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.core.errors import InputError, MonthOnlyError
from peelian.scanning.dated_scores import DatedRecords, decayed_counts, wider_scores
from peelian.scanning.neighbours import from_pairs

ON = np.datetime64("2024-03-31")


def records(*rows: tuple[int, str]) -> DatedRecords:
    return DatedRecords(
        np.array([place for place, _ in rows], dtype=np.int64),
        np.array([day for _, day in rows], dtype="datetime64[D]"),
    )


def test_a_record_of_a_half_life_ago_counts_half() -> None:
    made = records((0, "2024-03-30"), (0, "2024-03-21"), (2, "2024-03-11"))

    found = decayed_counts(made, on=ON, places=3, half_life_days=10)

    assert found == pytest.approx([0.5**0.1 + 0.5, 0, 0.25])


def test_records_of_the_day_itself_and_after_are_not_known() -> None:
    made = records((0, "2024-03-31"), (0, "2024-04-02"))

    assert decayed_counts(made, on=ON, places=1).tolist() == [0]
    assert made.between(ON, np.datetime64("2024-04-02"), places=1).tolist() == [1]


def test_records_outside_every_place_count_nowhere() -> None:
    made = records((-1, "2024-03-02"), (1, "2024-03-02"))

    assert decayed_counts(made, on=ON, places=2)[0] == 0
    assert made.between(np.datetime64("2024-03-01"), ON, places=2).tolist() == [0, 1]


def test_no_record_and_a_single_one_are_no_trouble() -> None:
    assert decayed_counts(records(), on=ON, places=2).tolist() == [0, 0]
    assert decayed_counts(records((1, "2024-03-01")), on=ON, places=2)[1] > 0


def test_months_in_place_of_days_are_refused() -> None:
    with pytest.raises(MonthOnlyError, match=r"all 2 are dated on the first of a month"):
        records((0, "2024-02-01"), (0, "2024-03-01"))


def test_a_day_too_few_is_refused() -> None:
    with pytest.raises(InputError, match="found 2 places and 1 days"):
        DatedRecords(np.array([0, 1]), np.array(["2024-03-02"], dtype="datetime64[D]"))


def test_another_kind_counts_half_and_a_place_beside_a_tenth() -> None:
    around = from_pairs(np.array([[0, 1]]), places=3)

    found = wider_scores(np.array([2.0, 0.0, 1.0]), np.array([0.0, 4.0, 0.0]), around)

    assert found == pytest.approx([2 + 0.2, 2 + 0.2, 1])
