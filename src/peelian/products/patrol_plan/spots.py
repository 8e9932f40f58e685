"""Circles and told places as hot spots, each with its own figures and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from peelian.core.patrols import Dose, Hotspot, HoursSet, Lifecycle
from peelian.products.patrol_plan.point_counts import recent_rows, timed_rows_by_point
from peelian.response.patrol_places import known_centre
from peelian.response.place_figures import CircleFigures, expected_harm, figures_of_circles
from peelian.response.place_hours import day_night, ranks_of
from peelian.response.place_words import names_of_circles, slug

if TYPE_CHECKING:
    from peelian.core.measures import Measure
    from peelian.core.tasking import KnownPlace, LeftOut
    from peelian.measures.harm_index import HarmIndex
    from peelian.products.patrol_plan.point_counts import PointCounts
    from peelian.products.patrol_plan.told_places import FoundPlace
    from peelian.products.ward_records import WardRecords
    from peelian.response.patrol_places import Division, Eligibility


@dataclass(frozen=True)
class KnownSpot:
    """A known place as told and as found, with the centre of its circle and the rule for it."""

    told: KnownPlace
    found: FoundPlace
    centre: tuple[float, float]
    rule: Literal["middle", "busiest point", "no point"]

    @property
    def place_id(self) -> str:
        """Its hot spot's id, the same in every plan."""
        return f"known-{slug(self.found.name)}"


def known_spot(
    told: KnownPlace, found: FoundPlace, counts: PointCounts, *, radius_m: float,
    left_out: Sequence[int],
) -> KnownSpot:  # fmt: skip
    """Centre a known place's circle, never on a point that is left out."""
    points = [index for index in found.points if index not in set(left_out)]
    centre, rule = known_centre(
        points, found.middle, counts.positions, counts.recent,
        radius_m=radius_m, reach_m=found.reach_m,
    )  # fmt: skip
    return KnownSpot(told, found, centre, rule)


