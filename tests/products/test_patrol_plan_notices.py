from __future__ import annotations

from datetime import date

import pytest

from peelian.core.months import Month
from peelian.products.patrol_plan.place_notices import stale_notice


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2026-01", "they end in January 2026, 11 months before"),
        ("2026-11", ""),
        ("2026-12", "nobody could have made it then"),
        ("2027-03", "Records to March 2027 are counted"),
    ],
)
def test_records_that_are_old_or_newer_than_the_plan_are_told(last: str, said: str) -> None:
    notice = stale_notice(Month.parse(last), on=date(2026, 12, 7))

    assert said in notice
    assert bool(said) == bool(notice)
