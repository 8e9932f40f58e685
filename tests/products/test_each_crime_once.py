"""What tests by chance are made on: each crime once, and refusals in a reader's words."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from peelian.measures import load_measures
from peelian.products.measure_words import in_words
from peelian.products.ward_records import each_crime_once

MARCH, APRIL = date(2018, 3, 1), date(2018, 4, 1)


def table(*rows: tuple[str, date, str | None]) -> pl.DataFrame:
    schema = {"force": pl.String, "month": pl.Date, "crime_id": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_rows_of_one_crime_id_count_once_and_rows_without_one_all_count() -> None:
    rows = table(
        ("metropolitan", MARCH, "a"), ("metropolitan", MARCH, "a"), ("metropolitan", MARCH, "b"),
        ("metropolitan", MARCH, None), ("metropolitan", MARCH, None),
    )  # fmt: skip

    assert each_crime_once(rows)["crime_id"].to_list() == ["a", "b", None, None]


def test_one_id_in_two_months_or_of_two_forces_is_two_crimes() -> None:
    rows = table(("metropolitan", MARCH, "a"), ("metropolitan", APRIL, "a"), ("btp", MARCH, "a"))

    assert len(each_crime_once(rows)) == 3


def test_no_rows_stay_no_rows() -> None:
    assert each_crime_once(table()).is_empty()


@given(st.lists(st.sampled_from(["a", "b", "c", None])))
def test_taking_each_once_again_changes_nothing(ids: list[str | None]) -> None:
    once = each_crime_once(table(*(("metropolitan", MARCH, each) for each in ids)))

    assert each_crime_once(once).equals(once)
    assert once["crime_id"].drop_nulls().n_unique() == len(once) - once["crime_id"].null_count()


def test_a_refusal_names_the_title_of_a_measure_and_not_its_id() -> None:
    said = in_words(
        "Of theft-from-the-person in Soho 9 are held.", load_measures()["theft-from-the-person"]
    )

    assert said == "Of theft from the person in Soho 9 are held."
