from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.sun import elevation
from peelian.analysis.daylight import daylight_share, light_at, sun_elevation
from peelian.core.errors import InputError

KINGS_CROSS = -0.1238, 51.5308
NAT = np.datetime64("NaT", "us")


@given(
    st.datetimes(datetime(1996, 1, 1), datetime(2040, 1, 1)),
    st.floats(-8, 2),
    st.floats(49, 61),
)
def test_the_sun_stands_where_another_book_has_it(
    utc: datetime, longitude: float, latitude: float
) -> None:
    found = sun_elevation([utc], longitude, latitude)

    # Each is good to 0.01 degrees, which is four seconds of the sun's way.
    assert found[0] == pytest.approx(elevation(utc, longitude, latitude), abs=0.02)


def test_the_sun_is_highest_at_noon_and_lower_in_winter() -> None:
    hours = np.datetime64("2024-06-21T00:00") + np.arange(24) * np.timedelta64(1, "h")

    summer = sun_elevation(hours, *KINGS_CROSS)
    winter = sun_elevation(hours + np.timedelta64(183, "D"), *KINGS_CROSS)

    assert summer.argmax() == winter.argmax() == 12
    # 90 degrees less the latitude, with the tilt of the axis added or taken off.
    assert summer.max() == pytest.approx(90 - 51.53 + 23.44, abs=0.1)
    assert winter.max() == pytest.approx(90 - 51.53 - 23.44, abs=0.1)


def test_light_follows_the_clock_on_the_wall() -> None:
    # King's Cross, 21 June: sunrise 04:43, sunset 21:22, by summer time.
    times = ["2024-06-21T04:40", "2024-06-21T04:46", "2024-06-21T21:19", "2024-06-21T21:26",
             "2024-06-21T22:05", "2024-06-21T22:15"]  # fmt: skip

    found = light_at(np.array(times, dtype="datetime64[us]"), *KINGS_CROSS)

    assert found.tolist() == ["twilight", "daylight", "daylight", "twilight", "twilight", "dark"]


def test_light_in_winter_is_by_greenwich() -> None:
    # King's Cross, 21 December: sunset 15:54, end of civil twilight 16:33.
    times = ["2024-12-21T15:50", "2024-12-21T15:58", "2024-12-21T16:30", "2024-12-21T16:38"]

    found = light_at(np.array(times, dtype="datetime64[us]"), *KINGS_CROSS)

    assert found.tolist() == ["daylight", "twilight", "twilight", "dark"]


def test_a_missing_time_or_place_has_no_light() -> None:
    times = np.array(["2024-06-21T12:00", "NaT", "2024-06-21T12:00"], dtype="datetime64[us]")

    found = light_at(times, [0, 0, float("nan")], [51.5, 51.5, 51.5])

    assert found.tolist() == ["daylight", "", ""]


def test_at_equinox_about_half_of_the_day_is_dark_or_twilight() -> None:
    found = daylight_share(["2024-03-20T12:00"], *KINGS_CROSS)

    # 12 h 9 min of sun and twice 33 minutes of civil twilight leave 10 h 45 min.
    assert found.dark_hours_share == pytest.approx(10.75 / 24, abs=0.005)
    assert (found.daylight, found.dark, found.records) == (1, 0, 1)


def test_midwinter_days_are_compared_with_midwinter_darkness() -> None:
    # Half a year, and every record at noon and midnight of its first ten days.
    days = np.datetime64("2024-12-16") + np.arange(10) * np.timedelta64(1, "D")
    times = np.concatenate([days + np.timedelta64(12, "h"), days + np.timedelta64(0, "h")])

    found = daylight_share(times, *KINGS_CROSS, span=(date(2024, 12, 16), date(2025, 6, 15)))

    assert found.dark_share == 0.5
    assert found.own_days_share == pytest.approx(15 / 24, abs=0.02)
    assert found.dark_hours_share < 0.5
    assert (found.first, found.last) == (date(2024, 12, 16), date(2025, 6, 15))
    assert found.more_in_the_dark is None


