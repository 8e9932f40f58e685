"""One Chromium for all browser tests, the sample site, and the made town as it is published.

Skips with the reason where Chromium is absent, but fails where CI says that it must be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from peelian.cli.app import run
from peelian.publication.site import IndexEntry, SnapshotInfo, render_index, render_ward
from peelian.town import build_town, write_town
from publication.sample import EDGE_PAGES, sample_page

LARKFIELD = "E05999901"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        reason = "Chromium is not on the path: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of wards, the sample ward and the wards at the edges, each in a folder."""
    folder = tmp_path_factory.mktemp("site")
    snapshot = SnapshotInfo(
        id="9f2c4e0b7a6d", date="31 March 2018", address="https://example.org/wards/E05999901/"
    )
    pages = {"sample": sample_page(), **{name: make() for name, make in EDGE_PAGES.items()}}
    entries = []
    for name, page in pages.items():
        ward = folder / name.replace(" ", "-")
        ward.mkdir()
        for file, content in render_ward(page, snapshot=snapshot).items():
            (ward / file).write_bytes(content)
        entries.append(
            IndexEntry(
                page.ward_code, f"{page.ward_name} ({name})", page.operator, page.state,
                page.snapshot_date, f"{ward.name}/index.html",
            )
        )  # fmt: skip
    (folder / "index.html").write_bytes(render_index(entries)["index.html"])
    return folder


@pytest.fixture(scope="session")
def town_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made town's site, from its archive by the commands that a person types."""
    folder = tmp_path_factory.mktemp("town")
    files = write_town(build_town(1829), folder / "files", zipped=True)
    store, ward_file = ("--store", folder / "store"), folder / f"{LARKFIELD}.toml"
    commands: list[tuple[object, ...]] = [
        ("ingest", files.archive, files.boundaries, files.network, files.population),
        ("import-page", files.page_text, "--ward", LARKFIELD, "--to", ward_file),
        ("publish", LARKFIELD, "--ward-file", ward_file, "--site", folder / "site",
         "--date", "2026-02-01"),
    ]  # fmt: skip
    for command in commands:
        assert run([str(word) for word in (*command, *store)]) == 0
    return folder / "site"
