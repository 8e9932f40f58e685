from __future__ import annotations

import numpy as np
import pytest

from peelian.analysis.replicates import by_replicate


@pytest.mark.parametrize("replicates", [0, 1, 63, 64, 65, 999])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_replicate_is_done_once_and_in_order(
    replicates: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: threads)

    found = by_replicate(lambda first, count: np.arange(first, first + count) * 1.0, replicates)

    assert found.tolist() == list(range(1, replicates + 1))