def test_records_at_night_are_more_in_the_dark() -> None:
    days = np.datetime64("2024-12-01") + np.arange(30) * np.timedelta64(1, "D")

    night = daylight_share(days + np.timedelta64(22, "h"), *KINGS_CROSS)
    noon = daylight_share(days + np.timedelta64(12, "h"), *KINGS_CROSS)

    assert (night.dark, night.more_in_the_dark) == (30, True)
    assert (noon.dark, noon.more_in_the_dark) == (0, False)


def test_records_at_any_hour_are_in_the_dark_as_often_as_it_is_dark() -> None:
    # Every 97 minutes of a year: each hour of each season in turn.
    times = np.datetime64("2023-01-01T00:05") + np.arange(0, 525_595, 97) * np.timedelta64(1, "m")

    found = daylight_share(times, *KINGS_CROSS)

    assert found.dark_share == pytest.approx(found.dark_hours_share, abs=0.005)
    assert found.more_in_the_dark is None
    assert found.own_days_share == pytest.approx(found.dark_hours_share, abs=0.01)


def test_a_record_without_a_time_or_a_place_is_left_out_and_said() -> None:
    times = np.array(["2024-12-01T22:00", "NaT", "2024-12-01T22:00"], dtype="datetime64[us]")

    found = daylight_share(times, [-0.1, -0.1, float("nan")], [51.5, 51.5, 51.5])

    assert (found.records, found.without_time_or_place) == (1, 2)


def test_one_record_is_too_few_to_say() -> None:
    found = daylight_share(["2024-12-01T22:00"], *KINGS_CROSS)

    assert (found.dark_share, found.high) == (1, 1)
    assert found.more_in_the_dark is None


def test_no_records_give_zeros_and_an_interval_of_everything() -> None:
    found = daylight_share([], [], [])

    assert (found.records, found.low, found.high, found.first) == (0, 0, 1, None)
    assert found.more_in_the_dark is None


def test_records_outside_the_days_compared_are_an_error() -> None:
    with pytest.raises(InputError, match="found 2024-12-01 to 2024-12-01 against 2024-01-01"):
        daylight_share(
            ["2024-12-01T22:00"], *KINGS_CROSS, span=(date(2024, 1, 1), date(2024, 2, 1))
        )


def test_real_stops_of_a_summer_month(real_data: Path) -> None:
    archive = "stop-and-search_met_original_2016-01_2018-03+2021-06_2023-05.zip"
    columns = ["Date", "Longitude", "Latitude"]
    with zipfile.ZipFile(real_data / "police.uk" / archive) as files:
        (name,) = (n for n in files.namelist() if "2017-07" in n)
        rows = pl.read_csv(files.read(name), columns=columns)
    utc = rows["Date"].str.to_datetime(time_zone="UTC")
    local = utc.dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)

    found = daylight_share(
        local.to_numpy(), rows["Longitude"].to_numpy(), rows["Latitude"].to_numpy()
    )

    placed = rows.with_columns(utc=utc.dt.replace_time_zone(None)).drop_nulls()
    heights = [elevation(*row) for row in placed.select("utc", *columns[1:]).iter_rows()]
    # A minute of the clock either way is all that two books of the sun may differ by.
    assert found.dark == pytest.approx(sum(height < -6 for height in heights), abs=5)
    assert found.daylight == pytest.approx(sum(height > -0.833 for height in heights), abs=5)
    assert found.records + found.without_time_or_place == rows.height
    # In July it is dark for six hours and a half of 24.
    assert found.dark_hours_share == pytest.approx(6.5 / 24, abs=0.02)


def test_a_wrong_date_long_ago_changes_the_span_and_not_the_own_days() -> None:
    noon, odd = np.datetime64("2016-06-21T12:00"), np.datetime64("1956-06-21T12:00")

    found = daylight_share([noon, odd], [-0.1, -0.1], [51.5, 51.5])
    alone = daylight_share([noon], [-0.1], [51.5])

    assert found.own_days_share == pytest.approx(alone.own_days_share, abs=0.005)
    # Over sixty years of all seasons; over a year it is about two fifths.
    assert found.dark_hours_share == pytest.approx(0.42, abs=0.03)
