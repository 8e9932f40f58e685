"""What every test may ask for: the real data beside the project, where it is, and the made town."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from peelian.ingest.intake import take_in
from peelian.store import Store
from peelian.town import build_town, write_town

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


@pytest.fixture(scope="session")
def town_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The made town in a store, once for all tests that read it and write nothing into it."""
    folder = tmp_path_factory.mktemp("town")
    files = write_town(build_town(1829), folder / "files", zipped=True)
    store = Store.create(folder / "store")
    take_in([files.archive, files.boundaries.parent, files.network, files.population], store)
    return store
