"""The made town's planted truths, found again from its published rows alone."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from peelian import town as made
from peelian.core.crimes import slug_of_label
from peelian.core.grid import to_grid
from peelian.core.months import MonthSpan
from peelian.core.places import MicroPlace, SnapPoint
from peelian.core.results import RankedPlace
from peelian.measures import measure
from peelian.scanning.change import change_since_year_before
from peelian.scanning.ranking import expected_records, rank_places
from peelian.scanning.series import PlaceCounts, monthly_series, place_counts
from peelian.town.snap_points import MadeSnapPoint

FORCE = "made-town"
WARD = 0  # the ward in the middle, where most is planted


@pytest.fixture(scope="module")
def town() -> made.Town:
    return made.build_town(1829)


@pytest.fixture(scope="module")
def rows(town: made.Town) -> pl.DataFrame:
    """The street files of the town's force, read here, not by the project's ingest."""
    street = [f.rows for f in town.archive if f.path.endswith(f"{FORCE}-street.csv")]
    table = pl.concat(street).with_columns(
        month=(pl.col("Month") + "-01").str.to_date(strict=False),
        longitude=pl.col("Longitude").cast(pl.Float64, strict=False),
        latitude=pl.col("Latitude").cast(pl.Float64, strict=False),
        location="Location",
        crime_type=pl.col("Crime type").map_elements(slug_of_label, return_dtype=pl.String()),
    )
    return table.drop_nulls(["month", "longitude"])


@pytest.fixture(scope="module")
def places(town: made.Town) -> tuple[MicroPlace, ...]:
    """Every snap point of the ward, each a place by itself."""
    own = [p for p in town.snap_points if p.ward == WARD]
    east, north = to_grid([p.longitude for p in own], [p.latitude for p in own])
    return tuple(
        MicroPlace(id_of(p), p.location, (SnapPoint(p.location, p.longitude, p.latitude, e, n),))
        for p, e, n in zip(own, east, north, strict=True)
    )


def id_of(point: MadeSnapPoint) -> str:
    return f"{point.location} {point.longitude} {point.latitude}"


def counts_of(
    measure_id: str, town: made.Town, rows: pl.DataFrame, places: tuple[MicroPlace, ...]
) -> PlaceCounts:
    missing = {town.faults.missing_month: "no file of the force is held"}
    return place_counts(rows, measure(measure_id), places, span=town.span, missing=missing)


def ranked_at(point: MadeSnapPoint, counts: PlaceCounts) -> RankedPlace:
    return next(p for p in rank_places(counts) if p.place_id == id_of(point))


def test_the_emergence_is_among_the_five_highest_and_called_rising(
    town: made.Town, rows: pl.DataFrame, places: tuple[MicroPlace, ...]
) -> None:
    counts = counts_of("anti-social-behaviour", town, rows, places)

    found = ranked_at(town.emergence.point, counts)

    # A half-life of a year takes a year to believe it: its rate is now the highest of all.
    assert found.rank <= 5
    assert found.persistence in ("new", "intensifying")


def test_the_effect_is_within_the_interval_of_the_change(
    town: made.Town, rows: pl.DataFrame
) -> None:
    point, effect = town.effect.hot_spot.point, town.effect
    here = rows.filter(location=point.location, longitude=point.longitude, latitude=point.latitude)
    series = monthly_series(
        here,
        measure("anti-social-behaviour"),
        place=point.location,
        span=town.span,
        missing={town.faults.missing_month: "no file of the force is held"},
        force=FORCE,
    )

    found = change_since_year_before(
        series, months=town.span.last.minus(effect.first_month) + 1, ending=town.span.last
    )

    assert found.direction == "down"
    assert found.low <= effect.factor <= found.high


def test_the_hot_spot_that_fell_is_diminishing_and_the_one_that_ended_is_historical(
    town: made.Town, rows: pl.DataFrame, places: tuple[MicroPlace, ...]
) -> None:
    asb = counts_of("anti-social-behaviour", town, rows, places)
    vehicles = counts_of("vehicle-crime", town, rows, places)

    assert ranked_at(town.effect.hot_spot.point, asb).persistence == "diminishing"
    assert ranked_at(town.faded.hot_spot.point, vehicles).persistence == "historical"


def test_the_steady_hot_spots_are_persistent_and_first(
    town: made.Town, rows: pl.DataFrame, places: tuple[MicroPlace, ...]
) -> None:
    for measure_id in ("drugs", "robbery", "shoplifting", "theft-from-the-person"):
        (crime_type,) = measure(measure_id).crime_types
        steady = [s for s in town.hot_spots if s.crime_type == crime_type and s.point.ward == WARD]
        counts = counts_of(measure_id, town, rows, places)
        found = [ranked_at(s.point, counts) for s in steady]
        assert steady
        assert sorted(p.rank for p in found) == list(range(1, len(found) + 1)), measure_id
        assert {p.persistence for p in found} == {"persistent"}, measure_id


def test_an_even_spread_gives_no_place_a_class(town: made.Town) -> None:
    """Sixty places with the same rate: none may come out as a pattern but by chance."""
    rng = np.random.default_rng(town.seed)
    kinds = []
    for _ in range(20):
        points = [MicroPlace(str(i), str(i), (SnapPoint("x", 0, 0, 0, 0),)) for i in range(60)]
        table = rng.poisson(0.5, size=(60, len(town.span))).astype(float)
        ranked = rank_places(PlaceCounts("made", tuple(points), town.span, table))
        kinds += [place.persistence for place in ranked]

    # A pattern needs a window wrongly called hot: in each, by design, at most 1 in 10 chance.
    assert kinds.count("sporadic") / len(kinds) > 0.99


@pytest.mark.parametrize("rate", [0.2, 1.0, 5.0])
def test_steady_places_fall_within_their_intervals_at_least_as_often_as_promised(
    rate: float,
) -> None:
    rng = np.random.default_rng(7)
    rates = rng.gamma(1, rate, size=400)
    table = rng.poisson(rates[:, None], size=(400, 30)).astype(float)
    points = tuple(MicroPlace(str(i), str(i), (SnapPoint("x", 0, 0, 0, 0),)) for i in range(400))
    span = MonthSpan.parse("2016-01/2018-03")
    known = PlaceCounts("made", points, span, table[:, :27].copy())
    later = table[:, 27:].sum(axis=1)

    found = expected_records(known, drift=0)

    inside = (found.low <= later) & (later <= found.high)
    assert inside.mean() >= 0.9 - 0.045  # three standard errors of 400 places
