from __future__ import annotations

import numpy as np
import pytest

from peelian.analysis.even_hours import even_hours
from peelian.analysis.near_repeat import near_repeat
from peelian.analysis.temporal_shift import temporal_shift
from peelian.analysis.time_of_week import hours_of_week
from peelian.core.errors import InputError
from peelian.scanning.replicates import by_replicate


@pytest.mark.parametrize("replicates", [0, 1, 63, 64, 65, 999])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_replicate_is_done_once_and_in_order(
    replicates: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: threads)

    found = by_replicate(lambda first, count: np.arange(first, first + count) * 1.0, replicates)

    assert found.tolist() == list(range(1, replicates + 1))


@pytest.mark.parametrize(("replicates", "level"), [(0, 0.95), (99, 0.0), (99, 1.0), (99, 95.0)])
def test_no_replicates_and_a_level_that_is_no_share_are_refused(
    replicates: int, level: float
) -> None:
    options = {"replicates": replicates, "level": level, "seed": 1}
    noon = ["2024-05-13T12:00"] * 5

    for ask in (
        lambda: near_repeat([0, 1], [0, 1], [0, 1], **options),
        lambda: temporal_shift(noon, noon, **options),
        lambda: even_hours(hours_of_week(noon), **options),
    ):
        with pytest.raises(InputError, match=rf"level between 0 and 1; found {replicates} repl"):
            ask()


def test_a_shuffle_is_the_same_whichever_were_run_before_it() -> None:
    from peelian.analysis.time_shuffles import shuffled_statistics

    is_after, ends = np.array([1, 0, 0, 1, 1, 0, 1, 0], dtype=np.int8), np.arange(1, 9)

    run = shuffled_statistics(is_after, ends, True, 3, 1, 20)

    alone = [shuffled_statistics(is_after, ends, True, 3, 1 + i, 1)[0] for i in range(20)]
    assert run.tolist() == alone
