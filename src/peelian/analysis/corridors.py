"""The streets between two places: every street on a reasonable walk from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from peelian.analysis.doors import DOORS_WITHIN_M, doors_of
from peelian.core.errors import UnknownPlaceError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.areas import Area
    from peelian.core.places import NamedPlace
    from peelian.core.streets import StreetNetwork


@dataclass(frozen=True)
class StreetCorridor:
    """The streets between two places, within an area.

    shape: the streets with `buffer_m` to each side, clipped to the area, EPSG:27700; empty
    where none of the streets comes into it. streets: their names, most metres first.
    """

    start: str
    end: str
    shape: BaseGeometry
    streets: tuple[str, ...]
    shortest_m: float
    longest_m: float
    buffer_m: float
    rule: str  # which streets are in, in one sentence


def corridor_between(
    network: StreetNetwork,
    start: NamedPlace,
    end: NamedPlace,
    *,
    clip: Area,
    detour: float = 1.5,
    buffer_m: float = 25.0,
) -> StreetCorridor:
    """The streets on some walk between two places that is at most `detour` times the shortest.

    A walk begins and ends at any street at most 50 m from the places' shapes, which may lie
    outside the area. A street counts from junction to junction, and a dead end where walking in
    and out again is not too long. buffer_m: what is counted beside the streets' middle lines,
    on which snap points lie, give or take a carriageway. Where no street leads from one place
    to the other, an UnknownPlaceError.
    """
    # 1.5: with 1.3 the walk along Euston Road, which goes round a corner, is not between
    # Euston and St Pancras stations; with 1.6 the streets north of Phoenix Road begin to be.
    if detour < 1:
        raise ValueError(f"A walk is at least as long as the shortest; found detour={detour}.")
    import shapely

    from_start = network.distances_from(doors_of(network, start.shape))
    from_end = network.distances_from(doors_of(network, end.shape))
    shortest = float(np.min(from_start + from_end, initial=np.inf))
    if not np.isfinite(shortest):
        raise UnknownPlaceError(
            f"A corridor follows streets that lead from one place to the other; the street map "
            f"held has none from {start.name} to {end.name}. Ingest a map that has both."
        )
    longest = max(shortest * detour, shortest + DOORS_WITHIN_M)
    along = _shortest_walk_along(network, from_start, from_end)
    chosen = np.flatnonzero(network.on_foot & (along <= longest))
    inside = chosen[shapely.dwithin(network.lines[chosen], clip.shape, buffer_m)]
    shape = shapely.intersection(
        shapely.union_all(shapely.buffer(network.lines[inside], buffer_m)), clip.shape
    )
    return StreetCorridor(
        start=start.name,
        end=end.name,
        shape=shape,
        streets=_names_by_length(network, inside, near=clip.shape.buffer(buffer_m), over=buffer_m),
        shortest_m=shortest,
        longest_m=longest,
        buffer_m=buffer_m,
        rule=(
            f"Every street and path on a walk of at most {longest:.0f} m between {start.name} and "
            f"{end.name} (the shortest is {shortest:.0f} m), with {buffer_m:.0f} m to each side, "
            f"as far as it lies in {clip.name}."
        ),
    )


def _shortest_walk_along(
    network: StreetNetwork, from_start: NDArray[Any], from_end: NDArray[Any]
) -> NDArray[Any]:
    """For each edge, the length of the shortest walk between the two places that uses it whole."""
    one, other = network.start, network.end
    walk: NDArray[Any] = network.length_m + np.minimum(
        from_start[one] + from_end[other], from_start[other] + from_end[one]
    )
    return walk


def _names_by_length(
    network: StreetNetwork, edges: NDArray[Any], *, near: BaseGeometry, over: float
) -> tuple[str, ...]:
    """Names of streets with more than so many metres near a shape; the longest first."""
    import shapely

    metres: dict[str, float] = {}
    lengths = shapely.length(shapely.intersection(network.lines[edges], near))
    for name, length in zip(network.names[edges], lengths, strict=True):
        if name:
            metres[str(name)] = metres.get(str(name), 0.0) + float(length)
    named = [name for name, length in metres.items() if length > over]
    return tuple(sorted(named, key=lambda name: (-metres[name], name)))
