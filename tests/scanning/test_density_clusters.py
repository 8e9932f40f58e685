"""Dense groups of records that repeat at few positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from peelian.core.errors import InputError
from peelian.scanning.density_clusters import density_clusters


def cores(x: NDArray[np.float64], y: NDArray[np.float64], within: float, least: int) -> set[int]:
    """Records with enough records within reach, by looking at every pair."""
    away = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return set(np.flatnonzero((away <= within).sum(axis=1) >= least).tolist())


def as_sets(labels: NDArray[np.int64], members: set[int]) -> set[frozenset[int]]:
    """The groups as sets of records, whatever their numbers."""
    return {
        frozenset(i for i in members if labels[i] == label)
        for label in {int(labels[i]) for i in members}
    }


records = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=60)


@given(records, st.sampled_from([1.0, 1.5, 2.0]), st.integers(1, 6))
@settings(max_examples=60)
def test_groups_are_those_of_dbscan_on_every_record(
    spots: list[tuple[int, int]], within: float, least: int
) -> None:
    from sklearn.cluster import DBSCAN

    x, y = (np.array(each, dtype=float) for each in zip(*spots, strict=True))

    ours = density_clusters(x, y, within_m=within, least_records=least)

    plain = DBSCAN(eps=within, min_samples=least).fit_predict(np.column_stack([x, y]))
    # A record at the edge of two groups may be in either; those in dense spots may not.
    dense = cores(x, y, within, least)
    assert as_sets(ours.group, dense) == as_sets(plain, dense)
    assert (ours.group == -1).tolist() == (plain == -1).tolist()


def test_groups_are_numbered_by_their_records() -> None:
    x = np.array([0.0] * 3 + [100.0] * 5 + [500.0])

    found = density_clusters(x, np.zeros(9), within_m=10, least_records=2)

    assert found.group.tolist() == [1] * 3 + [0] * 5 + [-1]
    assert found.records == (5, 3)


def test_enough_records_at_one_snap_point_are_a_group() -> None:
    found = density_clusters([7.0] * 4, [7.0] * 4, within_m=1, least_records=4)

    assert found.records == (4,)


def test_records_without_a_place_are_in_no_group() -> None:
    found = density_clusters([float("nan"), 1.0], [1.0, 1.0], within_m=5, least_records=1)

    assert found.group.tolist() == [-1, 0]


def test_no_records_give_no_groups() -> None:
    found = density_clusters([], [], within_m=5, least_records=1)

    assert found.group.tolist() == []
    assert found.records == ()


@pytest.mark.parametrize(("within", "least"), [(0.0, 2), (10.0, 0)])
def test_a_radius_or_a_number_of_nothing_is_refused(within: float, least: int) -> None:
    with pytest.raises(InputError, match=f"found {within:g} m and {least}"):
        density_clusters([1.0], [1.0], within_m=within, least_records=least)
