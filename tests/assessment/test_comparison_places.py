from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from peelian.assessment.compared_counts import ComparedCounts
from peelian.assessment.comparison_places import (
    ComparisonChoice,
    check_of,
    choose_comparison_places,
)
from peelian.assessment.pre_period_fit import fit_of
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month
from ward_panels import alike, ids, months


def choose(panel: NDArray[np.float64], **changes: object) -> ComparisonChoice:
    asked: dict[str, object] = {"treated": ["place 00"], "seed": 1} | changes
    return choose_comparison_places(
        panel, ids(len(panel)), months(panel.shape[1]), **asked  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_series_fits_itself_and_its_double_in_all_but_level() -> None:
    own = alike(1)[0]

    fit = fit_of(own, np.array([own, 2 * own]), months())

    assert fit.level.tolist() == [1, 2]
    assert fit.trend == pytest.approx([0, 0], abs=1e-9)
    assert fit.season.tolist() == [0, 0]
    assert fit.misfit[0] == 0


def test_the_misfit_is_the_squared_distance_over_the_sum() -> None:
    fit = fit_of(np.array([3.0, 5.0, 0.0]), np.array([[1.0, 5.0, 0.0]]), months(3))

    assert fit.misfit[0] == pytest.approx((4 / 4 + 0 + 0) / 3)


def test_a_trend_is_what_a_place_rose_by_in_a_year() -> None:
    years = np.arange(24) / 12
    flat = np.full(24, 500.0)

    fit = fit_of(flat, np.array([500 * 1.2**years, 500 / 1.2**years]), months())

    # One step of the score test is short of the full answer by a term in the square of the trend.
    assert fit.trend == pytest.approx([0.2, 1 / 1.2 - 1], abs=0.01)
    assert not fit.moves_alike.any()


def test_a_season_turned_round_does_not_fit() -> None:
    wave = 60 * np.sin(np.arange(24) * np.pi / 6)

    fit = fit_of(200 + wave, np.array([200 - wave, 200 + wave]), months())

    assert fit.has_season.tolist() == [False, True]


def test_a_candidate_without_a_record_fits_nothing() -> None:
    fit = fit_of(alike(1)[0], np.zeros((1, 24)), months())

    assert not fit.has_level[0]


def test_places_of_another_level_trend_or_season_are_not_taken() -> None:
    panel = alike(30, mean=60)
    panel[1] *= 3
    panel[2] = np.rint(panel[2] * 1.6 ** (np.arange(24) / 12))
    panel[3] = np.rint(60 * (1 - 0.6 * np.sin(np.arange(24) * np.pi / 6)))

    choice = choose(panel, wanted=29)

    assert not {"place 01", "place 02", "place 03"} & set(choice.place_ids)
    assert dict(choice.refused)["level"] == 1
    # Half a year of a season turned round is a trend as well: either reason is right.
    assert dict(choice.refused)["trend"] + dict(choice.refused)["season"] >= 2


def test_neighbours_are_left_out_and_counted() -> None:
    choice = choose(alike(20), left_out=["place 04", "place 05", "elsewhere"], wanted=17)

    assert not {"place 00", "place 04", "place 05"} & set(choice.place_ids)
    assert dict(choice.refused)["near or left out"] == 2


def test_the_closest_come_first_and_no_more_than_wanted() -> None:
    choice = choose(alike(30), wanted=5)

    misfits = [place.misfit for place in choice.chosen]
    assert len(misfits) == 5
    assert misfits == sorted(misfits)


def test_every_place_is_taken_or_counted_with_a_reason() -> None:
    choice = choose(alike(30), left_out=["place 09"], wanted=5)

    assert len(choice.chosen) + sum(count for _, count in choice.refused) + 1 == 30


def test_several_places_are_matched_by_their_mean() -> None:
    choice = choose(alike(30), treated=["place 00", "place 01", "place 02"])

    assert {"place 00", "place 01", "place 02"}.isdisjoint(choice.place_ids)
    assert all(0.5 < place.level < 2 for place in choice.chosen)
    assert choice.together.level == pytest.approx(1, abs=0.2)


def test_a_missing_month_is_left_out_for_all() -> None:
    panel = alike(20)
    gap = panel.copy()
    gap[7, 5] = np.nan
    without = np.delete(panel, 5, axis=1)
    kept = [month for number, month in enumerate(months()) if number != 5]

    choice = choose(gap)

    assert choice == choose_comparison_places(without, ids(20), kept, treated=["place 00"], seed=1)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_a_choice_among_places_alike_favours_no_answer(seed: int) -> None:
    check = choose(alike(40, seed=seed)).check

    assert check.favours is None
    assert check.alarms <= 0.2 * check.places
    assert check.variation < 0.3


def test_places_that_part_in_the_last_months_show_as_variation() -> None:
    panel = alike(40, mean=60)
    panel[::2, -6:] = np.rint(panel[::2, -6:] * 1.5)

    assert choose(panel).check.variation > choose(alike(40, mean=60)).check.variation + 0.1


def test_a_choice_that_leans_is_told_either_way() -> None:
    before, other = np.full(50, 100.0), np.full(50, 1000.0)
    noise = np.tile([-2.0, 2.0], 25)

    up = check_of(ComparedCounts(before, 115 + noise, other, other), months=6)
    down = check_of(ComparedCounts(before, 85 + noise, other, other), months=6)
    fair = check_of(ComparedCounts(before, 100 + noise, other, other), months=6)

    assert (up.favours, down.favours, fair.favours) == ("up", "down", None)
    assert up.ratio == pytest.approx(1.15)


@pytest.mark.parametrize(
    ("panel", "changes", "message"),
    [
        (alike(20, count=17), {}, "at least 12 months"),
        (np.vstack([np.zeros((1, 24)), alike(20)]), {}, "found none"),
        (np.vstack([alike(1, mean=90), alike(20)]), {}, "found 0 of 20, 0 of which have"),
        (alike(3), {}, "of 2, 2 of which have"),
        (alike(1), {}, "found 0 of 0"),
    ],
)
def test_where_none_fits_none_is_chosen(
    panel: NDArray[np.float64], changes: dict[str, object], message: str
) -> None:
    with pytest.raises(CoverageError, match=message):
        choose(panel, **changes)


@pytest.mark.parametrize(
    ("panel", "changes", "message"),
    [
        (alike(5), {"treated": ["nowhere"]}, "nowhere"),
        (alike(5), {"treated": []}, "of 0"),
        (-alike(5), {}, "0 or more"),
        (alike(5), {"least": 4, "wanted": 3}, "found 4 and 3"),
    ],
)
def test_a_panel_that_does_not_match_is_refused(
    panel: NDArray[np.float64], changes: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        choose(panel, **changes)


def test_a_choice_is_made_from_the_panel_as_it_is() -> None:
    panel = alike(20)
    before = panel.copy()

    choose(panel)

    assert (panel == before).all()


def wards(real_data: Path, kind: str) -> tuple[list[str], NDArray[np.float64], list[Month]]:
    import polars as pl

    table = pl.read_parquet(
        real_data / "mps-recorded-crime" / "recorded-crime-ward-historical.parquet"
    ).filter(pl.col("majortext") == kind)
    columns = [name for name in table.columns if name.isdigit()]
    counted = table.group_by("wardcode").agg(pl.col(columns).sum()).sort("wardcode")
    held = [Month(int(name[:4]), int(name[4:])) for name in columns]
    return counted["wardcode"].to_list(), counted.select(columns).to_numpy().astype(float), held


@pytest.mark.parametrize("kind", ["BURGLARY", "ROBBERY", "VIOLENCE AGAINST THE PERSON"])
def test_in_london_the_choice_for_the_pilot_ward_finds_nothing_where_nothing_was_done(
    real_data: Path, kind: str
) -> None:
    codes, panel, held = wards(real_data, kind)
    start = held.index(Month(2023, 4))

    choice = choose_comparison_places(
        panel[:, start - 30 : start], codes, held[start - 30 : start],
        treated=["E05013669"], seed=1, wanted=10,
    )  # fmt: skip

    # 5 % of 200 places is 10; 20 would come by chance less than once in 500.
    assert choice.check.alarms <= 20
    assert abs(choice.check.ratio - 1) < 0.1
    assert len(choice.chosen) == 10
