"""The profile as page, document and JSON: every number traced, nothing left out, for the team."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader

from peelian.products.problem_profile import ProblemProfile
from peelian.publication.profile.disclosed import DisclosedProfile
from peelian.publication.profile.document import profile_document
from peelian.publication.profile.files import profile_json, write_profile
from peelian.publication.profile.html import profile_page
from peelian.publication.profile.methods import METHODS
from peelian.publication.profile.page import NOTICE, cleared_for_team
from peelian.publication.profile.statements import SECTIONS, numbers_in, written
from publication.profile_town import (
    files_of_town,
    profile_of,
    store_of_an_extract,
    store_of_one_month,
    whole_store,
)

pytestmark = pytest.mark.xdist_group("town")

NAMES = (
    "asb", "robbery", "violence", "drugs", "one month", "one month of drugs", "extract",
)  # fmt: skip


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ProblemProfile]:
    folder = tmp_path_factory.mktemp("profiles")
    files = files_of_town(folder / "files")
    town = whole_store(files, folder / "town")
    month = store_of_one_month(files, folder / "month")
    extract = store_of_an_extract(files, town, folder)
    return {
        "asb": profile_of(town, "1"),
        "robbery": profile_of(town, "2"),
        "violence": profile_of(town, measure="violence", file=None),
        "drugs": profile_of(town, "3"),
        "one month": profile_of(month, "2"),
        "one month of drugs": profile_of(month, measure="drugs", file=None),
        "extract": profile_of(
            extract, measure="knife-robbery", file=None, source="force-extract"
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def cleared(profiles: Mapping[str, ProblemProfile]) -> Mapping[str, DisclosedProfile]:
    return {name: cleared_for_team(profile) for name, profile in profiles.items()}


@dataclass
class _Text(HTMLParser):
    """The words of a page that a reader sees; drawings repeat what a table or a list says."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside += tag in ("svg", "style", "head")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in ("svg", "style", "head")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.words.append(data)


