from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.persistence import hot_windows, trend_z
from peelian.core.results import PersistenceClass
from peelian.scanning.persistence import PlacePersistence, persistence_classes

# Thirty months are five windows of six. A quiet place has one record a window; a hot one,
# among twenty quiet ones, has twelve.
QUIET = [0, 0, 1, 0, 0, 0]
HOT = [2, 2, 2, 2, 2, 2]
HOTTER = [6, 6, 6, 6, 6, 6]


def ward_with(*place: list[int]) -> np.ndarray:
    return np.array([[n for window in place for n in window], *[QUIET * 5] * 20], dtype=float)


def first_of(table: np.ndarray) -> PlacePersistence:
    return persistence_classes(table)[0]


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ([QUIET, QUIET, QUIET, QUIET, HOT], "new"),
        ([QUIET, QUIET, QUIET, HOT, HOTTER], "intensifying"),
        ([HOT, HOT, HOT, HOT, HOTTER], "intensifying"),
        ([HOT, HOT, HOT, HOT, HOT], "persistent"),
        ([HOT, QUIET, HOT, HOT, QUIET], "persistent"),
        ([HOTTER, HOTTER, HOT, HOT, HOT], "diminishing"),
        ([HOTTER, HOT, HOT, HOT, QUIET], "diminishing"),
        ([HOT, HOT, HOT, QUIET, QUIET], "historical"),
        ([QUIET, HOT, QUIET, HOT, QUIET], "sporadic"),
        ([HOT, QUIET, QUIET, QUIET, QUIET], "sporadic"),
        ([QUIET, QUIET, QUIET, QUIET, QUIET], "sporadic"),
    ],
)
def test_each_class_has_its_pattern(place: list[list[int]], kind: PersistenceClass) -> None:
    assert first_of(ward_with(*place)).kind == kind


def test_the_windows_that_justify_a_class_are_given() -> None:
    found = first_of(ward_with(HOT, QUIET, HOT, HOT, QUIET))

    assert found.hot == (True, False, True, True, False)
    assert found.trend is None
    assert found.trend_p_value > 0.05


def test_a_few_records_more_than_the_others_are_not_hot() -> None:
    """Three records where others have one are no sign of anything."""
    some = [0, 1, 1, 1, 0, 0]

    found = first_of(ward_with(some, some, some, some, some))

    assert (found.kind, found.hot) == ("sporadic", (False,) * 5)


def test_a_steady_place_that_crosses_the_line_once_is_not_new() -> None:
    """Five records a window among twenty places with one are just short of hot; six are hot."""
    short, over = [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1]

    found = first_of(ward_with(short, short, short, short, over))

    assert found.hot == (False, False, False, False, True)
    assert found.trend is None
    assert found.kind == "sporadic"


def test_a_season_that_the_whole_ward_has_is_not_a_trend() -> None:
    busy = np.tile([1.0] * 6 + [3.0] * 6, 3)[:30]
    table = np.array([busy * 4, *[busy] * 20])

    found = first_of(table)

    assert found.trend is None
    assert found.kind == "persistent"


def test_a_missing_month_leaves_the_class_as_it_was() -> None:
    table = ward_with(HOT, HOT, HOT, HOT, HOT)
    table[:, 14] = np.nan

    assert first_of(table).kind == "persistent"


def test_a_window_without_a_month_held_is_left_out() -> None:
    table = ward_with(HOT, HOT, HOT, HOT, HOT)
    table[:, 12:18] = np.nan

    assert first_of(table).hot == (True,) * 4


def test_a_ward_without_records_is_sporadic_throughout() -> None:
    found = persistence_classes(np.zeros((3, 30)))

    assert [p.kind for p in found] == ["sporadic"] * 3
    assert [p.trend for p in found] == [None] * 3


def test_one_window_cannot_tell_a_pattern() -> None:
    found = first_of(ward_with(HOT, HOT, HOT, HOT, HOT)[:, -6:])

    assert (found.kind, found.hot) == ("sporadic", (True,))


def test_the_only_place_of_a_ward_never_stands_out() -> None:
    assert persistence_classes(np.array([[5.0] * 30]))[0].kind == "sporadic"


def test_no_places_give_no_classes() -> None:
    assert persistence_classes(np.zeros((0, 30))) == ()


TABLES = st.integers(2, 5).flatmap(
    lambda places: st.integers(6, 20).flatmap(
        lambda months: st.tuples(
            st.lists(
                st.lists(st.integers(0, 8), min_size=months, max_size=months),
                min_size=places,
                max_size=places,
            ),
            st.sets(st.integers(0, months - 1), max_size=months // 2),
        )
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.integers(2, 6))
def test_windows_and_trends_agree_with_loops(
    made: tuple[list[list[int]], set[int]], window_months: int
) -> None:
    rows, missing = made
    plain = [[None if m in missing else n for m, n in enumerate(row)] for row in rows]
    table = np.array([[np.nan if n is None else n for n in row] for row in plain], dtype=float)

    found = persistence_classes(table, window_months=window_months)

    assert [list(p.hot) for p in found] == hot_windows(plain, window_months, 0.1)
    if np.nansum(table):
        for place, each in enumerate(found):
            z = trend_z(plain, place)
            assert each.trend == ("rising" if z > 1.96 else "falling" if z < -1.96 else None) or (
                abs(abs(z) - 1.96) < 1e-3
            )


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_places_does_not_matter(
    made: tuple[list[list[int]], set[int]], shuffle: object
) -> None:
    rows, _ = made
    order = list(range(len(rows)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    table = np.array(rows, dtype=float)

    kinds = [p.kind for p in persistence_classes(table)]

    assert [p.kind for p in persistence_classes(table[order])] == [kinds[i] for i in order]
