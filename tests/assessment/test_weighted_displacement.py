from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import count_contrast as oracle
from peelian.assessment.count_contrast import (
    CountContrast,
    least_level_that_holds,
)
from peelian.assessment.weighted_displacement import (
    BeforeAfter,
    DisplacementCounts,
    weighted_displacement,
    weighted_displacement_by_harm,
)
from peelian.core.errors import InputError

COUNTS = st.integers(0, 60)
SIZES = st.sampled_from([0.5, 1.0, 1.6, 4.0])
PLACES = st.builds(BeforeAfter, COUNTS, COUNTS, SIZES)
TIMES = st.sampled_from([(1.0, 1.0), (2.0, 1.0), (12.0, 6.0)])


def test_the_worked_example_gives_the_printed_estimate() -> None:
    result = weighted_displacement(
        treated=BeforeAfter(207, 110),
        control=BeforeAfter(308, 318),
        around_treated=BeforeAfter(178, 157),
        around_control=BeforeAfter(150, 140),
    )

    assert result.estimate == -118
    assert result.direction == "down"
    assert result.maryland_level == 3


@given(PLACES, PLACES, st.none() | st.tuples(PLACES, PLACES), TIMES)
def test_the_estimate_is_that_of_the_paper_added_up_place_by_place(
    treated: BeforeAfter,
    control: BeforeAfter,
    around: tuple[BeforeAfter, BeforeAfter] | None,
    times: tuple[float, float],
) -> None:
    places = DisplacementCounts(treated, control, *(around or ()))

    contrast = places.contrast(time_weights=times)

    listed = [(p.before, p.after, p.area) for p in (treated, control, *(around or ()))]
    estimate, error = oracle.wheeler_ratcliffe(listed, times=times)
    assert contrast.estimate == pytest.approx(estimate)
    assert contrast.standard_error == pytest.approx(error)


