from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peelian.analysis.clock_changes import clock_changes

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")


def microseconds(*times: datetime) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(times, dtype="datetime64[us]").astype(np.int64)


@given(st.datetimes(datetime(1996, 1, 1), datetime(2037, 12, 31)))
def test_moments_are_those_of_the_time_zone_database(wall: datetime) -> None:
    shown = microseconds(wall)
    changes = clock_changes(int(shown[0]), int(shown[0]), zone="Europe/London")

    utc = wall.replace(tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)
    assert changes.to_utc(shown) == microseconds(utc)


def test_a_year_has_two_changes_at_one_in_the_morning() -> None:
    first, last = microseconds(datetime(2022, 1, 10), datetime(2022, 12, 20))

    changes = clock_changes(int(first), int(last), zone="Europe/London")

    assert changes.at.astype("datetime64[us]").tolist() == [
        datetime(2022, 3, 27, 1),
        datetime(2022, 10, 30, 1),
    ]
    assert (changes.ahead / 3.6e9).tolist() == [0, 1, 0]


def test_a_zone_without_changes_has_none() -> None:
    (moment,) = microseconds(datetime(2022, 5, 1))

    assert len(clock_changes(int(moment), int(moment), zone="UTC").at) == 0
