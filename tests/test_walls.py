"""The walls between the rooms, and the promises a light library makes."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from import_walls import walls_of_made_package, walls_of_project

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "src" / "peelian"
ROOMS = sorted(p for p in PACKAGE.iterdir() if (p / "__init__.py").is_file())


def test_every_wall_between_the_rooms_stands() -> None:
    done = walls_of_project()

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_a_room_that_reaches_upwards_would_be_caught(tmp_path: Path) -> None:
    package = tmp_path / "peelian"
    for room in ("core", "store"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "core" / "months.py").write_text("import peelian.store\n")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = peelian\n"
        "[importlinter:contract:1]\nname = stacked\ntype = layers\n"
        "layers =\n    store\n    core\ncontainers = peelian\n"
    )

    done = walls_of_made_package(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "peelian.core.months -> peelian.store" in done.stdout


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_lives_there_and_what_does_not(room: Path) -> None:
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))

    assert docstring is not None
    assert len(docstring.split(".")) >= 2


@pytest.mark.parametrize("module", ["peelian", "peelian.core.wards", "peelian.cli"])
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    heavy = {
        "polars", "scipy", "shapely", "pyproj", "pyogrio", "osmium", "jinja2", "typst",
        "vl_convert", "httpx", "statsmodels", "geopandas", "pandas", "icalendar",
        "numba", "sklearn", "ortools",
    }  # fmt: skip
    code = f"import sys, {module}; print(*(m for m in sys.modules if '.' not in m))"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert heavy.isdisjoint(loaded), heavy.intersection(loaded)


def test_the_requirements_are_locked_by_hash_and_name_no_registry() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        pinned = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]

        assert pinned
        assert all(line.rstrip().endswith("\\") for line in pinned)
        assert "://" not in text
        assert "index-url" not in text


def test_the_library_alone_needs_only_a_few_packages() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert len(project["dependencies"]) <= 10
    assert project["requires-python"] == ">=3.11"
