from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from typing import get_args

import msgspec
import pytest

from peelian.core.wards import Channel, Evidence
from peelian.publication.site import IndexEntry, SnapshotInfo, render_index, render_ward
from peelian.publication.wording import Certainty
from publication.sample import (
    EDGE_PAGES,
    page_with_40_places,
    page_with_200_commitments,
    sample_page,
)

SNAPSHOT = SnapshotInfo(
    id="9f2c4e0b7a6d",
    date="31 March 2018",
    address="https://example.org/wards/E05999901/snapshots/2018-03-31-9f2c4e0b7a6d/",
    differences=("March 2018 was added.",),
)
EARLIER = (SnapshotInfo("1a2b3c4d5e6f", "28 February 2018", "snapshots/2018-02-28/index.html"),)

# What the ward's own page need not say: keys, positions, dates for machines.
_FOR_MACHINES = {
    "id", "measure_id", "priority_id", "place_id", "month", "status", "verdict", "kind", "state",
    "persistence", "said_in", "easting", "northing", "longitude", "latitude", "expected", "value",
    "download", "seed", "force", "neighbourhood", "ward_code", "map", "months_missing", "url",
    "compared", "issue_date", "action_date", "review_date", "recent_months", "boundary_set",
    "boundary_source", "is_proxy", "police_generated", "place", "rank",
}  # fmt: skip


@cache
def _rendered(page=sample_page()) -> dict[str, str]:  # noqa: B008 - made once for all tests
    files = render_ward(page, snapshot=SNAPSHOT, earlier=EARLIER)
    return {name: content.decode() for name, content in files.items()}


def _plain(html: str) -> str:
    """The words of a page, without its marks, white space made one."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _sentences(value: object, name: str = "") -> list[str]:
    if name in _FOR_MACHINES and name not in ("state", "police_generated"):
        return []
    if isinstance(value, str):
        return [] if value in ("", "shown", "suppressed", "missing") else [value]
    if isinstance(value, tuple | list):
        return [text for one in value for text in _sentences(one, name)]
    if is_dataclass(value):
        names = [field.name for field in fields(value)]
    elif isinstance(value, msgspec.Struct):
        names = list(value.__struct_fields__)
    else:
        return []
    return [text for n in names for text in _sentences(getattr(value, n), n)]


class _Marks(HTMLParser):
    """The start tags of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[tuple[str, dict[str, str | None]]]:
        return [tag for tag in self.tags if tag[0] in names]


def test_every_sentence_of_the_page_is_said() -> None:
    files = _rendered()
    beside = [name for name in files if name.startswith("places-")]
    said = _plain("".join(files[n] for n in ("index.html", "commitments.html", *beside)))

    missing = [s for s in _sentences(sample_page()) if " ".join(s.split()) not in said]
    assert missing == []


def test_the_sentences_stand_in_reading_order() -> None:
    page = sample_page()
    said = _plain(_rendered(page)["index.html"])

    order = [
        "Call 999", page.operator, page.state, page.priorities[0].state,
        page.priorities[0].measures[0].finding, page.priorities[0].ranking.title,
        page.priorities[0].issue[0], page.priorities[0].action[0],
        page.priorities[0].claims[0].explanation, page.priorities[2].state,
        "Everything that the team's page promises", page.stops.finding, "Reach the team",
        page.totals,
        "What differs from the snapshot before",
    ]  # fmt: skip
    places = [said.index(text) for text in order]
    assert places == sorted(places)


@pytest.mark.parametrize("name", EDGE_PAGES)
def test_the_pages_at_the_edges_are_written(name: str) -> None:
    page = EDGE_PAGES[name]()

    for html in _rendered(page).values():
        assert page.ward_name in unescape(html)
        assert "None" not in _plain(html).replace("None.", "")


def test_the_first_view_is_light() -> None:
    html = render_ward(sample_page(), snapshot=SNAPSHOT)["index.html"]

    assert len(gzip.compress(html)) <= 25_000  # as servers send it; the limit is 100 kB in all
    assert len(html) <= 110_000


