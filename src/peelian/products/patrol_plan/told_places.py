"""The places that a tasking file tells of, found on the ward's map and among its points."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import UnknownPlaceError
from peelian.core.gazetteer import Gazetteer
from peelian.core.place_names import normalised
from peelian.products.claims import AROUND_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peelian.core.areas import Area
    from peelian.core.places import MicroPlace, NamedPlace, Resolution


@dataclass(frozen=True)
class FoundPlace:
    """A place that a person named. points: numbers of the snap points in or near it.

    middle, reach_m: of the smallest circle around it, EPSG:27700, metres.
    """

    name: str
    points: tuple[int, ...]
    middle: tuple[float, float]
    reach_m: float


class ToldPlaces:
    """Looks names up as a team writes them. points: each snap point by its micro-place's name."""

    def __init__(
        self, area: Area, named_places: Sequence[NamedPlace], points: Sequence[MicroPlace]
    ) -> None:
        self._area = area
        self._points = points
        self._positions = positions_of(points)
        self._gazetteer = Gazetteer(named_places, near=area.shape)

    def known(self, written: str, *, within_m: float) -> FoundPlace:
        """A known place: by the map's name, or by that of a micro-place of the ward.

        within_m: how far outside the ward's line it may lie. UnknownPlaceError where neither
        knows the name, with what comes near it, or where the place lies further away.
        """
        found = self._gazetteer.resolve(written)
        if found.place is not None and found.certainty != "suggestion":
            away = float(found.place.shape.distance(self._area.shape))
            if away > within_m:
                raise UnknownPlaceError(
                    f"A known place lies in {self._area.name} or at most {within_m:g} m around "
                    f"it; {found.place.name} lies {away:.0f} m away. Tell it in its own ward's "
                    f"tasking file."
                )
            return self._on_the_map(found.place)
        if own := self._by_name(written):
            spots = self._positions[list(own)]
            middle = spots.mean(axis=0)
            reach = float(np.hypot(*(spots - middle).T).max())
            name = self._points[own[0]].name
            return FoundPlace(name, own, (float(middle[0]), float(middle[1])), reach)
        raise UnknownPlaceError(_not_known(found, self._area.name, self._near(written)))

    def left_out(self, written: str, records: ArrayLike) -> FoundPlace:
        """The points to leave out: those of the micro-place of that name.

        Where the map knows the name and no micro-place does, as for a hospital whose records
        are put at the street beside it, the point in it or at most 50 m away with most of
        `records`. UnknownPlaceError where there is none.
        """
        found = self._gazetteer.resolve(written)
        own = self._by_name(written)
        if not own and found.place is not None and found.certainty != "suggestion":
            recent = np.asarray(records, dtype=float)
            at_it = self._on_the_map(found.place).points
            own = tuple(sorted(at_it, key=lambda i: (-recent[i], i))[:1])
        if not own:
            raise UnknownPlaceError(
                f"A place to leave out is one of the ranked places of {self._area.name}, by the "
                f"name the ranking gives it; {written!r} is none. "
                + _nearest_names(self._near(written))
            )
        spot = self._positions[list(own)].mean(axis=0)
        return FoundPlace(self._points[own[0]].name, own, (float(spot[0]), float(spot[1])), 0.0)

    def _on_the_map(self, place: NamedPlace) -> FoundPlace:
        import shapely

        near = shapely.dwithin(place.shape, shapely.points(self._positions), AROUND_M)
        middle = shapely.minimum_bounding_circle(place.shape).centroid
        reach = float(shapely.minimum_bounding_radius(place.shape))
        return FoundPlace(
            place.name, tuple(np.flatnonzero(near).tolist()), (middle.x, middle.y), reach
        )

    def _by_name(self, written: str) -> tuple[int, ...]:
        wanted = normalised(written)
        return tuple(i for i, p in enumerate(self._points) if normalised(p.name) == wanted)

    def _near(self, written: str) -> list[str]:
        names = {normalised(point.name): point.name for point in self._points}
        return [names[key] for key in get_close_matches(normalised(written), names, cutoff=0.7)]


def positions_of(points: Sequence[MicroPlace]) -> NDArray[np.float64]:
    """One row a point: easting and northing, EPSG:27700, metres."""
    return np.array([point.centre for point in points], dtype=float).reshape(-1, 2)


def _not_known(found: Resolution, ward: str, near: Sequence[str]) -> str:
    """The error for a name that the map does not have, with what it may mean."""
    offered = [found.place, *found.alternatives] if found.place else list(found.alternatives)
    names = list(dict.fromkeys([place.name for place in offered] + list(near)))
    if len(names) == 1 < len(offered):
        return (
            f"A known place is one place on the map; {found.written!r} is the name of "
            f"{len(offered)} that lie apart, near {ward}. Name a street or building beside the one "
            f"that is meant."
        )
    return (
        f"A known place has a name that the map knows in or near {ward}; {found.written!r} is "
        f"none. {_nearest_names(names)}"
    )


def _nearest_names(names: Sequence[str]) -> str:
    if not names:
        return "Write the name as the map or the ranking has it."
    return f"Near it: {'; '.join(names[:5])}. Write one of these."
