"""When visits are made: times that nobody can foretell, drawn by a seed so that all can check.

Routes say which places a band's units visit. Here their order, their lengths and their starts
are drawn at random. How many visits a place gets never changes, and every rule of the routes is
kept. What time is left between visits is background patrol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peelian.core.seeds import Stream, below, stream
from peelian.response.route_problem import RouteProblem, Visits

# Moves tried a visit. In real wards nearly all keep the rules where there is time to spare, and
# one in eight where a unit's hours are full; ten times as many spread visits no further.
_MOVES_A_VISIT = 30

_Order = list[tuple[int, int]]  # (unit, place), in the order in which visits are timed


@dataclass(frozen=True)
class DrawnVisit:
    """A visit by one of the problem's units. Minutes from the band's first; the end excluded."""

    unit: int
    place: int
    start: int
    end: int


def draw_visit_times(
    problem: RouteProblem,
    visits: Visits,
    *,
    shortest_minutes: int,
    longest_minutes: int,
    seed: int,
    replicate: int,
) -> tuple[DrawnVisit, ...]:
    """Draw the order, the lengths and the starts of a band's visits, by time.

    visits: routes that keep the problem's rules with visits of `problem.visit_minutes`, as
    `best_routes` gives them. The orders come from a random walk: two visits change places, a
    stretch is turned round, or a visit moves to another time and perhaps another unit; a move
    is taken where all rules still hold. Lengths are drawn from the shortest to the longest,
    each whole minute as likely, and cut minute by minute where they do not fit. Starts are
    drawn one visit after another, each from all the minutes that those drawn before leave it.
    No visits give none. seed, replicate: of the stream of random numbers.
    """
    timetable = _Timetable.of(problem)
    state = stream(seed, replicate)
    by_start = sorted(
        (start, unit, place) for unit, route in enumerate(visits) for place, start in route
    )
    order = _shuffled(timetable, [(unit, place) for _, unit, place in by_start], state)
    span = longest_minutes - shortest_minutes + 1
    lengths = [shortest_minutes + int(below(state, span)) for _ in order]
    _cut_to_fit(timetable, order, lengths, shortest_minutes, state)
    starts = _drawn_starts(timetable, order, lengths, state)
    drawn = [
        DrawnVisit(unit, place, start, start + length)
        for (unit, place), start, length in zip(order, starts, lengths, strict=True)
    ]
    return tuple(sorted(drawn, key=lambda visit: (visit.start, visit.unit)))


@dataclass(frozen=True)
class _Timetable:
    """The problem's rules, as plain numbers."""

    ways: list[list[list[int]]]
    hours: tuple[tuple[int, int], ...]
    open: list[list[int]]
    visit_minutes: int
    gap_minutes: int

    @staticmethod
    def of(problem: RouteProblem) -> _Timetable:
        return _Timetable(
            [problem.ways(unit).tolist() for unit in range(len(problem.hours))],
            problem.hours,
            problem.open.tolist(),
            problem.visit_minutes,
            problem.gap_minutes,
        )

    def keeps_rules(self, order: _Order, lengths: list[int]) -> bool:
        """Whether visits timed in this order end while their place and their unit's hours last."""
        starts = self.earliest(order, lengths, {})
        return all(
            start + length <= self.open[place][1]
            and start + length + self.ways[unit][place + 1][0] <= self.hours[unit][1]
            for start, length, (unit, place) in zip(starts, lengths, order, strict=True)
        )

    def earliest(self, order: _Order, lengths: list[int], fixed: Mapping[int, int]) -> list[int]:
        """The earliest start of each visit, timed in this order. fixed: starts drawn already."""
        free = [start for start, _ in self.hours]
        at = [0] * len(self.hours)
        again = [start for start, _ in self.open]
        starts: list[int] = []
        for visit, (unit, place) in enumerate(order):
            way = self.ways[unit][at[unit]][place + 1]
            start = max(free[unit] + way, again[place], fixed.get(visit, 0))
            starts.append(start)
            free[unit], at[unit] = start + lengths[visit], place + 1
            again[place] = free[unit] + self.gap_minutes
        return starts

    def latest(self, order: _Order, lengths: list[int], fixed: Mapping[int, int]) -> list[int]:
        """The latest start of each visit with which all later ones can still be made."""
        back = [end for _, end in self.hours]
        towards = [0] * len(self.hours)
        before = [end for _, end in self.open]
        starts = [0] * len(order)
        for visit in range(len(order) - 1, -1, -1):
            unit, place = order[visit]
            way = self.ways[unit][place + 1][towards[unit]]
            start = min(back[unit] - way, before[place]) - lengths[visit]
            starts[visit] = start = fixed.get(visit, start)
            back[unit], towards[unit] = start, place + 1
            before[place] = start - self.gap_minutes
        return starts


def _shuffled(timetable: _Timetable, order: _Order, state: Stream) -> _Order:
    """The order after a random walk through orders that keep the rules."""
    lengths = [timetable.visit_minutes] * len(order)
    for _ in range(_MOVES_A_VISIT * len(order)):
        moved = _moved(order, len(timetable.hours), state)
        if timetable.keeps_rules(moved, lengths):
            order = moved
    return order


def _moved(order: _Order, units: int, state: Stream) -> _Order:
    """The order with one random change."""
    moved = list(order)
    kind = below(state, 3)
    one, other = int(below(state, len(order))), int(below(state, len(order)))
    if kind == 0:
        moved[one], moved[other] = moved[other], moved[one]
    elif kind == 1:
        first, last = min(one, other), max(one, other) + 1
        moved[first:last] = moved[first:last][::-1]
    else:
        _, place = moved.pop(one)
        moved.insert(other, (int(below(state, units)), place))
    return moved


def _cut_to_fit(
    timetable: _Timetable, order: _Order, lengths: list[int], shortest: int, state: Stream
) -> None:
    """Shorten visits at random, in place, until all fit; at the shortest they do."""
    while not timetable.keeps_rules(order, lengths):
        longer = [visit for visit, length in enumerate(lengths) if length > shortest]
        lengths[longer[below(state, len(longer))]] -= 1


def _drawn_starts(
    timetable: _Timetable, order: _Order, lengths: list[int], state: Stream
) -> list[int]:
    """Starts drawn in a random order of visits, each from the minutes that are left to it."""
    waiting = list(range(len(order)))
    fixed: dict[int, int] = {}
    while waiting:
        visit = waiting.pop(int(below(state, len(waiting))))
        earliest = timetable.earliest(order, lengths, fixed)
        latest = timetable.latest(order, lengths, fixed)
        fixed[visit] = earliest[visit] + int(below(state, latest[visit] - earliest[visit] + 1))
    return [fixed[visit] for visit in range(len(order))]
