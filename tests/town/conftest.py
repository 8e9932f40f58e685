"""One made town for all tests of it: the demo's seed, built once and written once."""

from __future__ import annotations

import pytest

from peelian import town as made
from peelian.town import Town, TownFiles

SEED = 1829


@pytest.fixture(scope="session")
def town() -> Town:
    return made.build_town(SEED)


@pytest.fixture(scope="session")
def files(town: Town, tmp_path_factory: pytest.TempPathFactory) -> TownFiles:
    return made.write_town(town, tmp_path_factory.mktemp("made-town"))