@given(st.lists(COUNTS, min_size=4, max_size=4), SIZES, st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_for_few_records_is_that_written_out(
    counts: list[int], size: float, level: float
) -> None:
    weights = [1, -1, -1 / size, 1 / size]

    found = CountContrast(tuple(counts), tuple(weights)).interval(level=level)

    assert found == pytest.approx(oracle.joined_limits(counts, weights, level), abs=1e-9)


@settings(max_examples=50)
@given(PLACES, PLACES, TIMES)
def test_the_p_value_is_below_the_level_exactly_when_no_change_is_outside_the_interval(
    treated: BeforeAfter, control: BeforeAfter, times: tuple[float, float]
) -> None:
    result = weighted_displacement(treated=treated, control=control, time_weights=times)

    assert result.low <= result.estimate <= result.high
    assert (result.p_value < 0.05) == (result.direction is not None)


@given(PLACES, PLACES, PLACES, PLACES)
def test_treated_and_comparison_swapped_turn_the_sign(
    treated: BeforeAfter, control: BeforeAfter, near: BeforeAfter, far: BeforeAfter
) -> None:
    one = weighted_displacement(
        treated=treated, control=control, around_treated=near, around_control=far
    )
    other = weighted_displacement(
        treated=control, control=treated, around_treated=far, around_control=near
    )

    assert (one.estimate, one.low, one.high) == pytest.approx(
        (-other.estimate, -other.high, -other.low)
    )


@pytest.mark.parametrize(
    ("means", "weights"),
    [
        ((1.0, 1.0, 1.0, 1.0), (1, -1, -1, 1)),
        ((0.3, 2.0, 1.5, 1.5), (1, -1, -1, 1)),
        ((0.5, 1.0, 1.0, 2.0), (1, -0.5, -1, 0.5)),
        ((2.0, 2.0), (1, -1)),
    ],
)
def test_it_covers_the_truth_with_few_records(
    means: tuple[float, ...], weights: tuple[float, ...]
) -> None:
    truth = sum(m * w for m, w in zip(means, weights, strict=True))
    covered = 0.0
    for counts, chance in oracle.every_table(means, up_to=7 if len(means) == 4 else 14):
        low, high = CountContrast(counts, weights).interval(level=0.95)
        covered += chance * (low <= truth <= high)

    # Exact but for counts beyond the table, whose chance is below 0.005.
    assert 0.94 <= covered <= 0.995


def test_the_normal_interval_is_used_only_with_many_records_and_little_skew() -> None:
    many = weighted_displacement(treated=BeforeAfter(90, 80), control=BeforeAfter(85, 95))
    few = weighted_displacement(treated=BeforeAfter(90, 19), control=BeforeAfter(85, 95))
    skew = weighted_displacement(
        treated=BeforeAfter(200, 20),
        control=BeforeAfter(1600, 160, area=8),
        time_weights=(10, 1),
    )

    assert "The normal interval was used" in many.notices[0]
    assert "few records was used" in few.notices[0]
    assert "few records was used" in skew.notices[0]


def test_no_record_at_all_shows_nothing() -> None:
    result = weighted_displacement(treated=BeforeAfter(0, 0), control=BeforeAfter(0, 0))

    assert result.estimate == 0
    assert result.p_value == 1
    assert result.low == -result.high < 0


def test_a_single_record_shows_nothing() -> None:
    result = weighted_displacement(treated=BeforeAfter(1, 0), control=BeforeAfter(0, 0))

    assert result.estimate == -1
    assert result.direction is None


def test_what_depends_on_the_comparison_is_said() -> None:
    # The comparison fell as much as the treated place, which alone would look like a fall.
    result = weighted_displacement(treated=BeforeAfter(80, 40), control=BeforeAfter(85, 45))

    alone = result.checks[0]
    assert result.direction is None
    assert (alone.kind, alone.changed) == ("comparison left out", True)
    assert "from 80 to 40: -40" in alone.says


def test_what_moved_next_door_is_taken_back() -> None:
    # 40 fewer where it was treated, 40 more around it: nothing was gained.
    result = weighted_displacement(
        treated=BeforeAfter(100, 60),
        control=BeforeAfter(100, 100),
        around_treated=BeforeAfter(100, 140),
        around_control=BeforeAfter(100, 100),
    )

    local = result.checks[1]
    assert result.estimate == 0
    assert "Were nothing moved to or from the places around: -40" in local.says


def test_harm_weighs_each_type() -> None:
    by_type = {
        "robbery": DisplacementCounts(BeforeAfter(10, 4), BeforeAfter(9, 8)),
        "drugs": DisplacementCounts(BeforeAfter(30, 33), BeforeAfter(25, 25)),
    }

    result = weighted_displacement_by_harm(by_type, weights={"robbery": 365, "drugs": 3})

    # (4 - 10 - 8 + 9) x 365 + (33 - 30 - 25 + 25) x 3
    assert result.estimate == -5 * 365 + 3 * 3
    assert result.direction is None
    assert "heaviest type is robbery" in result.checks[0].says


def test_a_type_without_harm_and_no_type_are_refused() -> None:
    places = DisplacementCounts(BeforeAfter(10, 4), BeforeAfter(9, 8))

    with pytest.raises(InputError, match="above zero; found none for drugs"):
        weighted_displacement_by_harm({"drugs": places}, weights={"robbery": 365})
    with pytest.raises(InputError, match="no type was given"):
        weighted_displacement_by_harm({}, weights={})


def test_places_around_only_one_side_are_refused() -> None:
    with pytest.raises(InputError, match="found only one of the two"):
        weighted_displacement(
            treated=BeforeAfter(10, 4),
            control=BeforeAfter(9, 8),
            around_treated=BeforeAfter(9, 9),
        )


def test_counts_sizes_and_levels_that_cannot_be_are_refused() -> None:
    control = BeforeAfter(9, 8)

    with pytest.raises(InputError, match="none below zero"):
        weighted_displacement(treated=BeforeAfter(-1, 4), control=control)
    with pytest.raises(InputError, match="size above zero; found an area of 0"):
        weighted_displacement(treated=BeforeAfter(5, 4, area=0), control=control)
    with pytest.raises(InputError, match="time weights 0 and 1"):
        weighted_displacement(treated=control, control=control, time_weights=(0, 1))
    with pytest.raises(InputError, match=r"Write 95 % as 0\.95"):
        weighted_displacement(treated=control, control=control, level=95)
    with pytest.raises(InputError, match="one side that adds and one that takes away"):
        CountContrast((1, 2), (1, 1))


def test_a_p_value_has_ends() -> None:
    assert least_level_that_holds(lambda level: (5 - level, 5 + level)) == pytest.approx(1e-9)
    assert least_level_that_holds(lambda level: (-level, level)) == 1
    assert least_level_that_holds(lambda level: (0.5 - level, 1.0)) == pytest.approx(0.5)


def test_what_depends_on_records_that_come_one_by_one_is_said() -> None:
    # 1 + 0.15 x the root of 100 is 2.5; the fall is 40 with a standard error of root 360.
    result = weighted_displacement(treated=BeforeAfter(100, 60), control=BeforeAfter(100, 100))

    drifting = result.checks[-1]
    assert result.direction == "down"
    assert "vary 2.5 times" in drifting.says
    assert (drifting.kind, drifting.changed) == ("assumption", True)
