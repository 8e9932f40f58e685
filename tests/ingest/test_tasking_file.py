"""The tasking file as a sergeant meets it: the guide's own example, and every slip named."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.core.errors import InputError, SchemaError
from peelian.core.tasking import Tasking
from peelian.ingest.tasking_file import read_tasking

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "tasking-file.md"
EXAMPLE = GUIDE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]


def written(folder: Path, text: str) -> Path:
    path = folder / "tasking.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_guides_own_example_is_read_whole(tmp_path: Path) -> None:
    tasking = read_tasking(written(tmp_path, EXAMPLE))

    assert tasking.shifts[0].days == ["thursday", "friday", "saturday"]
    assert tasking.known_places[0].until == "2026-12-31"
    assert tasking.known_places[0].hours == "night"
    assert tasking.left_out[0].place == "Granary Street"
    assert tasking.concern_hours[0].share == 0.5
    assert tasking.dose.visits_a_day == [(5, 2), (10, 1)]
    assert tasking.lost[0].start == "18:00"
    assert tasking.speak_to[0].who == "Curnock estate office"


def test_an_empty_file_is_a_tasking_with_nothing_told(tmp_path: Path) -> None:
    assert read_tasking(written(tmp_path, "")) == Tasking()


def test_a_day_and_a_time_without_quotes_are_understood(tmp_path: Path) -> None:
    plain = EXAMPLE.replace('"2026-12-31"', "2026-12-31").replace('"15:00"', "15:00:00")

    tasking = read_tasking(written(tmp_path, plain))

    assert tasking.known_places[0].until == "2026-12-31"
    assert tasking.shifts[0].start == "15:00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("units = 2", "unit = 2", r"shifts 1 \(late\): .*unknown field `unit`.*Allowed here: band"),
        ("units = 2", "units = 0", r"units of shifts 1 is from 1 to 26; found 0"),
        ("units = 2", 'units = "two"', r"units of shifts 1 \(late\): expected `int`"),
        ('mode = "foot"', 'mode = "horse"', r"mode of shifts 1.*Allowed: foot, cycle, vehicle"),
        ('"thursday"', '"thurs"', r"days of shifts 1 is any of monday, .*found 'thurs'"),
        ('start = "15:00"', 'start = "3pm"', r"start of shifts 1 is a time as HH:MM.*'3pm'"),
        ('end = "22:00"', 'end = "24:00"', r"end of shifts 1 is a time as HH:MM.*'24:00'"),
        ('end = "22:00"', 'end = "15:00"', r"end of shifts 1 is another time than the start"),
        ('"2026-12-31"', '"31/12/2026"', r"until of known_places 1 is a day as YYYY-MM-DD"),
        ('"2026-12-31"', '""', r"until of known_places 1 is a text, not empty"),
        ("rank = 2", "rank = -1", r"rank of known_places 1 is from 0 to 99; found -1"),
        ('hours = "night"', 'hours = "late"', r"\(Curnock Street Estate\).*Allowed: always, day"),
        (
            'reason = "Records of',
            'because = "Records of',
            r"left_out 1 \(Granary Street\).*`because`",
        ),
        ('unit = "A"', 'unit = "C"', r"unit of lost 1 is a capital letter, A to B; found 'C'"),
        (
            'band = "late"\nunit',
            'band = "lat"\nunit',
            r"band of lost 1 is any of late; found 'lat'",
        ),
        ('end = "20:00"\n', "", r"the hours of lost 1 is a start and an end, or neither"),
        ('who = "Curnock', 'who = ""\n# "Curnock', r"who of speak_to 1 is a text, not empty"),
        ("share = 0.5", "share = 50", r"share of concern_hours 1 is from 0 to 1; found 50"),
        ("gap_minutes = 90", "gap_minutes = -1", r"gap_minutes of dose is 0 or more"),
        (
            "gap_minutes = 90",
            "shortest_minutes = 17",
            r"is from 1 to longest_minutes, 16; found 17",
        ),
        ("gap_minutes = 90", "gap_minutes = 1441", r"at most 1440, a day; found 1441"),
        ("gap_minutes = 90", "longest_minutes = 600", r"longest_minutes of dose is at most 120"),
        ("[[5, 2], [10, 1]]", "[[5, 1000]]", r"is at most 24 visits a day; found 1000"),
        ("[[5, 2], [10, 1]]", "[]", r"visits_a_day of dose is pairs"),
        ("[[5, 2], [10, 1]]", "[[10, 2], [5, 1]]", r"visits_a_day of dose is pairs .*rising"),
        ("ward = ", "wards = ", r"at the top: .*unknown field `wards`.*Allowed here: ward, base"),
        ("units = 2", "units = ", r"breaks its grammar.*line"),
        ('band = "late"\nstart', 'band = "../late"\nstart', r"band of shifts 1 is letters a to z"),
        ('band = "late"\nstart', 'band = "late\\nA"\nstart', r"band of shifts 1 is letters a to z"),
    ],
)
def test_a_slip_is_named_with_what_was_found_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in EXAMPLE

    with pytest.raises(SchemaError, match=said):
        read_tasking(written(tmp_path, EXAMPLE.replace(old, new, 1)))


SHIFT = '[[shifts]]\nband = "{}"\nstart = "15:00"\nend = "22:00"\nunits = {}\ndays = {}\n'


def test_units_of_a_band_and_day_are_no_more_than_there_are_letters(tmp_path: Path) -> None:
    first = SHIFT.format("late", 20, [])

    with pytest.raises(SchemaError, match=r"units of late of shifts 2 is with .* Friday at most"):
        read_tasking(written(tmp_path, first + SHIFT.format("late", 7, ["friday"])))
    two = read_tasking(written(tmp_path, first + SHIFT.format("early", 7, [])))
    assert [shift.units for shift in two.shifts] == [20, 7]


@pytest.mark.parametrize("other", ["Late", "LATE", "la te"])
def test_no_two_bands_have_one_file_name(tmp_path: Path, other: str) -> None:
    text = SHIFT.format("late", 1, []) + SHIFT.format(other, 1, [])
    if other == "la te":
        assert len(read_tasking(written(tmp_path, text)).shifts) == 2
        return

    with pytest.raises(SchemaError, match=f"spelt as the one before, 'late'.*found '{other}'"):
        read_tasking(written(tmp_path, text))


def test_a_place_is_told_once_however_it_is_spelt(tmp_path: Path) -> None:
    again = '[[left_out]]\nplace = "curnock st. estate"\nreason = "Quiet"\n'

    with pytest.raises(SchemaError, match="tells 'Curnock Street Estate' twice"):
        read_tasking(written(tmp_path, EXAMPLE + again.replace("st.", "street")))


def test_no_two_known_places_stand_at_one_rank(tmp_path: Path) -> None:
    again = (
        '[[known_places]]\nplace = "Elm Village"\nreason = "x"\nuntil = "2026-12-31"\nrank = 2\n'
    )

    with pytest.raises(SchemaError, match="two stand at 2"):
        read_tasking(written(tmp_path, EXAMPLE + again))


def test_shares_of_concern_are_not_more_than_all_of_it(tmp_path: Path) -> None:
    again = '[[concern_hours]]\ndays = []\nstart = "10:00"\nend = "12:00"\nshare = 0.6\n'

    with pytest.raises(
        SchemaError, match=r"shares of all concern together .*at most 1; found '1\.1"
    ):
        read_tasking(written(tmp_path, EXAMPLE + again))


def test_a_file_that_is_not_there_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.toml is not there.*tasking-file.md"):
        read_tasking(tmp_path / "none.toml")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tasking.toml"
    path.write_bytes('base = "Caf\xe9"'.encode("latin-1"))

    with pytest.raises(SchemaError, match="A tasking file is UTF-8 text"):
        read_tasking(path)
