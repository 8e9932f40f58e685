"""Published figures of when: intervals spread over hours, the sun, shares, two sets of times."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from peelian.analysis.aoristic import aoristic_hours
from peelian.analysis.daylight import CIVIL_TWILIGHT_DEGREES, SUNRISE_DEGREES, sun_elevation
from peelian.analysis.temporal_shift import share_change, temporal_shift

Computed = Callable[[pytest.FixtureRequest], float]

LONDON = (-0.1275, 51.5072)
GREENWICH = {
    "at 0 E, 35 N on 2 January 1994": ("1994-01-02", 35.0),
    "at 0 E, 35 S on 5 July 1996": ("1996-07-05", -35.0),
    "at 0 E, 35 S on 4 December 2004": ("2004-12-04", -35.0),
}
DAWNS = {f"London, {day} December 2015": f"2015-12-{day:02d}" for day in (1, 12, 25)}
GOLDEN = "Golden, 105.1786 W, 39.742476 N, 17 October 2003, 19:30:30 UTC"
# Degrees on a circle, as Zar prints them.
ZAR = {
    "Zar's example 27.10: ten and eleven directions": (
        (35, 45, 50, 55, 60, 70, 85, 95, 105, 120),
        (75, 80, 90, 100, 110, 130, 135, 140, 150, 155, 165),
    ),
    "Zar's example 27.11: twelve and ten directions, some equal": (
        (40, 45, 50, 55, 70, 80, 80, 95, 105, 110, 110, 120),
        (30, 35, 50, 60, 65, 65, 75, 80, 90, 100),
    ),
}
NEWCOMBE = "48 of 80, then 56 of 70"


def crossing(day: str, place: tuple[float, float], degrees: float, *, rising: bool) -> Computed:
    """Minutes past midnight UTC at which the sun passes so many degrees."""
    seconds = np.datetime64(day) + np.arange(86_400).astype("timedelta64[s]")
    above = sun_elevation(seconds, *place) > degrees
    passed = np.flatnonzero(np.diff(above.astype(int)) == (1 if rising else -1))[0]
    return lambda _: (float(passed) + 1) / 60


def on_the_clock(degrees: tuple[int, ...]) -> list[np.datetime64]:
    """A full circle as a day: a degree is four minutes."""
    return [np.datetime64("2024-05-14") + np.timedelta64(4 * d, "m") for d in degrees]


def watson(name: str) -> Computed:
    before, after = (on_the_clock(each) for each in ZAR[name])
    return lambda _: temporal_shift(before, after, replicates=99, seed=1).statistic


COMPUTED: dict[tuple[str, str], Computed] = {
    ("aoristic: weight of each hour of the week", "one interval of two weeks"): lambda _: float(
        aoristic_hours(["2024-05-01"], ["2024-05-15"]).weights[2, 5]
    ),
    ("sun: zenith, degrees", GOLDEN): lambda _: (
        90 - float(sun_elevation(["2003-10-17T19:30:30"], -105.1786, 39.742476)[0])
    ),
    **{
        (f"sun: {name}, minutes past midnight UTC", where): crossing(
            day, (0.0, latitude), SUNRISE_DEGREES, rising=name == "sunrise"
        )
        for where, (day, latitude) in GREENWICH.items()
        for name in ("sunrise", "sunset")
    },
    **{
        ("sun: civil dawn, minutes past midnight UTC", where): crossing(
            day, LONDON, CIVIL_TWILIGHT_DEGREES, rising=True
        )
        for where, day in DAWNS.items()
    },
    **{("temporal shift: Watson's U2", name): watson(name) for name in ZAR},
    ("difference of shares: low, 95 %", NEWCOMBE): lambda _: share_change("", 48, 80, 56, 70).low,
    ("difference of shares: high, 95 %", NEWCOMBE): lambda _: share_change("", 48, 80, 56, 70).high,
}
