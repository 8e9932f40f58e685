from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.counts import Series
from peelian.core.months import Month, MonthSpan
from peelian.scanning.change import change_since_year_before, poisson_e_test
from peelian.scanning.many_changes import changes_together

SPAN = MonthSpan(Month(2016, 4), Month(2018, 3))


def series(place: str, before: int | None, after: int, **breaks: str) -> Series:
    """Two years: in each, so many records in its last month, and none else."""
    counts = (*[0] * 11, before, *[0] * 11, after)
    dated = {Month.parse(m.removeprefix("m").replace("_", "-")): why for m, why in breaks.items()}
    return Series("robbery", place, SPAN, counts, {}, dated)


def test_a_rise_and_a_fall_are_found_among_steady_places() -> None:
    steady = [series(f"steady {i}", 10, 10 + i % 3) for i in range(18)]

    found = changes_together([series("up", 5, 30), *steady, series("down", 40, 8)])

    assert [(each.place, each.changed) for each in found.changed] == [
        ("down", "down"),
        ("up", "up"),
    ]
    assert [each.place for each in found.series][1:19] == [each.place for each in steady]


def test_each_keeps_its_own_exact_interval() -> None:
    one = series("a", 7, 19)

    found = changes_together([one, series("b", 3, 3)])

    assert found.series[0].ratio == change_since_year_before(one)
    assert found.series[0].p_value == poisson_e_test(7, 19)


def test_what_alone_would_be_striking_is_not_among_a_hundred() -> None:
    striking = series("one", 4, 14)
    steady = [series(f"steady {i}", 10, 10) for i in range(99)]

    alone, among = changes_together([striking]), changes_together([striking, *steady])

    assert alone.series[0].changed == "up"
    assert among.series[0].changed is None


def test_of_changes_found_in_steady_wards_few_are_chance() -> None:
    rng, found = np.random.default_rng(5), 0
    for _ in range(40):
        pairs = rng.poisson(rng.gamma(2, 5, size=(30, 1)), size=(30, 2)).tolist()
        found += bool(changes_together([series("x", *pair) for pair in pairs]).changed)

    # With nothing to find, every discovery is false: in at most a tenth of the runs, but for
    # three standard errors of 40 runs.
    assert found / 40 <= 0.1 + 3 * (0.1 * 0.9 / 40) ** 0.5


def test_too_few_to_say_is_said() -> None:
    few, enough = changes_together([series("few", 1, 2), series("enough", 90, 95)]).series

    assert few.is_too_few_to_say
    assert not enough.is_too_few_to_say
    assert few.changed is None


def test_what_cannot_be_compared_is_no_test_and_says_why() -> None:
    unknown = Series("robbery", "unknown", SPAN, (None,) * 24)
    broken = series("broken", 5, 50, m2017_09="a new system")

    found = changes_together([unknown, broken, series("up", 5, 30)])

    assert [each.p_value is None for each in found.series] == [True, True, False]
    assert "No month of robbery is held for unknown" in found.series[0].why_not
    assert "both sides of a break. a new system" in found.series[1].why_not
    assert [each.place for each in found.changed] == ["up"]
    # Only one test was made: its own p-value decides.
    assert found.series[2].changed == changes_together([series("up", 5, 30)]).series[0].changed


def test_a_month_missing_in_one_year_is_left_out_of_both() -> None:
    (found,) = changes_together([series("a", None, 50)]).series

    assert found.ratio is not None
    assert (found.ratio.before, found.ratio.after, found.ratio.months) == (0, 0, 5)
    assert found.p_value == 1


def test_nothing_asked_gives_nothing() -> None:
    assert changes_together([]).series == ()
    assert changes_together([]).changed == ()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_the_order_does_not_matter(pairs: list[tuple[int, int]]) -> None:
    named = [series(str(i), *pair) for i, pair in enumerate(pairs)]

    forth, back = changes_together(named), changes_together(named[::-1])

    assert back.series[::-1] == forth.series


@pytest.mark.parametrize("counts", [(3, 3), (0, 0)])
def test_no_difference_is_no_change(counts: tuple[int, int]) -> None:
    assert changes_together([series("a", *counts)], discovery_rate=1.0).series[0].changed is None
