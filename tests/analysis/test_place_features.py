from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from oracles.place_features import near, p_value_over_a_lattice, score
from peelian.analysis.moved_places import MovedPlaces
from peelian.analysis.place_features import (
    FeatureAssociation,
    feature_association,
    features_near,
    least_radius_m,
    reasons_nearby,
)
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import MonthSpan
from peelian.core.places import FeatureKind, MapFeature, MicroPlace, SnapPoint
from peelian.scanning.series import PlaceCounts

Spot = tuple[float, float]
SPOTS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=2, max_size=12, unique=True
)
# A grid of places 100 m apart.
GRID: list[Spot] = [(100.0 * i, 100.0 * j) for j in range(8) for i in range(8)]


def place(name: str, *spots: Spot) -> MicroPlace:
    return MicroPlace(name, name, tuple(SnapPoint(name, 0.0, 0.0, e, n) for e, n in spots))


def places(spots: Sequence[Spot]) -> tuple[MicroPlace, ...]:
    return tuple(place(str(i), spot) for i, spot in enumerate(spots))


def feature(spot: Spot, kind: FeatureKind = "fast_food", name: str = "") -> MapFeature:
    return MapFeature(kind, name, Point(spot))


def counts(spots: Sequence[Spot], records: Sequence[float]) -> PlaceCounts:
    column = np.array(records, dtype=float)[:, None]
    return PlaceCounts("robbery", places(spots), MonthSpan.parse("2018-01"), column)


def associated(
    spots: Sequence[Spot], records: Sequence[float], at: Sequence[Spot], *, replicates: int = 199
) -> FeatureAssociation:
    (found,) = feature_association(
        counts(spots, records),
        [feature(spot) for spot in at],
        radius_m=100,
        replicates=replicates,
        seed=1,
    )
    return found


def test_what_is_near_is_told_by_kind_with_the_nearest_first() -> None:
    square = place("Larkfield Square", (0, 0), (60, 0))
    features = [
        feature((0, 90), "licensed_premises", "The Finch"),
        feature((60, 40), "licensed_premises", "The Wren"),
        feature((0, 101), "licensed_premises", "The Far Arms"),
        feature((30, 0), "street_lamp"),
        MapFeature("park", "Mill Green", box(-200, -50, 200, -20)),
    ]

    found = features_near([square], features, radius_m=100)["Larkfield Square"]

    pubs, park, lamp = found
    assert (pubs.kind, pubs.count, pubs.nearest_m) == ("licensed_premises", 2, 40)
    assert pubs.nearest_name == "The Wren"
    assert pubs.names == ("The Wren", "The Finch")
    assert (park.kind, park.nearest_m, park.names) == ("park", 20, ("Mill Green",))
    assert (lamp.kind, lamp.count, lamp.names) == ("street_lamp", 1, ())


def test_the_end_of_the_radius_is_in() -> None:
    found = features_near(places([(0, 0), (500, 0)]), [feature((0, 500))], radius_m=500)

    assert [near.nearest_m for near in found["0"]] == [500]
    assert found["1"] == ()


@given(SPOTS, st.lists(st.tuples(st.integers(-100, 1000), st.integers(-100, 1000)), max_size=8))
def test_what_is_near_agrees_with_every_distance(spots: list[Spot], at: list[Spot]) -> None:
    radius = max(150.0, least_radius_m(places(spots)))

    found = features_near(places(spots), [feature(spot) for spot in at], radius_m=radius)

    assert [bool(found[str(i)]) for i in range(len(spots))] == near(spots, at, radius)


def test_a_distance_below_the_spacing_of_snap_points_is_refused() -> None:
    grid = places(GRID)

    assert least_radius_m(grid) == 100
    with pytest.raises(InputError, match=r"here 100 m; found radius_m=99\. Ask for 100 m or more"):
        features_near(grid, [], radius_m=99)


def test_one_place_has_no_spacing_and_no_feature_nothing_near() -> None:
    alone = places([(0, 0)])

    assert least_radius_m(alone) == 0
    assert features_near(alone, [feature((0, 30))], radius_m=30)["0"][0].count == 1
    assert features_near(alone, [], radius_m=30) == {"0": ()}
    assert features_near([], [feature((0, 30))], radius_m=30) == {}


def test_reasons_are_facts_in_round_metres_without_what_the_map_shows_in_part() -> None:
    square = place("Larkfield Square", (0, 0))
    features = [
        feature((0, 34), "bus_stop", "Mill Lane"),
        feature((0, 70), "bus_stop"),
        feature((0, 5), "street_lamp"),
        feature((0, 5), "cash_machine"),
    ]

    (reason,) = reasons_nearby([square], features)["Larkfield Square"]

    assert (reason.kind, reason.count, reason.name, reason.metres) == (
        "bus_stop", 2, "Mill Lane", 30,
    )  # fmt: skip


