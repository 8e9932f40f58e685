"""How many records to expect of each type at each snap point in each month, planted truths in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peelian.core.crimes import CRIME_TYPES
from peelian.core.months import Month, MonthSpan
from peelian.town import plan
from peelian.town.snap_points import MadeSnapPoint
from peelian.town.truth import PlantedEffect, PlantedEmergence, PlantedHotSpot

SPAN = MonthSpan(Month(2020, 1), Month(2025, 12))
TYPES = tuple(CRIME_TYPES)

# Records a month in a ward, about what an inner-city ward of this size has; the month in
# which each type peaks and by how much of its mean.
_PER_WARD = {
    "anti-social-behaviour": (30, 7, 0.22), "bicycle-theft": (5, 8, 0.35),
    "burglary": (9, 12, 0.18), "criminal-damage-arson": (8, 10, 0.05),
    "drugs": (6, 6, 0.05), "other-crime": (2, 3, 0.0), "other-theft": (16, 7, 0.08),
    "possession-of-weapons": (1, 5, 0.0), "public-order": (8, 7, 0.15),
    "robbery": (4, 11, 0.15), "shoplifting": (8, 12, 0.12),
    "theft-from-the-person": (7, 12, 0.2), "vehicle-crime": (11, 11, 0.1),
    "violent-crime": (32, 7, 0.12),
}  # fmt: skip
_WARD_SIZE = (1.0, 0.95, 0.8, 0.85, 1.05)

# What draws records of a type, by what surrounds the point; 1 where nothing is said.
_DRAWN_TO = {
    "anti-social-behaviour": {"estate": 2.0, "park": 3.0, "high": 3.0, "shops": 2.5},
    "bicycle-theft": {"high": 4.0, "school": 4.0, "shops": 4.0, "car_park": 2.0},
    "burglary": {"high": 0.6, "park": 0.0, "car_park": 0.0, "petrol": 0.3},
    "criminal-damage-arson": {"estate": 1.8, "car_park": 2.0, "school": 1.5},
    "drugs": {"estate": 2.0, "park": 3.0, "nightclub": 4.0},
    "other-theft": {"high": 4.0, "supermarket": 4.0, "shops": 5.0, "nightclub": 4.0},
    "robbery": {"high": 3.0, "main": 2.0, "shops": 2.0, "park": 1.5},
    "shoplifting": {"street": 0.05, "main": 0.4, "estate": 0.05, "park": 0.0, "car_park": 0.0,
                    "recreation": 0.0, "school": 0.0, "high": 6.0, "shops": 8.0,
                    "supermarket": 14.0, "petrol": 6.0, "nightclub": 0.0},
    "theft-from-the-person": {"street": 0.5, "high": 8.0, "shops": 6.0, "nightclub": 8.0},
    "vehicle-crime": {"car_park": 6.0, "high": 0.5, "park": 0.2},
    "violent-crime": {"high": 4.0, "nightclub": 8.0, "estate": 1.6, "supermarket": 2.0},
}  # fmt: skip

_PILOT = 0
# ward, location, crime type, records a month. Where a street has several points in the ward,
# the one nearest the ward's middle: on Station Road, one between the two stations.
_HOT_SPOTS = (
    (_PILOT, "Coopers Field Way", "anti-social-behaviour", 9.0),
    (_PILOT, "Park/open Space", "anti-social-behaviour", 5.0),
    (_PILOT, "Pinder Street", "anti-social-behaviour", 4.0),
    (_PILOT, "Pinder Street", "drugs", 2.5),
    (_PILOT, "Station Road", "robbery", 2.5),
    (_PILOT, "Cutler Street", "robbery", 1.5),
    (_PILOT, "Supermarket", "shoplifting", 6.0),
    (_PILOT, "Larkfield High Street", "theft-from-the-person", 3.0),
    (_PILOT, "Hopper Street", "vehicle-crime", 4.0),
    (1, "Park/open Space", "drugs", 2.0),
    (2, "Priory Bank Way", "criminal-damage-arson", 2.5),
    (3, "Nightclub", "violent-crime", 7.0),
    (4, "Parking Area", "vehicle-crime", 5.0),
)
_EFFECT = (0, Month(2025, 4), 0.3)  # which of the hot spots, from when, times what
_FADED = (8, Month(2023, 7), 0.05)
# Of the places in six real boroughs that went within a month from less than one report of
# anti-social behaviour in two months to three and more, the busiest had 12, 7, 8 and 6 in their
# first month and up to 11 in their second: a place does not creep up over a year.
_EMERGENCE = (_PILOT, "Lantern Row", "anti-social-behaviour")
_EMERGENCE_RATES = {"rate_before": 0.2, "rise_each_month": 7.3, "highest_rate": 7.5}


@dataclass(frozen=True)
class PlantedRates:
    """Expected records, shape (months, types, points), and the truths that they hold.

    planted: which (type, point) cells are planted; their draws are plain Poisson.
    """

    expected: NDArray[np.float64]
    planted: NDArray[np.bool_]
    hot_spots: tuple[PlantedHotSpot, ...]
    emergence: PlantedEmergence
    effect: PlantedEffect
    faded: PlantedEffect


def season(crime_type: str) -> NDArray[np.float64]:
    """How much of its mean a type reaches in each month of the span; a mean of one a year."""
    _, peak, swing = _PER_WARD[crime_type]
    number = np.array([month.number for month in SPAN])
    return 1 + swing * np.cos(2 * np.pi * (number - peak) / 12)


def planted_rates(points: tuple[MadeSnapPoint, ...], rng: np.random.Generator) -> PlantedRates:
    """The expected records of the whole town: what surrounds each point, season, planted truths.

    A point's share of its ward varies besides by a log-normal factor, so that a few places
    hold much of what is recorded, as real ones do.
    """
    base = _base_rates(points, rng)
    seasons = np.stack([season(crime_type) for crime_type in TYPES], axis=1)
    expected = base[None, :, :] * seasons[:, :, None]
    # Months differ by more than chance: a good or bad month is one for the whole town.
    expected *= rng.gamma(250, 1 / 250, size=(len(SPAN), len(TYPES)))[:, :, None]

    planted = np.zeros((len(TYPES), len(points)), dtype=bool)
    hot_spots = tuple(
        PlantedHotSpot(_point(points, ward, location), crime_type, rate)
        for ward, location, crime_type, rate in _HOT_SPOTS
    )
    effect = PlantedEffect(hot_spots[_EFFECT[0]], *_EFFECT[1:])
    faded = PlantedEffect(hot_spots[_FADED[0]], *_FADED[1:])
    emergence = PlantedEmergence(
        point=_point(points, _EMERGENCE[0], _EMERGENCE[1]),
        crime_type=_EMERGENCE[2],
        first_month=Month(2025, 1),
        **_EMERGENCE_RATES,
    )

    months = np.array([month.minus(SPAN.first) for month in SPAN])
    for spot in hot_spots:
        cell = TYPES.index(spot.crime_type), points.index(spot.point)
        planted[cell] = True
        expected[:, *cell] = spot.monthly_rate * seasons[:, cell[0]]
    for change in (effect, faded):
        spot = change.hot_spot
        cell = TYPES.index(spot.crime_type), points.index(spot.point)
        after = months >= change.first_month.minus(SPAN.first)
        expected[after, *cell] *= change.factor
    cell = TYPES.index(emergence.crime_type), points.index(emergence.point)
    planted[cell] = True
    since = months - emergence.first_month.minus(SPAN.first) + 1
    rising = np.minimum(
        emergence.rate_before + emergence.rise_each_month * since, emergence.highest_rate
    )
    expected[:, *cell] = np.where(since > 0, rising, emergence.rate_before)
    return PlantedRates(expected, planted, hot_spots, emergence, effect, faded)


def _base_rates(points: tuple[MadeSnapPoint, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    ward = np.array([point.ward for point in points])
    rates = np.zeros((len(TYPES), len(points)))
    for index, crime_type in enumerate(TYPES):
        drawn = _DRAWN_TO.get(crime_type, {})
        pull = np.array([drawn.get(point.surroundings, 1.0) for point in points])
        pull *= rng.lognormal(0, 0.8, size=len(points))
        pull[[point.surroundings == "station" for point in points]] = 0  # another force's
        total, _, _ = _PER_WARD[crime_type]
        for number in range(len(plan.WARDS)):
            here = ward == number
            rates[index, here] = total * _WARD_SIZE[number] * pull[here] / pull[here].sum()
    return rates


def _point(points: tuple[MadeSnapPoint, ...], ward: int, location: str) -> MadeSnapPoint:
    east, north = plan.WARDS[ward].inside
    written = f"On or near {location}"
    return min(
        (p for p in points if p.ward == ward and p.location == written),
        key=lambda p: (p.x - east) ** 2 + (p.y - north) ** 2,
    )
