import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.errors import InputError, LayoutError
from peelian.core.grid import to_grid
from peelian.ingest.gps_trace import is_trace, read_trace

GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Jo Bloggs's phone" xmlns="http://www.topografix.com/GPX/1/1">
<metadata><author><name>Jo Bloggs</name></author></metadata>
<wpt lat="51.0" lon="-0.1"><time>2026-12-01T09:00:00Z</time></wpt>
<trk><name>PC Bloggs, late turn</name><trkseg>{points}</trkseg></trk></gpx>"""


def point(time: str, lat: str = "51.5350", lon: str = "-0.1340") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}"><ele>30</ele><time>{time}</time></trkpt>'


def trace_of(tmp_path: Path, *points: str, name: str = "walk.gpx"):
    path = tmp_path / name
    path.write_text(GPX.format(points="".join(points)), encoding="utf-8")
    return read_trace(path)


def seconds(*clock: int) -> float:
    return datetime(2026, 12, 1, *clock, tzinfo=UTC).timestamp()


def test_points_of_a_track_are_read_in_metres_and_utc(tmp_path):
    trace = trace_of(tmp_path, point("2026-12-01T14:05:00Z"), point("2026-12-01T14:05:05.4Z"))

    east, north = to_grid(-0.1340, 51.5350)
    assert trace.times.tolist() == [seconds(14, 5, 0), seconds(14, 5, 5)]
    assert trace.points.tolist() == [[east, north]] * 2
    assert (trace.read, trace.faults) == (2, {})


def test_a_zone_is_heeded_and_gpx_without_one_is_utc(tmp_path):
    trace = trace_of(tmp_path, point("2026-12-01T14:05:00"), point("2026-12-01T16:05:01+01:00"))

    assert trace.times.tolist() == [seconds(14, 5, 0), seconds(15, 5, 1)]


def test_a_csv_without_a_zone_shows_the_clock_on_the_wall(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(
        "name,Time,Latitude,Longitude\nJo,2026-07-01T14:05:00,51.535,-0.134\n\n"
        "Jo,2026-07-01T14:05:05Z,51.535,-0.134\n"
    )

    trace = read_trace(path)

    first = datetime(2026, 7, 1, 13, 5, tzinfo=UTC).timestamp()
    assert trace.times.tolist() == [first, first + 3605]
    assert is_trace(path)


def test_points_that_cannot_be_true_are_left_out_and_counted(tmp_path):
    trace = trace_of(
        tmp_path,
        point(""),
        point("yesterday"),
        point("1999-08-22T00:00:00Z"),
        point("2026-12-01T14:05:00Z", "0.0", "0.0"),
        point("2026-12-01T14:05:00Z", "north"),
        point("2026-12-01T14:05:10Z"),
        point("2026-12-01T14:05:00Z"),
        point("2026-12-01T14:05:00Z"),
    )

    assert len(trace.times) == 2
    assert trace.read == 8
    assert trace.faults == {
        "no time": 1,
        "a time or a place that cannot be read": 2,
        "a time before 2000: the receiver had none": 1,
        "a place outside the United Kingdom": 1,
        "earlier than the point before; put in order": 1,
        "a second point of the same second": 1,
    }


def test_nothing_but_times_and_places_is_read(tmp_path):
    trace = trace_of(tmp_path, point("2026-12-01T14:05:00Z"))

    assert "Bloggs" not in repr(trace)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE gpx SYSTEM "http://example.invalid/gpx.dtd">',
        '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused(tmp_path, head):
    path = tmp_path / "walk.gpx"
    path.write_text(head + GPX.split("?>")[1].format(points=point("2026-12-01T14:05:00Z")))

    with pytest.raises(LayoutError, match="no document type"):
        read_trace(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_an_encoding_that_could_hide_one_is_refused(tmp_path, encoding):
    path = tmp_path / "walk.gpx"
    text = GPX.replace("UTF-8", "UTF-16").format(points=point("2026-12-01T14:05:00Z"))
    path.write_bytes(("<!DOCTYPE gpx []>" + text.split("?>")[1]).encode(encoding))

    with pytest.raises(LayoutError, match=r"UTF-8|whole XML"):
        read_trace(path)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("cut.gpx", GPX.format(points=point("2026-12-01T14:05:00Z"))[:-30], "not: "),
        ("route.gpx", '<gpx version="1.1"><rte><rtept lat="51" lon="0"/></rte></gpx>', "has none"),
        ("empty.gpx", "", "not: "),
        ("points.csv", "time,latitude\n", "has not longitude"),
        ("quoted.csv", "time,latitude,longitude\n" + "1" * 200_000 + ",2,3\n", "divided"),
    ],
)
def test_a_file_that_is_no_trace_says_why(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)

    with pytest.raises(LayoutError, match=words):
        read_trace(path)


WHOLE = GPX.format(points=point("2026-12-01T14:05:00Z") * 3).encode()


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6)), max_size=4))
def test_a_damaged_file_is_read_or_refused_and_never_half_believed(tmp_path_factory, damages):
    content = bytearray(WHOLE)
    for where, other in damages:
        content[where : where + len(other)] = other
    path = tmp_path_factory.mktemp("damaged") / "walk.gpx"
    path.write_bytes(bytes(content))

    try:
        trace = read_trace(path)
    except LayoutError:
        return

    assert trace.read >= len(trace.times) == len(trace.points)
    assert np.isfinite(trace.points).all()


@pytest.mark.parametrize(
    "time",
    ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "2100-01-01T00:00:00Z"],
)
def test_a_time_that_no_clock_can_show_is_left_out(tmp_path, time):
    trace = trace_of(tmp_path, point(time), point("2026-12-01T14:05:00Z"))

    assert (len(trace.times), sum(trace.faults.values())) == (1, 1)


def test_a_trace_without_points_that_can_be_used_is_empty(tmp_path):
    trace = trace_of(tmp_path, point(""))

    assert (len(trace.times), trace.points.shape) == (0, (0, 2))


def test_a_csv_without_a_header_repeats_no_position(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("2026-12-01T15:00:00,51.5301,-0.1302\n")

    with pytest.raises(LayoutError, match="has not time, latitude, longitude") as told:
        read_trace(path)

    assert "51.53" not in str(told.value)


def test_what_stands_between_points_is_let_go_and_what_stands_in_them_is_read(tmp_path):
    path = tmp_path / "walk.gpx"
    inner = "<extensions><hr>90</hr></extensions>"
    one = point("2026-12-01T14:05:00Z").replace("</trkpt>", f"{inner}</trkpt>")
    path.write_text(
        f"<gpx><metadata><time>2026-01-01T00:00:00Z</time></metadata>{'<a><b/></a>' * 20_000}"
        f"<trk><trkseg>{one}<x/>{point('2026-12-01T14:06:00Z')}</trkseg><trkseg/></trk></gpx>"
    )

    tracemalloc.start()
    trace = read_trace(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (len(trace.times), trace.read) == (2, 2)
    # The file itself is some 220 kB; 40,000 elements that are kept would take several MB.
    assert most < 2_000_000


def test_a_patrol_log_is_no_trace(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("place,start,end\n")

    assert not is_trace(path)
    with pytest.raises(InputError, match="does not"):
        is_trace(tmp_path / "nowhere.csv")
