"""Scans against trying every zone and window by hand, and against every arrangement there is."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import scan as oracle
from peelian.core.errors import InputError
from peelian.scanning.scan import (
    ScanResult,
    scan_bernoulli,
    scan_poisson,
    scan_space_time_permutation,
)
from peelian.scanning.scan_search import (
    Search,
    all_permutations,
    drawn_cases,
    known_rates,
    recent_permutations,
)
from peelian.scanning.zones import Zones, circles

SPOTS = [(0, 0), (1, 0), (0, 2), (3, 1), (5, 5), (6, 5)]
STEPS = 4

events_of_six_places = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, STEPS - 1)), min_size=1, max_size=25
)
tables = st.lists(
    st.lists(st.integers(0, 4), min_size=STEPS, max_size=STEPS), min_size=6, max_size=6
)


def zones_of(spots: list[tuple[int, int]], most_share: float = 0.7) -> Zones:
    return circles(*zip(*spots, strict=True), most_share=most_share)


def listed(zones: Zones) -> list[list[int]]:
    return [zones.around(centre).tolist() for centre in range(len(zones))]


def is_what_trying_all_finds(result: ScanResult, best: oracle.Best) -> bool:
    """The same statistic; the same zone need not be, where several are as good."""
    if not result.clusters:
        return best.statistic == pytest.approx(0, abs=1e-9)
    return result.clusters[0].statistic == pytest.approx(best.statistic, abs=1e-9)


@given(events_of_six_places, st.integers(1, STEPS), st.booleans())
def test_the_permutation_scan_finds_what_trying_every_zone_and_window_finds(
    events: list[tuple[int, int]], longest: int, prospective: bool
) -> None:
    zones = zones_of(SPOTS)
    place, step = zip(*events, strict=True)

    result = scan_space_time_permutation(
        place,
        step,
        zones,
        steps=STEPS,
        longest_window=longest,
        prospective=prospective,
        replicates=1,
        seed=1,
    )

    best = oracle.best_permutation(events, listed(zones), STEPS, longest, prospective)
    assert is_what_trying_all_finds(result, best)
    for cluster in result.clusters:
        inside = [s for p, s in events if p in cluster.members]
        during = [s for _, s in events if cluster.first <= s <= cluster.last]
        seen = [s for s in inside if cluster.first <= s <= cluster.last]
        assert cluster.observed == len(seen)
        assert cluster.expected == pytest.approx(len(inside) * len(during) / len(events))
        assert cluster.statistic == pytest.approx(
            oracle.poisson(len(seen), len(inside) * len(during) / len(events), len(events))
        )


@given(tables, tables, st.integers(1, STEPS), st.booleans())
def test_the_poisson_scan_finds_what_trying_every_zone_and_window_finds(
    cases: list[list[int]], people: list[list[int]], longest: int, prospective: bool
) -> None:
    expected = [[1.5 + each for each in row] for row in people]
    zones = zones_of(SPOTS)

    result = scan_poisson(
        cases,
        expected,
        zones,
        longest_window=longest,
        prospective=prospective,
        replicates=1,
        seed=1,
    )

    best = oracle.best_poisson(cases, expected, listed(zones), longest, prospective)
    assert is_what_trying_all_finds(result, best)


@given(tables, tables, st.integers(1, STEPS), st.booleans())
def test_the_bernoulli_scan_finds_what_trying_every_zone_and_window_finds(
    cases: list[list[int]], controls: list[list[int]], longest: int, prospective: bool
) -> None:
    zones = zones_of(SPOTS)

    result = scan_bernoulli(
        cases,
        controls,
        zones,
        longest_window=longest,
        prospective=prospective,
        replicates=1,
        seed=1,
    )

    best = oracle.best_bernoulli(cases, controls, listed(zones), longest, prospective)
    assert is_what_trying_all_finds(result, best)


def follows(search: Search, exact: Counter[float], replicates: int = 20_000) -> bool:
    """Whether the replicates' maxima come as often as all arrangements say, to 5 errors."""
    maxima = search.maxima(0, replicates)
    total = sum(exact.values())
    for value in exact:
        share = sum(n for each, n in exact.items() if each >= value - 1e-9) / total
        error = np.sqrt(max(share * (1 - share), 1 / replicates) / replicates)
        if abs((maxima >= value - 1e-9).mean() - share) > 5 * error:
            return False
    return True


