from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_trial import FIRST, drawn, expecting, hot_spot, hot_spots, weeks
from oracles import randomised as oracle
from peelian.core.errors import InputError, MonthOnlyError
from peelian.core.patrols import Trial, TrialKind
from peelian.response.trial import (
    blocks_of,
    draw_trial,
    draws_of_block,
    is_untouched,
    redrawn,
    trial_seal,
)

KINDS = st.sampled_from(["parallel", "crossover"])


def test_neighbouring_ranks_make_a_block_whatever_the_order_given() -> None:
    given_order = [hot_spot(3), hot_spot(1), hot_spot(4), hot_spot(2)]

    trial = drawn(4, 4, places=given_order)

    assert trial.places == ("p1", "p2", "p3", "p4")
    assert trial.blocks == (1, 1, 2, 2)


def test_places_left_over_join_the_last_block() -> None:
    trial = drawn(7, 4, block_size=4)

    assert trial.blocks == (1, 1, 1, 1, 1, 1, 1)
    assert drawn(9, 4, block_size=4).blocks == (1, 1, 1, 1, 2, 2, 2, 2, 2)


@settings(max_examples=40)
@given(st.integers(2, 9), st.integers(2, 7), st.integers(0, 2**63 - 1), st.sampled_from([2, 4]))
def test_half_of_each_block_is_treated_in_each_period_of_either_kind(
    count: int, periods: int, seed: int, block_size: int
) -> None:
    for kind in ("parallel", "crossover"):
        trial = drawn(count, periods, kind=kind, seed=seed, block_size=block_size)

        on = np.array(trial.treated)
        for _, rows in blocks_of(trial):
            treated = on[rows].sum(axis=0)
            assert (np.abs(2 * treated - len(rows)) <= len(rows) % 2).all()


@given(st.integers(2, 9), st.integers(2, 9), st.integers(0, 10_000))
def test_a_crossover_treats_each_place_in_half_of_the_periods(
    count: int, periods: int, seed: int
) -> None:
    on = np.array(drawn(count, periods, seed=seed).treated)

    assert (np.abs(2 * on.sum(axis=1) - periods) <= periods % 2).all()


@given(st.integers(2, 9), st.integers(1, 6), st.integers(0, 10_000))
def test_a_parallel_trial_treats_a_place_throughout_or_never(
    count: int, periods: int, seed: int
) -> None:
    on = np.array(drawn(count, periods, kind="parallel", seed=seed).treated)

    assert set(on.sum(axis=1).tolist()) <= {0, periods}


@given(KINDS, st.integers(2, 8), st.integers(2, 6), st.integers(0, 2**63 - 1))
def test_anyone_can_draw_it_again_from_the_seed(
    kind: TrialKind, count: int, periods: int, seed: int
) -> None:
    trial = drawn(count, periods, kind=kind, seed=seed)

    assert redrawn(trial) == trial
    assert is_untouched(trial)


def test_a_place_that_joins_at_the_end_leaves_the_blocks_before_as_they_were() -> None:
    shorter, longer = drawn(4, 6, seed=5), drawn(6, 6, seed=5)

    assert longer.treated[:4] == shorter.treated


def test_the_seal_is_the_sha256_of_the_text_that_its_docstring_gives() -> None:
    trial = drawn(2, 2, kind="parallel", seed=7)

    by_hand = ",".join(
        f'["p{i + 1}",1,12.0,"{"11" if trial.treated[i][0] else "00"}"]' for i in range(2)
    )
    text = f'["parallel",7,["2026-06-01","2026-06-08","2026-06-15"],[{by_hand}]]'
    assert trial.seal == hashlib.sha256(text.encode()).hexdigest()


def test_every_change_of_a_trial_shows() -> None:
    trial = drawn(4, 4, seed=3)
    turned = tuple(tuple(not on for on in row) for row in trial.treated)
    changes = (
        replace(trial, treated=turned),
        replace(trial, seed=4),
        replace(trial, kind="parallel"),
        replace(trial, places=("p1", "p2", "p3", "p5")),
        replace(trial, blocks=(1, 1, 1, 1)),
        replace(trial, expected=trial.expected[1:]),
        replace(trial, period_starts=(*trial.period_starts[:-1], date(2026, 7, 1))),
        replace(trial, treated=trial.treated[:-1]),
        replace(trial, seal=""),
    )

    assert not any(is_untouched(changed) for changed in changes)


def test_a_trial_read_back_from_json_is_untouched() -> None:
    trial = drawn(5, 4, seed=3)

    again = msgspec.json.decode(msgspec.json.encode(trial), type=Trial)

    assert again == trial
    assert is_untouched(again)


