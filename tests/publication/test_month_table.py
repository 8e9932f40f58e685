"""The table under a chart: nothing of the months is lost, and gaps do not hide them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from peelian.publication.month_table import month_notes, month_rows
from publication.sample import measure_of


def _months(counts):
    return measure_of("m", "Recorded robbery", counts, finding="", change="").months


def test_a_long_gap_is_one_row_and_a_short_one_a_row_a_month() -> None:
    rows = [(r.months, r.records) for r in month_rows(_months((7, None, None, 5, *[None] * 4, 0)))]

    assert rows == [
        ("January 2016", "7"), ("February 2016", "no data"), ("March 2016", "no data"),
        ("April 2016", "5"), ("May 2016 to August 2016", "no data"), ("September 2016", "0"),
    ]  # fmt: skip


def test_a_reason_is_said_once_with_all_its_months() -> None:
    months = _months((7, None, 5, None, None))
    (note,) = {month.note for month in months if month.note}

    assert list(month_notes(months)) == [f"February 2016, April 2016 to May 2016: {note}"]


def test_no_months_give_no_rows() -> None:
    assert list(month_rows(())) == list(month_notes(())) == []


@given(st.lists(st.one_of(st.none(), st.just("few"), st.integers(0, 99)), max_size=60))
def test_every_month_that_is_not_missing_has_a_row_of_its_own(counts) -> None:
    months = _months(counts)

    rows = {row.months: row.records for row in month_rows(months)}
    assert all(rows[m.label] == m.count.text for m in months if m.count.state != "missing")
