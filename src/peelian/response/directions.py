"""The way from one place to the next, street by street, as a person would be told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from peelian.analysis.routes import edges_to, line_along
from peelian.core.errors import UnknownPlaceError
from peelian.core.patrols import TRAVEL_OF, PatrolMode
from peelian.response.travel_times import METRES_A_MINUTE, metres_aside, stops_on

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

Turn = Literal[
    "start", "straight on", "bear left", "left", "sharp left", "bear right", "right",
    "sharp right", "turn round",
]  # fmt: skip

Along = tuple[int, bool]  # an edge, and whether it is gone along in its drawn direction

# How far a street bends within one name, or a walker looks before saying "left": a bearing is
# taken over so many metres on either side of the corner.
LOOK_M = 15.0
# Crossings and kerbs are drawn as short ways of their own; nobody is told of them.
SHORT_M = 12.0


@dataclass(frozen=True)
class Step:
    """A stretch along one street.

    turn: how one comes into it from the stretch before. street: empty where it has no name;
    kind: then what the map calls it in plain words, such as "path" or "steps".
    """

    turn: Turn
    street: str
    kind: str
    metres: float


@dataclass(frozen=True)
class Directions:
    """The way from one place to another.

    minutes: as `travel_times.minutes_between` gives them. metres: along the streets and straight
    to them at both ends. line: (n, 2) eastings and northings, EPSG:27700, from start to end. No
    step where both places have the same stop.
    """

    minutes: float
    metres: float
    line: NDArray[Any]
    steps: tuple[Step, ...]


_KINDS = {
    "footway": "path", "path": "path", "pedestrian": "walkway", "steps": "steps",
    "cycleway": "cycle track", "track": "track", "bridleway": "path", "service": "service road",
}  # fmt: skip


def directions(
    network: StreetNetwork,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    mode: PatrolMode,
) -> Directions:
    """The quickest way from start to end (easting and northing, EPSG:27700, metres) in steps.

    Of equally short ways the one that keeps to a street's name. A stretch that is shorter than
    SHORT_M, such as a crossing, is told with the one before. UnknownPlaceError where no way
    leads there; CoverageError where the map has no street for the mode.
    """
    travel = TRAVEL_OF[mode]
    first, last = (int(node) for node in stops_on(network, [start, end], mode=mode))
    away = network.distances_from([first], travel=travel)
    if not np.isfinite(away[last]):
        raise UnknownPlaceError(
            f"A patrol follows streets that lead from one place to the next; the street map held "
            f"has no way {travel.replace('_', ' ')} from {start} to {end}. Check its one-way "
            f"streets, or ingest a newer map."
        )
    aside = metres_aside(network, [start, end], [first, last])
    metres = float(away[last] + aside.sum())
    edges = edges_to(last, network, away, travel)
    on_streets = np.asarray(line_along(network, edges).coords).reshape(-1, 2)
    return Directions(
        minutes=metres / METRES_A_MINUTE[mode],
        metres=metres,
        line=np.vstack([[start], on_streets, [end]]),
        steps=_steps(network, edges),
    )


def _steps(network: StreetNetwork, edges: Sequence[Along]) -> tuple[Step, ...]:
    steps: list[Step] = []
    before: NDArray[Any] | None = None
    for street, stretch in _stretches(network, edges):
        line = np.asarray(line_along(network, stretch).coords)
        longest = max((edge for edge, _ in stretch), key=lambda e: float(network.length_m[e]))
        steps.append(
            Step(
                turn="start" if before is None else _turn(before, line),
                street=street,
                kind="" if street else _KINDS.get(str(network.highways[longest]), "road"),
                metres=_metres(network, stretch),
            )
        )
        before = line
    return tuple(steps)


def _stretches(network: StreetNetwork, edges: Sequence[Along]) -> list[tuple[str, list[Along]]]:
    """The edges put together by street, each with its name; short ones go with those before."""
    told: list[tuple[str, list[Along]]] = []
    for name, grouped in groupby(edges, key=lambda along: str(network.names[along[0]])):
        run = list(grouped)
        if told and (name == told[-1][0] or _metres(network, run) < SHORT_M):
            told[-1][1].extend(run)
        elif told and _metres(network, told[-1][1]) < SHORT_M:
            told[-1] = (name, [*told[-1][1], *run])
        else:
            told.append((name, run))
    return told


def _metres(network: StreetNetwork, stretch: Sequence[Along]) -> float:
    return float(sum(network.length_m[edge] for edge, _ in stretch))


def _turn(before: NDArray[Any], after: NDArray[Any]) -> Turn:
    """How the way bends from the end of one line to the beginning of the next."""
    came, goes = _heading(before[::-1]) + np.pi, _heading(after)
    degrees = float(np.degrees(np.arctan2(np.sin(goes - came), np.cos(goes - came))))
    side: Literal["left", "right"] = "left" if degrees > 0 else "right"
    bend = abs(degrees)
    if bend < 20:
        return "straight on"
    if bend < 50:
        return "bear left" if side == "left" else "bear right"
    if bend < 125:
        return side
    if bend < 165:
        return "sharp left" if side == "left" else "sharp right"
    return "turn round"


def _heading(line: NDArray[Any]) -> float:
    """The direction, in radians from east, in which a line leaves its first point."""
    away = np.hypot(*(line - line[0]).T)
    far = int(np.argmax(away >= LOOK_M)) or int(np.argmax(away))
    east, north = line[far] - line[0]
    return float(np.arctan2(north, east))