FEW = [(0, 0), (0, 2), (1, 0), (1, 2), (2, 1), (2, 2), (2, 2)]  # places and steps
LINE = [(0, 0), (1, 0), (3, 0)]


@pytest.mark.parametrize("prospective", [True, False])
@pytest.mark.parametrize("longest", [1, 2])
def test_permuted_maxima_come_as_often_as_in_all_permutations(
    prospective: bool, longest: int
) -> None:
    zones = zones_of(LINE)
    place, step = (np.array(each) for each in zip(*FEW, strict=True))
    exact: Counter[float] = Counter()
    for dealt in permutations(step.tolist()):
        arranged = list(zip(place.tolist(), dealt, strict=True))
        best = oracle.best_permutation(arranged, listed(zones), 3, longest, prospective)
        exact[round(best.statistic, 9)] += 1

    search = (recent_permutations if prospective else all_permutations)(
        place, step, zones, steps=3, longest=longest, seed=5
    )

    assert follows(search, exact)


def test_poisson_maxima_come_as_often_as_in_all_ways_to_deal_the_cases() -> None:
    zones = zones_of(LINE)
    weights = [[1, 2], [3, 0], [2, 2]]
    cells = [(place, step) for place in range(3) for step in range(2)]
    exact: Counter[float] = Counter()
    for dealt in product(cells, repeat=4):
        cases = [[dealt.count((place, step)) for step in range(2)] for place in range(3)]
        likelihood = int(np.prod([weights[place][step] for place, step in dealt]))
        if likelihood:
            best = oracle.best_poisson(cases, weights, listed(zones), 2, False)
            exact[round(best.statistic, 9)] += likelihood

    search = known_rates(
        np.array([[1, 1], [1, 0], [1, 0]]),
        np.array(weights) * 0.4,
        zones,
        longest=2,
        prospective=False,
        seed=5,
    )

    assert follows(search, exact)


def test_bernoulli_maxima_come_as_often_as_in_all_ways_to_choose_the_cases() -> None:
    zones = zones_of(LINE)
    people = [(0, 0), (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 1)]
    everyone = [[people.count((place, step)) for step in range(2)] for place in range(3)]
    exact: Counter[float] = Counter()
    for chosen in combinations(people, 3):
        cases = [[chosen.count((place, step)) for step in range(2)] for place in range(3)]
        controls = (np.array(everyone) - cases).tolist()
        best = oracle.best_bernoulli(cases, controls, listed(zones), 2, False)
        exact[round(best.statistic, 9)] += 1

    search = drawn_cases(
        np.array([[2, 0], [1, 0], [0, 0]]),
        np.array(everyone),
        zones,
        longest=2,
        prospective=False,
        seed=5,
    )

    assert follows(search, exact)


def made_town(seed: int, events: int = 600, places: int = 40, steps: int = 26):
    random = np.random.default_rng(seed)
    at = random.uniform(0, 2000, (2, places))
    busy = random.gamma(1, size=places)
    place = random.choice(places, events, p=busy / busy.sum())
    return at, place, random.integers(0, steps, events)


def scan_town(at, place, step, *, radius_m: float = 500, replicates: int = 199, **options):
    options = {"steps": 26, "longest_window": 3, "prospective": True, "seed": 3} | options
    return scan_space_time_permutation(
        place, step, circles(*at, radius_m=radius_m), replicates=replicates, **options
    )


