"""The way in named streets and turns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from camden_map import camden_store
from made_places import ways
from peelian.core.errors import CoverageError
from peelian.core.patrols import PatrolMode
from peelian.response.directions import SHORT_M, Directions, directions
from peelian.response.travel_times import minutes_between
from peelian.store import places
from peelian.store.street_network import network_of

# North up: Front Street runs east, then Mill Lane north from its end, then Top Row back west.
TOWN = network_of(
    ways(
        {"nodes": [0, 1, 2, 3], "name": "Front Street"},
        {"nodes": [3, 13, 23], "name": "Mill Lane", "one_way": 1, "cycles_both_ways": False},
        {"nodes": [23, 22, 21, 20], "name": "", "highway": "footway", "by_vehicle": False},
    )
)


def test_turns_are_told_as_a_walker_takes_them() -> None:
    way = directions(TOWN, (0, 0), (0, 200), mode="foot")

    assert [(s.turn, s.street or s.kind, s.metres) for s in way.steps] == [
        ("start", "Front Street", 300),
        ("left", "Mill Lane", 200),
        ("left", "path", 300),
    ]
    assert way.metres == 800
    assert way.minutes == pytest.approx(800 / 72)


def test_the_way_back_turns_the_other_way() -> None:
    back = directions(TOWN, (0, 200), (0, 0), mode="foot")

    assert [step.turn for step in back.steps] == ["start", "right", "right"]
    assert back.line[0].tolist() == [0, 200]
    assert back.line[-1].tolist() == [0, 0]


def test_a_crossing_is_told_with_the_street_before_it() -> None:
    drawn = network_of(
        ways(
            {"nodes": [0, 1], "name": "Front Street"},
            {"nodes": [1, 2], "highway": "footway"},
            {"nodes": [2, 3], "name": "Far Street"},
        )
    )
    crossing = drawn.names == ""

    short = replace(drawn, length_m=np.where(crossing, SHORT_M - 1, drawn.length_m))
    long = replace(drawn, length_m=np.where(crossing, SHORT_M, drawn.length_m))

    assert streets(directions(short, (0, 0), (300, 0), mode="foot")) == [
        "Front Street", "Far Street",
    ]  # fmt: skip
    assert streets(directions(long, (0, 0), (300, 0), mode="foot")) == [
        "Front Street", "path", "Far Street",
    ]  # fmt: skip


def streets(way: Directions) -> list[str]:
    return [step.street or step.kind for step in way.steps]


def test_two_places_at_one_stop_need_no_step() -> None:
    way = directions(TOWN, (0, 0), (0, 0), mode="foot")

    assert (way.steps, way.metres) == ((), 0)


def test_where_no_way_leads_it_is_said() -> None:
    dead_end = replace(TOWN, on_foot=TOWN.on_foot & False)

    with pytest.raises(CoverageError, match="none to go along on foot"):
        directions(dead_end, (0, 0), (0, 200), mode="foot")


@pytest.mark.parametrize("mode", get_args(PatrolMode))
def test_directions_on_the_real_map_take_as_long_as_the_matrix_says(
    real_data: Path, mode: PatrolMode
) -> None:
    store = camden_store(real_data)
    network = places.street_network(store, places.area(store, "E05013669").shape)
    points = np.array([(529737, 183679), (529709, 182683), (529854, 182940), (529210, 184015)])
    minutes = minutes_between(network, points, mode=mode)

    for a, start in enumerate(points):
        for b, end in enumerate(points):
            way = directions(network, tuple(start), tuple(end), mode=mode)
            drawn = np.hypot(*np.diff(way.line, axis=0).T).sum()

            if a != b:
                assert way.minutes == pytest.approx(minutes[a, b], abs=1e-9)
                assert drawn == pytest.approx(way.metres, abs=1e-3)
                assert all(step.street or step.kind for step in way.steps)
                assert all(step.metres >= SHORT_M for step in way.steps[:-1])
                assert [s.turn for s in way.steps].count("start") == 1
