from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_ward import made_counts

from oracles.ranking import decayed, posterior_mean, predictive_limits
from peelian.core.results import RankedPlace
from peelian.scanning.ranking import rank_places
from peelian.scanning.series import PlaceCounts
from peelian.scanning.shrinkage import fit_rate_prior, predictive_interval

TABLES = st.integers(1, 6).flatmap(
    lambda places: st.integers(1, 30).flatmap(
        lambda months: st.lists(
            st.lists(st.integers(0, 20), min_size=months, max_size=months),
            min_size=places,
            max_size=places,
        )
    )
)


def names(ranked: tuple[RankedPlace, ...]) -> list[str]:
    return [place.name for place in ranked]


def with_places_in(order: list[int], counts: PlaceCounts) -> PlaceCounts:
    return PlaceCounts(
        counts.measure_id,
        tuple(counts.places[i] for i in order),
        counts.span,
        counts.counts[order].copy(),
    )


def test_a_recent_record_counts_more_than_an_old_one() -> None:
    ranked = rank_places(made_counts([5] + [0] * 23, [0] * 23 + [5]))

    assert names(ranked) == ["B", "A"]
    assert ranked[0].expected > ranked[1].expected


def test_a_record_a_half_life_old_counts_half() -> None:
    # Six records a year before the last month, against three in the last month: level.
    ranked = rank_places(made_counts([6] + [0] * 12, [0] * 12 + [3]), half_life_months=12)

    assert ranked[0].expected == pytest.approx(ranked[1].expected)
    assert names(ranked) == ["B", "A"]  # the more recent first


def test_the_figures_of_a_place_are_those_of_its_months() -> None:
    first = rank_places(made_counts([1] * 10 + [2] * 12 + [3], [0] * 23))[0]

    assert (first.rank, first.name, first.place_id) == (1, "A", "place-a")
    assert (first.records, first.recent) == (10 + 24 + 3, 22 + 3)
    assert (first.easting, first.northing, first.snap_points) == (529_000, 183_000, 1)
    assert (first.level, first.horizon_months) == (0.9, 3)
    assert first.low <= first.expected <= first.high


def test_places_without_a_record_are_not_ranked_but_draw_the_others_down() -> None:
    alone = rank_places(made_counts([4] * 6, [2] * 6))
    among = rank_places(made_counts([4] * 6, [2] * 6, *[[0] * 6] * 8))

    assert names(among) == ["A", "B"]
    assert among[1].expected < alone[1].expected


def test_a_place_with_few_records_is_drawn_to_the_mean() -> None:
    ranked = rank_places(made_counts([1] * 12, [0] * 11 + [1], [0] * 12, [1] * 12))

    assert names(ranked)[-1] == "B"
    assert ranked[-1].expected > 3 * 1 / 12


def test_a_ward_without_records_ranks_nothing() -> None:
    assert rank_places(made_counts([0] * 12, [0] * 12)) == ()


def test_a_ward_with_no_month_held_ranks_nothing() -> None:
    assert rank_places(made_counts([None] * 12, [None] * 12)) == ()


def test_one_place_is_ranked_by_itself() -> None:
    (only,) = rank_places(made_counts([2] * 12))

    assert only.rank == 1
    assert only.expected == pytest.approx(3 * 2, rel=0.02)


def test_a_missing_month_is_no_exposure_and_a_zero_month_is() -> None:
    missing = rank_places(made_counts([4, 4, 4, 4, None, None], [1, 1, 1, 1, None, None]))
    zero = rank_places(made_counts([4, 4, 4, 4, 0, 0], [1, 1, 1, 1, 0, 0]))

    assert missing[0].expected == pytest.approx(12, rel=0.1)
    assert zero[0].expected < 0.75 * missing[0].expected


@settings(deadline=None, max_examples=60)
@given(TABLES, st.data())
def test_one_more_recent_record_never_lowers_a_rank(
    table: list[list[int]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(table) - 1))
    month = data.draw(st.integers(0, len(table[0]) - 1))
    more = [list(row) for row in table]
    more[place][month] += 1

    before = {p.name: p.rank for p in rank_places(made_counts(*table))}
    after = {p.name: p.rank for p in rank_places(made_counts(*more))}

    name = chr(65 + place)
    assert after[name] <= before.get(name, len(table))