@pytest.mark.parametrize("prospective", [True, False])
def test_a_planted_cluster_is_found_with_its_places_and_steps(prospective: bool) -> None:
    at, place, step = made_town(8)
    near = circles(*at, radius_m=400).around(7)
    place = np.concatenate([place, np.repeat(near[:3], 8)])
    step = np.concatenate([step, np.tile([24, 25], 12)])

    first = scan_town(at, place, step, prospective=prospective).clusters[0]

    assert first.p_value == 1 / 200
    assert set(near[:3].tolist()) <= set(first.members)
    assert (first.first, first.last) == (24, 25)
    assert first.observed >= 24 > 2 * first.expected
    assert first.recurrence_steps == (200 if prospective else None)


def test_without_a_cluster_small_p_values_come_no_oftener_than_they_should() -> None:
    towns = 400
    p_values = np.array(
        [
            scan_town(*made_town(seed), replicates=99, seed=seed).clusters[0].p_value
            for seed in range(towns)
        ]
    )

    # Uniform but for ties, which this many records leave few of: within 4 standard errors.
    for level in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9):
        error = np.sqrt(level * (1 - level) / towns)
        assert (p_values <= level).mean() == pytest.approx(level, abs=4 * error)


@pytest.mark.parametrize("stop_after", [None, 5])
def test_the_number_of_threads_changes_nothing(stop_after: int | None) -> None:
    at, place, step = made_town(1)
    cases = np.bincount(place, minlength=40)
    zones = circles(*at, radius_m=500)

    for threads in (2, 3):
        one, more = {"threads": 1, "stop_after": stop_after}, {"threads": threads}
        more["stop_after"] = stop_after
        assert scan_town(at, place, step, **one) == scan_town(at, place, step, **more)
        assert scan_town(at, place, step, prospective=False, **one) == scan_town(
            at, place, step, prospective=False, **more
        )
        for scan in (scan_poisson, scan_bernoulli):
            assert scan(cases, np.full(40, 9), zones, seed=2, **one) == scan(
                cases, np.full(40, 9), zones, seed=2, **more
            )


@pytest.mark.parametrize("move", [(0, 0), (400_000, -150_000)])
def test_moving_the_whole_map_changes_nothing(move: tuple[int, int]) -> None:
    at, place, step = made_town(2)
    at = at.round()

    moved = scan_town(at + np.array(move)[:, None], place, step)

    assert moved == scan_town(at, place, step)


@given(st.integers(0, 1000))
@settings(max_examples=20)
def test_larger_circles_never_find_less(seed: int) -> None:
    at, place, step = made_town(seed, events=80)

    found = [
        scan_town(at, place, step, radius_m=radius_m, replicates=1).clusters
        for radius_m in (0, 200, 400, 800, inf)
    ]

    strongest = [clusters[0].statistic if clusters else 0.0 for clusters in found]
    assert strongest == sorted(strongest)


@given(events_of_six_places)
def test_no_place_is_in_two_clusters_and_the_strongest_comes_first(
    events: list[tuple[int, int]],
) -> None:
    place, step = zip(*events, strict=True)

    result = scan_space_time_permutation(
        place,
        step,
        zones_of(SPOTS),
        steps=STEPS,
        longest_window=2,
        prospective=False,
        replicates=9,
        seed=1,
        threads=1,
    )

    members = [place for cluster in result.clusters for place in cluster.members]
    assert len(set(members)) == len(members)
    strength = [round(cluster.statistic, 9) for cluster in result.clusters]
    assert strength == sorted(strength, reverse=True)
    p_values = [cluster.p_value for cluster in result.clusters]
    assert p_values == sorted(p_values)
    assert all(0.1 <= p <= 1 for p in p_values)


def test_a_missing_step_expects_nothing_and_makes_no_cluster() -> None:
    at, place, step = made_town(4)
    kept = step != 25

    result = scan_town(at, place[kept], step[kept], longest_window=1)

    assert result.clusters == ()
    assert result.replicates == 0


def test_steps_before_the_first_record_change_nothing() -> None:
    at, place, step = made_town(4)

    later = scan_town(at, place, step + 5, steps=31)

    plain = scan_town(at, place, step)
    assert [(c.members, c.statistic, c.p_value) for c in later.clusters] == [
        (c.members, c.statistic, c.p_value) for c in plain.clusters
    ]
    assert [c.first - 5 for c in later.clusters] == [c.first for c in plain.clusters]


