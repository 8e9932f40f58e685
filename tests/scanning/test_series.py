from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_ward import made_measure, made_place

from oracles.counting import count_records
from peelian.core.errors import CoverageError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.series import (
    HeldMonth,
    PlaceCounts,
    monthly_series,
    months_missing,
    place_counts,
)

SPAN = MonthSpan.parse("2018-01/2018-04")
JANUARY, FEBRUARY, MARCH, APRIL = SPAN
PLACES = (made_place("Alpha Street", at=0.0), made_place("Beta Road", at=0.001))
ROBBERY = made_measure("robbery")


def crimes(*records: tuple[str, int, str]) -> pl.DataFrame:
    """Rows of (place, month of 2018, crime type)."""
    point = {place.name: place.snap_points[0] for place in (*PLACES, made_place("Gamma Way", at=9))}
    return pl.DataFrame(
        [
            {
                "location": point[name].location,
                "longitude": point[name].longitude,
                "latitude": point[name].latitude,
                "month": date(2018, month, 1),
                "crime_type": crime_type,
            }
            for name, month, crime_type in records
        ],
        schema={
            "location": pl.String(),
            "longitude": pl.Float64(),
            "latitude": pl.Float64(),
            "month": pl.Date(),
            "crime_type": pl.String(),
        },
    )


def series_of(rows: pl.DataFrame, **missing: str) -> tuple[int | None, ...]:
    reasons = {Month.parse(m.replace("m", "").replace("_", "-")): w for m, w in missing.items()}
    return monthly_series(
        rows, ROBBERY, place="the ward", span=SPAN, missing=reasons, force="metropolitan"
    ).counts


def test_a_measure_counts_its_own_crime_types_by_month() -> None:
    rows = crimes(
        ("Alpha Street", 1, "robbery"),
        ("Beta Road", 1, "robbery"),
        ("Beta Road", 1, "drugs"),
        ("Beta Road", 4, "robbery"),
    )

    assert series_of(rows) == (2, 0, 0, 1)


def test_no_rows_are_measured_zeros() -> None:
    assert series_of(crimes()) == (0, 0, 0, 0)


def test_a_missing_month_is_not_known_even_where_rows_exist() -> None:
    rows = crimes(("Alpha Street", 2, "robbery"), ("Alpha Street", 3, "robbery"))

    assert series_of(rows, m2018_02="part") == (0, None, 1, 0)


def test_a_missing_month_and_an_empty_month_differ() -> None:
    assert series_of(crimes(), m2018_02="no file") != series_of(crimes())


def test_rows_outside_the_span_are_not_counted() -> None:
    assert series_of(crimes(("Alpha Street", 5, "robbery"))) == (0, 0, 0, 0)


def test_breaks_are_those_of_the_force_within_the_span() -> None:
    breaks = [
        {"first_month": "2018-02", "force": "metropolitan", "reason": "a new system"},
        {"first_month": "2018-03", "force": "kent", "reason": "elsewhere"},
        {"first_month": "2018-04", "force": "all", "reason": "a new rule"},
        {"first_month": "2024-03", "force": "all", "reason": "later"},
    ]

    series = monthly_series(
        crimes(),
        made_measure("robbery", breaks=breaks),
        place="the ward",
        span=SPAN,
        missing={},
        force="metropolitan",
    )

    assert series.breaks == {FEBRUARY: "a new system", APRIL: "a new rule"}


def test_stops_are_all_counted() -> None:
    rows = pl.DataFrame({"month": [date(2018, 1, 1), date(2018, 1, 1), date(2018, 3, 1)]})

    series = monthly_series(
        rows, made_measure(records="stops"), place="x", span=SPAN, missing={}, force="metropolitan"
    )

    assert series.counts == (2, 0, 1, 0)


def test_a_flag_is_asked_of_every_row() -> None:
    rows = crimes(*[("Alpha Street", 1, "robbery")] * 3).with_columns(
        flags=pl.Series([["knife used"], ["firearm used"], None], dtype=pl.List(pl.String()))
    )

    series = monthly_series(
        rows,
        made_measure("robbery", flags=["knife used"]),
        place="x",
        span=SPAN,
        missing={},
        force="metropolitan",
    )

    assert series.counts == (1, 0, 0, 0)


def test_flags_cannot_be_counted_in_open_records() -> None:
    with pytest.raises(CoverageError, match=r"flagged knife used.*Use a force's own extract"):
        monthly_series(
            crimes(),
            made_measure("robbery", flags=["knife used"]),
            place="x",
            span=SPAN,
            missing={},
            force="metropolitan",
        )


def test_a_place_counts_the_records_at_its_snap_points() -> None:
    rows = crimes(
        ("Alpha Street", 1, "robbery"),
        ("Beta Road", 3, "robbery"),
        ("Beta Road", 3, "robbery"),
        ("Gamma Way", 3, "robbery"),
        ("Beta Road", 4, "drugs"),
    )

    table = place_counts(rows, ROBBERY, PLACES, span=SPAN, missing={FEBRUARY: "no file"})

    np.testing.assert_array_equal(table.counts, [[1, np.nan, 0, 0], [0, np.nan, 2, 0]])
    assert table.missing == {FEBRUARY: "no file"}
    assert table.places == PLACES


def test_two_names_at_one_position_are_two_places() -> None:
    place = made_place("Alpha Street")
    rows = crimes(("Alpha Street", 1, "robbery")).with_columns(location=pl.lit("On or near Other"))

    assert place_counts(rows, ROBBERY, [place], span=SPAN, missing={}).counts.sum() == 0


