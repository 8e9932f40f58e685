"""The problem profile of the made town: every question answered, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import shapely

from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month
from peelian.measures import load_measures
from peelian.products.problem_profile import ProblemProfile, Unanswered
from peelian.store import Store
from peelian.town.files import TownFiles
from publication.profile_town import (
    files_of_town,
    profile_of,
    store_of_an_extract,
    store_of_one_month,
)

pytestmark = pytest.mark.xdist_group("town")

EMERGED = "Lantern Row"


@pytest.fixture(scope="module")
def asb(town_store: Store) -> ProblemProfile:
    return profile_of(town_store, "1")


@pytest.fixture(scope="module")
def robbery(town_store: Store) -> ProblemProfile:
    return profile_of(town_store, "2")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TownFiles:
    return files_of_town(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def one_month(files: TownFiles, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of_one_month(files, tmp_path_factory.mktemp("one-month"))


def test_a_priority_is_found_by_its_number_and_by_its_id(
    town_store: Store, robbery: ProblemProfile
) -> None:
    by_id = profile_of(town_store, "p2")

    assert robbery.number == by_id.number == 2
    assert by_id.checked.priority == robbery.checked.priority
    assert by_id.changing == robbery.changing


def test_the_same_seed_gives_the_same_profile_and_another_moves_p_values_alone(
    town_store: Store, asb: ProblemProfile
) -> None:
    again, other = profile_of(town_store, "1"), profile_of(town_store, "1", seed=7)

    assert again.changing == asb.changing
    assert again.where == asb.where
    assert other.main == asb.main
    assert other.checked == asb.checked


def test_a_measure_alone_needs_no_ward_file(town_store: Store) -> None:
    found = profile_of(town_store, measure="burglary", file=None)

    assert found.number == 0
    assert found.checked.priority.title == load_measures()["burglary"].title
    assert found.main.place == found.area.name


@pytest.mark.parametrize(("priority", "measure"), [("", ""), ("1", "robbery")])
def test_a_profile_is_of_one_priority_or_of_one_measure(
    town_store: Store, priority: str, measure: str
) -> None:
    with pytest.raises(InputError, match="of one priority of a ward file, or of one measure"):
        profile_of(town_store, priority, measure=measure)


def test_a_priority_that_is_not_there_names_those_that_are(town_store: Store) -> None:
    with pytest.raises(InputError, match=r"'9' is none of them.*1 \(ASB\); 2 \(Robbery\)"):
        profile_of(town_store, "9")


def test_an_unknown_measure_names_the_known_ones(town_store: Store) -> None:
    with pytest.raises(InputError, match=r"no measure is called 'mugging'.*robbery"):
        profile_of(town_store, measure="mugging")


def test_a_priority_that_open_records_cannot_count_says_what_to_do(town_store: Store) -> None:
    with pytest.raises(CoverageError, match=r"'Speeding'.*Give --measure"):
        profile_of(town_store, "4")


def test_a_profile_is_dated_after_its_records(town_store: Store) -> None:
    with pytest.raises(InputError, match="found 2025-12-31, and records to December 2025"):
        profile_of(town_store, "1", day="2025-12-31")


def test_the_streets_named_are_counted_first_and_their_places_lie_in_them(
    robbery: ProblemProfile,
) -> None:
    assert robbery.main.place.startswith("the streets between")
    assert robbery.in_ward is not None
    assert robbery.in_ward.place == robbery.area.name
    assert robbery.main.series.total <= robbery.in_ward.series.total
    ranking, corridor = robbery.checked.ranking, robbery.checked.corridor
    assert ranking is not None
    for place in ranking.places:
        if place.place_id in robbery.where.in_streets and place.snap_points == 1:
            assert shapely.intersects_xy(corridor, place.easting, place.northing)
    assert not isinstance(robbery.where.route, Unanswered)


def test_the_planted_emergence_is_a_cluster_that_nobody_named(asb: ProblemProfile) -> None:
    found = asb.changing.clusters

    assert not isinstance(found, Unanswered)
    assert found.months[-1] == Month(2025, 12)
    assert any(EMERGED in cluster.places for cluster in found.found)
    assert all(cluster.last == found.months[-1] for cluster in found.found)


def test_a_cluster_counts_the_records_of_its_places_in_its_months(
    town_store: Store, asb: ProblemProfile
) -> None:
    found = asb.changing.clusters
    assert not isinstance(found, Unanswered)
    cluster = next(each for each in found.found if each.places == (EMERGED,))
    rows = town_store.crimes().filter(
        pl.col("crime_type") == "anti-social-behaviour",
        pl.col("location") == f"On or near {EMERGED}",
        pl.col("month").is_between(cluster.first.first_day, cluster.last.first_day),
    )

    assert cluster.found.observed == len(rows)


def test_concentration_is_of_the_records_of_the_ward(asb: ProblemProfile) -> None:
    found = asb.where.concentration

    assert not isinstance(found, Unanswered)
    assert found.records == asb.main.series.total


def test_records_that_follow_police_activity_rank_no_place(town_store: Store) -> None:
    found = profile_of(town_store, "3")

    assert found.measure.police_generated
    assert found.checked.ranking is None
    assert isinstance(found.changing.clusters, Unanswered)
    assert isinstance(found.changing.watch, Unanswered)
    assert "send patrols back" in found.changing.watch.why
    assert found.apart == (found.main,)


def test_records_that_follow_police_activity_are_asked_nothing_of_what_stands_near(
    town_store: Store,
) -> None:
    found = profile_of(town_store, "3")

    assert isinstance(found.why.associations, Unanswered)
    assert found.why.associations.on_principle
    assert found.why.nearby == {}


def test_what_police_activity_made_stands_apart_from_the_priority(asb: ProblemProfile) -> None:
    assert [each.measure.id for each in asb.apart] == ["drugs"]
    assert asb.measure.id == "anti-social-behaviour"


def test_open_records_have_no_hours_and_the_reason_is_kept(asb: ProblemProfile) -> None:
    assert isinstance(asb.when.hours, Unanswered)
    assert "known only to the month" in asb.when.hours.why
    assert isinstance(asb.when.near_repeat, Unanswered)
    assert not isinstance(asb.when.season, Unanswered)


def test_the_mix_is_compared_with_the_wards_that_touch_it_where_no_borough_is_held(
    asb: ProblemProfile,
) -> None:
    assert not isinstance(asb.why.mix, Unanswered)
    assert asb.why.around == "Larkfield and the wards that touch it"
    assert asb.why.mix.around > asb.why.mix.records
    assert not isinstance(asb.why.reporting, Unanswered)
    assert asb.why.reporting.share.whole == asb.why.mix.records


def test_one_month_refuses_each_question_of_change_with_a_reason(one_month: Store) -> None:
    found = profile_of(one_month, "2")

    for answer in (
        found.changing.unusual, found.changing.clusters, found.changing.watch, found.when.season,
        found.when.hours,
    ):  # fmt: skip
        assert isinstance(answer, Unanswered)
        assert answer.why.endswith(".")
    assert found.main.change is None
    assert found.checked.ranking is not None


def test_without_a_street_map_the_streets_named_and_what_is_near_are_not_known(
    one_month: Store,
) -> None:
    found = profile_of(one_month, "2")

    assert found.in_ward is None
    assert isinstance(found.where.route, Unanswered)
    assert "“Priory Gate station” is not" in found.where.route.why
    assert found.where.in_streets == frozenset()
    assert isinstance(found.why.associations, Unanswered)
    assert found.why.nearby == {}


def test_searches_are_no_record_of_what_happened_and_have_no_profile(town_store: Store) -> None:
    with pytest.raises(CoverageError, match="names nothing that they do"):
        profile_of(town_store, measure="stops", file=None)


def test_an_extract_with_times_says_at_what_hours_and_whether_records_repeat(
    files: TownFiles, town_store: Store, tmp_path: Path
) -> None:
    store = store_of_an_extract(files, town_store, tmp_path)

    found = profile_of(store, measure="knife-robbery", file=None, source="force-extract")

    hours, repeats = found.when.hours, found.when.near_repeat
    assert not isinstance(hours, Unanswered)
    assert hours.records == 300
    assert hours.peak is not None
    assert set(hours.peak.band.hours) >= {21, 22}
    assert len(found.when.weekdays) == 7
    assert sum(day.part for day in found.when.weekdays) == 300
    assert not isinstance(repeats, Unanswered)
    assert repeats.records == 300