def words_of(page: bytes) -> str:
    read = _Text()
    read.feed(page.decode())
    return " ".join(read.words)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_on_the_page_is_a_figure_of_a_statement(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    profile = cleared[name]
    figures = {n for s in profile.statements for v in s.figures.values() for n in written(v)}
    # Names and dates, which are no figures: of the priority, the ward, the day, the months.
    names = (
        profile.title, profile.priority, profile.ward_name, profile.operator, profile.licence,
        profile.day_in_words, profile.made_town, "SHA-256",
        *(m.label for of in (*profile.measures, *profile.apart) for m in of.months),
    )  # fmt: skip
    figures |= {n for words in names for n in numbers_in(words)}

    said = words_of(profile_page(profile))
    untraced = {n for n in numbers_in(said) if n not in figures}

    assert len(list(numbers_in(said))) > 50
    assert untraced == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_number_that_charts_and_the_map_write_is_a_figure_or_a_scale(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    profile = cleared[name]
    figures = {n for s in profile.statements for v in s.figures.values() for n in written(v)}
    page = profile_page(profile).decode()
    marks = re.findall(r'<text class="halo value"[^>]*>([^<]*)</text>', page)

    assert marks
    assert {n for mark in marks for n in numbers_in(mark)} <= figures


@pytest.mark.parametrize("name", NAMES)
def test_page_document_and_json_all_say_for_whom_they_are(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    profile = cleared[name]
    pdf = PdfReader(io.BytesIO(profile_document(profile)))

    assert words_of(profile_page(profile)).count(NOTICE) == 2  # at the head and at the foot
    assert all(NOTICE in page.extract_text() for page in pdf.pages)
    assert json.loads(profile_json(profile))["notice"] == NOTICE


@pytest.mark.parametrize("name", NAMES)
def test_no_section_is_silent_and_every_method_is_explained(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    profile = cleared[name]
    explained = {s.id.removeprefix("how.") for s in profile.of("how")}

    assert {s.section for s in profile.statements} == set(SECTIONS)
    assert {s.method for s in profile.statements if s.method} <= explained & set(METHODS)
    assert len({s.id for s in profile.statements}) == len(profile.statements)


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_stands_on_the_page_and_on_paper(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    profile = cleared[name]
    plain = re.sub(r"\s+", "", words_of(profile_page(profile)))
    paper = PdfReader(io.BytesIO(profile_document(profile)))
    on_paper = re.sub(r"[\s­-]+", "", "".join(page.extract_text() for page in paper.pages))

    for section in SECTIONS:
        for said in profile.of(section):
            assert re.sub(r"\s+", "", said.text) in plain
            # Typst may break a word at a line's end, so hyphens are left out on both sides.
            assert re.sub(r"[\s­-]+", "", said.text)[:40] in on_paper


@pytest.mark.parametrize("name", ["asb", "robbery", "violence", "drugs"])
def test_what_a_statement_rests_on_is_a_row_of_the_table_of_sources(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    files = {source.what for source in cleared[name].sources}

    assert {s.source for s in cleared[name].statements if s.source} <= files


def test_the_json_carries_each_statement_with_all_that_it_rests_on(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    profile = cleared["robbery"]
    written_down = json.loads(profile_json(profile))

    assert len(written_down["statements"]) == len(profile.statements)
    assert "map" not in written_down
    for said in written_down["statements"]:
        assert set(said) == {"id", "section", "text", "figures", "how_sure", "method", "source"}
    change = next(s for s in written_down["statements"] if s["id"] == "about.change")
    assert f"{change['figures']['after']} in the last six months" in change["text"]


def test_small_counts_are_shown_to_the_team(profiles: Mapping[str, ProblemProfile]) -> None:
    profile = profiles["robbery"]
    series = profile.main.series
    small = [month for month in series.held if 0 < (series.at(month) or 0) < 5]

    shown = cleared_for_team(profile).measures[0].months

    assert small
    assert {m.month: m.count.value for m in shown if m.count.value is not None} == {
        str(month): series.at(month) for month in series.held
    }


def test_a_missing_month_is_no_data_and_says_why(cleared: Mapping[str, DisclosedProfile]) -> None:
    months = {m.month: m for m in cleared["asb"].measures[0].months}
    missing = [m for m in months.values() if m.count.state == "missing"]

    assert missing
    assert all(m.note and m.count.text == "no data" for m in missing)


def test_records_that_follow_police_stand_apart_and_rank_no_place(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    page = words_of(profile_page(cleared["drugs"]))

    assert cleared["drugs"].places is None
    assert cleared["drugs"].place_statements == ()
    assert "a ranking by them would send patrols back" in page
    assert "Records that follow what police did" in page


def test_records_that_follow_police_say_so_beside_the_finding_and_are_refused_places_once(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    said = {s.id: s for s in cleared["drugs"].statements}
    refused = [s for s in said.values() if "not asked" in s.text]

    assert "no sign by itself" in said["about.police-generated"].text
    assert [s.id for s in refused] == ["changing.at-places", "why.association"]
    assert all(s.how_sure == "" for s in refused)
    assert "about.new" not in said
    assert "about.police-generated" not in {s.id for s in cleared["asb"].statements}


@pytest.mark.parametrize("name", NAMES)
def test_only_methods_that_were_used_are_explained(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    profile = cleared[name]
    used = {s.method for s in profile.statements if s.method}
    explained = {s.id.removeprefix("how.") for s in profile.of("how")} & set(METHODS)

    assert explained == used
    assert all(not s.method for s in profile.statements if ": not known." in s.text)
    assert all(re.match(r"\S", s.text) for s in profile.of("how"))


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_is_told_how_many_tests_may_speak_by_chance(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    said = cleared[name].statements
    tests = [s for s in said if any(figure.endswith("p_value") for figure in s.figures)]
    told = [s.figures["tests"] for s in said if s.id == "unknown.many"]

    assert told == ([len(tests)] if len(tests) > 1 else [])


def test_a_place_that_newly_stands_out_is_said_before_everything_else(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    first = {s.id: s for s in cleared["asb"].of("about")}

    assert "Lantern Row" in first["about.new"].text
    assert first["about.new"].how_sure == "very likely"


def test_a_watch_that_sees_nothing_beside_a_cluster_says_that_it_is_stricter(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    said = {s.id: s for s in cleared["asb"].statements}

    assert "Lantern Row" in said["changing.cluster.1"].text
    assert "stricter than the search for clusters" in said["changing.watch"].text


def test_few_records_at_many_places_are_too_few_to_be_called_concentrated(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    said = next(
        s for s in cleared["one month of drugs"].statements if s.id == "where.concentration"
    )

    assert float(said.figures["records"]) < float(said.figures["places"])
    assert float(said.figures["p_value"]) > 0.05
    assert said.how_sure == "too few to say"


def test_a_link_to_a_method_is_called_by_its_name(cleared: Mapping[str, DisclosedProfile]) -> None:
    page = profile_page(cleared["robbery"]).decode()
    names = re.findall(r'class="made"[^>]*>[^<]*<span class="unseen">: ([^<]*)</span>', page)

    assert names
    assert {html.unescape(name).casefold() for name in names} <= {
        m[0].casefold() for m in METHODS.values()
    }


def test_open_records_are_refused_hours_with_what_would_be_needed(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    said = next(s for s in cleared["asb"].statements if s.id == "when.hours")

    assert said.how_sure == "cannot be measured"
    assert "Use a force's own extract" in said.text


def test_an_extract_with_times_is_told_by_hour_shift_and_weekday(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    said = {s.id: s for s in cleared["extract"].statements}

    assert "300 records with times" in said["when.hours"].text
    assert "night" in said["when.shifts"].text
    assert said["when.weekdays"].figures["Monday"]
    assert "when.near-repeat" in said


def test_an_extract_is_not_called_unknown_in_what_it_knows(
    cleared: Mapping[str, DisclosedProfile],
) -> None:
    unknown = {name: " ".join(s.text for s in cleared[name].of("unknown")) for name in NAMES}

    assert "the hour and the day are not" in unknown["robbery"]
    assert "a fixed set of points" in unknown["robbery"]
    assert "the hour and the day are not" not in unknown["extract"]
    assert "a fixed set of points" not in unknown["extract"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_as_a_finding_is_not_called_chance_beside_it(
    cleared: Mapping[str, DisclosedProfile], name: str
) -> None:
    assert all(said.how_sure != "chance could do this" for said in cleared[name].statements)


def test_no_tactic_is_chosen(cleared: Mapping[str, DisclosedProfile]) -> None:
    for profile in cleared.values():
        said = " ".join(s.text for s in profile.of("next")).casefold()

        assert not re.search(r"\b(patrol the|stop and search|arrest|deploy|target)\b", said)


def test_the_page_runs_no_script_and_names_no_file_of_this_machine(
    cleared: Mapping[str, DisclosedProfile], tmp_path: Path
) -> None:
    files = write_profile(cleared["robbery"], tmp_path / "new" / "folder")
    page = files.page.read_text(encoding="utf-8")

    assert "<script" not in page
    assert str(tmp_path) not in page
    assert sorted(f.name for f in files.page.parent.iterdir()) == [
        "index.html", "profile.json", "profile.pdf",
    ]  # fmt: skip


def test_the_same_profile_gives_the_same_bytes(
    cleared: Mapping[str, DisclosedProfile], profiles: Mapping[str, ProblemProfile]
) -> None:
    again = cleared_for_team(profiles["robbery"])

    assert profile_json(again) == profile_json(cleared["robbery"])
    assert profile_page(again) == profile_page(cleared["robbery"])
    assert profile_document(again) == profile_document(cleared["robbery"])
