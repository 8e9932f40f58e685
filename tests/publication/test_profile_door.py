"""The team's door stays the team's: no public page can come to it, and layouts take no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from import_walls import forbidden, walls_of_project

PROJECT = Path(__file__).resolve().parents[2]
PUBLICATION = PROJECT / "src" / "peelian" / "publication"
TEAM = ["profile", "plan"]
# Laid out from what the door gave: these see no product, no method and no store.
LAYOUT = (
    "profile.disclosed", "profile.document", "profile.files", "profile.html", "profile.map",
    "plan.calendar", "plan.days", "plan.disclosed", "plan.document", "plan.files", "plan.html",
    "plan.map", "plan.shapes", "plan.tracks", "plan.visits",
)  # fmt: skip
ROOMS = ("products", "assessment", "response", "scanning", "analysis", "store")
PUBLIC = sorted(p.stem for p in PUBLICATION.glob("*.py") if p.stem != "__init__")


def imports_are_kept(tmp_path: Path, sources: list[str], targets: list[str]) -> bool:
    """Whether no chain of imports runs from the one to the other."""
    config = tmp_path / ".importlinter"
    config.write_text(forbidden(sources, targets))

    done = walls_of_project(config)
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return done.returncode == 0


def named(modules: list[str] | tuple[str, ...]) -> list[str]:
    return [f"peelian.publication.{module}" for module in modules]


def test_no_public_page_can_reach_the_teams_door(tmp_path: Path) -> None:
    assert imports_are_kept(tmp_path, named(PUBLIC), named(TEAM))


def test_a_teams_page_is_laid_out_from_what_the_door_gave_alone(tmp_path: Path) -> None:
    rooms = [f"peelian.{room}" for room in ROOMS]

    assert imports_are_kept(tmp_path, named(LAYOUT), rooms)


@pytest.mark.parametrize("module", ["profile.page", "profile.writing", "plan.page"])
def test_a_wall_would_fall_where_it_is_not_kept(tmp_path: Path, module: str) -> None:
    assert not imports_are_kept(tmp_path, named([module]), ["peelian.products"])
