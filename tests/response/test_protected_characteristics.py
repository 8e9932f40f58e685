"""Protected characteristics cannot be an input to where patrols go: by wall, by name, by field."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from import_walls import forbidden, walls_of_made_package

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "src" / "peelian"
WALL = "Nothing that ranks or targets places can import ethnicity"
# The Equality Act 2010, section 4, and the words in which records hold them.
PROTECTED = frozenset(
    {
        "age", "ages", "disability", "disabled", "gender", "transgender", "marriage", "married",
        "partnership", "pregnancy", "maternity", "race", "racial", "ethnic", "ethnicity",
        "nationality", "colour", "religion", "religious", "belief", "faith", "sex", "sexual",
        "orientation", "birth", "dob",
    }
)  # fmt: skip

TARGETING = sorted(
    [
        *(PACKAGE / "response").glob("*.py"),
        *(PACKAGE / "products" / "patrol_plan").glob("*.py"),
        PACKAGE / "core" / "patrols.py",
        PACKAGE / "core" / "tasking.py",
        PACKAGE / "ingest" / "tasking_file.py",
    ]
)


def words_of(source: str) -> Iterator[str]:
    """Every name that code defines, takes or reads, and every text that could be a column."""
    for node in ast.walk(ast.parse(source)):
        named = (
            getattr(node, field, None)
            for field in ("id", "attr", "arg", "name", "asname", "module")
        )
        for name in named:
            if isinstance(name, str):
                yield name
        text = node.value if isinstance(node, ast.Constant) else None
        # A sentence has blanks; a column or a field has none.
        if isinstance(text, str) and re.fullmatch(r"[\w.-]+", text):
            yield text


def protected_in(source: str) -> set[str]:
    return {
        word
        for word in words_of(source)
        if PROTECTED & set(re.split(r"[^a-z]+", re.sub(r"([A-Z])", r"_\1", word).lower()))
    }


@pytest.mark.parametrize("path", TARGETING, ids=lambda path: path.name)
def test_no_name_field_or_column_of_a_protected_characteristic_is_used(path: Path) -> None:
    assert protected_in(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        "def weigh(rows, ethnicity): ...",
        "rows['self_defined_ethnicity']",
        "rows.select('age-range')",
        "class Visit:\n    gender: str",
        "person.dateOfBirth",
        "from x import religion",
        "weigh(sex=1)",
    ],
)
def test_a_use_of_one_would_be_found(source: str) -> None:
    assert protected_in(source)


def test_what_only_looks_like_one_is_not() -> None:
    assert not protected_in("average = usage.page_average('stage')")


@pytest.mark.parametrize("path", TARGETING, ids=lambda path: path.name)
def test_nothing_that_plans_patrols_reads_stops(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    imported = {
        f"{node.module}.{name.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    read = {ast.unparse(n) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Attribute)}

    assert not {each for each in imported if "core.stops" in each}
    assert not {each for each in read if each.endswith("store.stops")}


@pytest.mark.parametrize("room", ["response", "scanning", "analysis"])
def test_the_projects_own_wall_falls_where_the_stops_are_imported(
    room: str, tmp_path: Path
) -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    wall = next(each for each in contracts if each["name"] == WALL)
    package = tmp_path / "peelian"
    for folder in ("core", "scanning", "analysis", "response"):
        (package / folder).mkdir(parents=True)
        (package / folder / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "core" / "stops.py").write_text("ETHNICITY = 'self_defined_ethnicity'\n")
    (package / room / "places.py").write_text("from peelian.core import stops\n")
    (tmp_path / ".importlinter").write_text(
        forbidden(wall["source_modules"], wall["forbidden_modules"])
    )

    done = walls_of_made_package(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert f"peelian.{room}.places -> peelian.core.stops" in done.stdout
