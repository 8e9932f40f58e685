"""Visits at hot spots out of a unit's GPS points. The points themselves go no further.

A visit is the time inside a hot spot's circle, from edge to edge, as a geofence counts it. A
plan's visit is counted from the place's stop, which lies within the circle: a unit that walks
the plan enters up to the circle's radius earlier and leaves as much later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    Stretch,
    mode_by_speed,
    reachable,
    smoothed,
)
from peelian.response.travel_times import METRES_A_MINUTE

if TYPE_CHECKING:
    from peelian.core.streets import StreetNetwork

_LONDON = ZoneInfo("Europe/London")
# Streets are longer than the straight line. Ours; Camden's are, on foot, by about a quarter.
_DETOUR = 1.25
_LEAST_BACKGROUND_S = 60.0


@dataclass(frozen=True)
class TraceRule:
    """When a unit is at a hot spot.

    edge_m: a unit that stays this near the circle has not left it. away_minutes: nor has one
    that is back as soon as this. least_minutes: a shorter stay is passing by, and background; a
    vehicle may have waited at lights. longest_gap_minutes: no points for so long, both ends
    within, are time at the place; a longer gap ends the visit. within_m: how well a
    smoothed position is known, so how early and how late a unit can have crossed the edge; a
    receiver that is off by more for minutes, as between tall buildings, can belie it.
    base_m: time this near a base is no patrol.
    """

    edge_m: float = 25.0
    away_minutes: float = 3.0
    least_minutes: tuple[tuple[PatrolMode, float], ...] = (
        ("foot", 2.0), ("cycle", 3.0), ("vehicle", 5.0),
    )  # fmt: skip
    longest_gap_minutes: float = 6.0
    within_m: float = 30.0
    base_m: float = 60.0


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


@dataclass(frozen=True)
class _Stay:
    """Time at a place, seconds since 1970 UTC, and the bounds of its ends."""

    place: int
    start: float
    end: float
    earliest_start: float
    latest_start: float
    earliest_end: float
    latest_end: float


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
    depths = [_outside_m(stretch.points, hotspots) for stretch in stretches]
    stays = list(_stays(stretches, depths, rule=rule, mode=guess))
    least = {each: minutes * 60 for each, minutes in rule.least_minutes}
    visits = []
    for stay in stays:
        own = mode or mode_by_speed(_between(stretches, stay.start, stay.end)) or known or "foot"
        if stay.end - stay.start >= least[own]:
            visits.append((stay, own))
    seen = _without_bases(stretches, bases, rule.base_m)
    rest = _apart_from(seen, [(stay.start, stay.end) for stay, _ in visits])
    return TracedPatrol(
        visits=tuple(
            _traced(stay, hotspots[stay.place].place_id, own, unit, visible)
            for stay, own in visits
        ),
        background=tuple(
            _visit("", start, end, mode or _mode_between(stretches, start, end, known), unit,
                   visible)
            for start, end in rest
            if end - start >= _LEAST_BACKGROUND_S
        ),
        points=len(when),
        jumps=int((~kept).sum()),
        gaps=tuple(
            (_wall(one.times[-1]), _wall(other.times[0])) for one, other in pairwise(stretches)
        ),
        mode=known,
    )  # fmt: skip


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


def _outside_m(points: Floats, hotspots: Sequence[Hotspot]) -> Floats:
    """Metres that each point (rows) lies outside each hot spot's own ground; below 0 within."""
    centres = np.array([each.centre for each in hotspots], dtype=float).reshape(-1, 2)
    radii = np.array([each.radius_m for each in hotspots], dtype=float)
    away = np.hypot(*(points[:, None, :] - centres[None]).transpose(2, 0, 1))
    outside: Floats = away - radii
    for one in range(len(radii)):
        apart = np.hypot(*(centres - centres[one]).T)
        for other in np.flatnonzero(apart < radii + radii[one]):
            if other != one:
                # Halfway between equal circles, a metre further on is a metre out.
                nearer = away[:, one] / radii[one] - away[:, other] / radii[other]
                past = nearer * min(radii[one], radii[other]) / 2
                outside[:, one] = np.maximum(outside[:, one], past)
    return outside


def _stays(
    stretches: Sequence[Stretch], depths: Sequence[Floats], *, rule: TraceRule, mode: PatrolMode
) -> Iterator[_Stay]:
    """Times within circles in order, put together where the unit was not really away."""
    inside = [s for n in range(len(stretches)) for s in _inside(n, stretches, depths, rule, mode)]
    longer = [s for s in inside if s.end - s.start >= dict(rule.least_minutes)[mode] * 60]
    joined: list[_Stay] = []
    for place in {stay.place for stay in inside}:
        own = sorted((s for s in inside if s.place == place), key=lambda s: s.start)
        waiting = own[0]
        for stay in own[1:]:
            # A moment in another circle may be a receiver's slip; a stay there is none.
            elsewhere = any(s.start >= waiting.end and s.end <= stay.start for s in longer)
            if not elsewhere and _is_one(waiting, stay, stretches, depths, rule):
                waiting = replace(
                    waiting,
                    end=stay.end,
                    earliest_end=stay.earliest_end,
                    latest_end=stay.latest_end,
                )
            else:
                joined.append(waiting)
                waiting = stay
        joined.append(waiting)
    until = -np.inf
    for stay in sorted(joined, key=lambda s: (s.start, -s.end, s.place)):
        if stay.end > until:
            yield replace(stay, start=max(stay.start, until))
            until = stay.end


