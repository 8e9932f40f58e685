"""What a forecast caught, and whether another caught more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.accuracy import drawn_again, exact_limits, hits_of
from peelian.core.errors import InputError
from peelian.scanning.accuracy import (
    Accuracy,
    accuracy,
    calibration,
    difference_between,
    pai,
    pei,
    share_caught,
    top_places,
)


def test_the_top_place_of_four_catches_its_records() -> None:
    assert share_caught([0.1, 3.0, 0.2, 0.0], [1, 6, 2, 1], top=0.25) == 0.6


def test_a_part_of_a_place_is_marked_as_a_whole_one() -> None:
    scores, later = list(range(10, 0, -1)), [1] * 10

    assert share_caught(scores, later, top=0.11) == 0.2
    assert share_caught(scores, later, top=0.3) == 0.3


def test_origins_are_pooled_by_records_not_by_their_shares() -> None:
    scores = [[1, 0], [1, 0]]
    later = [[1, 0], [0, 9]]

    assert share_caught(scores, later, top=0.5) == 0.1  # the mean of shares would be 0.5


def test_ties_are_broken_by_the_seed_and_not_by_the_order_of_places() -> None:
    level = np.zeros(1_000)

    one, again = top_places(level, count=50, seed=1), top_places(level, count=50, seed=1)
    other = top_places(level, count=50, seed=2)

    assert one.tolist() == again.tolist()
    assert set(one.tolist()) != set(other.tolist())
    assert one.mean() > 300  # in the order of places it would be 24.5


def test_a_score_that_is_missing_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match=r"1 of 2 have none\. Give them the score"):
        top_places([1.0, float("nan")], count=1)


@pytest.mark.parametrize("count", [0, 3])
def test_no_more_places_are_marked_than_there_are(count: int) -> None:
    with pytest.raises(InputError, match=f"found {count} asked for among 2"):
        top_places([1.0, 2.0], count=count)


@pytest.mark.parametrize("top", [0.0, -0.1, 5])
def test_a_top_share_above_one_is_refused(top: float) -> None:
    with pytest.raises(InputError, match=r"Write 0\.05 for the top 5 %"):
        share_caught([1.0], [1], top=top)


def test_without_later_records_there_is_no_share() -> None:
    with pytest.raises(InputError, match="Use a longer horizon"):
        share_caught([1.0, 2.0], [0, 0], top=0.5)
    assert np.isnan(accuracy([1.0, 2.0], [0, 0], count=1).pai)
    assert np.isnan(accuracy([1.0, 2.0], [0, 0], count=1).pei)


def test_a_single_place_catches_everything() -> None:
    found = accuracy([0.0], [3], count=1)

    assert (found.share, found.pai, found.pei) == (1, 1, 1)


def test_scores_and_records_of_other_places_are_refused() -> None:
    with pytest.raises(InputError, match=r"\(1, 2\) and \(1, 3\)"):
        accuracy([1, 2], [1, 2, 3], count=1)


def test_a_horizon_with_a_missing_month_is_refused_and_not_taken_for_zero() -> None:
    with pytest.raises(InputError, match=r"found 1 entries .* Leave out origins whose horizon"):
        accuracy([1, 2], [1, float("nan")], count=1)


def test_a_tenth_of_the_area_with_half_the_records_has_an_index_of_five() -> None:
    assert pai(50, 100, 1, 10) == pytest.approx(5)
    assert pai(500, 1_000, 3, 30) == pytest.approx(5)


@pytest.mark.parametrize(
    ("hits", "total", "area", "whole"), [(0, 0, 1, 2), (3, 2, 1, 2), (1, 2, 3, 2), (1, 2, 0, 2)]
)
def test_an_index_of_nothing_or_of_more_than_all_is_refused(
    hits: float, total: float, area: float, whole: float
) -> None:
    with pytest.raises(InputError, match="give the part before the whole"):
        pai(hits, total, area, whole)


def test_efficiency_compares_with_the_best_that_was_possible() -> None:
    found = accuracy([3, 2, 1, 0], [1, 0, 4, 3], count=2)

    assert found.best == (7,)
    assert found.pei == pytest.approx(1 / 7)
    assert pei(1, 7) == found.pei
    with pytest.raises(InputError, match="found 8 of at best 7"):
        pei(8, 7)


tables = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(0, 5), min_size=n, max_size=n),
        st.integers(1, n),
        st.integers(0, 99),
    )
)


@given(tables)
def test_hits_are_those_of_taking_the_best_place_left_again_and_again(
    drawn: tuple[list[int], list[int], int, int],
) -> None:
    scores, later, count, seed = drawn
    turns = np.random.default_rng(seed).permutation(len(scores))
    ties = np.argsort(turns).tolist()

    found = accuracy(scores, later, count=count, seed=seed)

    assert found.hits == (hits_of([float(s) for s in scores], later, count, ties),)


@given(tables)
def test_nothing_catches_more_than_hindsight_and_hindsight_catches_the_best(
    drawn: tuple[list[int], list[int], int, int],
) -> None:
    scores, later, count, seed = drawn

    found = accuracy(scores, later, count=count, seed=seed)
    perfect = accuracy(later, later, count=count, seed=seed)

    assert found.hits[0] <= found.best[0] == perfect.hits[0] <= found.totals[0]


@given(tables)
def test_only_the_order_of_scores_matters(drawn: tuple[list[int], list[int], int, int]) -> None:
    scores, later, count, seed = drawn

    grown = [2 * s + 7 for s in scores]

    plain = accuracy(scores, later, count=count, seed=seed)
    assert plain == accuracy(grown, later, count=count, seed=seed)


@pytest.mark.parametrize("observed", [0, 1, 7, 40])
def test_the_calibration_interval_is_the_exact_one_of_a_poisson_count(observed: int) -> None:
    found = calibration([10.0, 10.0], [observed, 0], level=0.9)

    low, high = exact_limits(observed, 0.9)
    assert found.ratio == observed / 20
    assert (found.low, found.high) == pytest.approx((low / 20, high / 20), abs=1e-9)


def test_a_prediction_of_nothing_cannot_be_calibrated() -> None:
    with pytest.raises(InputError, match="found 0 predicted"):
        calibration([0.0], [3])


def rolling(hits: list[float]) -> Accuracy:
    return Accuracy(tuple(hits), (10.0,) * len(hits), (10.0,) * len(hits), 1, 0.05)


def test_the_bootstrapped_difference_agrees_with_drawing_runs_one_by_one() -> None:
    draws = np.random.default_rng(3)
    first, second = (draws.integers(0, 10, 60).astype(float).tolist() for _ in range(2))
    runs = sorted(np.add(first, np.repeat([0, 2, 4], 20)).tolist())  # neighbours alike

    for hits in (first, runs):
        found = difference_between(rolling(hits), rolling(second), block=7, seed=5, level=0.9)
        slow = drawn_again(hits, second, [10.0] * 60, 7, seed=8)

        scale = 20  # places a marked place
        assert found.estimate == pytest.approx((sum(hits) - sum(second)) / 600 * scale)
        spread = (slow[1899] - slow[100]) * scale
        assert found.low == pytest.approx(slow[100] * scale, abs=0.08 * spread)
        assert found.high == pytest.approx(slow[1899] * scale, abs=0.08 * spread)


def test_a_forecast_does_not_differ_from_itself() -> None:
    same = rolling([1.0, 5.0, 3.0, 2.0])

    found = difference_between(same, same, seed=1)

    assert (found.estimate, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_the_p_value_counts_the_observed_arrangement() -> None:
    better, worse = rolling([9.0] * 30), rolling([1.0] * 30)

    found = difference_between(better, worse, seed=1, replicates=99)

    assert found.p_value == 2 / 100
    assert found.low > 0


def test_runs_of_origins_give_a_wider_interval_where_neighbours_are_alike() -> None:
    waves, level = rolling([0.0] * 20 + [10.0] * 20 + [0.0] * 20), rolling([3.0] * 60)

    one, runs = (difference_between(waves, level, block=block, seed=1) for block in (1, 15))

    assert runs.high - runs.low > 2 * (one.high - one.low)


def test_forecasts_of_other_origins_are_not_compared() -> None:
    with pytest.raises(InputError, match="found 3 and 2 origins"):
        difference_between(rolling([1.0] * 3), rolling([1.0] * 2), seed=1)
    with pytest.raises(InputError, match="blocks of 2"):
        difference_between(rolling([1.0] * 3), rolling([1.0] * 3), block=2, seed=1)


def test_places_that_are_not_of_one_size_are_scored_by_their_share_of_the_area() -> None:
    found = accuracy([3, 2, 1], [4, 1, 0], count=1, area_share=0.1)

    assert found.pai == pytest.approx(8)


@pytest.mark.parametrize(("origins", "block"), [(2, 1), (5, 1), (20, 4)])
def test_few_runs_of_origins_that_agree_prefer_no_forecast(origins: int, block: int) -> None:
    found = difference_between(
        rolling([9.0] * origins), rolling([1.0] * origins), seed=1, block=block
    )

    assert found.low > 0
    assert not found.is_better


def test_six_origins_that_agree_are_enough_to_prefer_a_forecast() -> None:
    assert difference_between(rolling([9.0] * 6), rolling([1.0] * 6), seed=1).is_better
