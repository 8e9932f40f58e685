"""The made town in a store, once for all tests that ask the products about it."""

from __future__ import annotations

import pytest

from peelian.ingest.intake import take_in
from peelian.store import Store
from peelian.town import build_town, write_town


@pytest.fixture(scope="session")
def town_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("town")
    files = write_town(build_town(1829), folder / "files", zipped=True)
    store = Store.create(folder / "store")
    take_in([files.archive, files.boundaries.parent, files.network, files.population], store)
    return store
