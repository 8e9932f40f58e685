"""What every test may ask for: the real data beside the project, where it is."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

# Heavy imports happen on first use, and a busy machine is slow: no test is about time.
hypothesis.settings.register_profile("peelian", deadline=None)
hypothesis.settings.load_profile("peelian")

_PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of guides, seeds and real data; the test skips where it is absent."""
    for folder in (os.environ.get("PEELIAN_SHARED"), _PROJECT.parent / "shared"):
        if folder and (Path(folder) / "data" / "MANIFEST.md").is_file():
            return Path(folder)
    pytest.skip("the real data (shared/data beside the project, or PEELIAN_SHARED) is not here")


@pytest.fixture(scope="session")
def real_data(shared: Path) -> Path:
    """The real data; PEELIAN_DATA may point elsewhere."""
    return Path(os.environ.get("PEELIAN_DATA", shared / "data"))


@pytest.fixture(scope="session")
def seed_page(shared: Path) -> str:
    """The published ward page that the project starts from."""
    return next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
