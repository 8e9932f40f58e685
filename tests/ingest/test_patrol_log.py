from datetime import datetime
from pathlib import Path

import pytest

from made_patrol_plan import hotspot
from peelian.core.errors import LayoutError
from peelian.core.patrols import Visit
from peelian.ingest.patrol_log import read_patrol_log

SPOTS = (
    hotspot("p1", (530_500.0, 183_000.0), name="Plender Street"),
    hotspot("p2", (530_000.0, 183_600.0), name="St Martin's Gardens"),
)


def log_of(tmp_path: Path, text: str, **options):
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    return read_patrol_log(path, hotspots=SPOTS, **options)


HEAD = "place,start,end,mode,unit,visible\n"


def test_a_row_is_a_visit(tmp_path):
    log = log_of(tmp_path, HEAD + "p1,2026-12-01T14:05,2026-12-01T14:19,foot,A,yes\n")

    assert log.visits == (
        Visit("p1", datetime(2026, 12, 1, 14, 5), datetime(2026, 12, 1, 14, 19), "foot", "A", True),
    )
    assert (log.refused, log.notes) == ((), ())


def test_a_place_may_be_named_as_people_write_it(tmp_path):
    rows = "ST MARTINS GDNS,2026-12-01 14:05,2026-12-01 14:19,On foot,,no\n"

    (visit,) = log_of(tmp_path, HEAD + rows).visits

    assert (visit.place_id, visit.mode, visit.visible) == ("p2", "foot", False)


def test_a_row_without_a_place_is_background_patrol(tmp_path):
    (visit,) = log_of(tmp_path, HEAD + ",2026-12-01T14:05,2026-12-01T15:19,cycle,B2,\n").visits

    assert (visit.place_id, visit.mode, visit.visible) == ("", "cycle", True)


def test_a_time_with_a_zone_is_put_to_the_clock_on_the_wall(tmp_path):
    rows = "p1,2026-07-01T13:05:00Z,2026-07-01T14:19:00+01:00,foot,,\n"

    (visit,) = log_of(tmp_path, HEAD + rows).visits

    assert (visit.start, visit.minutes) == (datetime(2026, 7, 1, 14, 5), 14)


def test_times_with_zones_keep_their_minutes_when_clocks_change(tmp_path):
    rows = "p1,2026-10-25T00:50:00Z,2026-10-25T01:10:00Z,foot,,\n"

    (visit,) = log_of(tmp_path, HEAD + rows).visits

    assert (visit.start, visit.minutes) == (datetime(2026, 10, 25, 1, 50), 20)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Plender Stret,2026-12-01T14:05,2026-12-01T14:19,foot,A,yes", "near it: plender street"),
        ("p1,14:05,14:19,foot,A,yes", "start and end are ISO times"),
        ("p1,2026-12-01,2026-12-02,foot,A,yes", "start and end are ISO times"),
        ("p1,2026-12-01T14:19,2026-12-01T14:05,foot,A,yes", "ends before it starts"),
        ("p1,2026-12-01T14:05,2026-12-01T14:05,foot,A,yes", "lasts no time"),
        ("p1,2026-12-01T14:05,2026-12-02T14:19,foot,A,yes", "more than 14 hours"),
        ("p1,1026-12-01T14:05,1026-12-01T14:19,foot,A,yes", "the year may be wrong"),
        ("p1,9999-12-31T14:05,9999-12-31T14:19,foot,A,yes", "the year may be wrong"),
        ("p1,0001-01-01T00:00:00+05:00,2026-12-01T14:05,foot,A,yes", "start and end are ISO"),
        ("p1,2026-12-01T14:05,2026-12-01T14:19,horse,A,yes", "mode is one of foot"),
        ("p1,2026-12-01T14:05,2026-12-01T14:19,,A,yes", "it is empty"),
        ("p1,2026-12-01T14:05,2026-12-01T14:19,foot,A,perhaps", "visible is yes or no"),
        ("p1,2026-12-01T14:05,2026-12-01T14:19,foot,A", "5 fields where the header has 6"),
    ],
)
def test_a_row_that_cannot_be_used_is_kept_with_its_line_and_reason(tmp_path, row, reason):
    good = "p1,2026-12-01T15:05,2026-12-01T15:19,foot,A,yes\n"

    log = log_of(tmp_path, HEAD + good + row + "\n" + good.replace("15:", "16:"))

    (refused,) = log.refused
    assert refused.line == 3
    assert reason in refused.reason
    assert row.split(",")[1] in refused.text
    assert (len(log.visits), log.read) == (2, 3)


@pytest.mark.parametrize("unit", ["", "A", "b", "A2", "CN 21", "EK21A", "Unit B", "team 4", "7"])
def test_a_call_sign_is_a_unit(tmp_path, unit):
    rows = f"p1,2026-12-01T14:05,2026-12-01T14:19,foot,{unit},yes\n"

    log = log_of(tmp_path, HEAD + rows)

    assert [each.unit for each in log.visits] == [unit]


