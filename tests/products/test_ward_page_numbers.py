from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from peelian.core.errors import CoverageError, UnknownPlaceError
from peelian.core.grid import shape_to_degrees
from peelian.core.months import Month
from peelian.core.wards import Corridor, Priority, WardFile
from peelian.measures import load_measures
from peelian.products.assembly import assemble_ward_page
from peelian.products.ranked_places import rank_ward_places, ranked_places
from peelian.products.ward_page import WardPage
from peelian.publication.disclosure import disclose
from peelian.store import Store, places

pytestmark = pytest.mark.xdist_group("town")

WARD = "E05999901"


def page_of(store: Store, *priorities: Priority, ward: str = WARD, btp: bool = True) -> WardPage:
    return assemble_ward_page(
        store,
        WardFile(ward=ward, name="Larkfield", operator="", priorities=list(priorities)),
        measures=load_measures(),
        snapshot_date="2026-02-01",
        code_version="test",
        include_btp=btp,
    )


@pytest.fixture(scope="session")
def page(town_store: Store) -> WardPage:
    return page_of(
        town_store,
        Priority(id="p1", title="ASB", issue="x", measure="anti-social-behaviour", also=["drugs"]),
        Priority(
            id="p2", title="Robbery", issue="x", measure="robbery", also=["knife-robbery"],
            corridor=Corridor(start="Priory Gate station", end="Wharf Lane station"),
        ),
        Priority(id="p3", title="Drugs", issue="x", measure="drugs"),
        Priority(id="p4", title="Speeding", issue="x"),
    )  # fmt: skip


def rows_in_ward(store: Store) -> pl.DataFrame:
    area = places.area(store, WARD)
    rows = store.crimes(box=shape_to_degrees(area.shape).bounds)
    return rows.filter(pl.Series(area.holds(rows["easting"], rows["northing"])))


def test_totals_are_those_of_a_plain_count(page: WardPage, town_store: Store) -> None:
    rows = rows_in_ward(town_store)

    assert page.totals.records == len(rows)
    assert page.totals.snap_points == len(set(zip(rows["longitude"], rows["latitude"])))  # noqa: B905
    assert page.totals.british_transport_police == sum(rows["force"] == "btp")
    last_year = Counter(rows.filter(pl.col("month") >= pl.date(2025, 1, 1))["crime_type"])
    assert dict(page.totals.by_type) == last_year


def test_a_series_counts_its_own_type_and_leaves_the_missing_month_unknown(
    page: WardPage, town_store: Store
) -> None:
    rows = rows_in_ward(town_store).filter(crime_type="anti-social-behaviour")
    tally = Counter(Month.of(day) for day in rows["month"])
    series = page.priorities[0].measures[0].series

    assert series.at(Month(2021, 9)) is None
    assert page.missing.keys() == {Month(2021, 9)}
    assert all(series.at(month) == tally[month] for month in series.held)


def test_places_are_ranked_for_what_the_public_reported(page: WardPage) -> None:
    ranking = page.priorities[0].ranking

    assert ranking is not None
    assert ranking.measure.id == "anti-social-behaviour"
    assert [place.rank for place in ranking.places] == list(range(1, len(ranking.places) + 1))


def test_police_generated_records_are_shown_and_never_rank_places(page: WardPage) -> None:
    drugs = page.priorities[2]

    assert drugs.ranking is None
    assert drugs.measures[0].measure.police_generated


def test_a_corridor_is_counted_first_and_lies_in_the_ward(page: WardPage) -> None:
    robbery = page.priorities[1]
    corridor, ward = robbery.measures[0].series, robbery.measures[1].series

    assert robbery.corridor is not None
    assert page.area.shape.buffer(0.01).contains(robbery.corridor)
    assert 0 < corridor.total <= ward.total
    assert "at most" in robbery.corridor_rule


def test_a_measure_that_open_records_lack_is_said_and_not_counted(page: WardPage) -> None:
    robbery = page.priorities[1]

    assert "knife-robbery" not in {result.measure.id for result in robbery.measures}
    assert any("not in open records" in sentence for sentence in robbery.cannot_know)


def test_a_priority_without_a_measure_says_so(page: WardPage) -> None:
    speeding = page.priorities[3]

    assert speeding.measures == ()
    assert speeding.ranking is None
    assert "nothing that open records could count" in speeding.cannot_know[0]


def test_stops_have_their_own_missing_months(page: WardPage) -> None:
    assert page.stops is not None
    assert page.stops.series.at(Month(2022, 2)) is None
    assert "part" in page.stops.series.missing[Month(2022, 11)]


def test_british_transport_police_can_be_left_out(town_store: Store) -> None:
    without = page_of(town_store, btp=False)

    assert without.totals.british_transport_police == 0
    assert without.totals.records == sum(rows_in_ward(town_store)["force"] != "btp")


def test_every_file_behind_the_page_is_named_with_its_checksum(page: WardPage) -> None:
    tables = {source.table for source in page.sources}

    assert {"areas", "crimes", "stops", "streets", "named_places", "population"} <= tables
    assert all(len(source.sha256) == 64 and source.licence for source in page.sources)


