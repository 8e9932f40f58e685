"""The live client against a local server that plays each trap of the real service.

The traps are those of the publisher's service as probed on 2026-10-01 (status table in the
project's notes on the data.police.uk API).
"""

from __future__ import annotations

import json
import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely

from peelian.core.areas import Area, BoundarySet
from peelian.core.errors import InputError, PublisherError, ShapeError, UnknownPlaceError
from peelian.core.grid import shape_to_grid, to_grid
from peelian.core.months import Month
from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.police_api import SOURCE
from peelian.ingest.police_fetch import fetch_neighbourhood, fetch_ward
from peelian.ingest.police_service import PoliceService
from peelian.ingest.police_transport import Transport
from peelian.store import Store

MARCH, APRIL = Month(2018, 3), Month(2018, 4)
WEST, SOUTH, EAST, NORTH = -0.14, 51.52, -0.12, 51.54


@dataclass
class PlayedPolice:
    """The service's side: what it holds, what it does wrong, what it was asked."""

    crimes: list[dict[str, Any]] = field(default_factory=list)
    stops: list[dict[str, Any]] = field(default_factory=list)
    most_rows: int = 10_000
    is_up: bool = True
    first_statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    latest_always: bool = False  # as where the date is not understood
    without_place: list[dict[str, Any]] = field(default_factory=list)
    stop_forces: list[str] = field(default_factory=lambda: ["metropolitan", "btp"])
    html: bool = False
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def answer(self, method: str, route: str, asked: dict[str, str]) -> tuple[int, Any]:
        if route == "crime-last-updated":
            return (200, {"date": "2018-04-01"}) if self.is_up else (503, None)
        if route == "crimes-street-dates":
            return 200, [
                {"date": month, "stop-and-search": self.stop_forces}
                for month in ("2018-04", "2018-03")
            ]
        if route == "crime-categories":
            return 200, [{"url": "all-crime", "name": ""}, {"url": "burglary", "name": "Burglary"}]
        if route == "forces":
            return 200, [{"id": "metropolitan", "name": ""}, {"id": "leicestershire", "name": ""}]
        if route == "metropolitan/neighbourhoods":
            return 200, [{"id": "E05013669N", "name": "St Pancras and Somers Town"}]
        if route == "locate-neighbourhood":
            return 200, {"force": "metropolitan", "neighbourhood": "E05013669N"}
        if route == "crimes-no-location":
            return 200, self.without_place
        if route.startswith("crimes-street/") and method == "POST":
            return self._inside(self.crimes, asked, "month")
        if route == "stops-street" and method == "POST":
            return self._inside(self.stops, asked, "datetime")
        if route == "stops-force":
            return 200, [s for s in self.stops if s["datetime"].startswith(asked["date"])]
        return 404, None

    def _inside(self, rows: list[dict[str, Any]], asked: dict[str, str], date: str) -> Any:
        if not self.is_up:
            return 503, None
        corners = [tuple(map(float, pair.split(","))) for pair in asked["poly"].split(":")]
        if len(corners) < 3:
            return 502, None
        ring = shapely.Polygon([(longitude, latitude) for latitude, longitude in corners])
        month = "2018-04" if self.latest_always else asked["date"]
        of_month = [row for row in rows if row[date].startswith(month)]
        inside = shapely.intersects_xy(
            ring,
            [float(row["location"]["longitude"]) for row in of_month],
            [float(row["location"]["latitude"]) for row in of_month],
        )
        found = [row for row, is_in in zip(of_month, inside, strict=True) if is_in]
        return (503, None) if len(found) > self.most_rows else (200, found)


