"""The best route of one unit where every visit has a price of its own; a compiled loop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled


@compiled
def best_priced_route(
    ways: NDArray[np.int64],
    begins: int,
    ends: int,
    windows: NDArray[np.int64],
    worth: NDArray[np.float64],
    visit: int,
    apart: int,
) -> tuple[float, NDArray[np.int64]]:
    """What the best route of a unit is worth, and its visits: rows of place and start.

    ways: (P+1, P+1), index 0 the base. windows: (P, 2), the first and last minute at which a
    visit may start. worth: (P, minutes), of a visit by place and start, below 0 allowed. The
    minutes of the shift are gone through from the last to the first. A unit may come back to a
    place before the gap is over if it has been elsewhere: `worth` has to put it off. The value
    is therefore never below the best true route's.
    """
    places = len(ways) - 1
    never = -1.0e300
    # value[t, p]: what the rest of the shift is worth to a unit at p at minute t, before a visit.
    value = np.full((ends + 2, places), never)
    visits_now = np.zeros((ends + 2, places), dtype=np.bool_)
    follows = np.full((ends + 2, places), -1, dtype=np.int64)  # the place after a visit's end
    for minute in range(ends - visit, begins - 1, -1):
        done = minute + visit
        for place in range(places):
            best = value[minute + 1, place]
            if windows[place, 0] <= minute <= windows[place, 1]:
                rest, after = 0.0 if done + ways[place + 1, 0] <= ends else never, -1
                for other in range(places):
                    at = minute + apart if other == place else done + ways[place + 1, other + 1]
                    if at <= ends and value[at, other] > rest:
                        rest, after = value[at, other], other
                follows[minute, place] = after
                if worth[place, minute] + rest >= best and worth[place, minute] + rest > never:
                    best = worth[place, minute] + rest
                    visits_now[minute, place] = True
            value[minute, place] = best
    most, place = 0.0, -1
    for other in range(places):
        at = begins + ways[0, other + 1]
        if at <= ends and value[at, other] > most:
            most, place = value[at, other], other
    route = np.empty((ends + 1, 2), dtype=np.int64)
    length = 0
    minute = begins + ways[0, place + 1] if place >= 0 else ends
    while place >= 0:
        while not visits_now[minute, place]:
            minute += 1
        route[length, 0], route[length, 1] = place, minute
        length += 1
        after = follows[minute, place]
        if after >= 0:
            minute += apart if after == place else visit + ways[place + 1, after + 1]
        place = after
    return most, route[:length].copy()
