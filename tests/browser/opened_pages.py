"""A page of ours in a browser, and what Axe finds on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Browser, Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    v => v.id + ': ' + v.help + ' | ' + v.nodes.map(n => n.target.join(' ')).join(' ; '))"""


@contextmanager
def opened(
    browser: Browser,
    address: Path,
    *,
    width: int = 1280,
    scheme: str = "light",
    script: bool = True,
) -> Iterator[tuple[Page, list[str]]]:
    """A page, and every address that it asked for."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
    )
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address.as_uri())
    yield page, asked
    context.close()