class Spots:
    """Makes hot spots of a ward's division, whose circles are ranked together once.

    left_out: points of each place left out, which are ranked beside the circles so that the
    whole is still the ward.
    """

    def __init__(
        self,
        ward: WardRecords,
        measure: Measure,
        counts: PointCounts,
        division: Division,
        *,
        harm_index: HarmIndex | None,
        eligibility: Eligibility,
        least_records: float,
        left_out: Sequence[Sequence[int]],
    ) -> None:
        self._ward, self._measure, self._counts = ward, measure, counts
        self._division, self._index = division, harm_index
        self._eligibility, self._least = eligibility, least_records
        self.radius_m = eligibility.radius_m
        circles = (*division.known, *division.chosen, *division.rest)
        self.groups = (*(circle.points for circle in circles), *map(tuple, left_out))
        self.names = names_of_circles(self.groups, counts.points, counts.recent)
        self.figures = figures_of_circles(counts.basis, self.groups)
        self.weights = self._weights(self.groups, self.figures)

    def known(self, spot: KnownSpot, number: int) -> Hotspot:
        """A known place, active; number: of its circle among the known ones."""
        rule = {
            "middle": f"The circle is around the middle of {spot.found.name}.",
            "busiest point": (
                f"{spot.found.name} is larger than the circle, which is around the point in or "
                f"near it with most records."
            ),
            "no point": (
                f"{spot.found.name} is larger than the circle, and no record's point lies in or "
                f"near it; the circle is around its middle."
            ),
        }[spot.rule]
        return self._spot(
            spot.place_id, spot.found.name, spot.centre, self.groups[number],
            self.figures[number], float(self.weights[number]),
            why=(rule,), origin="known",
            hours_set=spot.told.hours, until=date.fromisoformat(spot.told.until),
            reason=spot.told.reason,
        )  # fmt: skip

    def eligible(self) -> tuple[Hotspot, ...]:
        """The chosen circles, as if all were active, the first plan's; without ranks."""
        first = len(self._division.known)
        return tuple(
            self._spot(
                spot_id(circle.centre), self.names[i], circle.centre, circle.points,
                self.figures[i], float(self.weights[i]),
                reason=(
                    f"{self.figures[i].records} records in the last twelve months; at least "
                    f"{self._least:g} are asked."
                ),
            )
            for i, circle in enumerate(self._division.chosen, start=first)
        )  # fmt: skip

    def held(self, spot: Hotspot, number: int) -> Hotspot:
        """An earlier hot spot whose circle is among the known ones, with its figures of today."""
        made = self._spot(
            spot.place_id, spot.name, spot.centre, self.groups[number], self.figures[number],
            float(self.weights[number]), hours_set=spot.hours_set,
        )  # fmt: skip
        return replace(made, radius_m=spot.radius_m)

    def again(self, spot: Hotspot) -> Hotspot:
        """An earlier hot spot with today's figures of its own circle, whoever holds it now."""
        points = self._counts.within(spot.centre, spot.radius_m)
        figures, weight = self._alone(points)
        made = self._spot(spot.place_id, spot.name, spot.centre, points, figures, weight)
        return replace(
            made, radius_m=spot.radius_m, lifecycle=spot.lifecycle, origin=spot.origin,
            hours_set=spot.hours_set, until=spot.until,
        )  # fmt: skip

    def expired(self, spot: KnownSpot) -> Hotspot:
        """A known place whose last day is past, retired."""
        points = self._counts.within(spot.centre, self.radius_m)
        figures, weight = self._alone(points)
        last = date.fromisoformat(spot.told.until)
        return self._spot(
            spot.place_id, spot.found.name, spot.centre, points, figures, weight,
            lifecycle="retired", origin="known", hours_set=spot.told.hours, until=last,
            reason=(
                f"Its last day was {last.day} {last:%B %Y}, and nobody has confirmed it since. "
                f"It was known for: {spot.told.reason}"
            ),
        )  # fmt: skip

    def left_out(self, told: LeftOut, found: FoundPlace) -> Hotspot:
        """A place that a person left out, retired."""
        figures, weight = self._alone(found.points)
        return self._spot(
            spot_id(found.middle), found.name, found.middle, found.points, figures, weight,
            lifecycle="retired", reason=f"Left out: {told.reason}",
        )  # fmt: skip

    def _spot(
        self, place_id: str, name: str, centre: tuple[float, float], points: Sequence[int],
        figures: CircleFigures, weight: float, *, why: tuple[str, ...] = (),
        lifecycle: Lifecycle = "active", origin: Literal["ranked", "known"] = "ranked",
        hours_set: HoursSet = "always", until: date | None = None, reason: str = "",
    ) -> Hotspot:  # fmt: skip
        across = self._across_the_line(centre)
        return Hotspot(
            place_id=place_id, name=name, centre=centre, radius_m=self.radius_m,
            buffer_m=self._eligibility.buffer_m, rank=0, weight=weight,
            expected=figures.expected, low=figures.low, high=figures.high, level=figures.level,
            records=figures.records, police_made_share=self._counts.police_made_share(points),
            lifecycle=lifecycle, origin=origin, hours_set=hours_set, until=until, reason=reason,
            why=(*why, *figures.why, *self._counts.in_words(points), *([across] if across else [])),
            points=tuple(dict.fromkeys(self._counts.points[i].place_id for i in points)),
        )  # fmt: skip

    def _alone(self, points: Sequence[int]) -> tuple[CircleFigures, float]:
        """Figures of some points as one unit, beside the ward's circles without them."""
        own = set(points)
        rest = [tuple(i for i in group if i not in own) for group in self.groups]
        groups = [tuple(points), *(group for group in rest if group)]
        figures = figures_of_circles(self._counts.basis, groups)
        return figures[0], float(self._weights(groups, figures)[0])

    def _weights(
        self, groups: Sequence[Sequence[int]], figures: Sequence[CircleFigures]
    ) -> NDArray[np.float64]:
        expected = np.array([each.expected for each in figures])
        if self._index is None:
            return expected
        return expected_harm(
            expected, self._counts.basis, self._counts.by_type, groups, self._index
        )

    def _across_the_line(self, centre: tuple[float, float]) -> str:
        away = np.hypot(*(self._outside - np.asarray(centre)).T)
        records = int((away <= self.radius_m).sum())
        if not records:
            return ""
        are = "record in the circle lies" if records == 1 else "records in the circle lie"
        counted = "is" if records == 1 else "are"
        return f"{records} more {are} outside the ward's line and {counted} not counted."

    @cached_property
    def _outside(self) -> NDArray[np.float64]:
        """Where records of the measure lie around the ward, in the last twelve months."""
        near = recent_rows(self._ward, self._measure, self._ward.near).drop_nulls("easting")
        spots = near.select("easting", "northing").to_numpy()
        outside = ~self._ward.area.holds(spots[:, 0], spots[:, 1])
        return spots[outside]


def with_hours(
    spots: Sequence[Hotspot], ward: WardRecords, measure: Measure, counts: PointCounts
) -> tuple[Hotspot, ...]:
    """Mark hot spots as of day, night or always, with each one's rank in both halves of the day.

    MonthOnlyError where no record has a time.
    """
    point, start, end = timed_rows_by_point(ward, measure, counts.points)
    dose = Dose()
    found = []
    for spot in spots:
        inside = np.isin(point, counts.within(spot.centre, spot.radius_m))
        found.append(
            day_night(
                start[inside], end[inside],
                day_begins=dose.day_begins, night_begins=dose.night_begins, places=len(spots),
            )
        )  # fmt: skip
    by_day, by_night = ranks_of([f.day for f in found]), ranks_of([f.night for f in found])
    return tuple(
        replace(
            spot,
            hours_set=each.hours_set,
            why=(*spot.why, f"{each.sentence} By day it ranks {day}, by night {night}."),
        )
        for spot, each, day, night in zip(spots, found, by_day, by_night, strict=True)
    )


def spot_id(centre: tuple[float, float]) -> str:
    """A ranked hot spot's id, from where it lies."""
    return f"hot-spot-{centre[0]:.0f}-{centre[1]:.0f}"
