from __future__ import annotations

import zipfile
from datetime import datetime
from math import comb
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.analysis.even_hours import even_hours
from peelian.analysis.time_of_week import SHIFTS, hours_of_week, require_times
from peelian.core.crimes import CRIMES_SCHEMA, EXTRACT_SCHEMA
from peelian.core.errors import InputError, MonthOnlyError

TIMES = st.lists(st.datetimes(datetime(2021, 1, 1), datetime(2024, 1, 1)), min_size=1, max_size=40)


def on_the_hour(**records: int) -> list[str]:
    """h22=3: three records at 22:00, on as many days from Monday 13 May 2024."""
    return [
        f"2024-05-{13 + day:02d}T{name[1:]}:00" for name, n in records.items() for day in range(n)
    ]


@given(TIMES)
def test_exact_times_are_counted_in_their_hour_and_weekday(times: list[datetime]) -> None:
    found = hours_of_week(times, keep_midnight=True)

    slow = np.zeros((7, 24))
    for time in times:
        slow[time.weekday(), time.hour] += 1
    assert (found.counts == slow).all()
    assert (found.least == found.counts).all()
    assert (found.most == found.counts).all()


@given(TIMES)
def test_the_shifts_hold_every_record_once(times: list[datetime]) -> None:
    found = hours_of_week(times, keep_midnight=True)

    assert sum(shift.records for shift in found.shift_bands) == len(times) == found.records
    assert sum(shift.share for shift in found.shift_bands) == pytest.approx(1)
    for shift in found.shift_bands:
        assert shift.low <= shift.share <= shift.high
        assert shift.least == shift.records == shift.most


def test_shifts_begin_with_their_first_hour_and_end_before_their_last() -> None:
    found = hours_of_week(on_the_hour(h07=1, h14=1, h15=2, h22=1, h23=1, h06=3))

    assert [(s.name, s.records) for s in found.shift_bands] == [
        ("early", 2), ("late", 3), ("night", 4)
    ]  # fmt: skip
    assert found.shift_bands[2].hours == (23, 0, 1, 2, 3, 4, 5, 6)
    assert {s.even_share for s in found.shift_bands} == {8 / 24}


def test_other_shifts_can_be_asked_for() -> None:
    found = hours_of_week(on_the_hour(h08=1, h20=2), shifts={"day": (8, 20), "dark": (20, 8)})

    assert [(s.name, s.records) for s in found.shift_bands] == [("day", 1), ("dark", 2)]


@pytest.mark.parametrize("ends", [(24, 3), (5, 5), (-1, 4), (3, 25)])
def test_hours_that_no_clock_has_are_an_error(ends: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="found late from"):
        hours_of_week([], shifts={"late": ends})


def test_the_interval_of_a_share_is_exact() -> None:
    # 3 of 10. The limits are where 3 or more, or 3 or fewer, have a chance of 2.5 %.
    found = hours_of_week(on_the_hour(h09=3, h16=7)).shift_bands[0]

    def chance(share: float, counts: range) -> float:
        return sum(comb(10, k) * share**k * (1 - share) ** (10 - k) for k in counts)

    assert found.share == 0.3
    assert chance(found.low, range(3, 11)) == pytest.approx(0.025)
    assert chance(found.high, range(4)) == pytest.approx(0.025)


def test_an_interval_over_two_shifts_is_shared_and_surely_in_neither() -> None:
    # From 13:00 to 17:00: two hours early, two late; at most one record in each.
    found = hours_of_week(["2024-05-14T13:00"], ["2024-05-14T17:00"])

    assert [(s.records, s.least, s.most) for s in found.shift_bands] == [
        (0.5, 0, 1), (0.5, 0, 1), (0, 0, 0)
    ]  # fmt: skip


def test_a_night_within_one_shift_surely_lies_in_it() -> None:
    found = hours_of_week(["2024-05-14T23:30"], ["2024-05-15T06:00"])

    assert [(s.records, s.least, s.most) for s in found.shift_bands][2] == (
        pytest.approx(1), 1, 1
    )  # fmt: skip


def test_from_one_night_to_the_next_all_shifts_are_possible() -> None:
    found = hours_of_week(["2024-05-14T23:30"], ["2024-05-15T23:30"])

    assert [(s.least, s.most) for s in found.shift_bands] == [(0, 1)] * 3
    assert found.a_day_or_longer == 1


def test_dates_stored_at_midnight_are_set_aside_and_said() -> None:
    times = on_the_hour(h00=18, h01=1, h02=2, h16=9, h23=1)

    found = hours_of_week(times)

    assert found.is_midnight_spike
    assert (found.at_midnight, found.midnight_neighbours, found.set_aside) == (18, 2, 18)
    assert found.midnight_share == 18 / 31
    assert (found.records, found.counts[:, 0].sum()) == (13, 0)


