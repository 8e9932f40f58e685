"""What is left of a shift, and from where its unit goes on."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from made_weeks import grid_network, shift, spot, visit
from peelian.core.patrols import Abstraction
from peelian.response.patrol_hours import Stretch, stretches_left
from peelian.response.patrol_ways import PatrolWays

LATE = shift()  # 14:00 to 18:00
HOUR = timedelta(hours=1)
AT_THREE = visit("a", "15:00", of=LATE)


def lost(start: float, end: float) -> Abstraction:
    """Hours after the shift's start."""
    return Abstraction(LATE.shift_id, LATE.start + start * HOUR, LATE.start + end * HOUR)


def left(*, lost=(), kept=(), now=None) -> list[tuple[float, float, str]]:
    found = stretches_left(LATE, lost=lost, kept=kept, now=now)
    return [((s.start - LATE.start) / HOUR, (s.end - LATE.start) / HOUR, s.sets_out_from)
            for s in found]  # fmt: skip


def test_a_shift_of_which_nothing_is_lost_is_left_whole() -> None:
    assert left() == [(0, 4, "")]


def test_lost_hours_cut_a_shift_and_are_cut_to_it() -> None:
    assert left(lost=[lost(1, 2)]) == [(0, 1, ""), (2, 4, "")]
    assert left(lost=[lost(-1, 1), lost(3, 9)]) == [(1, 3, "")]
    assert left(lost=[lost(2, 3), lost(0, 2.5)]) == [(3, 4, "")]
    assert left(lost=[lost(0, 4)]) == []


def test_hours_lost_by_another_unit_are_no_loss() -> None:
    other = Abstraction(shift(unit="B").shift_id, LATE.start, LATE.end)

    assert left(lost=[other]) == [(0, 4, "")]


def test_a_unit_goes_on_from_its_last_visit_when_that_is_over() -> None:
    assert left(kept=[AT_THREE], now=LATE.start + 1.1 * HOUR) == [(74 / 60, 4, "a")]
    assert left(kept=[AT_THREE], now=LATE.start + 2 * HOUR) == [(2, 4, "a")]


def test_after_lost_hours_a_unit_goes_on_from_its_base() -> None:
    now = LATE.start + 1.5 * HOUR

    assert left(kept=[AT_THREE], lost=[lost(2, 3)], now=now) == [(1.5, 2, "a"), (3, 4, "")]
    assert left(kept=[AT_THREE], lost=[lost(1.3, 2)], now=now) == [(2, 4, "")]
    assert left(kept=[AT_THREE], lost=[lost(0, 1)], now=now) == [(1.5, 4, "a")]


def test_ways_lead_from_where_a_stretch_sets_out_and_back_to_the_base() -> None:
    # The base at the corner, "a" 300 m east of it, "b" 200 m further: 4.2, 2.8 and 6.9 minutes.
    spots = [spot("a", 300, 0), spot("b", 500, 0)]
    ways = PatrolWays.between(spots, [LATE], grid_network())

    from_base = ways.of_stretch(Stretch(LATE, LATE.start, LATE.end), ["a", "b"])
    from_a = ways.of_stretch(Stretch(LATE, LATE.start, LATE.end, "a"), ["a", "b"])

    np.testing.assert_array_equal(from_base, [[0, 5, 7], [5, 0, 3], [7, 3, 0]])
    np.testing.assert_array_equal(from_a, [[0, 0, 3], [5, 0, 3], [7, 3, 0]])
