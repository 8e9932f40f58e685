from __future__ import annotations

import math

import polars as pl
import pytest

from peelian.core.crimes import CRIME_TYPES
from peelian.core.months import Month
from peelian.town import PlantedHotSpot, Town
from peelian.town.rates import season
from peelian.town.snap_points import MadeSnapPoint


def street_rows(town: Town, *, force: str = "made-town") -> pl.DataFrame:
    files = [file for file in town.archive if file.path.endswith(f"-{force}-street.csv")]
    return pl.concat([file.rows for file in files])


def counted(town: Town, point: MadeSnapPoint, crime_type: str) -> dict[Month, int]:
    rows = street_rows(town).filter(
        Location=point.location,
        Longitude=f"{point.longitude:.6f}",
        Latitude=f"{point.latitude:.6f}",
    )
    labels = [CRIME_TYPES[crime_type]]
    if crime_type == "violent-crime":
        labels.append("Violent crime")
    months = rows.filter(pl.col("Crime type").is_in(labels))["Month"].value_counts()
    found = {Month.parse(month): count for month, count in months.iter_rows()}
    held = [month for month in town.span if month != town.faults.missing_month]
    return {month: found.get(month, 0) for month in held}


def assert_poisson_total(counts: int, expected: float) -> None:
    # Four standard deviations: one of some twenty true counts fails by chance once in 800
    # seeds, and the seed is fixed.
    assert abs(counts - expected) < 4 * math.sqrt(expected)


def expected_in(town: Town, spot: PlantedHotSpot, months: list[Month]) -> float:
    by_month = dict(zip(town.span, season(spot.crime_type), strict=True))
    return sum(spot.monthly_rate * by_month[month] for month in months)


def test_each_hot_spot_has_as_many_records_as_its_rate_says(town: Town) -> None:
    changed = (town.effect.hot_spot, town.faded.hot_spot)
    for spot in town.hot_spots:
        if spot not in changed:
            counts = counted(town, spot.point, spot.crime_type)

            assert_poisson_total(sum(counts.values()), expected_in(town, spot, list(counts)))


def test_every_hot_spot_is_among_the_first_three_of_its_ward_and_type(town: Town) -> None:
    wards = {(p.location, f"{p.longitude:.6f}"): p.ward for p in town.snap_points}
    rows = street_rows(town)
    for spot in town.hot_spots:
        same_type = rows.filter(pl.col("Crime type") == CRIME_TYPES[spot.crime_type])
        counts = same_type.group_by("Location", "Longitude").len().sort("len", descending=True)

        ranked = [
            (location, longitude)
            for location, longitude, _ in counts.iter_rows()
            if wards.get((location, longitude)) == spot.point.ward
        ]

        assert (spot.point.location, f"{spot.point.longitude:.6f}") in ranked[:3], spot


@pytest.mark.parametrize("which", ["effect", "faded"])
def test_records_fall_by_the_planted_factor_from_the_planted_month(town: Town, which: str) -> None:
    change = getattr(town, which)
    counts = counted(town, change.hot_spot.point, change.hot_spot.crime_type)
    before = [month for month in counts if month < change.first_month]
    after = [month for month in counts if month >= change.first_month]

    assert_poisson_total(
        sum(counts[month] for month in before), expected_in(town, change.hot_spot, before)
    )
    assert_poisson_total(
        sum(counts[month] for month in after),
        expected_in(town, change.hot_spot, after) * change.factor,
    )


def test_the_emergence_is_quiet_before_its_month_and_ends_high(town: Town) -> None:
    planted = town.emergence
    counts = counted(town, planted.point, planted.crime_type)

    before = [count for month, count in counts.items() if month < planted.first_month]
    last_three = list(counts.values())[-3:]

    assert_poisson_total(sum(before), planted.rate_before * len(before))
    assert_poisson_total(sum(last_three), 3 * planted.highest_rate)


def assert_no_change_beyond_chance(counts: dict[Month, int], latest: list[Month]) -> None:
    after = sum(counts[month] for month in latest)
    before = sum(counts[month.plus(-12)] for month in latest)

    # Two Poisson counts of one mean differ by less than two standard deviations.
    assert abs(after - before) < 2 * math.sqrt(after + before)


def test_robberies_between_the_stations_neither_fell_nor_rose_beyond_chance(town: Town) -> None:
    # The page says that they dropped: the town plants a steady rate.
    spot = next(s for s in town.hot_spots if s.point.location == "On or near Station Road")

    counts = counted(town, spot.point, spot.crime_type)

    assert_no_change_beyond_chance(counts, list(town.span)[-6:])


def test_anti_social_behaviour_in_the_whole_ward_did_not_rise_beyond_chance(town: Town) -> None:
    # The page says that it rose: the emergence and the effect about cancel each other.
    totals = dict.fromkeys(town.span, 0)
    for point in town.snap_points:
        if point.ward == 0:
            for month, count in counted(town, point, "anti-social-behaviour").items():
                totals[month] += count

    assert_no_change_beyond_chance(totals, list(town.span)[-6:])