def test_a_name_is_never_given_with_the_distance_of_another_thing() -> None:
    features = [feature((0, 20), "station"), feature((0, 60), "station", "Harbour Station")]

    (reason,) = reasons_nearby([place("Larkfield Square", (0, 0))], features)["Larkfield Square"]

    assert (reason.count, reason.name, reason.metres) == (2, "", 20)


def test_a_place_is_given_no_more_kinds_than_asked_for() -> None:
    kinds: tuple[FeatureKind, ...] = ("park", "school", "station", "bus_stop", "fast_food")
    features = [feature((0, 10), kind) for kind in kinds]

    found = reasons_nearby([place("Larkfield Square", (0, 0))], features, most=3)

    assert [each.kind for each in found["Larkfield Square"]] == ["station", "bus_stop", "fast_food"]


def test_the_rates_are_a_snap_point_near_over_one_not_near() -> None:
    records = [6 if e < 200 else 2 for e, _ in GRID]

    found = associated(GRID, records, [(0, 100.0 * j) for j in range(8)])

    # Near are the 16 places of the first two columns, with 6 records each.
    assert (found.places_near, found.places_not_near) == (16, 48)
    assert (found.records_near, found.records_not_near) == (96, 96)
    assert found.ratio == pytest.approx(3)


def test_a_place_of_many_points_counts_as_many() -> None:
    spots = [place(str(i), (e, n), (e, n + 50)) for i, (e, n) in enumerate(GRID[:32])]
    more = [place(str(i), (e, n + 1000)) for i, (e, n) in enumerate(GRID[:32], start=32)]
    column = np.array([4] * 32 + [2] * 32, dtype=float)[:, None]
    both = PlaceCounts("robbery", (*spots, *more), MonthSpan.parse("2018-01"), column)

    (found,) = feature_association(
        both, [MapFeature("park", "", box(0, 0, 700, 350))], replicates=19, seed=1
    )

    assert (found.places_near, found.ratio) == (32, pytest.approx(1))


