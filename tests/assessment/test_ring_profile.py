from __future__ import annotations

from math import inf

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import buffers as oracle
from peelian.assessment.ring_profile import Ring, records_in_rings, ring_profile
from peelian.assessment.weighted_displacement import BeforeAfter
from peelian.core.errors import InputError

COUNTS = st.tuples(st.integers(0, 80), st.integers(0, 80))


def rings_of(table: list[tuple[tuple[int, int], list[tuple[int, int]]]]) -> list[Ring]:
    return [
        Ring(
            100.0 * number,
            100.0 * (number + 1),
            BeforeAfter(*own),
            tuple(BeforeAfter(*other) for other in others),
        )
        for number, (own, others) in enumerate(table)
    ]


def test_each_ring_is_compared_with_the_rings_as_far_away() -> None:
    profile = ring_profile(
        rings_of([((100, 30), [(200, 190), (100, 110)]), ((100, 95), [(300, 285), (90, 90)])])
    )

    near, far = profile.rings
    # (30 / 100) / (300 / 300) and (95 / 100) / (375 / 390)
    assert near.effect.estimate == pytest.approx(0.3)
    assert far.effect.estimate == pytest.approx(0.95 * 390 / 375)
    assert (near.effect.direction, far.effect.direction) == ("down", None)
    assert (near.from_m, near.to_m) == (0, 100)


@settings(max_examples=25)
@given(
    st.integers(1, 3).flatmap(
        lambda places: st.lists(
            st.tuples(COUNTS, st.lists(COUNTS, min_size=places, max_size=places)),
            min_size=1,
            max_size=4,
        )
    )
)
def test_the_limits_are_those_of_scipys_tables(
    table: list[tuple[tuple[int, int], list[tuple[int, int]]]],
) -> None:
    profile = ring_profile(rings_of(table))

    for ring, (low, high) in zip(profile.rings, oracle.ring_limits(table, level=0.95), strict=True):
        if low > 1e-6 and high < 1e6:
            assert (ring.effect.low, ring.effect.high) == pytest.approx((low, high), rel=1e-4)
        assert (ring.effect.p_value < 1 - ring.effect.level) == (ring.effect.direction is not None)


def test_all_rings_hold_together_in_drawn_counts() -> None:
    rng, together, tried = np.random.default_rng(1), 0, 300
    for _ in range(tried):
        table = [
            (tuple(rng.poisson(12, 2)), [tuple(pair) for pair in rng.poisson(15, (3, 2))])
            for _ in range(4)
        ]

        profile = ring_profile(rings_of(table))

        together += all(ring.effect.direction is None for ring in profile.rings)
    # Of 300 with a chance of 0.95, three standard errors are 0.038.
    assert together / tried >= 0.95 - 0.038


def test_comparison_places_that_vary_widen_the_intervals() -> None:
    alike = ring_profile(rings_of([((40, 20), [(100, 100), (100, 100), (100, 100)])]))
    unlike = ring_profile(rings_of([((40, 20), [(100, 50), (100, 160), (100, 90)])]))

    assert alike.spread == 1
    assert unlike.spread > 10
    assert unlike.rings[0].effect.high > alike.rings[0].effect.high
    assert "widened" in unlike.notices[0]


def test_one_comparison_place_cannot_show_how_places_vary() -> None:
    profile = ring_profile(rings_of([((40, 20), [(100, 100)])]))

    assert profile.spread == 1
    assert "too narrow for most places" in profile.notices[0]


def test_empty_rings_show_nothing() -> None:
    profile = ring_profile(rings_of([((0, 0), [(0, 0), (0, 0)])]))

    effect = profile.rings[0].effect
    assert effect.estimate is None
    assert (effect.low, effect.high, effect.p_value) == (0, inf, 1)


def test_no_ring_gives_an_empty_profile() -> None:
    assert ring_profile([]).rings == ()


def test_rings_without_or_with_unequal_comparisons_are_refused() -> None:
    with pytest.raises(InputError, match=r"at least one; found \[0\]"):
        ring_profile(rings_of([((1, 2), [])]))
    with pytest.raises(InputError, match=r"found \[1, 2\] of them"):
        ring_profile(rings_of([((1, 2), [(1, 1)]), ((1, 2), [(1, 1), (2, 2)])]))
    with pytest.raises(InputError, match=r"Write 95 % as 0\.95"):
        ring_profile(rings_of([((1, 2), [(1, 1)])]), level=95)


@given(
    st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), max_size=30),
)
def test_records_are_counted_ring_by_ring(points: list[tuple[int, int]]) -> None:
    edges = [5.0, 13.0, 30.0]
    x, y = (np.array([point[axis] for point in points], dtype=float) for axis in (0, 1))

    counts = records_in_rings(x, y, place=shapely.Point(0, 0), edges_m=edges)

    assert list(counts) == oracle.counted([(float(a), float(b)) for a, b in points], (0, 0), edges)


def test_a_place_with_an_extent_holds_what_lies_in_it_and_on_its_edge() -> None:
    square = shapely.box(0, 0, 100, 100)
    eastings = np.array([50.0, 100.0, 101.0, 150.0, 151.0, 999.0])

    counts = records_in_rings(eastings, np.full(6, 50.0), place=square, edges_m=[50, 100])

    assert counts == (2, 2, 1)


def test_edges_that_do_not_rise_are_refused() -> None:
    with pytest.raises(InputError, match=r"found \[100, 100\]"):
        records_in_rings(np.zeros(1), np.zeros(1), place=shapely.Point(0, 0), edges_m=[100, 100])