@pytest.mark.parametrize("name", sorted(_rendered()))
def test_nothing_is_fetched_and_no_script_runs(name: str) -> None:
    html = _rendered()[name]
    marks = _Marks(html)

    assert not marks.all("script", "img", "iframe", "object", "embed", "video", "form", "base")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert not [a for _, a in marks.tags if "style" in a]
    assert not [a for _, a in marks.tags if any(key.startswith("on") for key in a)]
    links = [a for _, a in marks.all("link")]
    assert all(a["rel"] == "alternate" for a in links)


@pytest.mark.parametrize("name", sorted(_rendered()))
def test_the_policy_allows_the_pages_own_style_and_nothing_else(name: str) -> None:
    html = _rendered()[name]

    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [a["content"] for _, a in _Marks(html).all("meta") if "Content-Security" in str(a)]
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", sorted(_rendered()))
def test_links_within_the_site_are_relative_and_lead_somewhere(name: str) -> None:
    files = _rendered()
    beside = {
        "feed.atom", "reviews.ics", "panel.pdf", "page.json", "priorities.json", "places.geojson",
        "ward.toml", "manifest.json", "places.csv", "places.csv-metadata.json",
        "snapshots/2018-02-28/index.html", "../../../index.html",
    }  # fmt: skip
    measures = [m for p in sample_page().priorities for m in p.measures]
    for measure in (*measures, sample_page().public_reported, sample_page().stops):
        beside |= {f"{measure.id}.csv", f"{measure.id}.csv-metadata.json"}

    for _, attributes in _Marks(files[name]).all("a", "link"):
        href = attributes["href"]
        if re.match(r"https?:|tel:", href):
            continue
        file, _, anchor = href.partition("#")
        assert not file.startswith("/")
        assert (file or name) in files or file in beside
        if anchor:
            assert f'id="{anchor}"' in files[file or name]