# Records that are many in one corner, and features there or elsewhere.
CORNER_RECORDS = [9 if e < 300 and n < 300 else (e + 2 * n) % 300 // 100 for e, n in GRID]


@pytest.mark.parametrize("at", [[(50, 50), (150, 150)], [(550, 550), (350, 50)]])
def test_the_p_value_agrees_with_a_lattice_of_shifts(at: list[Spot]) -> None:
    found = associated(GRID, CORNER_RECORDS, at, replicates=1999)

    every = p_value_over_a_lattice(GRID, CORNER_RECORDS, at, 100, steps=24)
    # Four Monte Carlo standard errors of twice a tail, and what the lattice is coarser by.
    error = 4 * 2 * np.sqrt(every / 2 * (1 - every / 2) / 1999)
    assert found.p_value == pytest.approx(every, abs=error + 0.02)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_interval_excludes_one_exactly_where_the_p_value_is_small(seed: int) -> None:
    random = np.random.default_rng(seed)
    records = random.poisson(3, size=len(GRID))
    at = random.uniform(0, 800, size=(6, 2))

    found = associated(GRID, records.tolist(), [tuple(spot) for spot in at], replicates=39)

    if found.p_value is not None:
        assert (found.low > 1 or found.high < 1) == (found.p_value <= 0.05)
        assert 2 / 40 <= found.p_value <= 1


def test_clusters_that_do_not_know_of_each_other_are_seldom_tied() -> None:
    tied = sum(_says_tied(seed) for seed in range(120))

    # 5 % of 120 are 6; shuffled freely, a sixth of such worlds look tied, which are 20.
    assert tied <= 12


def test_records_that_follow_the_features_are_tied_to_them() -> None:
    random = np.random.default_rng(5)
    spots = [tuple(spot) for spot in random.uniform(0, 1_000, size=(120, 2))]
    at = [tuple(spot) for spot in random.uniform(-50, 1_050, size=(14, 2))]
    is_near = np.array(near(spots, at, 100))

    found = associated(spots, np.where(is_near, 12, 3).tolist(), at)

    assert found.ratio == pytest.approx(4)
    assert found.p_value == pytest.approx(0.01)
    assert found.is_discovery


def test_the_same_seed_gives_the_same_answer() -> None:
    one = associated(GRID, CORNER_RECORDS, [(50, 50), (150, 150)])

    assert one == associated(GRID, CORNER_RECORDS, [(50, 50), (150, 150)])


@pytest.mark.parametrize(
    ("spots", "records", "at", "reason"),
    [
        (GRID, [1] * 64, [(5_000, 5_000)], "there are 0 and 64"),
        (GRID, [1] * 64, [(0, 0)], "there are 3 and 61"),
        (GRID, [0] * 60 + [1] * 4, [(300, 300)], "at least 10 records are needed; there are 4"),
        ([(0, 0)], [50], [(0, 0)], "there are 1 and 0"),
        ([], [], [(0, 0)], "there are 0 and 0"),
    ],
)
def test_too_few_places_or_records_say_nothing(
    spots: list[Spot], records: list[float], at: list[Spot], reason: str
) -> None:
    found = associated(spots, records, at)

    assert (found.ratio, found.p_value, found.low, found.high) == (None, None, 0, inf)
    assert reason in found.why_not
    assert not found.is_discovery


def test_a_feature_that_is_everywhere_cannot_be_compared() -> None:
    everywhere = [MapFeature("park", "Larkfield Common", box(-500, -500, 1_500, 1_500))]

    (found,) = feature_association(counts(GRID, CORNER_RECORDS), everywhere, replicates=9, seed=1)

    assert "there are 64 and 0" in found.why_not


def test_each_kind_is_told_in_its_order_and_lamps_as_mapped_in_part() -> None:
    features = [feature((0, 0), "street_lamp"), feature((0, 0), "station")]

    found = feature_association(counts(GRID, CORNER_RECORDS), features, replicates=9, seed=1)

    assert [(each.kind, each.is_partly_mapped) for each in found] == [
        ("station", False), ("street_lamp", True),
    ]  # fmt: skip


def test_no_feature_gives_no_answer() -> None:
    assert feature_association(counts(GRID, CORNER_RECORDS), [], replicates=9, seed=1) == ()


def test_a_missing_month_is_left_out() -> None:
    span = MonthSpan.parse("2018-01/2018-03")
    table = np.column_stack([CORNER_RECORDS, np.full(64, np.nan), CORNER_RECORDS])
    held = PlaceCounts("robbery", places(GRID), span, table)

    (found,) = feature_association(held, [feature((50, 50))], replicates=9, seed=1)

    assert found.records_near + found.records_not_near == 2 * sum(CORNER_RECORDS)


def test_no_month_held_is_an_error() -> None:
    held = PlaceCounts(
        "robbery", places(GRID), MonthSpan.parse("2018-01"), np.full((64, 1), np.nan)
    )

    with pytest.raises(CoverageError, match="none of January 2018 is held for robbery"):
        feature_association(held, [feature((0, 0))], seed=1)


def _says_tied(seed: int) -> bool:
    """Whether clustered records are tied to clustered features that were drawn apart."""
    random = np.random.default_rng(seed)
    spots = random.uniform(0, 1_000, size=(60, 2))
    centres, heights = random.uniform(0, 1_000, size=(6, 2)), random.normal(0, 1.2, size=6)
    away = ((spots[:, None] - centres) ** 2).sum(axis=2)
    rate = np.exp(1.5 + (np.exp(-away / 80_000) * heights).sum(axis=1))
    parents = random.uniform(-200, 1_200, size=(4, 2))
    at = parents[random.integers(4, size=20)] + random.normal(0, 80, size=(20, 2))

    found = associated(
        [tuple(spot) for spot in spots],
        random.poisson(rate * random.gamma(2, 0.5, size=60)).tolist(),
        [tuple(spot) for spot in at],
        replicates=99,
    )
    return found.p_value is not None and found.p_value <= 0.05


def test_what_a_shift_moves_off_the_ground_is_left_out_of_its_ratio() -> None:
    # Records are many at the western edge, and the features stand beyond the eastern one.
    records = [20.0 if east < 200 else 1.0 for east, _ in GRID]
    at = [(760.0, 100.0 * row + 50) for row in range(8)]
    moved = MovedPlaces(places(GRID), np.array(records), ground_m=100, shifts=40, seed=3)

    log_ratios, weights = moved.compared(moved.near([feature(spot).shape for spot in at], 100))

    assert len(moved.shifts) == 41
    left_out = 0
    for (east, north), found in zip(moved.shifts.tolist(), log_ratios * weights, strict=True):
        there = [(e + east, n + north) for e, n in GRID]
        kept = near(there, GRID, 100)
        left_out += not all(kept)
        own = [record for record, on_ground in zip(records, kept, strict=True) if on_ground]
        spots = [spot for spot, on_ground in zip(there, kept, strict=True) if on_ground]
        assert found == pytest.approx(score(own, near(spots, at, 100)) or 0.0, abs=1e-9)
    assert left_out > 20
