"""A patrol plan and its sheets in a browser: legible at night, by thumb, and on paper."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser

from browser.opened_pages import AXE, OPEN_ALL, RUN_AXE, opened
from peelian.publication.patrol_minutes import public_minutes_files
from peelian.publication.plan.html import briefing_page, plan_page
from peelian.publication.plan.page import cleared_for_team
from publication.plan_sample import LONG_NAME, MONDAY, busy_document, made_document, made_plan

PAGES = ("plan", "briefing")
WAYS_OF_READING = ((1280, "light"), (360, "dark"))
_SMALL_TARGETS = """[...document.querySelectorAll('a:not(.skip), summary')]
    .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([_, box]) => box.height > 0 && box.height < 44).map(([text]) => text)"""
# On how many lines the first piece of a text stands: the hour of a visit must not be broken.
_LINES = """e => { const range = document.createRange(); range.selectNodeContents(e.firstChild);
    return range.getClientRects().length; }"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan's page, the sheet of one shift and residents' version."""
    folder = tmp_path_factory.mktemp("plan")
    plan = cleared_for_team(made_document())
    (folder / "plan.html").write_bytes(plan_page(plan))
    (folder / "briefing.html").write_bytes(briefing_page(plan, plan.briefings[0]))
    shown = public_minutes_files(made_plan(), day=MONDAY)
    (folder / "minutes.html").write_bytes(shown["index.html"])
    return folder


@pytest.mark.parametrize("name", [*PAGES, "minutes"])
def test_axe_finds_nothing_on_a_plan_or_a_sheet(browser: Browser, written: Path, name: str) -> None:
    found = {}
    with opened(browser, written / f"{name}.html") as (tab, _):
        tab.evaluate(AXE)
        for width, scheme in WAYS_OF_READING:
            tab.set_viewport_size({"width": width, "height": 800})
            tab.emulate_media(color_scheme=scheme)
            if width == 360:
                tab.evaluate(OPEN_ALL)
            found[width, scheme] = tab.evaluate(RUN_AXE)

    assert found == {way: [] for way in WAYS_OF_READING}


@pytest.mark.parametrize("name", PAGES)
def test_a_plan_reads_whole_without_scripts_on_a_small_phone(
    browser: Browser, written: Path, name: str
) -> None:
    page = written / f"{name}.html"
    with opened(browser, page, width=320, script=False) as (tab, asked):
        wide = tab.evaluate("document.documentElement.scrollWidth")
        said = tab.locator("body").inner_text()

    assert wide <= 320
    assert "do not publish" in said
    assert asked == [page.as_uri()]


@pytest.mark.parametrize("name", [*PAGES, "minutes"])
def test_a_thumb_in_a_glove_can_hit_every_link(browser: Browser, written: Path, name: str) -> None:
    with opened(browser, written / f"{name}.html", width=360) as (tab, _):
        assert tab.evaluate(_SMALL_TARGETS) == []


def test_the_first_visit_stands_in_a_phones_first_view_in_large_type(
    browser: Browser, written: Path
) -> None:
    with opened(browser, written / "briefing.html", width=360) as (tab, _):
        time = tab.locator(".time").first
        box, size = time.bounding_box(), time.evaluate("e => getComputedStyle(e).fontSize")
        lines = time.evaluate(_LINES)

    assert box is not None
    assert box["y"] + box["height"] < 800
    assert float(size.removesuffix("px")) >= 28
    assert lines == 1


def test_the_way_opens_by_keyboard(browser: Browser, written: Path) -> None:
    with opened(browser, written / "briefing.html", width=360) as (tab, _):
        tab.locator("summary").first.focus()
        tab.keyboard.press("Enter")
        seen = tab.locator("details.way p").first.is_visible()

    assert seen


def test_a_sheet_printed_from_the_browser_is_one_page_with_the_streets(
    browser: Browser, written: Path
) -> None:
    with opened(browser, written / "briefing.html") as (tab, _):
        read = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))

    assert len(read.pages) == 1
    assert "0 Long Street" in read.pages[0].extract_text()


@pytest.mark.parametrize("stops", [1, 7, 10, 15, 24])
def test_a_sheet_from_the_browser_is_one_page_however_many_visits_it_has(
    browser: Browser, tmp_path: Path, stops: int
) -> None:
    plan = cleared_for_team(busy_document(stops))
    (tmp_path / "sheet.html").write_bytes(briefing_page(plan, plan.briefings[0]))

    with opened(browser, tmp_path / "sheet.html") as (tab, _):
        read = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))

    text = " ".join(read.pages[0].extract_text().split())
    assert len(read.pages) == 1
    assert text.count(LONG_NAME.split(",")[0]) >= stops
    assert "do not publish" in text
    assert plan.briefings[0].to_do[-1][-20:] in text
