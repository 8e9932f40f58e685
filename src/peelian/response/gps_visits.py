"""Visits at hot spots out of a unit's GPS points. The points themselves go no further.

A visit is the time inside a hot spot's circle, from edge to edge, as a geofence counts it. A
plan's visit is counted from the place's stop, which lies within the circle: a unit that walks
the plan enters up to the circle's radius earlier and leaves as much later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike

from peelian.core.errors import InputError
from peelian.core.patrols import Hotspot, PatrolMode, Visit
from peelian.response.trace_cleaning import (
    FASTEST_M_S,
    Floats,
    TraceStretch,
    mode_by_speed,
    reachable,
    smoothed,
)
from peelian.response.trace_stays import Stay, TraceRule, outside_m, stays_within

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

_LONDON = ZoneInfo("Europe/London")
_LEAST_BACKGROUND_S = 60.0


@dataclass(frozen=True)
class TracedVisit:
    """A visit, and between which times it can have begun and ended.

    The times lie apart where there were no points when the unit came or went, or where it
    lingered at the edge.
    """

    visit: Visit
    earliest_start: datetime
    latest_start: datetime
    earliest_end: datetime
    latest_end: datetime


@dataclass(frozen=True)
class TracedPatrol:
    """What a trace says, without its points.

    visits: at hot spots, in order of time. background: patrol elsewhere, away from the bases;
    passing by a hot spot is part of it. points: read; jumps: of them left out. gaps: from when
    to when there are no points. mode: of the whole trace; None where it hardly moves.
    """

    visits: tuple[TracedVisit, ...]
    background: tuple[Visit, ...]
    points: int
    jumps: int
    gaps: tuple[tuple[datetime, datetime], ...]
    mode: PatrolMode | None


def traced_patrol(
    times: ArrayLike,
    points: ArrayLike,
    *,
    hotspots: Sequence[Hotspot],
    network: StreetNetwork | None = None,
    mode: PatrolMode | None = None,
    unit: str = "",
    visible: bool = True,
    bases: ArrayLike = (),
    rule: TraceRule | None = None,
) -> TracedPatrol:
    """Find the visits of one unit in the points of one or more of its shifts.

    times: seconds since 1970, UTC, ascending. points: (n, 2) eastings and northings, EPSG:27700,
    metres. network: streets to draw the points to, near hot spots (`trace_matching`); without
    it they are taken as smoothed. mode: told from speed where not given, a visit at a time.
    bases: (b, 2). Where circles overlap, a point counts for the one whose centre is nearest for
    its size. Visits carry the clock on the wall, and on the night it changes the minutes that
    passed. No points give nothing; times that are not ascending are an InputError.
    """
    rule = rule or TraceRule()
    when, where = _checked(times, points)
    guess = mode or mode_by_speed(smoothed(when, where, mode="foot")) or "foot"
    kept = reachable(when, where, fastest_m_s=FASTEST_M_S[guess])
    stretches = smoothed(when[kept], where[kept], mode=guess)
    known = mode or mode_by_speed(stretches)
    if network is not None:
        from peelian.response.trace_matching import matched

        stretches = matched(stretches, network, hotspots=hotspots, mode=guess)

    def mode_between(start: float, end: float) -> PatrolMode:
        return mode or mode_by_speed(_between(stretches, start, end)) or known or "foot"

    depths = [outside_m(stretch.points, hotspots) for stretch in stretches]
    least = {each: minutes * 60 for each, minutes in rule.least_minutes}
    visits = [
        (stay, own)
        for stay in stays_within(stretches, depths, rule=rule, mode=guess)
        if stay.end - stay.start >= least[own := mode_between(stay.start, stay.end)]
    ]
    seen = _without_bases(stretches, bases, rule.base_m)
    rest = _apart_from(seen, [(stay.start, stay.end) for stay, _ in visits])
    return TracedPatrol(
        visits=tuple(
            _traced(stay, hotspots[stay.place].place_id, own, unit, visible) for stay, own in visits
        ),
        background=tuple(
            _visit("", start, end, mode_between(start, end), unit, visible)
            for start, end in rest
            if end - start >= _LEAST_BACKGROUND_S
        ),
        points=len(when),
        jumps=int((~kept).sum()),
        gaps=tuple(
            (_wall(one.times[-1]), _wall(other.times[0])) for one, other in pairwise(stretches)
        ),
        mode=known,
    )


def _checked(times: ArrayLike, points: ArrayLike) -> tuple[Floats, Floats]:
    when = np.asarray(times, dtype=float).reshape(-1)
    where = np.asarray(points, dtype=float).reshape(-1, 2)
    if len(when) != len(where) or (np.diff(when) <= 0).any():
        raise InputError(
            f"A trace has one time a point, each after the one before; found {len(when)} times "
            f"and {len(where)} points, {int((np.diff(when) <= 0).sum())} of them out of order. "
            f"Sort them and keep one point a time."
        )
    return when, where


def _between(
    stretches: Sequence[TraceStretch], start: float, end: float
) -> tuple[TraceStretch, ...]:
    """The parts of the stretches from one time to another."""
    parts = []
    for each in stretches:
        own = (each.times >= start) & (each.times <= end)
        if own.any():
            parts.append(TraceStretch(each.times[own], each.points[own]))
    return tuple(parts)


def _without_bases(
    stretches: Sequence[TraceStretch], bases: ArrayLike, base_m: float
) -> list[tuple[float, float]]:
    """From when to when a unit was seen out of its bases."""
    at = np.asarray(bases, dtype=float).reshape(-1, 2)
    seen = []
    for each in stretches:
        away = np.hypot(*(each.points[:, None, :] - at[None]).transpose(2, 0, 1))
        out = np.r_[False, (away > base_m).all(axis=1), False]
        firsts = np.flatnonzero(out[1:] & ~out[:-1])
        lasts = np.flatnonzero(out[:-1] & ~out[1:]) - 1
        seen += [
            (float(each.times[first]), float(each.times[last]))
            for first, last in zip(firsts, lasts, strict=True)
        ]
    return seen


def _apart_from(
    spans: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What is left of some spans of time without others. taken: in order of time."""
    left = []
    for start, end in spans:
        for other_start, other_end in taken:
            if other_end > start and other_start < end:
                left.append((start, other_start))
                start = other_end
        left.append((start, end))
    return [(start, end) for start, end in left if end > start]


def _traced(stay: Stay, place_id: str, mode: PatrolMode, unit: str, visible: bool) -> TracedVisit:
    visit = _visit(place_id, stay.start, stay.end, mode, unit, visible)
    return TracedVisit(
        visit,
        *(
            visit.start + timedelta(seconds=round(moment - stay.start))
            for moment in (stay.earliest_start, stay.latest_start, stay.earliest_end,
                           stay.latest_end)
        ),
    )  # fmt: skip


def _visit(
    place_id: str, start: float, end: float, mode: PatrolMode, unit: str, visible: bool
) -> Visit:
    begun = _wall(start)
    # On the night when clocks change the wall would show an hour that did not pass.
    return Visit(
        place_id, begun, begun + timedelta(seconds=round(end - start)), mode, unit, visible
    )


def _wall(seconds: float) -> datetime:
    """What a clock in London shows, to the second."""
    moment = datetime.fromtimestamp(round(seconds), UTC)
    return moment.astimezone(_LONDON).replace(tzinfo=None)
