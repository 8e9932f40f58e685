"""Background patrol without the minutes that its unit spent at places, minute by minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from peelian.core.patrols import Visit
from peelian.response.visits_once import visits_once

NOON = datetime(2026, 12, 1, 12)


def visit_of(place: str, unit: str, start: int, minutes: int, base: datetime = NOON) -> Visit:
    begins = base + timedelta(minutes=start)
    return Visit(place, begins, begins + timedelta(minutes=minutes), "foot", unit)


def minutes_of(visit: Visit, base: datetime = NOON) -> set[int]:
    first = int((visit.start - base).total_seconds()) // 60
    return set(range(first, first + round(visit.minutes)))


VISITS = st.lists(
    st.builds(
        visit_of, st.sampled_from(["p", "q"]), st.sampled_from(["", "A", "B"]),
        st.integers(0, 200), st.sampled_from([1, 5, 14, 120]),
    ),
    max_size=12,
)  # fmt: skip


@given(VISITS, st.integers(0, 200), st.integers(1, 150))
def test_a_units_background_is_what_its_visits_leave_of_it(
    visits: list[Visit], start: int, minutes: int
) -> None:
    background = visit_of("", "A", start, minutes)
    at_places = set().union(*(minutes_of(v) for v in visits if v.unit == "A"))

    once = visits_once([*visits, background])

    left = [minutes_of(v) for v in once.visits if not v.place_id]
    assert sorted(m for part in left for m in part) == sorted(minutes_of(background) - at_places)


def test_visits_of_the_first_day_that_there_is_are_cut_too() -> None:
    first = datetime.min
    background = visit_of("", "A", 0, 60, first)

    once = visits_once([visit_of("p", "A", 10, 20, first), background])

    assert [v.minutes for v in once.visits if not v.place_id] == [10, 30]
