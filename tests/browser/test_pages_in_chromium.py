from __future__ import annotations

import io
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from browser.opened_pages import AXE, OPEN_ALL, RUN_AXE, opened
from publication.sample import EDGE_PAGES, sample_page

PAGES = (
    "index.html", "sample/index.html", "sample/how-to-read.html", "sample/accessibility.html",
    "sample/commitments.html", "sample/commitments-no-evidence.html", "40-places/places-p1.html",
)  # fmt: skip
_OF_LARKFIELD = (
    "index", "how-to-read", "accessibility", "commitments", "commitments-in-progress",
    "commitments-no-evidence", "commitments-planned", "places-p1", "places-p2", "places-p3",
)  # fmt: skip
PUBLISHED = ("index.html", *(f"E05999901/{name}.html" for name in _OF_LARKFIELD))
EDGES = tuple(f"{name.replace(' ', '-')}/index.html" for name in EDGE_PAGES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    browser: Browser, site: Path, name: str, width: int, scheme: str
) -> None:
    with opened(browser, site / name, width=width, scheme=scheme) as (page, _):
        if width == 360:  # opened once a scheme: contrast does not hang on the width
            page.evaluate(OPEN_ALL)
        page.evaluate(AXE)
        violations = page.evaluate(RUN_AXE)

    assert violations == []


def test_every_page_of_the_published_town_is_looked_at(town_site: Path) -> None:
    pages = {path.relative_to(town_site).as_posix() for path in town_site.glob("**/*.html")}

    assert {name for name in pages if "/snapshots/" not in name} == set(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_axe_finds_nothing_on_the_published_town(
    browser: Browser, town_site: Path, name: str
) -> None:
    found = {}
    with opened(browser, town_site / name) as (page, _):
        page.evaluate(AXE)
        for width, scheme in product((1280, 360), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if width == 360:  # opened once a scheme: contrast does not hang on the width
                page.evaluate(OPEN_ALL)
            found[width, scheme] = page.evaluate(RUN_AXE)

    assert found == {(w, s): [] for w in (360, 1280) for s in ("light", "dark")}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_town_reads_whole_without_scripts_and_asks_for_nothing(
    browser: Browser, town_site: Path, name: str
) -> None:
    with opened(browser, town_site / name, width=320, script=False) as (page, asked):
        scripts = page.locator("script").count()
        wide = page.evaluate("document.documentElement.scrollWidth")
        said = " ".join((page.locator("main").inner_text()).split())

    assert scripts == 0
    assert wide <= 320
    assert len(said) > 200
    assert asked == [(town_site / name).as_uri()]


def test_axe_would_find_a_picture_without_words(browser: Browser, site: Path) -> None:
    with opened(browser, site / "sample/accessibility.html") as (page, _):
        page.evaluate("document.querySelector('main').append(document.createElement('img'))")
        page.evaluate(AXE)
        violations = page.evaluate(RUN_AXE)

    assert [v.partition(":")[0] for v in violations] == ["image-alt"]


@pytest.mark.parametrize("name", EDGES)
def test_axe_finds_nothing_on_the_pages_at_the_edges(
    browser: Browser, site: Path, name: str
) -> None:
    with opened(browser, site / name, width=360) as (page, _):
        page.evaluate(AXE)
        violations = page.evaluate(RUN_AXE)

    assert violations == []


@pytest.mark.parametrize("name", [*PAGES, *EDGES])
def test_at_320_pixels_nothing_scrolls_sideways(browser: Browser, site: Path, name: str) -> None:
    with opened(browser, site / name, width=320) as (page, _):
        page.evaluate(OPEN_ALL)
        wide = page.evaluate("document.documentElement.scrollWidth")

    assert wide <= 320


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_and_none_is_made(browser: Browser, site: Path, name: str) -> None:
    with opened(browser, site / name) as (page, asked):
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")

    assert asked == [(site / name).as_uri()]


def test_without_scripts_the_page_says_everything(browser: Browser, site: Path) -> None:
    made = sample_page()
    with opened(browser, site / "sample/index.html", script=False) as (page, _):
        said = " ".join((page.locator("body").text_content() or "").split())

    for priority in made.priorities:
        for sentence in (priority.state, *priority.issue, *priority.action, *priority.cannot_know):
            assert " ".join(sentence.split()) in said
        for measure in priority.measures:
            assert measure.finding in said
            assert measure.change in said
    for commitment in made.commitments:
        assert commitment.text in said


def test_the_style_is_applied_under_the_policy(browser: Browser, site: Path) -> None:
    with opened(browser, site / "sample/index.html") as (page, _):
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.reload()
        colour = page.locator("aside.help").evaluate("e => getComputedStyle(e).backgroundColor")

    assert refused == []
    assert colour == "rgb(11, 93, 102)"


def test_the_keyboard_reaches_the_skip_link_first_and_it_skips(
    browser: Browser, site: Path
) -> None:
    with opened(browser, site / "sample/index.html") as (page, _):
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.textContent")
        seen = page.locator(".skip").bounding_box()
        page.keyboard.press("Enter")
        then = page.evaluate("document.activeElement.id")

    assert first == "Skip to the page"
    assert seen is not None
    assert seen["y"] >= 0
    assert then == "main"


def test_the_keyboard_opens_and_shuts_how_we_know(browser: Browser, site: Path) -> None:
    with opened(browser, site / "sample/index.html") as (page, _):
        summary = page.locator("summary", has_text="How we know").first
        summary.focus()
        states = []
        for _ in range(2):
            page.keyboard.press("Enter")
            states.append(summary.evaluate("e => e.parentElement.open"))

    assert states == [True, False]


@pytest.mark.parametrize("width", [360, 1280])
def test_targets_are_large_enough(browser: Browser, site: Path, width: int) -> None:
    with opened(browser, site / "sample/index.html", width=width) as (page, _):
        small = page.evaluate(
            """() => [...document.querySelectorAll('.help a, nav a, .button, summary')].filter(
                 e => e.offsetParent && e.getBoundingClientRect().height < 44)
                 .map(e => e.textContent)"""
        )

    assert small == []


@pytest.mark.parametrize(("width", "shown"), [(360, "phone"), (1280, "desk")])
def test_the_map_has_the_letters_for_its_size(
    browser: Browser, site: Path, width: int, shown: str
) -> None:
    with opened(browser, site / "sample/index.html", width=width) as (page, _):
        layers = {
            name: page.locator(f"svg.map .{name}").first.is_visible() for name in ("phone", "desk")
        }
        letters = page.evaluate(
            f"""() => {{ const t = document.querySelector('svg.map .{shown} .number');
                const svg = t.ownerSVGElement;
                return parseFloat(getComputedStyle(t).fontSize)
                  * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; }}"""
        )

    assert layers == {"phone": shown == "phone", "desk": shown == "desk"}
    assert letters >= 9.5


def test_on_paper_the_folded_parts_are_open_and_addresses_are_written(
    browser: Browser, site: Path
) -> None:
    with opened(browser, site / "sample/index.html") as (page, _):
        paper = page.pdf(format="A4", print_background=True)
    pages = PdfReader(io.BytesIO(paper)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())

    assert "exact conditional rate ratio" in text  # stands under "How we know"
    assert "https://example.org/minutes" in text
    assert "This snapshot" in text
    assert len(pages) <= 30