@pytest.mark.parametrize(
    ("unit", "why"),
    [
        ("J Smith", "name"), ("Smith", "name"), ("Anne-Marie", "name"), ("PC Okafor", "name"),
        ("1234", "number"), ("212CN", "number"), ("21 CN", "number"), ("PC 12", "number"),
        ("P228811", "number"), ("pc12", "number"),
    ],
)  # fmt: skip
def test_a_unit_that_may_be_a_person_is_refused_and_not_repeated(tmp_path, unit, why):
    rows = f"p1,2026-12-01T14:05,2026-12-01T14:19,foot,{unit},yes\n"

    log = log_of(tmp_path, HEAD + rows)

    assert log.visits == ()
    assert why in log.refused[0].reason
    assert unit not in repr(log.refused[0])


@pytest.mark.parametrize("column", range(6))
@pytest.mark.parametrize("person", ["Jo Bloggs", "07700 900123", "jo.bloggs@example.org"])
def test_a_person_in_a_wrong_column_is_nowhere_in_what_is_kept(tmp_path, column, person):
    row = ["p1", "2026-12-01T14:05", "2026-12-01T14:19", "foot", "A", "yes"]
    row[column] = person

    log = log_of(tmp_path, HEAD + ",".join(row) + "\n")

    assert (log.visits, len(log.refused)) == ((), 1)
    assert person.lower() not in repr(log).lower()


def test_a_first_row_that_is_a_visit_is_not_repeated(tmp_path):
    with pytest.raises(LayoutError, match="names its columns") as told:
        log_of(tmp_path, "Jo Bloggs,2026-12-01T14:05,2026-12-01T14:19,foot,4471\n")

    assert "Bloggs" not in str(told.value)
    assert "4471" not in str(told.value)


def test_columns_about_people_are_left_out_unread_and_named(tmp_path):
    text = (
        "Officer name,place,start,end,mode,collar_no,weather\n"
        "Jo Bloggs,p1,2026-12-01T14:05,2026-12-01T14:19,foot,4471,rain\n"
        "Jo Bloggs,nowhere,2026-12-01T14:05,2026-12-01T14:19,foot,4471,rain\n"
    )

    log = log_of(tmp_path, text)

    assert log.personal == ("Officer name", "collar_no")
    assert log.left_out == ("Officer name", "collar_no", "weather")
    assert "Bloggs" not in repr(log)
    assert "4471" not in repr(log)
    assert (len(log.visits), len(log.refused)) == (1, 1)


def test_what_the_file_does_not_say_is_taken_as_given_and_told(tmp_path):
    log = log_of(tmp_path, "place,start,end\np1,2026-12-01T14:05,2026-12-01T14:19\n", mode="cycle")

    assert [(each.mode, each.unit, each.visible) for each in log.visits] == [("cycle", "", True)]
    assert len(log.notes) == 3


def test_a_unit_cannot_make_one_visit_twice_and_two_unnamed_units_can(tmp_path):
    named = "p1,2026-12-01T14:05,2026-12-01T14:19,foot,A,yes\n"

    log = log_of(tmp_path, HEAD + named * 2 + named.replace(",A,", ",,") * 2)

    assert (len(log.visits), log.duplicates, log.read) == (3, 1, 4)


def test_near_names_are_looked_for_until_too_many_are_unknown(tmp_path):
    times = "2026-12-01T14:05,2026-12-01T14:19,foot,A,yes\n"
    strange = "".join(f"Elsewhere {number},{times}" for number in range(250))

    log = log_of(tmp_path, HEAD + f"Plender Stret,{times}{strange}Plender Strete,{times}")

    assert "near it: plender street" in log.refused[0].reason
    assert log.refused[-1].reason == "its place is no hot spot of the plan, by id or name"


def test_a_name_that_two_hot_spots_share_is_asked_about(tmp_path):
    twins = (hotspot("x1", (0.0, 0.0), name="High Street"),
             hotspot("x2", (900.0, 0.0), name="High Street"))  # fmt: skip
    path = tmp_path / "log.csv"
    path.write_text("place,start,end,mode\nhigh st,2026-12-01T14:05,2026-12-01T14:19,foot\n"
                    "High Street,2026-12-01T14:05,2026-12-01T14:19,foot\n")  # fmt: skip

    log = read_patrol_log(path, hotspots=twins)

    assert "x1, x2" in log.refused[-1].reason
    assert log.visits == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lacks place, start, end"),
        ("place,begin,end\n", "lacks start"),
        ("place;start;end\n", "divided by commas; those of log.csv seem to be by ';'"),
        ("place,start,end,time in\n", "more than one for start"),
    ],
)
def test_a_file_without_its_columns_is_no_log(tmp_path, text, words):
    with pytest.raises(LayoutError, match=words):
        log_of(tmp_path, text)


def test_a_log_without_rows_has_no_visits(tmp_path):
    log = log_of(tmp_path, HEAD + "\n,,,,,\n")

    assert (log.visits, log.refused, log.read) == ((), (), 0)


def test_a_row_over_several_lines_is_found_by_its_first(tmp_path):
    text = 'place,start,end,mode,notes\np1,x,y,foot,"two\nlines"\np1,x,y,foot,one\n'

    log = log_of(tmp_path, text)

    assert [each.line for each in log.refused] == [2, 4]


def test_text_in_another_encoding_is_no_log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes("place,start,end\nCafé,x,y\n".encode("cp1252"))

    with pytest.raises(LayoutError, match="UTF-8"):
        read_patrol_log(path, hotspots=SPOTS)
