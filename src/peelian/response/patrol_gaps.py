"""The longest time that a hot spot had nobody, in the hours that units were out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peelian.core.patrols import PatrolPlan, Visit

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class LongestGap:
    """The longest time that a hot spot had nobody, in patrolled hours that are logged.

    minutes: of shifts between start and end, each minute once however many units were out.
    starts_at_log, ends_at_log: whether the gap is bounded by the log and not by a visit, so
    that it may truly be longer.
    """

    place_id: str
    minutes: float
    start: datetime
    end: datetime
    starts_at_log: bool
    ends_at_log: bool


def longest_gaps(
    placed: Sequence[Visit], plan: PatrolPlan, logged: frozenset[date]
) -> Iterable[LongestGap]:
    """The longest gap of each hot spot of a plan, in its order; none where no shift is logged.

    placed: visits at hot spots. logged: days on which shifts begin that the log covers. A gap
    does not run on over a shift that is not logged: somebody may have come.
    """
    runs = _patrolled(plan, logged)
    for spot in plan.hotspots:
        spans = sorted((v.start, v.end) for v in placed if v.place_id == spot.place_id)
        gaps = [gap for run in runs for gap in _gaps_of_run(spot.place_id, spans, run)]
        if gaps:
            yield max(gaps, key=lambda gap: gap.minutes)


def _patrolled(plan: PatrolPlan, logged: frozenset[date]) -> list[list[tuple[datetime, datetime]]]:
    """Hours in which some unit was out, as runs that no unlogged shift interrupts."""
    runs: list[list[tuple[datetime, datetime]]] = [[]]
    for shift in sorted(plan.shifts, key=lambda each: (each.start, each.end)):
        if shift.start.date() not in logged:
            if runs[-1]:
                runs.append([])
        elif runs[-1] and shift.start <= runs[-1][-1][1]:
            start, end = runs[-1][-1]
            runs[-1][-1] = (start, max(end, shift.end))
        else:
            runs[-1].append((shift.start, shift.end))
    return [run for run in runs if run]


def _gaps_of_run(
    place_id: str,
    spans: Sequence[tuple[datetime, datetime]],
    run: Sequence[tuple[datetime, datetime]],
) -> Iterable[LongestGap]:
    """The times between visits, and before the first and after the last, of one run."""
    since, by_log = run[0][0], True
    for start, end in spans:
        if end <= run[0][0] or start >= run[-1][1]:
            continue
        if start > since:
            yield LongestGap(place_id, _out(since, start, run), since, start, by_log, False)
        if end > since:
            since, by_log = end, False
    if since < run[-1][1]:
        last = run[-1][1]
        yield LongestGap(place_id, _out(since, last, run), since, last, by_log, True)


def _out(start: datetime, end: datetime, run: Sequence[tuple[datetime, datetime]]) -> float:
    """Minutes between two times in which some unit was out."""
    overlaps = (min(end, until) - max(start, since) for since, until in run)
    return sum(max(each / _MINUTE, 0.0) for each in overlaps)
