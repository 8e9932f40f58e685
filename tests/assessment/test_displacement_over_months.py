from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import displacement_over_months as oracle
from peelian.assessment.displacement_over_months import (
    PlaceMonths,
    PlacesByMonth,
    displacement_over_months,
    drift_of,
)
from peelian.assessment.weighted_displacement import BeforeAfter, weighted_displacement
from peelian.core.counts import Series
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan

FIRST = Month(2015, 1)
BEFORE, AFTER = MonthSpan.parse("2017-07/2017-12"), MonthSpan.parse("2018-07/2018-12")
MONTHS = 48  # January 2015 to December 2018


def months_of(
    counts: Sequence[int | None],
    *,
    place: str = "the ward",
    area: float = 1.0,
    breaks: Mapping[Month, str] | None = None,
) -> PlaceMonths:
    span = MonthSpan(FIRST, FIRST.plus(len(counts) - 1))
    return PlaceMonths(Series("robbery", place, span, tuple(counts), breaks=breaks or {}), area)


def drawn(seed: int, *, mean: float = 8.0, months: int = MONTHS) -> list[int]:
    return [int(n) for n in np.random.default_rng(seed).poisson(mean, months)]


def fallen(counts: list[int], to: int) -> list[int]:
    return [*counts[:-6], *[to] * 6]


def test_the_estimate_is_that_of_the_counts_added_up() -> None:
    treated, control = fallen(drawn(1, mean=30), 10), drawn(2, mean=30)

    found = displacement_over_months(
        PlacesByMonth(months_of(treated), [months_of(control)]), before=BEFORE, after=AFTER
    )

    plain = weighted_displacement(
        treated=BeforeAfter(sum(treated[30:36]), sum(treated[42:])),
        control=BeforeAfter(sum(control[30:36]), sum(control[42:])),
    )
    assert found.estimate == plain.estimate
    assert found.direction == "down"


def test_periods_of_unlike_length_are_compared_in_records_of_the_months_after() -> None:
    treated = months_of([*[8] * 42, *[5] * 6])
    control = months_of([8] * MONTHS)

    found = displacement_over_months(
        PlacesByMonth(treated, [control]), before=MonthSpan.parse("2017-07/2018-06"), after=AFTER
    )

    assert found.estimate == pytest.approx(6 * (5 - 8))


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([1, 3]), st.booleans(), st.booleans())
def test_the_interval_is_that_written_out(
    seed: int, controls: int, has_around: bool, has_gap: bool
) -> None:
    rng = np.random.default_rng(seed)
    rates = rng.gamma(2, 3, size=(6, 1)) * rng.gamma(4, 0.25, size=(6, MONTHS))
    table: list[list[int | None]] = [[int(n) for n in row] for row in rng.poisson(rates)]
    if has_gap:
        table[1][14] = None
    roles = [table[:1], table[1 : 1 + controls], *([table[4:5], table[5:6]] if has_around else [])]
    places = PlacesByMonth(
        months_of(table[0]),
        [months_of(row, place=str(n)) for n, row in enumerate(roles[1])],
        months_of(table[4]) if has_around else None,
        [months_of(table[5])] if has_around else [],
    )

    found = displacement_over_months(places, before=BEFORE, after=AFTER)

    written = oracle.interval(roles, before=(30, 36), after=(42, 48), level=0.95)
    assert (found.estimate, found.low, found.high) == pytest.approx(written)
    assert (found.p_value < 0.05) == (found.direction is not None)


def test_places_that_drift_apart_get_a_wider_interval() -> None:
    steady = PlacesByMonth(months_of(drawn(3)), [months_of(drawn(4))])
    wave = [int(8 + 6 * np.sin(month / 4)) for month in range(MONTHS)]
    drifting = PlacesByMonth(months_of(wave), [months_of(drawn(4))])

    narrow = displacement_over_months(steady, before=BEFORE, after=AFTER)
    wide = displacement_over_months(drifting, before=BEFORE, after=AFTER)

    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_other_dates_windows_and_comparisons_are_tried() -> None:
    controls = [months_of(drawn(seed), place=f"ward {seed}") for seed in (5, 6)]

    found = displacement_over_months(
        PlacesByMonth(months_of(fallen(drawn(7), 2)), controls), before=BEFORE, after=AFTER
    )

    assert [check.kind for check in found.checks] == [
        "placebo date",
        "window",
        "comparison left out",
        "comparison left out",
    ]
    assert "earlier dates without a response" in found.checks[0].says
    assert "July 2018 to September 2018" in found.checks[1].says
    assert "Without ward 5" in found.checks[2].says
    assert not any(check.changed for check in found.checks)


def test_a_comparison_of_another_size_is_told() -> None:
    places = PlacesByMonth(months_of(drawn(1)), [months_of(drawn(2, mean=40))])
    by_size = replace(places, controls=[replace(places.controls[0], area=5.0)])

    unlike = displacement_over_months(places, before=BEFORE, after=AFTER)
    alike = displacement_over_months(by_size, before=BEFORE, after=AFTER)

    assert any("seldom change by the same number" in notice for notice in unlike.notices)
    assert not any("seldom change" in notice for notice in alike.notices)


