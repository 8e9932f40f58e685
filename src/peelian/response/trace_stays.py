"""Times that a trace spends within hot spots' circles, with the bounds of their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from peelian.core.patrols import Hotspot, PatrolMode
from peelian.response.trace_cleaning import FASTEST_M_S, Floats, TraceStretch
from peelian.response.travel_times import METRES_A_MINUTE

# Streets are longer than the straight line. Ours; Camden's are, on foot, by about a quarter.
_DETOUR = 1.25


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
class Stay:
    """Time at a place, seconds since 1970 UTC, and the bounds of its ends."""

    place: int
    start: float
    end: float
    earliest_start: float
    latest_start: float
    earliest_end: float
    latest_end: float


def outside_m(points: Floats, hotspots: Sequence[Hotspot]) -> Floats:
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


def stays_within(
    stretches: Sequence[TraceStretch],
    depths: Sequence[Floats],
    *,
    rule: TraceRule,
    mode: PatrolMode,
) -> Iterator[Stay]:
    """Times within circles in order, put together where the unit was not really away."""
    inside = [s for n in range(len(stretches)) for s in _inside(n, stretches, depths, rule, mode)]
    longer = [s for s in inside if s.end - s.start >= dict(rule.least_minutes)[mode] * 60]
    joined: list[Stay] = []
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
    stretches: Sequence[TraceStretch],
    depths: Sequence[Floats],
    rule: TraceRule,
    mode: PatrolMode,
) -> Iterator[Stay]:
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
            stay = Stay(place, float(start), float(end), *about)
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
    stay: Stay, before: TraceStretch, outside_m: float, rule: TraceRule, mode: PatrolMode
) -> Stay:
    """The stay with its start where a unit that came on at the usual pace crossed the edge."""
    seen = float(before.times[-1])
    usual, least = _minutes_to_edge(outside_m, mode)
    start = stay.start
    if stay.start - seen <= rule.longest_gap_minutes * 60:
        start = min(stay.start, seen + usual)
    return replace(stay, start=start, earliest_start=min(start, seen + least))


def _left_in_a_gap(
    stay: Stay, after: TraceStretch, outside_m: float, rule: TraceRule, mode: PatrolMode
) -> Stay:
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
    one: Stay,
    other: Stay,
    stretches: Sequence[TraceStretch],
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
