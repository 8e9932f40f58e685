"""The sun's elevation again, by another book: the Astronomical Almanac's low-precision formulas.

Page C5 of each year's almanac, good to 0.01 degrees from 1950 to 2050; one moment at a time.
"""

from __future__ import annotations

from datetime import datetime
from math import asin, atan2, cos, degrees, radians, sin


def elevation(utc: datetime, longitude: float, latitude: float) -> float:
    days = (utc - datetime(2000, 1, 1, 12)).total_seconds() / 86400
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = radians(357.528 + 0.9856003 * days)
    ecliptic = radians(mean_longitude + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439 - 0.0000004 * days)
    ascension = degrees(atan2(cos(tilt) * sin(ecliptic), cos(ecliptic)))
    declination = asin(sin(tilt) * sin(ecliptic))
    sidereal = 280.46062 + 360.98564737 * days  # degrees at Greenwich
    hour_angle = radians(sidereal + longitude - ascension)
    north = radians(latitude)
    sine = sin(north) * sin(declination) + cos(north) * cos(declination) * cos(hour_angle)
    return degrees(asin(sine))
