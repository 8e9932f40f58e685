from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_walls import walls_of_made_package
from oracles import fairness as oracle
from peelian.core.errors import InputError
from peelian.response.fairness import AreaMinutes, concentration_index, fairness_of

PROJECT = Path(__file__).resolve().parents[2]


def area(number: int, minutes: float, residents=1_000, score=10.0, fifth=1) -> AreaMinutes:
    return AreaMinutes(f"E019999{number:02d}", f"Area {number}", minutes, residents, score, fifth)


def line_of(minutes: list[float]) -> list[AreaMinutes]:
    """Areas from the most deprived to the least, two a fifth where there are ten."""
    return [
        area(n, m, score=100.0 - n, fifth=1 + 5 * n // len(minutes)) for n, m in enumerate(minutes)
    ]


# The index


def index_of(areas: list[tuple[int, int, int]]) -> float:
    minutes, residents, score = np.array(areas, dtype=float).T
    return concentration_index(minutes / residents, residents, score)


def test_even_minutes_a_head_have_the_index_zero():
    assert index_of([(10, 100, 3), (20, 200, 2), (5, 50, 1)]) == pytest.approx(0)


def test_all_minutes_in_the_most_deprived_of_two_areas_alike_give_minus_a_half():
    # By hand: the curve runs from (0, 0) to (1/2, 1) to (1, 1); the area over the diagonal is
    # a quarter, twice that a half.
    assert index_of([(10, 100, 9), (0, 100, 1)]) == pytest.approx(-0.5)
    assert index_of([(0, 100, 9), (10, 100, 1)]) == pytest.approx(0.5)


def test_equals_have_no_order():
    assert index_of([(10, 100, 5), (0, 100, 5)]) == pytest.approx(0)


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 5), st.integers(0, 4)), min_size=1, max_size=6
    ).filter(lambda areas: any(minutes for minutes, _residents, _score in areas))
)
def test_the_index_is_what_counting_every_pair_of_people_gives(areas):
    found = index_of(areas)

    assert found == pytest.approx(float(oracle.concentration_index(areas)))
    assert -1 <= found <= 1


# The view


def test_fifths_add_up_what_is_placed_and_name_what_is_not():
    areas = [
        *line_of([60.0] * 10),
        area(90, 30, residents=None),
        area(91, 12, score=None, fifth=None),
    ]

    found = fairness_of(areas, seed=1)

    assert [(f.areas, f.residents, f.minutes) for f in found.fifths] == [(2, 2_000, 120.0)] * 5
    assert found.fifths[0].per_thousand == 60
    assert found.left_out == ("E01999990", "E01999991")
    assert found.minutes == 642


def test_a_fifth_without_an_area_has_no_rate_rather_than_a_rate_of_nothing():
    found = fairness_of([area(n, 60.0, score=float(n)) for n in range(10)], seed=1)

    assert (found.fifths[4].areas, found.fifths[4].per_thousand) == (0, None)


def test_nobody_living_there_gives_no_rate():
    assert area(1, 30, residents=0).per_thousand is None
    assert not area(1, 30, residents=0).is_placed


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ([], "0 areas have"),
        ([area(1, 30)], "1 areas have"),
        (line_of([1.0] * 9), "9 areas have"),
        (line_of([0.0] * 10), "no minute"),
        ([area(n, 5.0) for n in range(10)], "as deprived"),
    ],
)
def test_too_few_areas_or_nothing_to_compare_is_said_and_not_reckoned(areas, said):
    found = fairness_of(areas, seed=1)

    assert found.concentration is None
    assert said in found.why_not


def test_minutes_that_go_to_the_most_deprived_are_beyond_chance():
    found = fairness_of(line_of([100.0, 90, 80, 70, 60, 50, 40, 30, 20, 10, 5, 1]), seed=1)

    concentration = found.concentration
    assert concentration.index < concentration.chance_low < 0
    assert concentration.high < 0
    assert concentration.is_beyond_chance


def test_minutes_here_and_there_are_within_chance():
    found = fairness_of(line_of([50.0, 0, 20, 0, 0, 40, 0, 10, 0, 60, 0, 20]), seed=1)

    assert not found.concentration.is_beyond_chance
    assert found.concentration.low < 0 < found.concentration.high


def test_chance_alone_is_called_beyond_chance_one_time_in_twenty_or_so():
    chance = np.random.default_rng(8)
    minutes = [0.0, 0, 0, 0, 0, 14, 28, 42, 70, 140]

    called = sum(
        fairness_of(
            line_of(chance.permutation(minutes).tolist()), seed=seed, replicates=99
        ).concentration.is_beyond_chance
        for seed in range(100)
    )

    # Binomial with 100 and 0.05: more than 13 comes less than once in 1,500.
    assert called <= 13


def test_the_same_seed_gives_the_same_view_and_the_order_of_areas_none_other():
    areas = line_of([100.0, 0, 80, 70, 60, 50, 40, 30, 20, 10])

    assert fairness_of(areas, seed=3) == fairness_of(areas[::-1], seed=3)


def test_an_area_given_twice_or_minutes_below_nothing_are_refused():
    with pytest.raises(InputError, match="2 areas with 1 codes"):
        fairness_of([area(1, 3), area(1, 4)], seed=1)
    with pytest.raises(InputError, match="minutes of 0 or more"):
        fairness_of([area(1, -3)], seed=1)


# The wall


def test_a_plan_that_looked_at_fairness_would_be_caught(tmp_path: Path) -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (wall,) = [
        c
        for c in contracts["tool"]["importlinter"]["contracts"]
        if c["name"] == "Fairness is looked at after the plan, never fed back"
    ]
    package = tmp_path / "peelian"
    modules = {*wall["protected_modules"], *wall["allowed_importers"]}
    for module in {*modules, "peelian.response.patrol_places"}:
        parts = module.split(".")[1:]
        folder = package.joinpath(*parts[:-1])
        folder.mkdir(parents=True, exist_ok=True)
        for part in range(len(parts)):
            package.joinpath(*parts[:part], "__init__.py").touch()
        folder.joinpath(f"{parts[-1]}.py").touch()
    planner = package / "response" / "patrol_places.py"
    planner.write_text("from peelian.response import fairness\n")
    lines = "\n".join(
        f"{name} =\n    " + "\n    ".join(wall[name])
        for name in ("protected_modules", "allowed_importers")
    )
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = peelian\n"
        f"[importlinter:contract:1]\nname = after\ntype = {wall['type']}\n{lines}\n"
    )

    fallen = walls_of_made_package(tmp_path)
    planner.write_text("")
    standing = walls_of_made_package(tmp_path)

    assert fallen.returncode == 1, fallen.stdout + fallen.stderr
    assert "peelian.response.patrol_places" in fallen.stdout
    assert standing.returncode == 0, standing.stdout + standing.stderr