def test_a_changed_arrangement_shows_even_under_a_seal_made_anew() -> None:
    trial = drawn(4, 4, seed=3)
    turned = replace(trial, treated=tuple(tuple(not on for on in row) for row in trial.treated))

    resealed = replace(turned, seal=trial_seal(turned))

    assert not is_untouched(resealed)


@pytest.mark.parametrize(
    ("kind", "size", "periods"),
    [("parallel", 2, 3), ("parallel", 3, 1), ("parallel", 4, 1), ("crossover", 2, 4),
     ("crossover", 2, 3), ("crossover", 3, 2), ("crossover", 4, 2)],
)  # fmt: skip
def test_draws_come_as_often_as_all_of_them_written_down(
    kind: TrialKind, size: int, periods: int
) -> None:
    trial = drawn(size, periods, kind=kind, block_size=4 if size > 3 else 2)
    every = oracle.draws_of_one_block(kind, size, periods)

    draws = draws_of_block(trial, 1, draws=20_000, seed=11)
    found = Counter(tuple(map(tuple, draw)) for draw in draws.astype(int).tolist())

    assert set(found) == set(every)
    for arrangement, times in every.items():
        share = times / every.total()
        # Five standard errors: some 25 shares are compared, at a fixed seed.
        margin = 5 * (share * (1 - share) / 20_000) ** 0.5
        assert found[arrangement] / 20_000 == pytest.approx(share, abs=margin)


def test_the_sealed_draw_itself_comes_as_often_over_seeds() -> None:
    every = oracle.draws_of_one_block("crossover", 3, 2)

    found = Counter(
        tuple(tuple(map(int, row)) for row in drawn(3, 2, seed=seed).treated)
        for seed in range(3_000)
    )

    assert set(found) == set(every)
    for arrangement, times in every.items():
        share = times / every.total()
        margin = 5 * (share * (1 - share) / 3_000) ** 0.5
        assert found[arrangement] / 3_000 == pytest.approx(share, abs=margin)


def test_places_that_are_not_active_take_no_part() -> None:
    trial = drawn(2, 2, places=[*hot_spots(2), hot_spot(0)])

    assert trial.places == ("p1", "p2")


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_places_are_refused(count: int) -> None:
    with pytest.raises(InputError, match="two active ones; found"):
        drawn(count, 2, kind="parallel", places=hot_spots(count))


def test_an_id_or_a_rank_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="found an id twice"):
        drawn(2, 2, places=[hot_spot(1, place_id="p"), hot_spot(2, place_id="p")])
    with pytest.raises(InputError, match="found rank 1 for Place 1 and for Place 1"):
        drawn(2, 2, places=[hot_spot(1), hot_spot(1, place_id="p9")])


@pytest.mark.parametrize("block_size", [0, 1, 3])
def test_a_block_that_has_no_half_is_refused(block_size: int) -> None:
    with pytest.raises(InputError, match=f"found {block_size}"):
        drawn(4, 2, block_size=block_size)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_does_not_fit_is_refused(seed: int) -> None:
    with pytest.raises(InputError, match="A seed is a whole number"):
        drawn(4, 2, seed=seed)


def test_a_crossover_of_one_period_is_refused_and_a_parallel_trial_is_not() -> None:
    with pytest.raises(InputError, match="at least 2 periods"):
        drawn(4, 1)
    assert len(drawn(4, 1, kind="parallel").treated[0]) == 1


def test_periods_out_of_order_are_refused() -> None:
    with pytest.raises(InputError, match="2026-06-08 and then 2026-06-08"):
        draw_trial(
            hot_spots(2), kind="parallel", seed=1, records_known_to="day",
            period_starts=[FIRST, date(2026, 6, 8), date(2026, 6, 8)],
        )  # fmt: skip


def test_weeks_are_refused_for_records_known_to_the_month_unless_told_otherwise() -> None:
    with pytest.raises(MonthOnlyError, match=r"monthly periods, or use a force's own extract"):
        draw_trial(hot_spots(2), kind="crossover", period_starts=weeks(4), seed=1)


def test_months_are_taken_for_records_known_to_the_month() -> None:
    months = [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)]

    trial = draw_trial(hot_spots(2), kind="crossover", period_starts=months, seed=1)

    assert trial.period_starts == tuple(months)


def test_a_place_where_nothing_is_expected_takes_no_part() -> None:
    places = [*hot_spots(3), hot_spot(4, expected=0.0)]

    with pytest.raises(InputError, match="none are expected at Place 4"):
        drawn(4, 4, places=places)


def test_a_changed_expectation_breaks_the_seal() -> None:
    trial = drawn(4, 4)

    assert not is_untouched(replace(trial, expected=(12.0, 12.0, 12.0, 13.0)))
    assert is_untouched(expecting(trial, [12, 12, 12, 13]))
