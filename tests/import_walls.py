"""Run the linter of imports: over the project, or over a package made to break a wall."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_LINTER = Path(sys.executable).with_name("lint-imports")


def walls_of_project(config: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Lint the project by its own walls, or by those of another file."""
    words = [] if config is None else ["--config", str(config)]
    return _linted(PROJECT, words, None)


def walls_of_made_package(folder: Path) -> subprocess.CompletedProcess[str]:
    """Lint a package `peelian` made in a folder, by the .importlinter beside it."""
    return _linted(folder, [], {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"})


def forbidden(sources: Sequence[str], targets: Sequence[str]) -> str:
    """A file of one wall: no chain of imports runs from the one to the other."""
    lines = [
        "[importlinter]", "root_package = peelian", "[importlinter:contract:1]", "name = wall",
        "type = forbidden", "source_modules =", *(f"    {each}" for each in sources),
        "forbidden_modules =", *(f"    {each}" for each in targets),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _linted(
    at: Path, words: Sequence[str], env: dict[str, str] | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_LINTER, "--no-cache", *words], cwd=at, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
