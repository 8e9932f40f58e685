"""Every file says what the page says, in its own format's terms, and nothing that is withheld."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest
from icalendar import Calendar

from peelian.core.wards import WardFile
from peelian.publication.csvw import places_table, types_table
from peelian.publication.disclosed import DisclosedWardPage, measures_of
from peelian.publication.disclosure import disclose
from peelian.publication.feeds import FeedEntry, atom_feed, reviews_calendar
from peelian.publication.formats import write_files
from peelian.publication.geojson import places_geojson
from publication.true_page import SLIP, true_page

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def page() -> DisclosedWardPage:
    return disclose(true_page())


@pytest.fixture(scope="module")
def files(page: DisclosedWardPage) -> dict[str, bytes]:
    return write_files(page, ward_file=true_page().ward_file)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_the_files_are_those_that_the_page_links_to(
    page: DisclosedWardPage, files: dict[str, bytes]
) -> None:
    downloads = {measure.how.download for measure in measures_of(page)}
    downloads |= {p.ranking.how.download for p in page.priorities if p.ranking}
    named = {
        "places.geojson",
        "priorities.json",
        "page.json",
        "reviews.ics",
        "panel.pdf",
        "ward.toml",
    }

    assert downloads | named | {"commitments.csv", "places.csv"} <= set(files)
    assert all(f"{name}-metadata.json" in files for name in files if name.endswith(".csv"))


def test_a_months_count_is_a_number_or_the_reason_why_it_is_not(files: dict[str, bytes]) -> None:
    rows = {row["month"]: row for row in rows_of(files["p1-robbery.csv"])}

    # The made series: 7 in January 2016, no file for March, 3 in November 2017.
    assert (rows["2016-01"]["records"], rows["2016-01"]["records_state"]) == ("7", "shown")
    assert (rows["2016-03"]["records"], rows["2016-03"]["records_state"]) == ("", "missing")
    assert rows["2016-03"]["note"] == "The archive has no file."
    assert (rows["2017-11"]["records"], rows["2017-11"]["records_state"]) == ("", "suppressed")
    assert len(rows) == 27


def test_csvw_describes_every_column_in_the_files_order(
    page: DisclosedWardPage, files: dict[str, bytes]
) -> None:
    for name in (name for name in files if name.endswith(".csv")):
        described = json.loads(files[f"{name}-metadata.json"])
        header = next(csv.reader(io.StringIO(files[name].decode("utf-8"))))

        assert described["url"] == name
        assert [c["titles"] for c in described["tableSchema"]["columns"]] == header
        assert all(c["dc:description"] for c in described["tableSchema"]["columns"])
        assert set(described["tableSchema"]["primaryKey"]) <= set(header)
        assert described["dc:license"] == page.licence
        assert "suppressed" in described["notes"][0]["suppression"]


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(page: DisclosedWardPage) -> None:
    sly = replace(page.commitments[0], text="=HYPERLINK(0)")

    files = write_files(replace(page, commitments=(sly,)), ward_file=true_page().ward_file)

    assert rows_of(files["commitments.csv"])[0]["text"] == "'=HYPERLINK(0)"


def test_geojson_puts_longitude_first_and_turns_rings_by_the_right_hand(
    page: DisclosedWardPage,
) -> None:
    collection = json.loads(places_geojson(page))
    *points, corridor = collection["features"]

    for feature in points:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -0.2 < longitude < 0.1  # the made ward lies in inner London
        assert 51 < latitude < 52
    assert corridor["geometry"]["type"] == "MultiPolygon"
    ring = corridor["geometry"]["coordinates"][0][0]
    doubled = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    assert ring[0] == ring[-1]
    assert doubled > 0  # anticlockwise


def test_a_hole_stays_with_the_shape_that_it_is_in(page: DisclosedWardPage) -> None:
    outer = ((0.0, 0.0), (900.0, 0.0), (900.0, 900.0), (0.0, 900.0), (0.0, 0.0))
    hole = ((100.0, 100.0), (100.0, 200.0), (200.0, 200.0), (200.0, 100.0), (100.0, 100.0))
    second = tuple((x + 2_000, y) for x, y in outer)
    priority = replace(page.priorities[0], corridor=(outer, hole, second))

    collection = json.loads(places_geojson(replace(page, priorities=(priority,))))

    polygons = collection["features"][-1]["geometry"]["coordinates"]
    assert [len(polygon) for polygon in polygons] == [2, 1]


def test_priorities_have_the_publishers_keys_and_not_the_withheld_paragraph(
    files: dict[str, bytes],
) -> None:
    first, second = json.loads(files["priorities.json"])

    assert set(first) == {"issue", "issue-date", "action", "action-date"}
    assert first["issue-date"] == "2018-01-20T00:00:00"
    assert "Officers patrolled at peak times." in first["action"]
    assert "Not repeated here" in first["action"]
    assert second["action"] is None


def test_what_is_withheld_leaves_in_no_file(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        assert b"valuable intelligence" not in content.replace(b"\n", b" "), name
    assert "valuable intelligence" in SLIP


def test_the_public_ward_file_gives_the_same_page_again(
    page: DisclosedWardPage, files: dict[str, bytes]
) -> None:
    true = true_page()
    public = msgspec.convert(tomllib.loads(files["ward.toml"].decode("utf-8")), WardFile)
    again = replace(
        true,
        ward_file=public,
        priorities=tuple(
            replace(
                checked,
                priority=priority,
                claims=tuple(
                    replace(claim, claim=words)
                    for claim, words in zip(checked.claims, priority.claims, strict=True)
                ),
            )
            for checked, priority in zip(true.priorities, public.priorities, strict=True)
        ),
    )

    assert disclose(again) == page
    assert public.channels[0].value == ""  # the hidden e-mail address


def test_page_json_reads_back_as_the_page(page: DisclosedWardPage, files: dict[str, bytes]) -> None:
    assert msgspec.json.decode(files["page.json"], type=DisclosedWardPage) == page


def test_the_same_page_gives_the_same_bytes(
    page: DisclosedWardPage, files: dict[str, bytes]
) -> None:
    assert write_files(page, ward_file=true_page().ward_file) == files


def test_the_calendar_has_a_stable_uid_a_stamp_and_a_sequence(page: DisclosedWardPage) -> None:
    review, due = Calendar.from_ical(reviews_calendar(page, sequence=3)).walk("VEVENT")

    assert str(review["uid"]) == "p1-review.E05999901@peelian"
    assert str(due["summary"]) == "Due: Foot patrols"
    assert str(due["dtstart"].dt) == "2018-07-01"
    assert str(due["dtend"].dt) == "2018-07-02"
    assert due["sequence"] == 3
    assert due["dtstamp"].dt.isoformat() == "2018-05-01T00:00:00+00:00"


def test_a_review_that_is_moved_keeps_its_uid(page: DisclosedWardPage) -> None:
    moved = replace(page.priorities[0], review_date="2018-12-01")

    later = replace(page, priorities=(moved, *page.priorities[1:]))

    def first(of: DisclosedWardPage, sequence: int) -> tuple[str, str]:
        event = Calendar.from_ical(reviews_calendar(of, sequence=sequence)).walk("VEVENT")[0]
        return str(event["uid"]), str(event["dtstart"].dt)

    assert first(page, 0) == ("p1-review.E05999901@peelian", "2018-09-30")
    assert first(later, 1) == ("p1-review.E05999901@peelian", "2018-12-01")


def test_with_nothing_due_the_calendar_is_empty(page: DisclosedWardPage) -> None:
    bare = replace(page, priorities=(), commitments=())

    assert not Calendar.from_ical(reviews_calendar(bare, sequence=0)).walk("VEVENT")


def test_the_feed_lists_snapshots_newest_first_with_ids_that_survive_a_move(
    page: DisclosedWardPage,
) -> None:
    entries = [
        FeedEntry("aaaaaaaaaaaa", "2018-04-01", "Two priorities."),
        FeedEntry("bbbbbbbbbbbb", "2018-05-01", "Two priorities.", ("Added: March 2018.",)),
    ]

    feed = ElementTree.fromstring(atom_feed(page, entries))
    moved = ElementTree.fromstring(atom_feed(page, entries, address="https://example.org/w/"))

    def texts(of: ElementTree.Element, path: str) -> list[str | None]:
        return [found.text for found in of.findall(path, ATOM)]

    assert texts(feed, "a:entry/a:updated") == ["2018-05-01T00:00:00Z", "2018-04-01T00:00:00Z"]
    assert texts(feed, "a:updated") == ["2018-05-01T00:00:00Z"]
    assert texts(feed, "a:entry/a:summary")[0] == "Two priorities. Added: March 2018."
    assert texts(feed, "a:entry/a:id") == texts(moved, "a:entry/a:id")
    assert len(set(texts(feed, "a:entry/a:id"))) == 2
    link = moved.find("a:entry/a:link", ATOM)
    assert link is not None
    assert link.get("href") == (
        "https://example.org/w/snapshots/2018-05-01-bbbbbbbbbbbb/index.html"
    )


def test_counts_that_are_rounded_say_so_where_they_are_described() -> None:
    page = disclose(true_page())

    for table, column in ((places_table(page), "records"), (types_table(page), "records")):
        (described,) = [c.description for c in table.columns if c.name == column]
        assert described.startswith("To the nearest five")
