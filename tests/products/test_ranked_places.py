"""Rankings for an analyst's desk: by unit, and by harm."""

from __future__ import annotations

import polars as pl
import pytest

from peelian.cli.app import run
from peelian.core.errors import CoverageError, InputError
from peelian.products.ranked_places import UNITS, harm_of_ward_places, rank_ward_places
from peelian.store import Store
from peelian.store.places import area

LARKFIELD, ASB = "E05999901", "anti-social-behaviour"
INDEX = "ons-crime-severity-score-2016"


def inside(store: Store) -> pl.DataFrame:
    """The ward's own rows, straight from the store."""
    rows = store.crimes()
    ward = area(store, LARKFIELD)
    return rows.filter(
        pl.Series(ward.holds(rows["easting"].to_numpy(), rows["northing"].to_numpy()))
    )


@pytest.mark.parametrize("unit", ["square", "hexagon", "lsoa"])
def test_units_that_cover_the_ward_have_all_its_records(town_store: Store, unit: str) -> None:
    found = rank_ward_places(town_store, LARKFIELD, ASB, unit=unit)

    total = inside(town_store).filter(crime_type=ASB).height
    assert sum(place.records for place in found.places) == total
    assert f"0 of {total:,} records lie in none of them." in found.method
    assert [place.rank for place in found.places] == list(range(1, len(found.places) + 1))


def test_the_planted_hot_street_is_the_first_street_segment(town_store: Store) -> None:
    found = rank_ward_places(town_store, LARKFIELD, ASB, unit="street")

    assert found.places[0].name in ("Lantern Row", "Coopers Field Way", "Pinder Street")
    assert "junction to junction" in found.method


def test_smaller_squares_are_more_and_expect_less(town_store: Store) -> None:
    small = rank_ward_places(town_store, LARKFIELD, ASB, unit="square", side_m=75)
    large = rank_ward_places(town_store, LARKFIELD, ASB, unit="square", side_m=300)

    assert len(small.places) > len(large.places)
    assert small.places[0].expected < large.places[0].expected


def test_harm_is_summed_over_the_last_year_and_says_what_was_not_weighed(
    town_store: Store,
) -> None:
    found = harm_of_ward_places(town_store, LARKFIELD, "all-recorded-crime", INDEX)

    last_year = inside(town_store).filter(pl.col("month").dt.year() == 2025)
    robberies = last_year.filter(crime_type="robbery").height
    assert len(found.months) == 12
    assert sum(p.total.harm for p in found.places) > 746 * robberies > 0
    assert "violent-crime" in {each for p in found.places for each in p.total.not_weighed}
    for place in found.places:
        assert place.total.low <= place.total.harm <= place.total.high


def test_harm_of_robbery_ranks_places_as_their_counts_do(town_store: Store) -> None:
    found = harm_of_ward_places(town_store, LARKFIELD, "robbery", INDEX)

    assert all(p.total.harm == 746 * p.records for p in found.places)
    counts = [p.records for p in found.places]
    assert counts == sorted(counts, reverse=True)


def test_harm_of_stops_and_months_not_held_are_refused(town_store: Store) -> None:
    with pytest.raises(InputError, match="Stop and search counts none"):
        harm_of_ward_places(town_store, LARKFIELD, "stops", INDEX)
    with pytest.raises(CoverageError, match="no month of"):
        rank_ward_places(town_store, LARKFIELD, "knife-robbery", unit="square")


@pytest.mark.parametrize("by", UNITS)
def test_the_command_ranks_by_every_unit(
    town_store: Store, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["rank", LARKFIELD, ASB, "--store", str(town_store.path), "--by", by, "--most", "3"])

    printed = capsys.readouterr().out
    assert code == 0
    assert printed.count(" expected (") == 3


def test_the_command_ranks_by_harm_and_cites_the_index(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["rank", LARKFIELD, "all-recorded-crime", "--store", str(town_store.path)]

    code = run([*arguments, "--harm", INDEX, "--most", "2"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "Office for National Statistics" in printed
    assert printed.count("severity points (") == 2
    assert "Not weighed, though not harmless:" in printed


def test_an_unknown_unit_is_told_with_those_there_are(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["rank", LARKFIELD, ASB, "--store", str(town_store.path), "--by", "circle"])

    assert code == InputError.exit_code
    assert "place, square, hexagon, street, lsoa" in capsys.readouterr().err