@settings(deadline=None, max_examples=60)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_in_which_places_come_does_not_matter(
    table: list[list[int]], shuffler: object
) -> None:
    order = list(range(len(table)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    counts = made_counts(*table)

    one, other = rank_places(counts), rank_places(with_places_in(order, counts))

    assert names(one) == names(other)
    assert [p.expected for p in one] == pytest.approx([p.expected for p in other])
    assert [p.why for p in one] == [p.why for p in other]


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_every_interval_holds_its_mean_count_rounded(table: list[list[int]]) -> None:
    for place in rank_places(made_counts(*table)):
        assert 0 <= place.low <= place.high
        assert place.low <= np.ceil(place.expected)
        assert place.high >= np.floor(place.expected) - 1


def test_expected_records_are_the_posterior_mean_added_up_in_small_steps() -> None:
    rows = [[3, 1, None, 4, 2, 5], [0, 1, None, 0, 0, 1], [2, 2, None, 2, 2, 2]]

    ranked = {p.name: p for p in rank_places(made_counts(*rows), half_life_months=4)}

    slow = [decayed(row, 4) for row in rows]
    prior = fit_rate_prior(*np.array(slow).T)
    for name, (records, exposure) in zip("ABC", slow, strict=True):
        mean = posterior_mean(records, exposure, prior.shape, prior.rate)
        assert ranked[name].expected == pytest.approx(3 * mean, rel=1e-5)


@pytest.mark.parametrize(("mean", "variance"), [(0.3, 0.5), (2.5, 0.2), (9.7, 0.15), (30, 0.3)])
def test_intervals_are_quantiles_of_a_poisson_count_with_an_uncertain_mean(
    mean: float, variance: float
) -> None:
    low, high = predictive_interval(np.array([mean]), np.array([variance]), level=0.9)

    assert (low[0], high[0]) == predictive_limits(mean, variance, 0.9)


def test_more_drift_widens_an_interval_and_moves_no_estimate() -> None:
    counts = made_counts([8] * 24, [2] * 24)

    steady, drifting = rank_places(counts, drift=0)[0], rank_places(counts, drift=0.5)[0]

    assert drifting.low < steady.low < steady.high < drifting.high
    assert drifting.expected == steady.expected


def test_places_that_are_all_alike_are_pooled() -> None:
    prior = fit_rate_prior(np.full(5, 12.0), np.full(5, 6.0))

    assert (prior.shape, prior.rate) == (500, 250)


def test_places_that_differ_most_keep_their_own_rates() -> None:
    prior = fit_rate_prior(np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 900.0]), np.full(10, 10.0))

    assert prior.shape < 0.2
    assert prior.shape / prior.rate == pytest.approx(9)


def test_one_place_gives_a_prior_worth_half_a_record() -> None:
    assert fit_rate_prior(np.array([6.0]), np.array([12.0])).shape == 0.5


def test_the_reasons_state_the_figures_they_rest_on() -> None:
    # Twelve months; A has 2 a month, the nine others 1 each every third month.
    others = [[1, 0, 0] * 4] * 9

    first = rank_places(made_counts([2] * 12, *others))[0]

    assert first.why == (
        "24 of the ward's 60 records in the twelve months to March 2018.",
        # In the four months in which all others have one, A has two: still the highest.
        "Among the ward's five highest in 12 of the last 12 months held.",
        "More records than the ward's average place, beyond chance, in 2 of 2 six-month periods.",
    )


def test_reasons_count_only_the_months_held() -> None:
    rows = [[1] * 14 + [None, None] + [3] * 8, [1] * 14 + [None, None] + [1] * 8]

    why = rank_places(made_counts(*rows))[0].why

    # 2017-04 and 2017-05 are in the last year, 2017-06 and 2017-07 are missing.
    assert why[0] == ("26 of the ward's 36 records in the 10 months held of the 12 to March 2018.")


def test_a_short_span_is_named_by_its_months() -> None:
    why = rank_places(made_counts([1, 2, 3], [0, 0, 1]))[0].why

    assert why[0] == "6 of the ward's 7 records in the 3 months to March 2018."


def test_a_tie_of_many_is_not_among_the_highest() -> None:
    first = rank_places(made_counts(*[[1] * 12] * 9))[0]

    assert not any("five highest" in sentence for sentence in first.why)
    assert (
        "In no six-month period did it stand out from the ward's average place beyond chance."
        in first.why
    )
