"""Days and spans as pages write them."""

from __future__ import annotations

from datetime import date

import pytest

from peelian.ingest.page_dates import day_after_span


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("within 2 weeks", date(2024, 2, 14)),
        ("over the next five weeks", date(2024, 3, 6)),
        ("within one month", date(2024, 2, 29)),  # 31 January and a month, in a leap year
        ("within twelve months", date(2025, 1, 31)),
        ("in the spring", None),
    ],
)
def test_a_span_ends_so_many_weeks_or_months_after_its_start(text: str, day: date | None) -> None:
    start = date(2024, 1, 31)

    assert day_after_span(text, start=start) == day
