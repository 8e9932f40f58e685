"""One store of the real records, boundaries and streets, for the tests that ask it questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from peelian.ingest.intake import Intake, take_in
from peelian.store import Store

# Folders and files that `peelian ingest` is given, below the real data.
RECORDS = (
    "police.uk/street_camden+5neighbours_api-derived_2016-01_2018-03.zip",
    "police.uk/city-of-london_street+stop-and-search_original_2018-04_2019-12.zip",
    "police.uk/stop-and-search_met_original_2016-01_2018-03+2021-06_2023-05.zip",
    "police.uk/outcomes_met-burglary-only_original_2016-01_2022-12.zip",
)
PLACES = ("boundaries", "network", "population")


@dataclass(frozen=True)
class RealStore:
    """The store, and what the import said of every file."""

    store: Store
    intake: Intake


@pytest.fixture(scope="session")
def real(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealStore:
    store = Store.create(tmp_path_factory.mktemp("real") / "store")
    intake = take_in([real_data / path for path in (*RECORDS, *PLACES)], store)
    return RealStore(store, intake)
