"""The shortest way between two places, street by street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from peelian.analysis.doors import doors_of
from peelian.core.errors import UnknownPlaceError
from peelian.core.streets import LEAST_M

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.places import NamedPlace
    from peelian.core.streets import StreetNetwork, Travel

# Lengths are summed in another order than the shortest way was found in.
_SAME_LENGTH_M = 1e-6


@dataclass(frozen=True)
class RouteStep:
    """A stretch along one street.

    street: empty where it has no name. highway: the map's word for what the stretch begins as,
    such as "footway" or "residential".
    """

    street: str
    metres: float
    highway: str


@dataclass(frozen=True)
class Route:
    """The shortest way from one place to another. `line`: EPSG:27700, empty where they touch."""

    start: str
    end: str
    travel: Travel
    length_m: float
    steps: tuple[RouteStep, ...]
    line: BaseGeometry

    @property
    def streets(self) -> tuple[str, ...]:
        """The names of its streets in order, each once."""
        return tuple(dict.fromkeys(step.street for step in self.steps if step.street))


def route_between(
    network: StreetNetwork, start: NamedPlace, end: NamedPlace, *, travel: Travel = "on_foot"
) -> Route:
    """The shortest way along streets from one place to another, with the streets in order.

    travel: on foot every street open to walkers is used in both directions; vehicles keep to
    one-way streets, cycles too unless the map lets them go against. The way begins and ends at
    any usable street at most 50 m from the places' shapes; where they share one it has no
    length. Of equally short ways the one that keeps to a street's name is taken. It is the
    shortest on the map, not the way most people take. Where no street leads from the one to
    the other, an UnknownPlaceError.
    """
    begins = doors_of(network, start.shape, travel=travel)
    ends = doors_of(network, end.shape, travel=travel)
    away = network.distances_from(begins, travel=travel)
    if not len(ends) or not np.isfinite(away[ends]).any():
        raise UnknownPlaceError(
            f"A route follows streets that lead from one place to the other; the street map held "
            f"has none {travel.replace('_', ' ')} from {start.name} to {end.name}. Ingest a map "
            f"that has both."
        )
    last = int(ends[np.argmin(away[ends])])
    edges = edges_to(last, network, away, travel)
    return Route(
        start=start.name,
        end=end.name,
        travel=travel,
        length_m=float(away[last]),
        steps=_steps(network, [edge for edge, _ in edges]),
        line=line_along(network, edges),
    )


def line_along(network: StreetNetwork, edges: Sequence[tuple[int, bool]]) -> BaseGeometry:
    """The line of a way: its edges in order, each with whether it runs along its drawing."""
    import shapely

    return shapely.LineString(
        [
            point
            for edge, is_along in edges
            for point in network.lines[edge].coords[:: 1 if is_along else -1]
        ]
    )


def edges_to(
    last: int, network: StreetNetwork, away: NDArray[Any], travel: Travel
) -> list[tuple[int, bool]]:
    """The edges of a shortest way to a node, first to last, and whether along their drawing.

    away: metres to every node, as `StreetNetwork.distances_from` gives them; the node must be
    one that can be reached.
    """
    there, back = map(np.flatnonzero, network.directions(travel))
    tail = np.concatenate([network.start[there], network.end[back]])
    head = np.concatenate([network.end[there], network.start[back]])
    edge = np.concatenate([there, back])
    is_along = np.arange(len(edge)) < len(there)
    # Only arcs on some shortest way are left: they end where the way through them is shortest.
    length = np.maximum(network.length_m[edge], LEAST_M)
    with np.errstate(invalid="ignore"):
        shortest = np.abs(away[tail] + length - away[head]) <= _SAME_LENGTH_M
    shortest &= away[tail] < away[head]
    kept = np.flatnonzero(shortest)
    kept = kept[np.argsort(head[kept], kind="stable")]
    heads = head[kept]
    found: list[tuple[int, bool]] = []
    node, name = last, ""
    while away[node] > 0:
        first, beyond = np.searchsorted(heads, [node, node + 1])
        arcs = kept[first:beyond]
        same = arcs[network.names[edge[arcs]] == name]
        arc = int(same[0] if len(same) else arcs[0])
        found.append((int(edge[arc]), bool(is_along[arc])))
        node, name = int(tail[arc]), str(network.names[edge[arc]])
    return found[::-1]


def _steps(network: StreetNetwork, edges: list[int]) -> tuple[RouteStep, ...]:
    """The edges put together, street by street."""
    steps: list[RouteStep] = []
    for edge in edges:
        name, metres = str(network.names[edge]), float(network.length_m[edge])
        if steps and steps[-1].street == name:
            last = steps.pop()
            steps.append(RouteStep(name, last.metres + metres, last.highway))
        else:
            steps.append(RouteStep(name, metres, str(network.highways[edge])))
    return tuple(steps)
