from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.analysis.harm import harm_of_places, harm_weighted, weighted_sum_interval
from peelian.core.crimes import CRIME_TYPES
from peelian.core.errors import InputError
from peelian.core.months import MonthSpan
from peelian.core.places import MicroPlace, SnapPoint
from peelian.measures.harm_index import harm_index
from peelian.scanning.series import PlaceCounts

INDEX = harm_index("ons-crime-severity-score-2016")
COUNTS = st.dictionaries(st.sampled_from(list(CRIME_TYPES)), st.integers(0, 200))
SPAN = MonthSpan.parse("2018-01/2018-02")
PLACES = tuple(
    MicroPlace(name, name, (SnapPoint(name, 0.0, 0.0, 100.0 * i, 0.0),))
    for i, name in enumerate(["Mill Lane", "Front Street", "Quayside"])
)


def table(*rows: tuple[float, float], places: tuple[MicroPlace, ...] = PLACES) -> PlaceCounts:
    return PlaceCounts("any", places, SPAN, np.array(rows, dtype=float))


def test_records_are_weighed_by_the_index_and_summed() -> None:
    found = harm_weighted({"robbery": 2, "shoplifting": 10, "burglary": 1}, INDEX)

    assert found.harm == 2 * 746 + 10 * 13 + 438
    assert (found.weighed, found.unit) == (13, "severity points")


def test_what_an_open_category_mixes_gives_a_range() -> None:
    found = harm_weighted({"burglary": 10, "robbery": 1}, INDEX)

    assert (found.least, found.most) == (10 * 117 + 746, 10 * 2127 + 746)


def test_types_without_a_weight_are_listed_and_not_taken_as_harmless() -> None:
    found = harm_weighted({"violent-crime": 6, "anti-social-behaviour": 3, "robbery": 1}, INDEX)

    assert found.not_weighed == {"violent-crime": 6, "anti-social-behaviour": 3}
    assert found.share_weighed == pytest.approx(0.1)


def test_nothing_to_weigh_is_zero_and_leaves_room_for_one_grave_record() -> None:
    found = harm_weighted({}, INDEX)

    assert (found.harm, found.low, found.least, found.most) == (0, 0, 0, 0)
    # One-sided 97.5 % limit of a Poisson count of nothing: -ln 0.025 records of 746 points.
    assert found.high == pytest.approx(-np.log(0.025) * 746)
    assert found.share_weighed is None


def test_one_weight_gives_the_exact_interval_of_a_poisson_count() -> None:
    from scipy.stats import chi2

    low, high = weighted_sum_interval(9 * 746, 9 * 746**2, heaviest=746)

    assert low == pytest.approx(746 * chi2.ppf(0.025, 2 * 9) / 2)
    assert high == pytest.approx(746 * chi2.ppf(0.975, 2 * 10) / 2)


@given(COUNTS)
def test_harm_lies_in_its_interval_and_in_its_range(counts: Mapping[str, int]) -> None:
    found = harm_weighted(counts, INDEX)

    assert found.low <= found.harm <= found.high
    assert found.least <= found.harm <= found.most
    assert found.weighed + sum(found.not_weighed.values()) == sum(counts.values())


@given(COUNTS, COUNTS)
def test_harm_adds_up(one: Mapping[str, int], other: Mapping[str, int]) -> None:
    both = {t: one.get(t, 0) + other.get(t, 0) for t in {*one, *other}}

    apart = harm_weighted(one, INDEX).harm + harm_weighted(other, INDEX).harm
    assert harm_weighted(both, INDEX).harm == pytest.approx(apart)


def test_the_interval_holds_the_true_harm_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    rates = {"robbery": 3.0, "shoplifting": 20.0, "theft-from-the-person": 5.0}
    truth = sum(rate * INDEX.by_type[t].weight for t, rate in rates.items())

    held = 0
    for _ in range(400):
        found = harm_weighted({t: int(random.poisson(r)) for t, r in rates.items()}, INDEX)
        held += found.low <= truth <= found.high

    # 95 % of 400 are 380; fewer than 368 come up once in some hundred such tests.
    assert held >= 368


def test_places_are_ranked_by_harm_and_not_by_count() -> None:
    counts = {
        "robbery": table((0, 0), (1, 0), (0, 0)),
        "shoplifting": table((9, 9), (0, 0), (0, 0)),
        "drugs": table((0, 0), (0, 0), (5, 5)),
    }

    found = harm_of_places(counts, INDEX)

    assert [(each.rank, each.name, each.total.harm) for each in found] == [
        (1, "Front Street", 746), (2, "Mill Lane", 18 * 13),
    ]  # fmt: skip


def test_records_without_a_weight_count_among_a_places_records() -> None:
    counts = {"robbery": table((1, 0), (0, 0), (0, 0)), "drugs": table((4, 0), (0, 0), (0, 0))}

    (found,) = harm_of_places(counts, INDEX)

    assert (found.records, found.total.weighed) == (5, 1)


def test_equal_places_come_in_a_fixed_order() -> None:
    found = harm_of_places({"robbery": table((1, 0), (0, 1), (1, 0))}, INDEX)

    assert [each.name for each in found] == ["Front Street", "Mill Lane", "Quayside"]


def test_a_month_missing_for_one_type_is_left_out_for_all() -> None:
    counts = {
        "robbery": table((1, 1), (1, 1), (1, 1)),
        "shoplifting": table((9, np.nan), (0, np.nan), (0, np.nan)),
    }

    found = harm_of_places(counts, INDEX)

    assert [each.total.harm for each in found] == [746 + 9 * 13, 746, 746]


def test_no_type_and_no_record_rank_no_place() -> None:
    assert harm_of_places({}, INDEX) == ()
    assert harm_of_places({"robbery": table((0, 0), (0, 0), (0, 0))}, INDEX) == ()


def test_tables_of_other_places_cannot_be_summed() -> None:
    others = table((1, 0), (0, 0), (0, 0), places=PLACES[::-1])

    with pytest.raises(InputError, match="the same places and months"):
        harm_of_places({"robbery": table((1, 0), (0, 0), (0, 0)), "drugs": others}, INDEX)


@pytest.mark.parametrize("counts", [{"mugging": 1}, {"robbery": -1}])
def test_only_counts_of_crime_types_are_weighed(counts: Mapping[str, int]) -> None:
    with pytest.raises(InputError, match="weighed by counts of crime types"):
        harm_weighted(counts, INDEX)