def test_every_month_of_a_series_stands_among_the_files_behind_the_page(
    town_store: Store, tmp_path: Path
) -> None:
    # Stops go on after the crimes: the page counts them, so their files are named too.
    shorter = Path(shutil.copytree(town_store.path, tmp_path / "store"))
    last = page_of(town_store).last_month
    forget(shorter, table="crimes", month=str(last))

    page = page_of(Store(shorter))

    assert page.stops is not None
    assert page.stops.series.span.last == last
    assert page.last_month == last.plus(-1)
    named = {s.table: set(s.months) for s in page.sources if s.force == page.force}
    assert set(page.stops.series.held) <= named["stops"]
    assert set(page.public_reported.series.held) <= named["crimes"]


def test_a_month_without_the_transport_polices_file_is_missing_and_not_quiet(
    town_store: Store, tmp_path: Path
) -> None:
    shorter = Path(shutil.copytree(town_store.path, tmp_path / "store"))
    forget(shorter, table="crimes", month="2024-05", force="btp")
    priority = Priority(id="p1", title="ASB", issue="x", measure="anti-social-behaviour")

    both = page_of(Store(shorter), priority)
    without = page_of(Store(shorter), priority, btp=False)

    assert both.totals.british_transport_police
    assert "British Transport Police" in both.public_reported.series.missing[Month(2024, 5)]
    # They record no anti-social behaviour, and where they are left out nothing is missing.
    assert both.priorities[0].measures[0].series.at(Month(2024, 5)) is not None
    assert without.public_reported.series.at(Month(2024, 5)) is not None


def test_places_are_not_ranked_for_what_was_never_supplied(
    town_store: Store, tmp_path: Path
) -> None:
    only = Path(shutil.copytree(town_store.path, tmp_path / "store"))
    keep_types(only, ["burglary"])
    asb = Priority(id="p1", title="ASB", issue="x", measure="anti-social-behaviour")
    burglary = Priority(id="p2", title="Burglary", issue="x", measure="burglary")

    page = page_of(Store(only), asb, burglary)

    incidents, burglaries = page.priorities
    assert set(incidents.measures[0].series.counts) == {None}
    assert incidents.ranking is None
    assert "supplied" in incidents.measures[0].no_change_because
    assert "ngest" not in incidents.measures[0].no_change_because
    assert burglaries.ranking is not None
    assert sum(n or 0 for n in burglaries.measures[0].series.counts[-12:]) <= sum(
        count for _slug, count in page.totals.by_type
    )
    assert len(disclose(page).recent_months) == 12


def forget(store: Path, *, table: str, month: str, force: str = "") -> None:
    """Take partitions out of the catalogue, as if their files had never come."""
    with closing(sqlite3.connect(store / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute(
            'DELETE FROM partitions WHERE "table" = ? AND month = ? AND force LIKE ?',
            (table, month, force or "%"),
        )


def keep_types(store: Path, types: list[str]) -> None:
    """Let the catalogue say that each file of crimes had these types alone."""
    with closing(sqlite3.connect(store / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute(
            "UPDATE partitions SET facts = json_set(facts, '$.crime_types', json(?)) "
            "WHERE \"table\" = 'crimes'",
            (json.dumps(dict.fromkeys(types, 1)),),
        )


def test_the_checksum_of_a_single_file_is_that_of_the_file_as_published(
    page: WardPage, town_store: Store
) -> None:
    (held,) = (source for source in page.sources if source.table == "areas")
    (published,) = (town_store.path.parent / "files" / "boundaries").glob("*wards*.geojson")

    assert held.sha256 == hashlib.sha256(published.read_bytes()).hexdigest()


def test_a_ward_is_ranked_as_a_whole_only_where_no_priority_ranks_it(
    page: WardPage, town_store: Store
) -> None:
    without = page_of(town_store)

    assert page.ranking is None
    assert without.ranking is not None
    assert without.ranking.measure.id == "public-reported"


def test_the_same_store_gives_the_same_page(page: WardPage, town_store: Store) -> None:
    again = page_of(town_store, *(checked.priority for checked in page.priorities))

    assert again.priorities[0].measures == page.priorities[0].measures
    assert again.priorities[0].ranking == page.priorities[0].ranking
    assert again.sources == page.sources


def test_an_unknown_ward_is_refused_by_name(town_store: Store) -> None:
    with pytest.raises(UnknownPlaceError, match="E05000001"):
        page_of(town_store, ward="E05000001")


def test_a_ward_without_a_record_is_refused_and_not_shown_as_quiet(town_store: Store) -> None:
    with pytest.raises(CoverageError, match="needs records that lie in it"):
        assemble_ward_page(
            town_store,
            WardFile(ward=WARD, name="Larkfield", operator=""),
            measures=load_measures(),
            snapshot_date="2026-02-01",
            code_version="test",
            source="police.uk-api",
        )


def test_what_the_wards_line_decides_is_of_the_months_that_are_ranked(
    town_store: Store, tmp_path: Path
) -> None:
    shorter = Path(shutil.copytree(town_store.path, tmp_path / "store"))
    forget(shorter, table="crimes", month="2024-05", force="btp")

    ranking = rank_ward_places(Store(shorter), WARD, "violence")

    assert ranking.edge.total_inside == sum(place.records for place in ranking.places)


def test_an_analyst_gets_the_ranking_as_a_geodataframe(town_store: Store) -> None:
    table = ranked_places(town_store, "Larkfield", "anti-social-behaviour")
    ranking = rank_ward_places(town_store, WARD, "anti-social-behaviour")

    assert table.crs == "EPSG:27700"
    assert list(table["place_id"]) == [place.place_id for place in ranking.places]
    assert table.geometry.x.iloc[0] == ranking.places[0].easting
