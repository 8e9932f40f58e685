"""`peelian fetch`, against a local server that answers as police.uk does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely

from made_places import square, write_geojson
from peelian.cli.app import run
from peelian.core.grid import to_degrees
from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.ward_file import read_ward_file
from peelian.store import Store

WARD = "E05999901"


def crime(number: int, month: str) -> dict[str, Any]:
    longitude, latitude = to_degrees(530_500.0, 183_500.0)
    return {
        "category": "robbery",
        "location_type": "Force",
        "location": {
            "latitude": f"{float(latitude):.6f}",
            "longitude": f"{float(longitude):.6f}",
            "street": {"id": 1, "name": "On or near Lantern Row"},
        },
        "context": "",
        "outcome_status": None,
        "persistent_id": f"{number:064x}",
        "id": number,
        "location_subtype": "",
        "month": month,
    }


ANSWERS: dict[str, Any] = {
    "crimes-street-dates": [
        {"date": "2026-02", "stop-and-search": []},
        {"date": "2026-01", "stop-and-search": []},
    ],
    "crime-last-updated": {"date": "2026-02-01"},
    "crime-categories": [{"url": "all-crime", "name": "All crime"}],
    "forces": [{"id": "leicestershire", "name": "Leicestershire Police"}],
    "leicestershire/neighbourhoods": [{"id": "NC04", "name": "Larkfield"}],
    "locate-neighbourhood": {"force": "leicestershire", "neighbourhood": "NC04"},
    "leicestershire/NC04": {
        "id": "NC04", "name": "Larkfield", "url_force": "", "population": "0", "description": None,
        "contact_details": {"telephone": "101"}, "links": [], "locations": [],
        "centre": {"latitude": "51.53", "longitude": "-0.12"},
    },
    "leicestershire/NC04/people": [],
    "leicestershire/NC04/events": [],
    "leicestershire/NC04/priorities": [
        {"issue": "<p>We will patrol Lantern Row.</p>", "issue-date": "2026-01-05T00:00:00",
         "action": None, "action-date": None},
    ],
    "leicestershire/NC04/boundary": [
        {"latitude": "51.5", "longitude": "-0.1"}, {"latitude": "51.6", "longitude": "-0.1"},
        {"latitude": "51.6", "longitude": "-0.2"}, {"latitude": "51.5", "longitude": "-0.1"},
    ],
}  # fmt: skip


class Police(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        route = urlsplit(self.path).path.removeprefix("/api/")
        self._reply(ANSWERS.get(route))

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        month = asked["date"][0]
        self._reply([crime(n, month) for n in range(3)] if "poly" in asked else None)

    def _reply(self, content: Any) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Police)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.create(tmp_path / "store")
    wards = write_geojson(
        tmp_path / "wards_2022.geojson",
        [({"WD22CD": WARD, "WD22NM": "Larkfield"}, square(0, 0, 1_000))],
    )
    ingest_boundaries([wards], made)
    return made


def test_a_month_is_fetched_by_the_wards_boundary_and_kept(
    address: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    code = run(
        ["fetch", WARD, "--months", "2026-01", "--force", "leicestershire",
         "--store", str(store.path), "--service", address, "--neighbourhood", "NC04"]
    )  # fmt: skip

    assert code == 0
    rows = store.crimes(source="police.uk-api")
    assert rows["force"].unique().to_list() == ["leicestershire"]
    assert len(rows) == 3
    assert shapely.Point(530_500, 183_500).distance(
        shapely.Point(rows["easting"][0], rows["northing"][0])
    ) < 1  # fmt: skip
    assert list((tmp_path / "answers").rglob("crimes-street*.json"))
    read = read_ward_file(tmp_path / f"{WARD}.toml")
    assert read.priorities[0].issue == "<p>We will patrol Lantern Row.</p>"


def test_a_month_that_is_not_served_is_told_before_anything_is_asked(
    address: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(
        ["fetch", WARD, "--months", "2019-01", "--force", "leicestershire",
         "--store", str(store.path), "--service", address]
    )  # fmt: skip

    assert code == 6
    assert "2019-01" in capsys.readouterr().err
