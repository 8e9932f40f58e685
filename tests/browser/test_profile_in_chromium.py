"""Problem profiles of the made town in a browser: legible, still, and reachable by keyboard."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.opened_pages import AXE, OPEN_ALL, RUN_AXE, opened
from peelian.cli.app import run

PROFILES = ("p1", "p2", "drugs")


@pytest.fixture(scope="module")
def written(town_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a profile of each name."""
    folder = tmp_path_factory.mktemp("profiles")
    town = town_site.parent
    for name in PROFILES:
        asked = ["--measure", name] if name == "drugs" else [
            "--priority", name, "--ward-file", str(town / "E05999901.toml"),
        ]  # fmt: skip
        words = ["profile", "E05999901", *asked, "--store", str(town / "store")]
        assert run([*words, "--date", "2026-02-01", "--to", str(folder / name)]) == 0
    return folder


@pytest.mark.parametrize("name", PROFILES)
def test_axe_finds_nothing(browser: Browser, written: Path, name: str) -> None:
    found = {}
    with opened(browser, written / name / "index.html") as (tab, _):
        tab.evaluate(AXE)
        for width, scheme in product((1280, 360), ("light", "dark")):
            tab.set_viewport_size({"width": width, "height": 900})
            tab.emulate_media(color_scheme=scheme)
            if width == 360:
                tab.evaluate(OPEN_ALL)
            found[width, scheme] = tab.evaluate(RUN_AXE)

    assert found == {(w, s): [] for w in (360, 1280) for s in ("light", "dark")}


@pytest.mark.parametrize("name", PROFILES)
def test_it_reads_whole_without_scripts_and_asks_for_nothing(
    browser: Browser, written: Path, name: str
) -> None:
    page = written / name / "index.html"
    with opened(browser, page, width=320, script=False) as (tab, asked):
        scripts = tab.locator("script").count()
        wide = tab.evaluate("document.documentElement.scrollWidth")
        said = tab.locator("body").inner_text()

    assert scripts == 0
    assert wide <= 320
    assert "do not publish" in said
    assert asked == [page.as_uri()]


def test_on_a_phone_the_finding_stands_in_the_first_view(browser: Browser, written: Path) -> None:
    with opened(browser, written / "p2" / "index.html", width=360) as (tab, _):
        box = tab.locator(".lead").bounding_box()

    assert box is not None
    assert box["y"] + box["height"] < 700


def test_the_way_to_how_a_figure_was_made_opens_the_folded_part(
    browser: Browser, written: Path
) -> None:
    with opened(browser, written / "p1" / "index.html") as (tab, _):
        tab.locator("a.made").first.click()
        tab.wait_for_timeout(100)
        seen = tab.locator("#how\\.change").is_visible()

    assert seen


def test_on_paper_the_folded_parts_are_open_and_say_for_whom_they_are(
    browser: Browser, written: Path
) -> None:
    with opened(browser, written / "p1" / "index.html") as (tab, _):
        tab.emulate_media(media="print")
        shown = tab.locator("#how\\.ranking").bounding_box()
        for_whom = tab.locator(".team-only").is_visible()

    assert shown is not None
    assert for_whom