def handler_of(police: PlayedPolice) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply("GET", dict(p for p in parse_items(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            self._reply("POST", dict(p for p in parse_items(body)))

        def _reply(self, method: str, asked: dict[str, str]) -> None:
            route = urlsplit(self.path).path.removeprefix("/api/")
            police.asked.append((method, route, asked))
            headers: dict[str, str] = {}
            if police.first_statuses:
                status, headers = police.first_statuses.pop(0)
                content: Any = None
            else:
                status, content = police.answer(method, route, asked)
            body = b"" if content is None else json.dumps(content).encode()
            if police.html:
                status, body = 200, b"<html>Maintenance</html>"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    return Handler


def parse_items(text: str) -> Iterator[tuple[str, str]]:
    for name, values in parse_qs(text).items():
        yield name, values[0]


@pytest.fixture
def police() -> PlayedPolice:
    return PlayedPolice()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def service(
    police: PlayedPolice, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> Iterator[PoliceService]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(police))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    transport = Transport(
        base_url=f"http://127.0.0.1:{server.server_port}/api",
        sleep=slept.append,
        burst=100_000,
        attempts=3,
        timeout_s=5,
    )
    with PoliceService(transport=transport) as live:
        yield live
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ward() -> Any:
    return shape_to_grid(shapely.box(WEST, SOUTH, EAST, NORTH))


def area(shape: Any, code: str = "E05013669") -> Area:
    return Area(code, "A ward", BoundarySet("wards", "ward", 2022, "", ""), shape)


def crime(number: int, longitude: float = -0.13, latitude: float = 51.53, **changes: Any) -> Any:
    return {
        "category": "robbery",
        "location_type": "Force",
        "location": {
            "latitude": f"{latitude:.6f}",
            "street": {"id": number, "name": "On or near Pratt Street"},
            "longitude": f"{longitude:.6f}",
        },
        "context": "",
        "outcome_status": None,
        "persistent_id": f"{number:064x}",
        "id": number,
        "location_subtype": "",
        "month": "2018-03",
    } | changes


def stop(moment: str) -> Any:
    return {
        "type": "Person search",
        "datetime": moment,
        "object_of_search": "Controlled drugs",
        "outcome": "",
        "location": crime(1)["location"],
    }


def routes(police: PlayedPolice) -> list[str]:
    return [route for _, route, _ in police.asked]


def test_an_area_is_posted_by_its_boundary_with_the_month(police, service, ward):
    police.crimes = [crime(1), crime(2, month="2018-04"), crime(3, longitude=-0.2)]

    found = service.crimes_in(ward, MARCH)

    assert [record["id"] for record in found] == [1]
    method, route, asked = police.asked[-1]
    assert (method, route, asked["date"]) == ("POST", "crimes-street/all-crime", "2018-03")
    assert asked["poly"].startswith("51.")  # latitude first


def test_a_month_that_is_not_served_is_refused_before_it_is_asked_for(police, service, ward):
    with pytest.raises(PublisherError, match="serves 2018-03 to 2018-04; 2016-01 was asked"):
        service.crimes_in(ward, Month(2016, 1))

    assert routes(police) == ["crimes-street-dates"]


def test_a_category_that_would_be_answered_with_all_crime_is_refused(police, service, ward):
    with pytest.raises(PublisherError, match="'burglery' was asked for"):
        service.crimes_in(ward, MARCH, category="burglery")

    assert not any(route.startswith("crimes-street/") for route in routes(police))


def test_another_month_than_asked_for_is_an_error(police, service, ward):
    police.crimes = [crime(1, month="2018-04")]
    police.latest_always = True

    with pytest.raises(PublisherError, match=r"2018-03 were asked for; 1 of 1 .*2018-04"):
        service.crimes_in(ward, MARCH)


def test_an_area_with_too_many_records_is_split_and_nothing_is_lost(police, service, ward):
    # Points on a grid that halving meets in its very middle.
    police.crimes = [
        crime(20 * row + column, -0.1385 + 0.001 * column, 51.5215 + 0.001 * row)
        for row in range(18)
        for column in range(18)
    ]
    police.most_rows = 50

    found = service.crimes_in(ward, MARCH)

    assert sorted(record["id"] for record in found) == sorted(c["id"] for c in police.crimes)
    assert "crime-last-updated" in routes(police)


def test_an_area_that_stays_too_large_is_given_up(police, service, ward):
    police.crimes = [crime(1), crime(2)]
    police.most_rows = 1

    with pytest.raises(PublisherError, match="Ask for a smaller area"):
        service.crimes_in(ward, MARCH)


def test_an_outage_is_told_from_too_many_records(police, service, ward, slept):
    service.check_served(MARCH)
    service.categories  # noqa: B018
    police.is_up = False

    with pytest.raises(PublisherError, match="after 3 attempts it still gives status 503"):
        service.crimes_in(ward, MARCH)

    assert routes(police).count("crimes-street/all-crime") == 3
    assert slept == [1.0, 2.0]


def test_a_busy_service_is_asked_again_when_it_says(police, service, ward, slept):
    police.crimes = [crime(1)]
    police.first_statuses = [(429, {"Retry-After": "7"}), (500, {})]

    assert len(service.crimes_in(ward, MARCH)) == 1
    assert slept == [7.0, 2.0]


def test_waiting_is_bounded_whatever_the_service_says(police, service, slept):
    police.first_statuses = [(429, {"Retry-After": "86400"})]

    service.check_served(MARCH)

    assert slept == [60.0]


def test_a_line_is_refused_before_it_crashes_the_service(police, service):
    with pytest.raises(ShapeError, match="at least three corners"):
        service.crimes_in(shapely.LineString([(0, 0), (10, 10)]), MARCH)

    assert not any(method == "POST" for method, _, _ in police.asked)


def test_a_neighbourhood_id_in_small_letters_is_put_right(service):
    with pytest.raises(UnknownPlaceError, match="ask for E05013669N"):
        service.priorities("metropolitan", "e05013669n")


def test_an_unknown_neighbourhood_is_said_so(service):
    with pytest.raises(UnknownPlaceError, match="has 1 neighbourhoods"):
        service.people("metropolitan", "NC04")


def test_an_unknown_force_is_refused_before_it_looks_empty(police, service):
    with pytest.raises(PublisherError, match="'met' was asked for"):
        service.stops_of("met", MARCH)

    assert "stops-force" not in routes(police)


def test_a_force_without_stops_for_the_month_is_not_a_zero(police, service):
    with pytest.raises(PublisherError, match="leicestershire is not among the forces"):
        service.stops_of("leicestershire", MARCH)


def test_transport_police_may_be_asked_for_though_no_list_names_them(police, service):
    police.stops = [stop("2018-03-05T10:00:00+00:00")]

    assert len(service.stops_of("btp", MARCH)) == 1


def test_a_stop_at_the_turn_of_the_month_belongs_to_either(police, service):
    # 23:30 UTC on 31 March 2018 is 00:30 on 1 April in London.
    police.stops = [stop("2018-03-31T23:30:00+00:00")]

    assert len(service.stops_of("metropolitan", MARCH)) == 1


def test_a_page_instead_of_json_is_an_error(police, service):
    police.html = True

    with pytest.raises(PublisherError, match="not that"):
        service.check_served(MARCH)


def test_a_service_that_cannot_be_reached_is_said_so(slept):
    # Port 9 of this machine: nothing listens.
    transport = Transport(base_url="http://127.0.0.1:9/api", sleep=slept.append, attempts=2)
    with (
        PoliceService(transport=transport) as away,
        pytest.raises(PublisherError, match="no answer"),
    ):
        away.check_served(MARCH)

    assert slept == [1.0]


def test_a_ward_is_fetched_saved_and_held(police, service, ward, tmp_path):
    police.crimes = [crime(1), crime(2, location_type="BTP"), crime(3, month="2018-04")]
    police.stops = [stop("2018-03-05T10:00:00+00:00")]
    store = Store.create(tmp_path / "store")

    report = fetch_ward(
        service, area(ward), [MARCH, APRIL], store,
        force="metropolitan", answers=tmp_path / "raw",
    )  # fmt: skip

    assert store.crimes(source=SOURCE)["published_id"].sort().to_list() == ["1", "2", "3"]
    assert store.stops(source=SOURCE).height == 1
    names = [path.relative_to(tmp_path / "raw").as_posix() for path in report.saved]
    assert names[0] == (
        "2018-03/crimes-street_all-crime_metropolitan_E05013669_2018-03.json"
    )  # fmt: skip
    # No stop came for April, but the service lists the force: that is a measured zero.
    assert [(p.key.month, p.counts.kept) for p in store.partitions("stops")] == [
        ("2018-03", 1),
        ("2018-04", 0),
    ]
    assert store.partitions("crimes")[0].facts["extent"] == ["E05013669"]


def test_what_was_saved_can_be_ingested_again_without_the_service(police, service, ward, tmp_path):
    from peelian.ingest.police_api import ingest_api_json

    police.crimes = [crime(1), crime(2)]
    police.stops = [stop("2018-03-05T10:00:00+00:00")]
    first = Store.create(tmp_path / "first")
    fetch_ward(
        service, area(ward), [MARCH], first,
        force="metropolitan", answers=tmp_path / "raw",
    )  # fmt: skip

    second = Store.create(tmp_path / "second")
    ingest_api_json([tmp_path / "raw"], second)

    assert second.crimes(source=SOURCE).equals(first.crimes(source=SOURCE))
    assert second.stops(source=SOURCE).equals(first.stops(source=SOURCE))


def test_a_month_the_force_sent_nothing_for_is_not_held(police, service, ward, tmp_path):
    police.stop_forces = []
    store = Store.create(tmp_path / "store")

    report = fetch_ward(
        service, area(ward), [MARCH], store,
        force="metropolitan", answers=tmp_path / "raw",
    )  # fmt: skip

    assert store.partitions() == ()
    assert report.lines()[-1].startswith("not published: stops 2018-03: metropolitan is not among")
    assert [(n.table, n.month) for n in report.not_published] == [
        ("crimes", MARCH),
        ("stops", MARCH),
    ]


def test_a_quiet_ward_of_a_force_that_published_is_a_zero(police, service, ward, tmp_path):
    police.without_place = [crime(9, location=None)]
    store = Store.create(tmp_path / "store")

    fetch_ward(
        service, area(ward), [MARCH], store, stops=False,
        force="metropolitan", answers=tmp_path / "raw",
    )  # fmt: skip

    (partition,) = store.partitions("crimes")
    assert partition.counts.kept == 0


@pytest.mark.parametrize(
    ("force", "said"),
    [("leicestershire", "Give metropolitan"), ("met", "'met' was asked for")],
)
def test_a_ward_is_not_filed_under_another_force(police, service, ward, tmp_path, force, said):
    with pytest.raises(PublisherError, match=said):
        fetch_ward(
            service, area(ward), [MARCH], Store.create(tmp_path / "store"),
            force=force, answers=tmp_path / "raw",
        )  # fmt: skip

    assert not (tmp_path / "raw").exists()


def test_every_month_is_checked_before_any_is_asked_for(police, service, ward, tmp_path):
    with pytest.raises(PublisherError, match="2018-05 was asked for"):
        fetch_ward(
            service, area(ward), [MARCH, Month(2018, 5)], Store.create(tmp_path / "store"),
            force="metropolitan", answers=tmp_path / "raw",
        )  # fmt: skip

    assert not any(method == "POST" for method, _, _ in police.asked)


def test_an_area_without_a_code_that_can_name_a_file_is_refused(service, ward, tmp_path):
    with pytest.raises(InputError, match="boundary set with codes"):
        fetch_ward(
            service, area(ward, "../E05013669"), [MARCH], Store.create(tmp_path / "store"),
            force="metropolitan", answers=tmp_path / "raw",
        )  # fmt: skip


def test_a_real_ward_is_fetched_piece_by_piece_without_loss(
    police, service, real_data: Path, tmp_path
):
    # The service plays the real answers of all Camden wards, at most 100 rows at a time.
    (path,) = (real_data / "police.uk").glob("crimes-street_api-json_camden*.zip")
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith("2018-03.json")]
        everything = [crime for name in names for crime in json.loads(archive.read(name))]
    police.crimes = list({record["id"]: record for record in everything}.values())
    police.most_rows = 100
    wards = json.loads((real_data / "boundaries" / "camden_wards_2022.geojson").read_text())
    (shape,) = (
        shape_to_grid(shapely.geometry.shape(feature["geometry"]))
        for feature in wards["features"]
        if "E05013669" in feature["properties"].values()
    )
    ward = area(shape)
    store = Store.create(tmp_path / "store")

    fetch_ward(
        service, ward, [MARCH], store,
        force="metropolitan", answers=tmp_path / "raw", stops=False,
    )  # fmt: skip

    held = store.crimes(source=SOURCE)
    held = held.filter(ward.holds(held["easting"], held["northing"]))
    longitudes, latitudes = (
        [float(record["location"][axis]) for record in police.crimes]
        for axis in ("longitude", "latitude")
    )
    inside = ward.holds(*to_grid(longitudes, latitudes))
    expected = {str(r["id"]) for r, is_in in zip(police.crimes, inside, strict=True) if is_in}
    assert held["published_id"].n_unique() == held.height
    assert set(held["published_id"]) == expected
    assert len(expected) > 100  # so that it was split


def test_recorded_answers_of_a_neighbourhood_are_fetched_and_read(
    police, service, real_data: Path, tmp_path
):
    recorded = real_data / "api-fixtures" / "tjcain-ukpolice"

    def content(name: str) -> Any:
        return json.loads(next(recorded.glob(f"*{name}*")).read_text(encoding="utf-8"))

    answers = {
        "": content("GetSpecificNeighbourhood"),
        "/people": content("GetNeighbourhoodTeam"),
        "/priorities": content("GetNeighbourhoodPriorities"),
        "/events": content("GetNeighbourhoodEvents"),
        "/boundary": content("GetNeighbourhoodBoundary"),
    }
    play = police.answer
    police.answer = lambda method, route, asked: (
        (200, answers[route.removeprefix("leicestershire/NC04")])
        if route.startswith("leicestershire/NC04")
        else play(method, route, asked)
    )

    fetched = fetch_neighbourhood(
        service, "leicestershire", "NC04", ward="E05000001", answers=tmp_path
    )

    assert (fetched.facts.name, fetched.facts.population) == ("City Centre", None)
    assert [officer.name for officer in fetched.ward_file.team] == ["Andy Cooper", "Andy Price"]
    (priority,) = fetched.ward_file.priorities
    assert priority.issue == answers["/priorities"][0]["issue"]
    assert fetched.facts.events[0].title == "Drop In Beat Surgery"
    (boundary,) = ingest_boundaries(
        [tmp_path / "boundary_leicestershire_NC04.json"], Store.create(tmp_path / "store")
    )
    assert boundary.state == "new"
    assert len(fetched.saved) == 5
    assert fetched.lines()[0] == "City Centre: 1 priorities, 2 officers, 1 meetings to come"


def test_every_route_that_is_asked_for_stands_in_the_described_interface(
    police, service, ward, real_data: Path, tmp_path
):
    import yaml

    described = yaml.safe_load((real_data / "api-fixtures/openapi/uk-police.yaml").read_text())
    patterns = [re.sub(r"\{\w+\}", "[^/]+", path).strip("/") for path in described["paths"]]
    police.stops = [stop("2018-03-05T10:00:00+00:00")]

    fetch_ward(
        service, area(ward), [MARCH], Store.create(tmp_path / "store"),
        force="metropolitan", answers=tmp_path / "raw",
    )  # fmt: skip
    service.stops_of("metropolitan", MARCH)
    service.crimes_in(ward, MARCH, category="burglary")
    with pytest.raises(UnknownPlaceError):
        service.events("metropolitan", "E05013669N")

    asked = set(routes(police))
    assert len(asked) >= 9
    assert {r for r in asked if not any(re.fullmatch(p, r) for p in patterns)} == set()