@pytest.mark.parametrize("scan", [scan_poisson, scan_bernoulli])
@pytest.mark.parametrize("missing", [0, 2, 4])
def test_a_step_missing_from_both_tables_is_no_part_of_a_comparison(scan, missing: int) -> None:
    random = np.random.default_rng(3)
    cases, others = random.integers(0, 5, (6, 4)), random.integers(1, 9, (6, 4))
    gapped = [np.insert(table, missing, 0, axis=1) for table in (cases, others)]

    whole = scan(cases, others, zones_of(SPOTS), longest_window=4, replicates=1, seed=1)
    with_gap = scan(*gapped, zones_of(SPOTS), longest_window=5, replicates=1, seed=1)

    assert [c.statistic for c in with_gap.clusters] == pytest.approx(
        [c.statistic for c in whole.clusters]
    )
    assert [c.expected for c in with_gap.clusters] == pytest.approx(
        [c.expected for c in whole.clusters]
    )


def test_where_there_is_no_cluster_replicates_stop_early_and_the_result_says_so() -> None:
    at, place, step = made_town(6)

    early = scan_town(at, place, step, replicates=9999, stop_after=20)

    full = scan_town(at, place, step, replicates=999)
    assert early.stopped_early
    assert early.replicates < 999
    assert early.critical_values == {}
    assert not full.stopped_early
    # Within 4 standard errors of a p-value from 20 hits.
    p_value = full.clusters[0].p_value
    assert early.clusters[0].p_value == pytest.approx(p_value, rel=4 / np.sqrt(20))


@pytest.mark.parametrize("prospective", [True, False])
@pytest.mark.parametrize("records", [0, 1])
def test_no_record_and_a_single_one_are_no_cluster(records: int, prospective: bool) -> None:
    zones = zones_of(SPOTS)

    found = [
        scan_space_time_permutation(
            [0] * records,
            [3] * records,
            zones,
            steps=STEPS,
            longest_window=2,
            prospective=prospective,
            seed=1,
        ),
        scan_poisson([records, 0, 0, 0, 0, 0], [1] * 6, zones, seed=1),
        scan_bernoulli([records, 0, 0, 0, 0, 0], [1] * 6, zones, seed=1),
        scan_bernoulli([records, 0, 0, 0, 0, 0], [0] * 6, zones, seed=1),
    ]

    for result in found:
        assert result.clusters == ()
        assert result.records == records
        assert result.critical_values == {}


def test_no_place_at_all_has_no_cluster() -> None:
    zones = circles([], [])

    result = scan_space_time_permutation(
        [], [], zones, steps=STEPS, longest_window=1, prospective=True, seed=1
    )

    assert result.clusters == ()


def test_all_records_inside_give_an_infinite_relative_risk() -> None:
    zones = zones_of(SPOTS)

    (cluster,) = scan_poisson([5, 0, 0, 0, 0, 0], [1] * 6, zones, replicates=9, seed=1).clusters

    assert cluster.members == (0,)
    assert cluster.relative_risk == inf
    assert cluster.statistic == pytest.approx(5 * np.log(6))


def test_expected_numbers_may_be_in_any_unit() -> None:
    cases = np.array([9, 1, 2, 3, 4, 1])
    people = np.array([10, 10, 20, 30, 40, 10])

    by_people = scan_poisson(cases, people, zones_of(SPOTS), seed=1)

    by_thousands = scan_poisson(cases, people / 1000, zones_of(SPOTS), seed=1)
    assert by_people.clusters[0].expected == pytest.approx(20 * 10 / 120)
    assert by_people.clusters[0].statistic == pytest.approx(by_thousands.clusters[0].statistic)


