"""Counts by type, place and month, against rows counted by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import InputError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.panel import Panel, count_panel

SPAN = MonthSpan.parse("2016-01/2016-03")
TYPES = ("burglary", "robbery")


def counted(
    rows: list[tuple[date, str]],
    unit: list[int],
    missing: dict[str, dict[Month, str]] | None = None,
) -> Panel:
    table = pl.DataFrame(rows, schema={"month": pl.Date, "crime_type": pl.String}, orient="row")
    return count_panel(
        table,
        np.array(unit, dtype=np.int64),
        types=TYPES,
        easting=np.array([0.0, 100.0]),
        northing=np.zeros(2),
        span=SPAN,
        missing=missing,
    )


def test_each_record_is_counted_at_its_type_unit_and_month() -> None:
    january, march = date(2016, 1, 1), date(2016, 3, 1)

    panel = counted([(january, "robbery"), (march, "robbery"), (march, "burglary")], [1, 1, 0])

    assert panel.counts[TYPES.index("robbery")].tolist() == [[0, 0, 0], [1, 0, 1]]
    assert panel.counts[TYPES.index("burglary")].tolist() == [[0, 0, 1], [0, 0, 0]]


def test_what_lies_in_no_unit_type_or_month_is_not_counted() -> None:
    rows = [
        (date(2016, 1, 1), "robbery"),
        (date(2016, 1, 1), "drugs"),
        (date(2015, 12, 1), "robbery"),
        (date(2016, 4, 1), "robbery"),
    ]

    panel = counted(rows, [-1, 0, 0, 0])

    assert panel.counts.sum() == 0


def test_a_missing_month_is_known_at_no_unit_whatever_rows_exist() -> None:
    february = Month(2016, 2)

    panel = counted(
        [(date(2016, 2, 1), "robbery")], [0], {"robbery": {february: "only part is held"}}
    )

    assert panel.held.tolist() == [[True, True, True], [True, False, True]]
    assert np.isnan(panel.counts[1, :, 1]).all()
    assert panel.missing["robbery"] == {february: "only part is held"}


def test_no_rows_are_measured_zeros() -> None:
    assert counted([], []).counts.sum() == 0
    assert counted([], []).held.all()


def test_a_panel_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        counted([], []).counts[0, 0, 0] = 1


def test_a_type_that_is_not_counted_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"found 'drugs' where burglary, robbery are"):
        counted([], []).of_type("drugs")


@given(
    st.lists(st.tuples(st.sampled_from([*TYPES, "drugs"]), st.integers(1, 5), st.integers(-1, 1)))
)
def test_no_record_is_lost_or_made(records: list[tuple[str, int, int]]) -> None:
    rows = [(date(2016, month, 1), name) for name, month, _ in records]

    panel = counted(rows, [unit for *_, unit in records])

    kept = [r for r in records if r[0] in TYPES and r[1] <= 3 and r[2] >= 0]
    assert panel.counts.sum() == len(kept)
