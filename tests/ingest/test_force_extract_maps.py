"""Column maps: those that ship, and what a faulty one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.core.errors import SchemaError
from peelian.ingest.column_map import built_in_maps, parse_column_map, read_column_map

MAP = """
source = "test-force"
title = "Test Police"
licence = "internal"
force = "metropolitan"

[columns]
crime_type = "Group"

[month]
column = "Month"
format = "%Y-%m"
"""


@pytest.mark.parametrize("name", sorted(built_in_maps()))
def test_every_map_that_ships_is_whole(name: str):
    column_map = read_column_map(name)

    assert column_map.title
    assert column_map.columns_read


def test_a_map_beside_the_file_is_read(tmp_path: Path):
    (tmp_path / "own.toml").write_text(MAP, encoding="utf-8")

    assert read_column_map(tmp_path / "own.toml").source == "test-force"


def test_a_map_that_is_nowhere_is_said_so(tmp_path: Path):
    with pytest.raises(SchemaError, match=r"camden-open-data, example-force\).*is neither"):
        read_column_map(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("crime_type =", "crime_typ =", "unknown field `crime_typ`"),
        ('title = "Test Police"', "title = 7", r"Expected `str`, got `int` - at `\$.title`"),
        ('source = "test-force"', 'source = "police.uk"', "not one of police.uk's"),
        ('licence = "internal"', 'licence = " "', "licence is empty"),
        ("metropolitan", "met", "force is 'met', which is no force id"),
        ("%Y-%m", "%Y", r"month.format '%Y' says no year and month"),
        ("%Y-%m", "%Y-%Q", "month.format '%Y-%Q' cannot be read"),
        ('force = "metropolitan"', 'delimiter = ", "', "delimiter is one character"),
        ('force = "metropolitan"', 'encoding = "klingon"', "encoding 'klingon' is not known"),
        ("[month]", '[crime_types]\nX = "arson"\n[month]', "crime_types.X is 'arson'"),
        ("[month]", '[times]\nzone = "Mars/North"\n[times.from]', "Mars/North"),
        ("[month]", "[times.from]", "times.from.format '%Y-%m' says no day"),
        ('[month]\ncolumn = "Month"\nformat = "%Y-%m"', "", "neither month nor times"),
        ("[columns]", "[columns", "not: "),
    ],
)
def test_a_faulty_map_is_told_what_and_where(find: str, put: str, said: str):
    assert find in MAP

    with pytest.raises(SchemaError, match=said):
        parse_column_map(MAP.replace(find, put).encode(), name="test.toml")