def test_about_160_records_a_month_fall_in_the_pilot_ward(town: Town) -> None:
    pilot = {(p.location, f"{p.longitude:.6f}") for p in town.snap_points if p.ward == 0}
    rows = street_rows(town).select("Location", "Longitude").iter_rows()

    inside = sum(row in pilot for row in rows)

    # The real pilot ward: 4,163 rows in 26 months (MANIFEST.md of the real data), 160 a month.
    assert 130 < inside / (len(town.span) - 1) < 190


def test_no_street_or_outcomes_file_is_of_the_missing_month(town: Town) -> None:
    month = str(town.faults.missing_month)

    paths = [file.path for file in town.archive if file.path.startswith(month)]

    assert paths == [
        f"{month}/{month}-btp-street.csv",
        f"{month}/{month}-made-town-stop-and-search.csv",
    ]


def test_the_planted_number_of_crime_ids_repeat_within_their_file(town: Town) -> None:
    repeats = 0
    for file in town.archive:
        if file.path.endswith("made-town-street.csv"):
            ids = file.rows["Crime ID"].drop_nulls()
            repeats += len(ids) - ids.n_unique()

    assert repeats == town.faults.repeated_ids


def test_the_planted_number_of_rows_has_no_location(town: Town) -> None:
    rows = street_rows(town).filter(pl.col("Location") == "No Location")

    assert rows.height == town.faults.blank_coordinates
    blank = rows.select("Longitude", "Latitude", "LSOA code", "LSOA name")
    assert blank.null_count().row(0) == (rows.height,) * 4


def test_anti_social_behaviour_has_neither_crime_id_nor_outcome(town: Town) -> None:
    rows = street_rows(town).filter(pl.col("Crime type") == "Anti-social behaviour")

    assert rows["Crime ID"].null_count() == rows.height
    assert rows["Last outcome category"].null_count() == rows.height


def test_transport_police_rows_stand_at_the_stations_without_crime_id(town: Town) -> None:
    rows = street_rows(town, force="btp")

    assert set(rows["Location"]) == {"Priory Gate (station)", "Wharf Lane (station)"}
    assert rows["Crime ID"].null_count() == rows.height
    assert "Anti-social behaviour" not in set(rows["Crime type"])


def test_every_outcome_is_of_a_crime_that_was_recorded_by_then(town: Town) -> None:
    recorded = {
        crime_id: month
        for crime_id, month in street_rows(town).select("Crime ID", "Month").iter_rows()
        if crime_id
    }
    outcomes = pl.concat([f.rows for f in town.archive if f.path.endswith("outcomes.csv")])
    missing = str(town.faults.missing_month)

    known = [
        (recorded[crime_id], month)
        for crime_id, month in outcomes.select("Crime ID", "Month").iter_rows()
        if crime_id in recorded
    ]

    assert all(crime <= outcome for crime, outcome in known)
    # Crimes of the missing month have outcomes, but no street row.
    unknown = outcomes.height - len(known)
    assert 0 < unknown < outcomes.height * 0.03, missing


def test_lsoa_codes_change_to_those_of_2021_in_the_planted_month(town: Town) -> None:
    new = {a.code for a in town.census_areas.of_2021} - {a.code for a in town.census_areas.of_2011}
    rows = street_rows(town).filter(pl.col("LSOA code").is_in(list(new)))

    assert len(new) == 10  # one area in each of five wards was split in two
    assert min(rows["Month"]) == str(town.faults.lsoa_change)


def test_the_first_stops_of_a_summer_month_are_written_with_the_evening_before(town: Town) -> None:
    first_times = {
        file.path[:7]: min(file.rows["Date"])
        for file in town.archive
        if file.path.endswith("stop-and-search.csv")
    }

    summer = [month for month in first_times if month[5:] in ("07", "08")]
    assert any(not first_times[month].startswith(month) for month in summer)
    winter = [month for month in first_times if month[5:] in ("12", "01", "02")]
    assert all(first_times[month].startswith(month) for month in winter)


def test_the_part_months_stops_end_on_the_planted_day(town: Town) -> None:
    faults = town.faults
    path = f"{faults.part_month}/{faults.part_month}-made-town-stop-and-search.csv"

    rows = next(file.rows for file in town.archive if file.path == path)

    assert max(rows["Date"])[:10] == f"{faults.part_month}-{faults.part_month_last_day}"


def test_exactly_the_planted_stops_stand_twice(town: Town) -> None:
    twice = sum(
        file.rows.height - file.rows.unique().height
        for file in town.archive
        if file.path.endswith("stop-and-search.csv")
    )

    assert twice == town.faults.duplicate_stops