def test_place_counts_cannot_be_changed_afterwards() -> None:
    table = place_counts(crimes(), ROBBERY, PLACES, span=SPAN, missing={})

    with pytest.raises(ValueError, match="read-only"):
        table.counts[0, 0] = 1


def test_counts_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"one row a place and one column a month: \(2, 4\)"):
        PlaceCounts("made", PLACES, SPAN, np.zeros((2, 3)))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Alpha Street", "Beta Road", "Gamma Way"]),
        st.integers(1, 6),
        st.sampled_from(["robbery", "drugs"]),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(ROWS, st.sets(st.sampled_from(list(SPAN))))
def test_counting_agrees_with_a_look_at_every_row(
    records: list[tuple[str, int, str]], missing: set[Month]
) -> None:
    rows, why = crimes(*records), dict.fromkeys(missing, "no file")
    plain: list[dict[str, Any]] = rows.to_dicts()

    series = monthly_series(rows, ROBBERY, place="x", span=SPAN, missing=why, force="metropolitan")
    table = place_counts(rows, ROBBERY, PLACES, span=SPAN, missing=why)

    assert list(series.counts) == count_records(plain, ["robbery"], None, SPAN, missing)
    for place, counts in zip(PLACES, table.counts.tolist(), strict=True):
        expected = count_records(plain, ["robbery"], place, SPAN, missing)
        assert [None if n != n else int(n) for n in counts] == expected


def held(month: Month, *types: str, **facts: Any) -> HeldMonth:
    return HeldMonth(month, facts.pop("force", "metropolitan"), frozenset(types), **facts)


def missing_of(*months: HeldMonth, measure: Any = ROBBERY) -> dict[Month, str]:
    return months_missing(measure, months, span=SPAN, force="metropolitan")


def test_a_month_without_records_of_the_force_is_missing() -> None:
    reasons = missing_of(
        held(JANUARY, "robbery"), held(FEBRUARY, "robbery", force="btp"), held(MARCH, "robbery")
    )

    assert reasons == {
        FEBRUARY: "no file of the force is held",
        APRIL: "no file of the force is held",
    }


def test_a_part_of_a_month_is_missing() -> None:
    whole = [held(m, "robbery") for m in (JANUARY, FEBRUARY, MARCH)]

    reasons = missing_of(*whole, held(APRIL, "robbery", part="records end on the 17th"))

    assert reasons == {APRIL: "only part of the month is held: records end on the 17th"}


def test_a_crime_type_that_nobody_in_the_force_has_was_not_supplied() -> None:
    """A burglary-only archive says nothing of robbery."""
    reasons = missing_of(*[held(m, "burglary") for m in SPAN])

    assert set(reasons) == set(SPAN)
    assert reasons[APRIL] == "no record of this kind was supplied for any place in the force's area"


def test_one_of_many_crime_types_is_not_the_whole_count() -> None:
    many = made_measure("robbery", "burglary", "drugs", "shoplifting")

    reasons = missing_of(
        held(JANUARY, "robbery", "burglary", "drugs", "shoplifting"),
        held(FEBRUARY, "robbery", "burglary"),
        held(MARCH, "burglary"),
        held(APRIL, "bicycle-theft"),
        measure=many,
    )

    assert reasons[MARCH] == "only 1 of 4 crime types were supplied"
    assert set(reasons) == {MARCH, APRIL}


def test_months_whose_records_have_no_location_cannot_be_counted_in_a_place() -> None:
    stops = made_measure(records="stops")

    reasons = missing_of(
        held(JANUARY, placed=0.05), held(FEBRUARY, placed=0.9), held(MARCH), measure=stops
    )

    assert reasons[JANUARY] == "only 5% of the month's records have a location"
    assert set(reasons) == {JANUARY, APRIL}


def test_another_source_does_not_stand_in_for_the_measures_own() -> None:
    extract = made_measure("robbery", sources=["force-extract"])

    reasons = missing_of(
        held(JANUARY, "robbery"), held(FEBRUARY, "robbery", source="force-extract"), measure=extract
    )

    assert reasons[JANUARY] == (
        "records from police.uk cannot show it; it is counted from force-extract"
    )
    assert reasons[MARCH] == "no file of the force is held"
    assert FEBRUARY not in reasons


def test_an_extract_counts_by_whatever_name_its_column_map_gives() -> None:
    either = made_measure("robbery", sources=["police.uk", "force-extract"])
    open_only = made_measure("robbery", sources=["police.uk", "police.uk-api"])
    own = held(JANUARY, "robbery", source="example-force")

    assert JANUARY not in missing_of(own, measure=either)
    assert "example-force cannot show it" in missing_of(own, measure=open_only)[JANUARY]
    assert [either.preference(s) for s in ("police.uk", "example-force", "police.uk-api")] == [
        0, 1, None,
    ]  # fmt: skip


def test_a_source_that_can_show_it_is_enough() -> None:
    extract = made_measure("robbery", sources=["force-extract"])

    reasons = missing_of(
        held(JANUARY, "robbery"), held(JANUARY, "robbery", source="force-extract"), measure=extract
    )

    assert JANUARY not in reasons


@pytest.mark.parametrize(("placed", "is_counted"), [(0.55, False), (0.79, False), (0.8, True)])
def test_a_month_is_counted_only_where_nearly_all_of_it_has_a_location(
    placed: float, is_counted: bool
) -> None:
    # A year that places half of its stops beside one that places most would show a rise.
    stops = made_measure(records="stops")

    reasons = missing_of(held(JANUARY, placed=placed), measure=stops)

    assert (JANUARY not in reasons) == is_counted
