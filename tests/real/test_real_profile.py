"""The two profiles of St Pancras and Somers Town that a sergeant would be handed."""

from __future__ import annotations

import polars as pl
import pytest

from peelian.core.months import Month
from peelian.core.wards import WardFile
from peelian.ingest.place_suggestions import with_suggestions
from peelian.ingest.ward_page import read_ward_page
from peelian.measures import load_measures
from peelian.products.problem_profile import ProblemProfile, Unanswered
from peelian.products.problem_profile.assembly import assemble_problem_profile
from peelian.publication.profile.disclosed import DisclosedProfile
from peelian.publication.profile.page import cleared_for_team
from peelian.publication.profile.statements import Statement
from peelian.store import places
from real.conftest import RealStore

pytestmark = pytest.mark.xdist_group("real")

WARD, SET = "E05013669", "camden_wards_2022"


@pytest.fixture(scope="module")
def ward_file(real: RealStore, seed_page: str) -> WardFile:
    return with_suggestions(read_ward_page(seed_page, ward=WARD), real.store)


def profile_of(real: RealStore, ward_file: WardFile, priority: str) -> ProblemProfile:
    return assemble_problem_profile(
        real.store,
        WARD,
        measures=load_measures(),
        day="2018-05-01",
        code_version="test",
        ward_file=ward_file,
        priority=priority,
        boundary_set=SET,
    )


@pytest.fixture(scope="module")
def robbery(real: RealStore, ward_file: WardFile) -> ProblemProfile:
    return profile_of(real, ward_file, "2")


@pytest.fixture(scope="module")
def asb(real: RealStore, ward_file: WardFile) -> ProblemProfile:
    return profile_of(real, ward_file, "1")


def said(profile: DisclosedProfile, id_: str) -> Statement:
    return next(s for s in profile.statements if s.id == id_)


def test_robbery_between_the_stations_is_told_apart_from_robbery_in_the_ward(
    real: RealStore, robbery: ProblemProfile
) -> None:
    area = places.area(real.store, WARD, boundary_set=SET)
    rows = real.store.crimes(forces=["metropolitan", "btp"])
    rows = rows.filter(pl.col("crime_type") == "robbery").drop_nulls("easting")
    rows = rows.filter(pl.Series(area.holds(rows["easting"], rows["northing"])))
    lately = [Month.parse("2017-10").plus(step).first_day for step in range(6)]
    cleared = cleared_for_team(robbery)

    streets, ward = said(cleared, "about.change"), said(cleared, "about.ward")

    assert ward.figures["after"] == len(rows.filter(pl.col("month").is_in(lately)))
    assert float(streets.figures["after"]) < float(ward.figures["after"])
    assert streets.how_sure == "too few to say"
    assert ward.how_sure == "very likely"
    assert "a rise is very likely" in ward.text


def test_the_sergeant_reads_which_streets_come_first_and_that_no_place_stands_out(
    robbery: ProblemProfile,
) -> None:
    first = said(cleared_for_team(robbery), "where.first")

    assert first.text.startswith("In the streets named, most is to be expected at ")
    assert first.text.endswith("too few to say.")
    assert set(robbery.where.in_streets) >= {
        p.place_id for p in robbery.checked.ranking.places if p.name == "Churchway"  # type: ignore[union-attr]
    }  # fmt: skip


def test_the_rise_of_anti_social_behaviour_in_chalton_street_is_found(asb: ProblemProfile) -> None:
    clusters, ranking = asb.changing.clusters, asb.checked.ranking

    assert not isinstance(clusters, Unanswered)
    assert ranking is not None
    assert [c.places for c in clusters.found if c.in_ward] == [("Chalton Street",)]
    rising = {p.name for p in ranking.places if p.persistence == "intensifying"}
    assert "Chalton Street" in rising


def test_the_mix_is_held_against_the_borough(asb: ProblemProfile) -> None:
    assert asb.why.around == "Camden"
    assert not isinstance(asb.why.mix, Unanswered)
    assert asb.why.mix.around > 20_000


def test_march_2016_is_no_data(asb: ProblemProfile) -> None:
    assert "March 2016" in said(cleared_for_team(asb), "unknown.months").text
    assert asb.main.series.at(Month(2016, 3)) is None
