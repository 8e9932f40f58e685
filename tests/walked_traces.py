"""A unit that walks a plan along the streets, and the GPS points that a receiver would give."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

import made_patrols
from peelian.core.patrols import Hotspot, PlannedVisit
from peelian.core.streets import StreetNetwork
from peelian.response.directions import directions
from peelian.response.travel_times import METRES_A_MINUTE, stops_on

LONDON = ZoneInfo("Europe/London")


def hotspot(place_id, centre, *, radius_m=150.0, rank=1, name=""):
    of = made_patrols.hotspot(place_id, name or f"Place {place_id}", centre=centre)
    return replace(of, radius_m=radius_m, rank=rank)


@dataclass(frozen=True)
class Walk:
    """Where a unit truly was, second by second. times: seconds since 1970, UTC."""

    times: np.ndarray
    points: np.ndarray


def seconds_utc(wall: datetime) -> float:
    return wall.replace(tzinfo=LONDON).astimezone(UTC).timestamp()


def wall_clock(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(LONDON).replace(tzinfo=None)


def walked(
    network: StreetNetwork,
    hotspots: Sequence[Hotspot],
    visits: Sequence[PlannedVisit],
    *,
    base: tuple[float, float],
    seed: int,
    mode="foot",
    strolls: bool = True,
) -> Walk:
    """Leave the base in time, go to each stop by the streets, stroll about it, and go back."""
    rng = np.random.default_rng([seed, 1])
    by_id = {each.place_id: each for each in hotspots}
    metres_a_second = METRES_A_MINUTE[mode] / 60
    times, points = [], []
    here, free = base, None
    for visit in [*visits, None]:
        there = base if visit is None else by_id[visit.place_id].centre
        stop = base if visit is None else _stop(network, there, mode)
        line = directions(network, here, stop, mode=mode).line
        takes = _length(line) / metres_a_second
        if visit is None:
            leaves = free
        else:
            leaves = seconds_utc(visit.start) - takes
            assert free is None or leaves >= free - 1, "the plan leaves no time to walk"
        _stay_until(times, points, here, free, leaves)
        _go(times, points, line, leaves, metres_a_second)
        if visit is not None:
            begins, ends = seconds_utc(visit.start), seconds_utc(visit.end)
            radius = by_id[visit.place_id].radius_m if strolls else 0
            _stroll(times, points, network, stop, there, radius, begins, ends, rng)
            free = ends
        here = stop
    when = np.arange(math.ceil(times[0]), math.floor(times[-1]))
    at = np.array(points)
    east, north = (np.interp(when, times, at[:, axis]) for axis in (0, 1))
    return Walk(when.astype(float), np.column_stack([east, north]))


def _stop(network, centre, mode):
    node = int(stops_on(network, [centre], mode=mode)[0])
    return (float(network.node_easting[node]), float(network.node_northing[node]))


def _length(line):
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _stay_until(times, points, here, since, until):
    if since is not None and until > since:
        times.extend([since, until - 1e-3])
        points.extend([here, here])


def _go(times, points, line, leaves, metres_a_second):
    along = np.r_[0.0, np.hypot(*np.diff(line, axis=0).T).cumsum()]
    times.extend(leaves + along / metres_a_second)
    points.extend(map(tuple, line))


def _stroll(times, points, network, stop, centre, radius, begins, ends, rng):
    """Out along streets near the stop for half of the visit, and the same way back."""
    node = int(stops_on(network, [stop], mode="foot")[0])
    near = np.hypot(network.node_easting - centre[0], network.node_northing - centre[1])
    inside = near < 0.7 * radius
    usable = network.on_foot & inside[network.start] & inside[network.end]
    half, pace = (ends - begins) / 2, 0.8
    line, walked_s = [stop], 0.0
    while walked_s < half:
        edges = np.flatnonzero(usable & ((network.start == node) | (network.end == node)))
        edges = [e for e in edges if network.length_m[e] > 1]
        if not edges:
            break
        edge = int(rng.choice(edges))
        drawn = np.asarray(network.lines[edge].coords)
        if network.start[edge] != node:
            drawn = drawn[::-1]
        node = int(network.end[edge] if network.start[edge] == node else network.start[edge])
        line += [tuple(point) for point in drawn[1:]]
        walked_s += float(network.length_m[edge]) / pace
    out = np.array(line)
    along = np.r_[0.0, np.hypot(*np.diff(out, axis=0).T).cumsum()] / pace if len(out) > 1 else [0]
    grid = np.linspace(0, half, max(2, int(half / 5)))
    there = np.column_stack([np.interp(grid, along, out[:, axis]) for axis in (0, 1)])
    times.extend(begins + grid)
    points.extend(map(tuple, there))
    times.extend(begins + half + grid[1:])
    points.extend(map(tuple, there[::-1][1:]))


def received(
    walk: Walk,
    *,
    seed: int,
    every_s: int = 5,
    noise_m: float = 8.0,
    alike_s: float = 30.0,
    jumps: int = 0,
    gaps: Sequence[tuple[float, float]] = (),
    offsets: Sequence[tuple[float, float, float, float]] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """The points of a receiver: noise that lasts, jumps, gaps and offsets.

    noise_m: standard deviation of each coordinate; alike_s: over which it falls to 1/e. jumps:
    up to 500 m away, for one to three points. gaps: from, to, seconds of the walk. offsets:
    from, to, metres east and north, as between tall buildings.
    """
    rng = np.random.default_rng([seed, 2])
    times, points = walk.times[::every_s], walk.points[::every_s].copy()
    likeness = math.exp(-every_s / alike_s)
    fresh = rng.normal(size=points.shape) * noise_m
    noise = np.empty_like(points)
    noise[0] = fresh[0]
    for i in range(1, len(points)):
        noise[i] = likeness * noise[i - 1] + math.sqrt(1 - likeness**2) * fresh[i]
    points += noise
    since = times - walk.times[0]
    for start, end, east, north in offsets:
        points[(since >= start) & (since < end)] += (east, north)
    for _ in range(jumps):
        first = int(rng.integers(1, len(points) - 4))
        angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(150, 500)
        points[first : first + int(rng.integers(1, 4))] += (
            far * math.cos(angle), far * math.sin(angle),
        )  # fmt: skip
    kept = np.ones(len(times), dtype=bool)
    for start, end in gaps:
        kept &= ~((since >= start) & (since < end))
    return times[kept], points[kept]


def true_stays(walk: Walk, hotspots: Sequence[Hotspot], *, away_s=180, edge_m=25, least_s=120):
    """(place id, start, end) of a walk without noise, second by second: slow and plain."""
    owner = []
    for east, north in walk.points:
        nearest, best = None, math.inf
        for each in hotspots:
            away = math.hypot(east - each.centre[0], north - each.centre[1])
            if away <= each.radius_m and away / each.radius_m < best:
                nearest, best = each.place_id, away / each.radius_m
        owner.append(nearest)
    by_id = {each.place_id: each for each in hotspots}
    stays = []
    for second, place in enumerate(owner):
        if place is None:
            continue
        if stays and stays[-1][0] == place and stays[-1][2] == second - 1:
            stays[-1][2] = second
        else:
            stays.append([place, second, second])
    joined = []
    for place, first, last in stays:
        if joined and joined[-1][0] == place:
            spot = by_id[place]
            out = walk.points[joined[-1][2] : first + 1] - spot.centre
            lingers = (np.hypot(*out.T) <= spot.radius_m + edge_m).all()
            if first - joined[-1][2] <= away_s or lingers:
                joined[-1][2] = last
                continue
        joined.append([place, first, last])
    return [
        (place, wall_clock(walk.times[first]), wall_clock(walk.times[last]))
        for place, first, last in joined
        if last - first >= least_s
    ]


def plan_of_visits(order, *, network, hotspots, base, begins: datetime, minutes=14, mode="foot"):
    """Visits one after another, as soon as the walk between allows, in whole minutes."""
    by_id = {each.place_id: each for each in hotspots}
    visits, here, free = [], base, begins
    for place_id in order:
        stop = _stop(network, by_id[place_id].centre, mode)
        takes = directions(network, here, stop, mode=mode).minutes
        start = free + timedelta(minutes=math.ceil(takes + 0.1))
        end = start + timedelta(minutes=minutes)
        visits.append(PlannedVisit(place_id, "made", start, end))
        here, free = stop, end
    return visits