def _inside(
    s: int,
    stretches: Sequence[Stretch],
    depths: Sequence[Floats],
    rule: TraceRule,
    mode: PatrolMode,
) -> Iterator[_Stay]:
    """Each time that a stretch is within a circle, its ends where the edge is crossed."""
    times = stretches[s].times
    for place in range(depths[s].shape[1]):
        outside = depths[s][:, place]
        within = np.r_[False, outside <= 0, False]
        firsts = np.flatnonzero(within[1:] & ~within[:-1])
        lasts = np.flatnonzero(within[:-1] & ~within[1:]) - 1
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            start, end = (
                _crossing(times, outside, first - 1) if first else times[0],
                _crossing(times, outside, last) if last < len(times) - 1 else times[-1],
            )
            about = _bounds(times, outside, first, last, rule.within_m)
            stay = _Stay(place, float(start), float(end), *about)
            if first == 0 and s:
                stay = _came_in_a_gap(stay, stretches[s - 1], depths[s - 1][-1, place], rule, mode)
            if last == len(times) - 1 and s + 1 < len(stretches):
                stay = _left_in_a_gap(stay, stretches[s + 1], depths[s + 1][0, place], rule, mode)
            yield stay


def _crossing(times: Floats, outside: Floats, before: int) -> float:
    """When the edge is crossed between a position and the next."""
    here, there = outside[before], outside[before + 1]
    share = here / (here - there) if here != there else 0.0
    return float(times[before] + share * (times[before + 1] - times[before]))


def _bounds(
    times: Floats, outside: Floats, first: int, last: int, within_m: float
) -> tuple[float, float, float, float]:
    """Earliest and latest start and end, were the edge `within_m` further out or in."""
    far = np.flatnonzero(outside > within_m)
    deep = np.flatnonzero(outside[first : last + 1] < -within_m) + first
    came, went = far[far < first], far[far > last]
    return (
        float(times[came[-1]] if len(came) else times[0]),
        float(times[deep[0]] if len(deep) else times[last]),
        float(times[deep[-1]] if len(deep) else times[first]),
        float(times[went[0]] if len(went) else times[-1]),
    )


def _came_in_a_gap(
    stay: _Stay, before: Stretch, outside_m: float, rule: TraceRule, mode: PatrolMode
) -> _Stay:
    """The stay with its start where a unit that came on at the usual pace crossed the edge."""
    seen = float(before.times[-1])
    usual, least = _minutes_to_edge(outside_m, mode)
    start = stay.start
    if stay.start - seen <= rule.longest_gap_minutes * 60:
        start = min(stay.start, seen + usual)
    return replace(stay, start=start, earliest_start=min(start, seen + least))


def _left_in_a_gap(
    stay: _Stay, after: Stretch, outside_m: float, rule: TraceRule, mode: PatrolMode
) -> _Stay:
    """The stay with its end where a unit that left at the usual pace crossed the edge."""
    seen = float(after.times[0])
    usual, least = _minutes_to_edge(outside_m, mode)
    end = stay.end
    if seen - stay.end <= rule.longest_gap_minutes * 60:
        end = max(stay.end, seen - usual)
    return replace(stay, end=end, latest_end=max(end, seen - least))


def _minutes_to_edge(outside_m: float, mode: PatrolMode) -> tuple[float, float]:
    """Seconds from a point to the edge: at the usual pace along streets, and at the fastest."""
    metres = max(0.0, outside_m)
    return metres * _DETOUR / METRES_A_MINUTE[mode] * 60, metres / FASTEST_M_S[mode]


def _is_one(
    one: _Stay,
    other: _Stay,
    stretches: Sequence[Stretch],
    depths: Sequence[Floats],
    rule: TraceRule,
) -> bool:
    """Whether a unit was at the place all the time between two stays, for all that is known."""
    if other.start - one.end <= rule.away_minutes * 60:
        return True
    seen = one.end
    for stretch, depth in zip(stretches, depths, strict=True):
        between = (stretch.times >= one.end) & (stretch.times <= other.start)
        if not between.any():
            continue
        if (depth[between, one.place] > rule.edge_m).any():
            return False
        if stretch.times[between][0] - seen > rule.longest_gap_minutes * 60:
            return False
        seen = float(stretch.times[between][-1])
    return other.start - seen <= rule.longest_gap_minutes * 60


def _between(stretches: Sequence[Stretch], start: float, end: float) -> tuple[Stretch, ...]:
    """The parts of the stretches from one time to another."""
    parts = []
    for each in stretches:
        own = (each.times >= start) & (each.times <= end)
        if own.any():
            parts.append(Stretch(each.times[own], each.points[own]))
    return tuple(parts)


def _mode_between(
    stretches: Sequence[Stretch], start: float, end: float, known: PatrolMode | None
) -> PatrolMode:
    return mode_by_speed(_between(stretches, start, end)) or known or "foot"


def _without_bases(
    stretches: Sequence[Stretch], bases: ArrayLike, base_m: float
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


def _traced(stay: _Stay, place_id: str, mode: PatrolMode, unit: str, visible: bool) -> TracedVisit:
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
