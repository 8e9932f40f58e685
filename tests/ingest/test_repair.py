"""Each known fault is put right by its rule, and nothing else is touched."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.ingest.repair import (
    coordinates_repaired,
    is_code_of_2021,
    is_retired,
    london_clock,
    slugs_of,
    utc_times,
)

DEGREES = st.none() | st.just(0.0) | st.floats(-90, 90)


@given(st.lists(st.tuples(DEGREES, DEGREES)))
def test_a_row_keeps_both_coordinates_or_neither(
    points: list[tuple[float | None, float | None]],
) -> None:
    rows = pl.DataFrame(
        points, schema={"longitude": pl.Float64, "latitude": pl.Float64}, orient="row"
    )

    repaired, counts = coordinates_repaired(rows)

    assert repaired.height == rows.height
    assert all((x is None) == (y is None) for x, y in repaired.rows())
    changed = sum(
        before != after for before, after in zip(rows.rows(), repaired.rows(), strict=True)
    )
    assert sum(counts.values()) == changed


@pytest.mark.parametrize(
    "point",
    [(-0.139, 51.5372), (-5.93, 54.6), (-1.14, 60.15), (-6.32, 49.92)],
    ids=["Camden", "Belfast", "Lerwick", "Isles of Scilly"],
)
def test_places_in_the_kingdom_are_left_alone(point: tuple[float, float]) -> None:
    rows = pl.DataFrame([point], schema=["longitude", "latitude"], orient="row")

    repaired, counts = coordinates_repaired(rows)

    assert repaired.equals(rows)
    assert counts == {}


@given(st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)))
def test_the_london_clock_is_that_of_the_time_zone_database(moment: datetime) -> None:
    # The oracle is Python's zoneinfo.
    moment = moment.replace(microsecond=0)
    written = pl.Series([moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")])

    shown = london_clock(utc_times(written))[0]

    expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/London"))
    assert shown == expected.replace(tzinfo=None)


def test_a_time_that_cannot_be_read_is_null_and_spoils_no_other() -> None:
    written = ["2018-01-15T14:30:00+00:00", "soon", None, "15/01/2018"]
    of_no_age = ["-2018-01-15T14:30:00+00:00", "0018-01-15T14:30:00+00:00", "9999-01-15T14:30:00"]

    times = utc_times(pl.Series(written + of_no_age))

    assert times.dt.replace_time_zone(None).to_list() == [
        datetime(2018, 1, 15, 14, 30), *[None] * 6
    ]  # fmt: skip


def test_labels_nobody_knows_are_left_out() -> None:
    assert slugs_of(["Drugs", "Violent crime", "Piracy", None]) == {
        "Drugs": "drugs",
        "Violent crime": "violent-crime",
    }


def test_todays_labels_are_not_retired() -> None:
    assert not is_retired("Drugs")
    assert is_retired("Public disorder and weapons")


def test_the_code_rule_divides_the_official_lookup(real_data: Path) -> None:
    lookup = real_data / "lookups" / "lsoa2011_lsoa2021_lad2022_ew.csv"
    with lookup.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    of_2011 = {row["LSOA11CD"] for row in rows}
    of_2021 = {row["LSOA21CD"] for row in rows}

    assert not any(map(is_code_of_2021, of_2011))
    assert {code for code in of_2021 if is_code_of_2021(code)} == of_2021 - of_2011


def test_a_code_of_another_country_is_of_no_vintage() -> None:
    assert not is_code_of_2021("95AA01S1")
    assert not is_code_of_2021("")
