"""Light: whether the sun was up, just below the horizon, or it was dark, at a record's hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from peelian.analysis.clock_changes import DAY, LONDON, SECOND, clock_changes
from peelian.core.errors import InputError
from peelian.scanning.exact_share import exact_limits

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import ArrayLike, NDArray

Light = Literal["daylight", "twilight", "dark"]
LIGHTS: tuple[Light, ...] = ("daylight", "twilight", "dark")

# The sun's centre when its upper edge touches the horizon: half its width, and the air's bending.
SUNRISE_DEGREES = -0.833
CIVIL_TWILIGHT_DEGREES = -6.0
_J2000 = 946_728_000 * SECOND  # noon on 1 January 2000
_STEP = 5 * 60 * SECOND
_DAYS_AT_ONCE = 1_000


@dataclass(frozen=True)
class DaylightShare:
    """Records by light, beside how much of the time was dark.

    daylight, twilight, dark: records with the sun up, within civil twilight, and darker.
    without_time_or_place: records left out. dark_share, low, high: of the records, with an
    exact interval. dark_hours_share: of all time from `first` to `last`, both days included,
    at the middle of the records' places, whether or not records are held of each of the days.
    own_days_share: the mean over the records of how much of the record's own day was dark: what
    to expect if hours did not matter but seasons do, and the fair comparison over gaps.
    """

    daylight: int
    twilight: int
    dark: int
    without_time_or_place: int
    dark_share: float
    low: float
    high: float
    level: float
    dark_hours_share: float
    own_days_share: float
    first: date | None
    last: date | None

    @property
    def records(self) -> int:
        """Records with a time and a place."""
        return self.daylight + self.twilight + self.dark

    @property
    def more_in_the_dark(self) -> bool | None:
        """Whether more is recorded in the dark than its share of time; None if too few to say."""
        if self.low <= self.own_days_share <= self.high:
            return None
        return self.low > self.own_days_share


def sun_elevation(
    times_utc: ArrayLike, longitude: ArrayLike, latitude: ArrayLike
) -> NDArray[np.float64]:
    """How many degrees the sun's centre stands above the horizon, seen without air.

    times_utc: datetime64, UTC. longitude, latitude: degrees (EPSG:4326), east and north
    positive; all broadcast against each other. NaT and NaN give NaN. NOAA's solar calculator
    (Global Monitoring Laboratory), after Meeus, Astronomical Algorithms (2nd edition, 1998),
    chapters 22, 25 and 28: their formulas, good to 0.01 degrees from 1900 to 2100.
    """
    moment = np.asarray(times_utc, dtype="datetime64[us]")
    since = np.where(np.isnat(moment), np.nan, moment.astype(np.int64) - _J2000)
    century = since / (36_525 * DAY)
    mean_longitude = 280.46646 + century * (36_000.76983 + century * 0.0003032)
    anomaly = np.radians(357.52911 + century * (35_999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    centre = (
        np.sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + np.sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + np.sin(3 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1934.136 * century)
    apparent = np.radians(mean_longitude + centre - 0.00569 - 0.00478 * np.sin(node))
    seconds = 21.448 - century * (46.815 + century * (0.00059 - 0.001813 * century))
    tilt = np.radians(23 + (26 + seconds / 60) / 60 + 0.00256 * np.cos(node))
    declination = np.arcsin(np.sin(tilt) * np.sin(apparent))
    hour_angle = np.radians(
        (since / DAY + 0.5) % 1 * 360
        - 180
        + _equation_of_time(np.radians(mean_longitude), anomaly, eccentricity, tilt)
        + np.asarray(longitude, dtype=float)
    )
    north = np.radians(np.asarray(latitude, dtype=float))
    sine = np.sin(north) * np.sin(declination)
    sine = sine + np.cos(north) * np.cos(declination) * np.cos(hour_angle)
    degrees: NDArray[np.float64] = np.degrees(np.arcsin(np.clip(sine, -1, 1)))
    return degrees


def _equation_of_time(
    mean_longitude: NDArray[np.float64],
    anomaly: NDArray[np.float64],
    eccentricity: NDArray[np.float64],
    tilt: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far the true sun is ahead of an even clock, in degrees (Meeus, 28.3)."""
    y = np.tan(tilt / 2) ** 2
    ahead: NDArray[np.float64] = np.degrees(
        y * np.sin(2 * mean_longitude)
        - 2 * eccentricity * np.sin(anomaly)
        + 4 * eccentricity * y * np.sin(anomaly) * np.cos(2 * mean_longitude)
        - 0.5 * y**2 * np.sin(4 * mean_longitude)
        - 1.25 * eccentricity**2 * np.sin(2 * anomaly)
    )
    return ahead


