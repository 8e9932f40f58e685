"""Routes by going to the best next place: what a sergeant could do on paper."""

from __future__ import annotations

from dataclasses import dataclass, field

from peelian.response.route_problem import RouteProblem, Visits


def next_best_visits(problem: RouteProblem) -> Visits:
    """The visits of units that always go to the place where a minute covers most.

    At each step the unit that is free first (of several, the first) goes to the place whose
    visit covers most for each minute until that visit's end: way, wait and dwell. Of places
    as good the first is taken. A unit for which no place is left in time goes home.
    """
    return _Walk(problem).visits()


@dataclass
class _Walk:
    problem: RouteProblem
    starts: list[list[int]] = field(init=False)  # of the visits planned at each place

    def visits(self) -> Visits:
        units = range(len(self.problem.hours))
        self.starts = [[] for _ in self.problem.weight]
        ways = [self.problem.ways(unit).tolist() for unit in units]
        free = {unit: (self.problem.hours[unit][0], 0) for unit in units}  # minute, where
        routes: list[list[tuple[int, int]]] = [[] for _ in units]
        while free:
            unit = min(free, key=lambda u: (free[u][0], u))
            if (best := self._best_from(*free[unit], ways[unit], unit)) is None:
                del free[unit]
                continue
            place, start = best
            self.starts[place].append(start)
            routes[unit].append(best)
            free[unit] = (start + self.problem.visit_minutes, place + 1)
        return tuple(tuple(route) for route in routes)

    def _best_from(
        self, minute: int, at: int, ways: list[list[int]], unit: int
    ) -> tuple[int, int] | None:
        best, most = None, 0.0
        for place, weight in enumerate(self.problem.weight):
            if len(self.starts[place]) >= self.problem.most_visits[place]:
                continue
            start = self._first_start(place, minute + ways[at][place + 1])
            end = start + self.problem.visit_minutes
            if end > self.problem.open[place, 1]:
                continue
            if end + ways[place + 1][0] > self.problem.hours[unit][1]:
                continue
            a_minute = float(weight) * 0.5 ** len(self.starts[place]) / (end - minute)
            if a_minute > most:
                best, most = (place, start), a_minute
        return best

    def _first_start(self, place: int, minute: int) -> int:
        """The first minute, from this one on, that keeps the gap to the place's other visits."""
        apart = self.problem.visit_minutes + self.problem.gap_minutes
        start = max(minute, int(self.problem.open[place, 0]))
        for other in sorted(self.starts[place]):
            if abs(start - other) < apart:
                start = other + apart
        return start