def test_a_spike_at_midnight_is_kept_where_asked() -> None:
    found = hours_of_week(on_the_hour(h00=18, h01=1, h23=1), keep_midnight=True)

    assert found.is_midnight_spike
    assert (found.set_aside, found.records) == (0, 20)


def test_a_busy_night_is_no_spike() -> None:
    found = hours_of_week(on_the_hour(h00=14, h01=12, h23=12))

    assert not found.is_midnight_spike
    assert (found.records, found.set_aside) == (38, 0)


def test_a_few_records_at_midnight_are_no_spike() -> None:
    found = hours_of_week(on_the_hour(h00=3, h12=5))

    assert (found.is_midnight_spike, found.records) == (False, 8)


def test_only_midnight_leaves_nothing_to_count() -> None:
    found = hours_of_week(on_the_hour(h00=15))

    assert (found.records, found.set_aside, found.peak) == (0, 15, None)
    assert {(s.share, s.low, s.high) for s in found.shift_bands} == {(0, 0, 1)}


def test_records_without_a_time_are_counted_apart() -> None:
    found = hours_of_week(["2024-05-14T10:00", "NaT"], ["NaT", "NaT"])

    assert (found.records, found.without_time, found.exact) == (1, 1, 1)


def test_no_records_give_zeros_and_no_peak() -> None:
    found = hours_of_week([])

    assert (found.records, found.counts.sum(), found.peak) == (0, 0, None)
    assert [s.name for s in found.shift_bands] == list(SHIFTS)
    assert (found.midnight_share, found.is_midnight_spike) == (0, False)


def test_one_record_is_too_few_for_a_peak() -> None:
    found = hours_of_week(["2024-05-14T10:00"])

    assert found.peak is not None
    assert len(found.peak.starts) == 24
    assert found.peak.is_too_few_to_say


def test_a_clear_peak_is_found_with_what_else_it_could_be() -> None:
    found = hours_of_week(on_the_hour(h03=2, h10=2, h17=15, h18=17, h19=16, h20=3))

    assert found.peak is not None
    assert found.peak.band.name == "17:00 to 20:00"
    assert found.peak.band.records == 48
    # 18 to 21 has 36: 15 against 3 of the hours not shared is beyond chance only alone.
    assert found.peak.starts == (17, 18)
    assert not found.peak.is_too_few_to_say


def test_a_peak_goes_over_midnight() -> None:
    found = hours_of_week(on_the_hour(h23=17, h00=16, h01=15, h12=1))

    assert found.peak is not None
    assert found.peak.band.hours == (23, 0, 1)


def test_the_starts_hold_the_true_peak_as_often_as_they_say() -> None:
    # The peak begins at 20: twice as many an hour from 20 to 22 as from 21 to 23 and so on.
    rng = np.random.default_rng(5)
    chances = np.ones(24)
    chances[20:23] = 2
    held = 0
    for _ in range(200):
        hours = rng.choice(24, 120, p=chances / chances.sum())
        peak = hours_of_week(
            np.datetime64("2024-05-14T00:30") + hours * np.timedelta64(1, "h")
        ).peak
        assert peak is not None
        held += 20 in peak.starts

    assert held >= 190


@settings(max_examples=20)
@given(TIMES, st.integers(1, 23))
def test_turning_the_clock_turns_the_peak(times: list[datetime], by: int) -> None:
    moments = np.array(times, dtype="datetime64[us]")

    still = hours_of_week(moments, keep_midnight=True, zone="UTC")
    turned = hours_of_week(moments + np.timedelta64(by, "h"), keep_midnight=True, zone="UTC")

    assert still.peak is not None
    assert turned.peak is not None
    assert turned.peak.band.records == still.peak.band.records
    assert turned.counts.sum(axis=0).tolist() == np.roll(still.counts.sum(axis=0), by).tolist()


def test_one_of_each_time_is_needed() -> None:
    with pytest.raises(InputError, match="found 1 of the one and 2 of the other"):
        hours_of_week(["2024-05-14T10:00"], ["2024-05-14T10:00", "2024-05-14T11:00"])


def test_open_records_have_no_times_and_the_reason_is_said() -> None:
    rows = pl.DataFrame(schema=CRIMES_SCHEMA | {"occurred_from": pl.Datetime("us")})
    known_to_the_month = pl.concat([rows, pl.DataFrame({"month": [datetime(2024, 5, 1).date()]})],
                                   how="diagonal")  # fmt: skip

    reason = r"To say at what hours, records need times\. None of these 1 has one: open crime"
    with pytest.raises(MonthOnlyError, match=reason):
        require_times(known_to_the_month, to="say at what hours")


