"""How long it takes a unit to get from one place to another along the streets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import CoverageError
from peelian.core.patrols import TRAVEL_OF, PatrolMode

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

# On foot 1.2 m/s, the pace for which Great Britain's signal crossings are timed. Cycles and
# vehicles at the pace of a patrol that looks about in town traffic: 12 and 15 km/h. These are
# assumptions of ours, not measurements.
METRES_A_MINUTE: Mapping[PatrolMode, float] = {"foot": 72.0, "cycle": 200.0, "vehicle": 250.0}


def minutes_between(network: StreetNetwork, points: ArrayLike, *, mode: PatrolMode) -> NDArray[Any]:
    """Minutes from each point (rows) to each point (columns), a square matrix.

    points: one row a point, easting and northing, EPSG:27700, metres. A point is taken to its
    stop (`stops_on`), and the straight way between the two is counted at both ends. Vehicles
    and cycles keep to one-way streets, so the matrix need not be symmetric. A point is no
    time from itself. A CoverageError where the map has no street for the mode.
    """
    where = np.asarray(points, dtype=float).reshape(-1, 2)
    stops = stops_on(network, where, mode=mode)
    away = network.distances_between(stops, travel=TRAVEL_OF[mode])
    aside = metres_aside(network, where, stops)
    metres = away + aside[:, None] + aside[None, :]
    np.fill_diagonal(metres, 0.0)
    minutes: NDArray[Any] = metres / METRES_A_MINUTE[mode]
    return minutes


def stops_on(network: StreetNetwork, points: ArrayLike, *, mode: PatrolMode) -> NDArray[Any]:
    """The node of the street map to which each point is taken, as indices.

    The nearest of those that a unit can reach from everywhere and leave to everywhere, of
    equally near ones the first: a stop in a closed yard would be one without a way back. A
    CoverageError where the map has no street for the mode.
    """
    from scipy.spatial import KDTree

    where = np.asarray(points, dtype=float).reshape(-1, 2)
    nodes = network.joined_nodes(TRAVEL_OF[mode])
    if not len(nodes):
        raise CoverageError(
            f"Patrols follow the streets of a map; the one held has none to go along "
            f"{TRAVEL_OF[mode].replace('_', ' ')} here. Ingest a street map of the ward first."
        )
    at = np.column_stack([network.node_easting[nodes], network.node_northing[nodes]])
    nearest: NDArray[Any] = nodes[KDTree(at).query(where)[1]]
    return nearest


def metres_aside(network: StreetNetwork, points: ArrayLike, stops: ArrayLike) -> NDArray[Any]:
    """Metres straight from each point to its stop."""
    where, node = np.asarray(points, dtype=float).reshape(-1, 2), np.asarray(stops, dtype=int)
    metres: NDArray[Any] = np.hypot(
        where[:, 0] - network.node_easting[node], where[:, 1] - network.node_northing[node]
    )
    return metres