@pytest.mark.parametrize(
    ("place", "step", "words"),
    [
        ([0, 6], [0, 0], "place from 0 to 5; found 1"),
        ([0, -1], [0, 0], "place from 0 to 5; found 1"),
        ([0, 0.5], [0, 0], "place from 0 to 5; found 1"),
        ([0, 1], [0, 4], "step from 0 to 3; found 1"),
        ([0, 1], [0], "found 2 places and 1 steps"),
    ],
)
def test_records_outside_the_places_or_the_steps_are_refused(
    place: list[float], step: list[int], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        scan_space_time_permutation(
            place,
            step,
            zones_of(SPOTS),
            steps=STEPS,
            longest_window=1,
            prospective=True,
            seed=1,
        )


@pytest.mark.parametrize("longest", [0, 5])
def test_a_window_longer_than_all_steps_or_of_none_is_refused(longest: int) -> None:
    with pytest.raises(InputError, match=f"no longer than all 4 steps; found {longest}"):
        scan_space_time_permutation(
            [0],
            [0],
            zones_of(SPOTS),
            steps=STEPS,
            longest_window=longest,
            prospective=True,
            seed=1,
        )


@pytest.mark.parametrize("option", ["replicates", "threads", "stop_after"])
def test_no_replicates_and_no_threads_are_refused(option: str) -> None:
    with pytest.raises(InputError, match=f"{option} of 1 or more; found 0"):
        scan_poisson([1] * 6, [1] * 6, zones_of(SPOTS), seed=1, **{option: 0})


@pytest.mark.parametrize(
    ("cases", "expected", "words"),
    [
        ([1] * 6, [1, 1, 1, 1, 1, 0], "found 1 where none are"),
        ([1] * 6, [0] * 6, "found 6 where none are"),
        ([2] * 6, [1, 1, 1, 1, 1, 1e-20], "found 2 where none are"),
        ([1] * 5, [1] * 6, "a row a place; found shape"),
        ([1] * 6, [[1, 1]] * 6, "the same shape"),
        ([1.5] * 6, [1] * 6, "whole numbers of cases"),
        ([1] * 6, [-1] * 6, "expected of 0 or more"),
        ([float("nan")] * 6, [1] * 6, "cases of 0 or more"),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    cases: list[float], expected: list[float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        scan_poisson(cases, expected, zones_of(SPOTS), seed=1)


def test_cases_and_controls_of_different_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="the same shape"):
        scan_bernoulli([1] * 6, [[1, 1]] * 6, zones_of(SPOTS), seed=1)


@pytest.mark.parametrize("unit", [0.1, 1 / 3, 0.7])
def test_as_many_cases_as_expected_everywhere_are_no_cluster(unit: float) -> None:
    # In these units the expected numbers of some zones come out a rounding error too small.
    rng = np.random.default_rng(0)
    for _ in range(20):
        zones = circles(rng.integers(0, 1000, 12), rng.integers(0, 1000, 12))
        cases = rng.integers(1, 9, 12)

        assert scan_poisson(cases, cases * unit, zones, replicates=9, seed=1).clusters == ()


def test_the_relative_risk_is_the_rate_inside_over_the_rate_outside() -> None:
    zones = circles([0, 100, 5_000, 5_100, 5_200], [0] * 5, radius_m=150)

    found = scan_poisson([8, 6, 2, 3, 1], [10, 10, 10, 10, 10], zones, replicates=9, seed=1)

    # 14 cases of 20 people against 6 of 30.
    assert found.clusters[0].members == (0, 1)
    assert found.clusters[0].relative_risk == pytest.approx((14 / 20) / (6 / 30))


def test_of_equal_clusters_the_smaller_then_the_first_comes_first() -> None:
    # The first place has no case and none is expected there, so it adds nothing to a zone.
    zones = Zones(np.array([0, 2, 3, 4, 5]), np.array([0, 1, 1, 2, 3]))

    found = scan_poisson([0, 5, 5, 2], [0, 2, 2, 8], zones, replicates=9, seed=1)

    assert [cluster.members for cluster in found.clusters[:2]] == [(1,), (2,)]