def test_a_missing_month_is_left_out_and_told() -> None:
    gap: list[int | None] = [*drawn(1)]
    gap[44] = None

    found = displacement_over_months(
        PlacesByMonth(months_of(gap), [months_of([8] * MONTHS)]), before=BEFORE, after=AFTER
    )

    assert "1 months are not held for every place" in found.notices[1]


def test_half_of_a_period_has_to_be_held() -> None:
    gap: list[int | None] = [*drawn(1)[:44], *[None] * 4]
    places = PlacesByMonth(months_of(gap), [months_of(drawn(2))])

    with pytest.raises(CoverageError, match=r"Too few to say: half of .* 2 of 6 in July 2018"):
        displacement_over_months(places, before=BEFORE, after=AFTER)


def test_few_earlier_dates_are_too_few_to_say() -> None:
    places = PlacesByMonth(months_of(drawn(1)), [months_of(drawn(2))])

    with pytest.raises(CoverageError, match=r"Too few to say: .* 7 are held in full before July"):
        displacement_over_months(
            places,
            before=MonthSpan.parse("2016-01/2016-12"),
            after=MonthSpan.parse("2017-07/2017-12"),
        )


def test_a_break_between_the_periods_is_refused_and_one_before_costs_dates() -> None:
    control = [months_of(drawn(2))]
    between = months_of(drawn(1), breaks={Month(2018, 2): "a new system"})
    earlier = months_of(drawn(1), breaks={Month(2015, 4): "a new system"})

    with pytest.raises(CoverageError, match=r"both sides of a break: a new system \(February"):
        displacement_over_months(PlacesByMonth(between, control), before=BEFORE, after=AFTER)
    found = displacement_over_months(PlacesByMonth(earlier, control), before=BEFORE, after=AFTER)
    # 25 dates, of which the three whose periods begin before April 2015 cross the break.
    assert "At 22 earlier dates" in found.notices[0]


def test_periods_and_places_that_do_not_fit_are_refused() -> None:
    treated, control = months_of(drawn(1)), months_of(drawn(2))

    with pytest.raises(InputError, match="ends before the one after starts"):
        displacement_over_months(PlacesByMonth(treated, [control]), before=AFTER, after=AFTER)
    with pytest.raises(InputError, match="found 0 comparison places"):
        displacement_over_months(PlacesByMonth(treated, []), before=BEFORE, after=AFTER)
    with pytest.raises(InputError, match="1 around the treated one and 0 around"):
        displacement_over_months(
            PlacesByMonth(treated, [control], around_treated=control), before=BEFORE, after=AFTER
        )


def test_no_record_at_all_shows_nothing() -> None:
    empty = months_of([0] * MONTHS)

    found = displacement_over_months(PlacesByMonth(empty, [empty]), before=BEFORE, after=AFTER)

    assert (found.estimate, found.p_value, found.direction) == (0, 1, None)


def test_no_change_is_held_on_real_wards_where_nothing_was_done(real_data: Path) -> None:
    path = real_data / "mps-recorded-crime" / "recorded-crime-ward-historical.parquet"
    table = pl.read_parquet(path).filter(pl.col("lookup_boroughname") == "Camden")
    # April 2010 to December 2019, before the stay at home.
    months = [c for c in table.columns if c.isdigit() and c < "202001"]
    wards = table.group_by("wardcode", "majortext", maintain_order=True).agg(pl.col(months).sum())
    kinds = [
        rows.select(months).to_numpy()
        for _, rows in wards.sort("majortext", "wardcode").group_by(
            "majortext", maintain_order=True
        )
        if len(rows) == 20
    ]
    rng, inside, tried = np.random.default_rng(0), 0, 400
    for _ in range(tried):
        rows = kinds[rng.integers(len(kinds))]
        end = int(rng.integers(MONTHS, len(months)))
        treated, *controls = rng.permutation(rows)[:4, end - MONTHS : end].tolist()

        found = displacement_over_months(
            PlacesByMonth(months_of(treated), [months_of(row) for row in controls]),
            before=BEFORE,
            after=AFTER,
        )

        inside += found.direction is None
    # Of 400 with a chance of 0.95, three standard errors are 0.033.
    assert inside / tried >= 0.95 - 0.033


def test_how_far_places_drift_is_what_the_interval_was_widened_for() -> None:
    wave = [int(8 + 6 * np.sin(month / 4)) for month in range(MONTHS)]
    places = PlacesByMonth(months_of(wave), [months_of(drawn(4))])

    drift = drift_of(places, before=BEFORE, after=AFTER)

    found = displacement_over_months(places, before=BEFORE, after=AFTER)
    assert drift.spread > 1
    assert f"varied {drift.spread:.1f} times as much" in found.notices[0]