@pytest.mark.parametrize("name", sorted(_rendered()))
def test_headings_go_down_one_level_at_a_time_from_one_title(name: str) -> None:
    levels = [int(tag[1]) for tag, _ in _Marks(_rendered()[name]).all("h1", "h2", "h3", "h4", "h5")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


@pytest.mark.parametrize("name", sorted(_rendered()))
def test_no_two_things_have_the_same_id(name: str) -> None:
    ids = [a["id"] for _, a in _Marks(_rendered()[name]).tags if a.get("id")]

    assert len(ids) == len(set(ids))


def test_tables_name_their_columns_and_rows() -> None:
    marks = _Marks(_rendered()["index.html"])

    tables, captions = marks.all("table"), marks.all("caption")
    assert len(tables) == len(captions) > 8
    assert {a.get("scope") for _, a in marks.all("th")} == {"col", "row"}


def test_drawings_stand_in_the_page_as_drawings() -> None:
    html = _rendered()["index.html"]

    assert "&lt;svg" not in html
    assert html.count('<svg class="chart"') == 6
    assert html.count('<svg class="map"') == 3
    assert html.count('<g id="ward-base">') == 1


def test_every_status_has_a_page_with_its_commitments_and_no_other() -> None:
    files = _rendered()
    page = sample_page()

    said = _plain(files["commitments-no-evidence.html"])
    assert "Cycle patrols" in said
    assert "Regular patrols at hot spots" not in said
    for status in {c.status for c in page.commitments}:
        assert f"commitments-{status.replace('_', '-')}.html" in files
    assert "No evidence yet (7)" in _plain(files["index.html"])


def test_two_hundred_commitments_stay_off_the_first_table() -> None:
    files = _rendered(page_with_200_commitments())

    table = files["index.html"].split('id="commitments-title"')[1].split("</table>")[0]
    assert table.count("<tr>") == 61
    assert files["commitments.html"].count("<li id=") == 200


def test_a_long_ranking_shows_ten_places_and_leads_to_all() -> None:
    files = _rendered(page_with_40_places())

    first = files["index.html"].split('<ol class="places">')[1].split("</ol>")[0]
    assert first.count("<li>") == 10
    assert 'href="places-p1.html"' in files["index.html"]
    assert "All places (40)" in _plain(files["index.html"])
    assert files["places-p1.html"].count('<th scope="row">') == 40
    assert files["places-p1.html"].count('class="number"') == 80  # on phones and on desks
    assert "40 places, numbered as in the list." in files["places-p1.html"]


def test_every_ranking_has_a_page_that_says_why() -> None:
    page = sample_page()
    files = _rendered(page)

    for priority in page.priorities:
        said = _plain(files.get(f"places-{priority.id}.html", ""))
        for place in priority.ranking.places if priority.ranking else ():
            assert f"{place.rank}. {place.name} {place.records.text}" in said
            assert place.why[0] in said


def test_what_stands_over_a_chart_is_not_said_again_below_it() -> None:
    page = sample_page()
    first = page.priorities[0]
    state = f"{first.measures[0].change} Two promises are open."
    page = replace(page, priorities=(replace(first, state=state), *page.priorities[1:]))

    said = _plain(_rendered(page)["index.html"])

    assert said.count(first.measures[0].change) == 1
    assert first.measures[1].change in said


def test_a_number_and_its_per_cent_stay_on_one_line() -> None:
    html = _rendered(replace(sample_page(), edge="10 % lie at most 10 m inside."))["index.html"]

    assert "10\N{NO-BREAK SPACE}% lie at most 10\N{NO-BREAK SPACE}m inside." in html


def test_the_teams_words_are_quoted_and_cannot_become_marks() -> None:
    hostile = '<script>alert(1)</script> & "more"'
    page = sample_page()
    page = replace(page, priorities=(replace(page.priorities[0], issue=(hostile,)),))

    html = _rendered(page)["index.html"]
    assert "<script" not in html
    assert hostile in unescape(html)
    assert "<blockquote" in html.split("&lt;script")[0].rsplit("<h3>", 1)[1]


def test_every_word_of_certainty_is_explained() -> None:
    said = _plain(_rendered()["how-to-read.html"])

    assert all(f" {word} " in said for word in get_args(Certainty))


def test_a_withheld_paragraph_is_said_to_be_missing_and_why() -> None:
    said = _plain(_rendered()["index.html"])

    assert f"Not repeated here. {sample_page().priorities[0].withheld[0]}" in said


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_only_web_addresses_become_links(address: str) -> None:
    page = sample_page()
    first = replace_evidence(page, Evidence(text="Proof", url=address))
    page = replace(first, address=address, channels=(Channel(kind="website", value=address),))

    for html in _rendered(page).values():
        assert f'href="{address}' not in html


def replace_evidence(page, evidence: Evidence):
    many = tuple(replace(c, evidence=(evidence,)) for c in page.commitments)
    return replace(page, commitments=many)


def test_the_printed_page_carries_a_code_only_for_a_whole_address() -> None:
    whole = render_ward(sample_page(), snapshot=SNAPSHOT)["index.html"].decode()
    local = render_ward(sample_page(), snapshot=replace(SNAPSHOT, address=""))[
        "index.html"
    ].decode()

    assert 'class="qr"' in whole
    assert 'class="qr"' not in local


def test_the_same_page_gives_the_same_bytes() -> None:
    assert render_ward(sample_page(), snapshot=SNAPSHOT) == render_ward(
        sample_page(), snapshot=SNAPSHOT
    )


def test_the_language_of_the_page_is_said() -> None:
    files = render_ward(sample_page(), snapshot=SNAPSHOT, lang="cy")

    assert all(b'<html lang="cy">' in content for content in files.values())


def test_wards_are_listed_by_force_and_name_and_not_by_number() -> None:
    entries = [
        IndexEntry(
            "E05999903", "Zoar", "B Police", "One priority.", "31 March 2018", "c/index.html"
        ),
        IndexEntry("E05999902", "Quayside", "A Police", "9 of 9.", "31 March 2018", "b/index.html"),
        IndexEntry("E05999901", "abbey", "A Police", "1 of 9.", "31 March 2018", "a/index.html"),
    ]

    html = render_index(entries)["index.html"].decode()
    said = _plain(html)
    order = [said.index(t) for t in ("A Police", "abbey", "Quayside", "B Police", "Zoar")]
    assert order == sorted(order)
    assert 'href="a/index.html"' in html


def test_a_site_without_wards_says_so() -> None:
    assert "No ward has been published here." in _plain(render_index([])["index.html"].decode())