def light_at(
    local_times: ArrayLike, longitude: ArrayLike, latitude: ArrayLike, *, zone: str = LONDON
) -> NDArray[np.str_]:
    """Daylight, twilight or dark at each local time and place; empty where either is missing.

    Daylight: the sun's centre is above -0.833 degrees, from sunrise to sunset as almanacs
    print them. Twilight: down to -6 degrees, civil twilight, when most can still be made out.
    Street lamps, clouds and hills are not known here.
    """
    return _lights(sun_elevation(_utc(local_times, zone), longitude, latitude))


def daylight_share(
    local_times: ArrayLike,
    longitude: ArrayLike,
    latitude: ArrayLike,
    *,
    zone: str = LONDON,
    span: tuple[date, date] | None = None,
    level: float = 0.95,
) -> DaylightShare:
    """Compare the share of records in the dark with the share of time that is dark.

    local_times: datetime64, exact times (an interval of hours cannot be told apart). longitude,
    latitude: degrees, one of each a record. span: first and last day that records could come
    from, both included; unless given, those of the records. Records outside it are an InputError.
    The interval is Clopper and Pearson's. No records give zeros and an interval from 0 to 1.
    """
    times = np.asarray(local_times, dtype="datetime64[us]")
    east = np.broadcast_to(np.asarray(longitude, dtype=float), times.shape)
    north = np.broadcast_to(np.asarray(latitude, dtype=float), times.shape)
    usable = ~np.isnat(times) & np.isfinite(east) & np.isfinite(north)
    left_out = int((~usable).sum())
    times, east, north = times[usable], east[usable], north[usable]
    lights = light_at(times, east, north, zone=zone)
    counts = {light: int((lights == light).sum()) for light in LIGHTS}
    low, high = exact_limits(counts["dark"], len(times), level=level)
    own = times.astype("datetime64[D]")
    first, last = _span(own, span)
    dark_share = dark_hours_share = own_days_share = 0.0
    if len(times):
        days = np.arange(np.datetime64(first), np.datetime64(last) + np.timedelta64(1, "D"))
        dark = _dark_share_of_days(days, float(east.mean()), float(north.mean()), zone=zone)
        dark_share, dark_hours_share = counts["dark"] / len(times), float(dark.mean())
        own_days_share = float(dark[(own - days[0]).astype(np.int64)].mean())
    return DaylightShare(
        daylight=counts["daylight"],
        twilight=counts["twilight"],
        dark=counts["dark"],
        without_time_or_place=left_out,
        dark_share=dark_share,
        low=low,
        high=high,
        level=level,
        dark_hours_share=dark_hours_share,
        own_days_share=own_days_share,
        first=first,
        last=last,
    )


def _span(
    own: NDArray[np.datetime64], span: tuple[date, date] | None
) -> tuple[date | None, date | None]:
    if not len(own):
        return span or (None, None)
    earliest, latest = own.min().item(), own.max().item()
    first, last = span or (earliest, latest)
    if earliest < first or latest > last:
        raise InputError(
            f"Records lie within the days they are compared with; found {earliest} to {latest} "
            f"against {first} to {last}. Widen the span or leave them out."
        )
    return first, last


def _dark_share_of_days(
    days: NDArray[np.datetime64], longitude: float, latitude: float, *, zone: str
) -> NDArray[np.float64]:
    """How much of each day, by the clock, is dark at a place."""
    clock = np.arange(_STEP // 2, DAY, _STEP)
    shares = []
    # One wrong date may stretch the span over a century of moments: some years at a time.
    for first in range(0, len(days), _DAYS_AT_ONCE):
        some = days[first : first + _DAYS_AT_ONCE].astype("datetime64[us]").astype(np.int64)
        elevation = sun_elevation(_utc(some[:, None] + clock, zone), longitude, latitude)
        shares.append((elevation < CIVIL_TWILIGHT_DEGREES).mean(axis=1))
    return np.concatenate(shares)


def _utc(local_times: ArrayLike, zone: str) -> NDArray[np.datetime64]:
    times = np.asarray(local_times).astype("datetime64[us]")
    known = ~np.isnat(times)
    utc = times.copy()
    if known.any():
        wall = times[known].astype(np.int64)
        changes = clock_changes(int(wall.min()), int(wall.max()), zone=zone)
        utc[known] = changes.to_utc(wall).astype("datetime64[us]")
    return utc


def _lights(elevation: NDArray[np.float64]) -> NDArray[np.str_]:
    return np.select(
        [np.isnan(elevation), elevation > SUNRISE_DEGREES, elevation >= CIVIL_TWILIGHT_DEGREES],
        ["", "daylight", "twilight"],
        "dark",
    )