def test_records_without_the_column_of_an_extract_have_no_times() -> None:
    with pytest.raises(MonthOnlyError, match="force's own extract"):
        require_times(pl.DataFrame(schema=CRIMES_SCHEMA), to="say at what hours")


def test_some_times_are_enough() -> None:
    rows = pl.DataFrame({"occurred_from": [None, datetime(2024, 5, 14, 10)]})

    assert require_times(rows, to="say at what hours") is None  # type: ignore[func-returns-value]


def test_no_rows_of_an_extract_pass() -> None:
    rows = pl.DataFrame(schema=CRIMES_SCHEMA | EXTRACT_SCHEMA)

    assert require_times(rows, to="say at what hours") is None  # type: ignore[func-returns-value]


def test_even_hours_are_not_found_uneven() -> None:
    hours = np.datetime64("2024-05-13T00:30") + np.arange(24 * 7) * np.timedelta64(1, "h")

    found = even_hours(hours_of_week(hours), seed=1)

    assert (found.statistic, found.p_value, found.records) == (0, 1, 168)
    assert not found.is_uneven
    assert not found.is_too_few_to_say


def test_one_busy_hour_is_found_uneven() -> None:
    found = even_hours(hours_of_week(on_the_hour(h17=12, h03=2)), seed=1)

    # 24 / 14 * (12**2 + 2**2) - 14
    assert found.statistic == pytest.approx(24 / 14 * 148 - 14)
    assert found.p_value == 1 / 1000


def test_two_records_cannot_be_uneven() -> None:
    found = even_hours(hours_of_week(on_the_hour(h17=1, h18=1)), seed=1)

    assert (found.p_value, found.is_too_few_to_say) == (1, True)


def test_no_records_have_a_p_value_of_one() -> None:
    found = even_hours(hours_of_week([]), seed=1)

    assert (found.records, found.p_value, found.is_too_few_to_say) == (0, 1, True)


def test_records_that_fall_evenly_give_even_p_values() -> None:
    rng = np.random.default_rng(8)
    p_values = []
    for run in range(200):
        hours = np.datetime64("2024-05-14T00:30") + rng.integers(0, 24, 60) * np.timedelta64(1, "h")
        p_values.append(even_hours(hours_of_week(hours), seed=run, replicates=99).p_value)

    # Of 200, 10 are expected to be at most 0.05; 19 or more have a chance under 1 in 200.
    assert sum(p <= 0.05 for p in p_values) < 19
    assert 0.42 < np.mean(p_values) < 0.60


def test_real_stops_come_in_the_late_shift(real_data: Path) -> None:
    archive = "stop-and-search_met_original_2016-01_2018-03+2021-06_2023-05.zip"
    with zipfile.ZipFile(real_data / "police.uk" / archive) as files:
        (name,) = (n for n in files.namelist() if "2017-07" in n)
        dates = pl.read_csv(files.read(name), columns=["Date"])["Date"]
    utc = dates.str.to_datetime(time_zone="UTC")
    local = utc.dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)

    found = hours_of_week(local.to_numpy())

    slow = np.zeros((7, 24))
    for time in local:
        slow[time.weekday(), time.hour] += 1
    assert (found.counts == slow).all()
    assert max(found.shift_bands, key=lambda shift: shift.share).name == "late"
    assert not found.is_midnight_spike


def test_real_thefts_have_dates_without_times(real_data: Path) -> None:
    folder = real_data / "validation" / "timestamped-crime_crimemappingdata"
    rows = pl.read_csv(folder / "vancouver_thefts.csv.gz")
    times = rows.select(pl.datetime("YEAR", "MONTH", "DAY", "HOUR", "MINUTE")).to_series()

    found = hours_of_week(times.to_numpy())

    # 21,918 rows: 1,086 at 00:00 against 866 at 23:00 and 01:00 together.
    assert found.is_midnight_spike
    assert (found.set_aside, found.at_midnight, found.midnight_neighbours) == (1086, 1086, 866)
    assert found.records + found.set_aside + found.without_time == rows.height


def test_more_at_midnight_than_beside_but_not_twice_as_much_is_no_spike() -> None:
    # 150 against 100 an hour is beyond chance, and still how a night may go.
    found = hours_of_week(on_the_hour(h00=15, h01=10, h23=10) * 10)

    assert not found.is_midnight_spike
    assert found.records == 350


def test_three_times_each_neighbour_is_a_spike_where_records_are_many() -> None:
    found = hours_of_week(on_the_hour(h00=15, h01=5, h23=5) * 10)

    assert found.is_midnight_spike
    assert found.set_aside == 150
