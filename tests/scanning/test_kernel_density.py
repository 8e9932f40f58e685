"""The density of records as a picture, and counts smoothed for a back-test."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.kernel_density import density, smoothed
from peelian.core.errors import InputError
from peelian.scanning.kernel_density import Kernel, kernel_at_places, kernel_density

BOUNDS = (0.0, 0.0, 2_000.0, 1_500.0)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
@pytest.mark.parametrize(
    ("cell_m", "bandwidth_m"), [(250, 750), (250, 300), (100, 400), (250, 150)]
)
@pytest.mark.parametrize("records", [1, 3, 40, 2_000])
def test_each_record_adds_what_its_kernel_does_to_a_hundredth_of_its_height(
    kernel: Kernel, cell_m: float, bandwidth_m: float, records: int
) -> None:
    draws = np.random.default_rng(4)
    x, y = draws.uniform(-300, 2_300, records), draws.uniform(-300, 1_800, records)

    found = kernel_density(
        x, y, bounds=BOUNDS, cell_m=cell_m, bandwidth_m=bandwidth_m, kernel=kernel
    )

    points = list(zip(x.tolist(), y.tolist(), strict=True))
    looked_at = [(row, column) for row in range(0, len(found.northing), 3) for column in range(5)]
    for row, column in looked_at:
        middle = (found.easting[column], found.northing[row])
        exact = density(points, middle, kernel, bandwidth_m)
        reach = 1.2 * bandwidth_m if kernel == "quartic" else np.inf  # a Gaussian has no end
        near = (np.hypot(x - middle[0], y - middle[1]) < reach).sum()
        height = density([(0, 0)], (0, 0), kernel, bandwidth_m)
        assert abs(found.density[row, column] - exact) <= near * height * 0.0105


places = st.lists(st.tuples(st.floats(600, 1_400), st.floats(600, 900)), min_size=1, max_size=20)


@given(places, st.sampled_from(["quartic", "gaussian"]))
@settings(max_examples=30)
def test_no_record_is_lost_or_made_where_the_kernel_stays_inside(
    spots: list[tuple[float, float]], kernel: Kernel
) -> None:
    x, y = zip(*spots, strict=True)

    found = kernel_density(x, y, bounds=BOUNDS, cell_m=50, bandwidth_m=140, kernel=kernel)

    assert found.records == len(spots)
    assert found.density.sum() * 0.05**2 == pytest.approx(len(spots), rel=0.01)
    assert (found.density >= 0).all()


@given(places)
@settings(max_examples=30)
def test_a_weight_of_two_is_two_records(spots: list[tuple[float, float]]) -> None:
    x, y = (np.array(each) for each in zip(*spots, strict=True))

    double = kernel_density(
        x, y, bounds=BOUNDS, cell_m=100, bandwidth_m=200, weights=np.full(len(x), 2.0)
    )
    twice = kernel_density(np.tile(x, 2), np.tile(y, 2), bounds=BOUNDS, cell_m=100, bandwidth_m=200)

    assert double.density == pytest.approx(twice.density, abs=1e-9)


def test_records_without_a_place_are_not_counted_and_none_give_zeros() -> None:
    nowhere = kernel_density(
        [float("nan"), 9e6], [500.0, 500.0], bounds=BOUNDS, cell_m=250, bandwidth_m=500
    )
    nothing = kernel_density([], [], bounds=BOUNDS, cell_m=250, bandwidth_m=500)

    assert nowhere.records == nothing.records == 0
    assert not nowhere.density.any()
    assert nothing.density.shape == (6, 8)


def test_a_record_outside_the_bounds_counts_as_far_as_its_kernel_reaches() -> None:
    found = kernel_density([-100.0], [750.0], bounds=BOUNDS, cell_m=250, bandwidth_m=500)

    assert found.density[3, 0] > 0
    assert not found.density[:, 2:].any()


def test_bounds_in_another_order_are_refused() -> None:
    with pytest.raises(InputError, match="west, south, east and north in this order"):
        kernel_density([1.0], [1.0], bounds=(9.0, 0.0, 1.0, 5.0), cell_m=1, bandwidth_m=1)


def test_a_bandwidth_far_below_a_cell_is_refused() -> None:
    with pytest.raises(InputError, match=r"found 0\.1 m .* Widen it, or count records a cell"):
        kernel_density([1.0], [1.0], bounds=BOUNDS, cell_m=250, bandwidth_m=0.1)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_smoothed_counts_are_those_of_every_pair_of_places(kernel: Kernel) -> None:
    draws = np.random.default_rng(6)
    x, y = draws.uniform(0, 900, 60), draws.uniform(0, 900, 60)
    counts = draws.poisson(2, (60, 3)).astype(float)

    found = kernel_at_places(counts, x, y, bandwidth_m=75, kernel=kernel)

    spots = list(zip(x.tolist(), y.tolist(), strict=True))
    for month in range(3):
        slow = smoothed(counts[:, month].tolist(), spots, kernel, 75)
        assert found[:, month] == pytest.approx(slow)


def test_a_month_that_is_not_held_stays_missing_when_smoothed() -> None:
    counts = np.array([[1.0, np.nan], [2.0, np.nan]])

    found = kernel_at_places(counts, [0.0, 50.0], [0.0, 0.0], bandwidth_m=75)

    assert np.isnan(found[:, 1]).all()
    assert not np.isnan(found[:, 0]).any()


def test_a_single_place_keeps_its_count() -> None:
    assert kernel_at_places(np.array([3.0]), [0.0], [0.0], bandwidth_m=75).tolist() == [3.0]


@pytest.mark.parametrize("weights", [[1.0, 2.0], []])
def test_weights_that_are_not_one_a_record_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match=rf"found 1, 1 and {len(weights)} of them"):
        kernel_density([1.0], [1.0], bounds=BOUNDS, cell_m=250, bandwidth_m=300, weights=weights)
