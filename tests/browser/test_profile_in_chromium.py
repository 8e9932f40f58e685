"""Problem profiles of the made town in a browser: legible, still, and reachable by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from peelian.cli.app import run

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
PROFILES = ("p1", "p2", "drugs")
_OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
_RUN_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    v => v.id + ': ' + v.help + ' | ' + v.nodes.map(n => n.target.join(' ')).join(' ; '))"""


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


@contextmanager
def opened(
    browser: Browser, page: Path, *, width: int = 1280, script: bool = True
) -> Iterator[tuple[Page, list[str]]]:
    """A profile, and every address that it asked for."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    asked: list[str] = []
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    yield tab, asked
    context.close()


@pytest.mark.parametrize("name", PROFILES)
def test_axe_finds_nothing(browser: Browser, written: Path, name: str) -> None:
    found = {}
    with opened(browser, written / name / "index.html") as (tab, _):
        tab.evaluate(AXE)
        for width, scheme in product((1280, 360), ("light", "dark")):
            tab.set_viewport_size({"width": width, "height": 900})
            tab.emulate_media(color_scheme=scheme)
            if width == 360:
                tab.evaluate(_OPEN_ALL)
            found[width, scheme] = tab.evaluate(_RUN_AXE)

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
