"""Build a made town from a seed."""

from __future__ import annotations

import numpy as np

from peelian.town.census_areas import draw_census_areas, draw_residents
from peelian.town.faults import archive_of
from peelian.town.rates import SPAN, planted_rates
from peelian.town.records import draw_records
from peelian.town.snap_points import place_snap_points
from peelian.town.stops import draw_stops
from peelian.town.streets import draw_streets
from peelian.town.truth import Town


def build_town(seed: int) -> Town:
    """Build a ward, its neighbours and six years of records, with known truth planted.

    The same seed gives the same town. What the ward page names (Larkfield, its High Street,
    gardens, estates and stations) stands in every town; the seed decides the lesser streets,
    the residents and every record.
    """
    # One stream a concern: a change to the stops leaves the streets as they were.
    streams = np.random.SeedSequence(seed).spawn(6)
    drawing, placing, rating, recording, stopping, spoiling = map(np.random.default_rng, streams)
    streets = draw_streets(drawing)
    points = place_snap_points(streets, placing)
    areas = draw_census_areas(streets.wards)
    residents = draw_residents(streets.wards, placing)
    rates = planted_rates(points, rating)
    records = draw_records(rates, points, areas, recording)
    archive, faults = archive_of(records, draw_stops(points, stopping), spoiling)
    return Town(
        seed=seed,
        span=SPAN,
        streets=streets,
        snap_points=points,
        census_areas=areas,
        hot_spots=rates.hot_spots,
        emergence=rates.emergence,
        effect=rates.effect,
        faded=rates.faded,
        faults=faults,
        residents=residents,
        archive=archive,
    )
