"""The richer model: what it may read, what it learns, and what it expects in all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from made_panel import FIRST, made_panel, poisson_counts

from peelian.core.errors import CoverageError
from peelian.measures.typical_season import typical_season
from peelian.scanning.forecast_level import expected_total
from peelian.scanning.panel import Panel
from peelian.scanning.richer import Straying, forecast
from peelian.scanning.richer_evidence import RINGS_M, EvidenceBook, Rings, companions_of
from peelian.scanning.richer_fit import Lesson, fit_log_rates

MONTHS, PLACES = 24, 200


def uneven_rates(seed: int, places: int = PLACES) -> np.ndarray:
    return np.random.default_rng(seed).gamma(0.5, 1.0, size=places)


@pytest.fixture
def two_types() -> Panel:
    rates = uneven_rates(1)
    return made_panel(
        {
            "robbery": poisson_counts(rates * 0.1, months=MONTHS, seed=2),
            "theft-from-the-person": poisson_counts(rates * 3, months=MONTHS, seed=3),
        }
    )


def test_the_fit_is_that_of_scikit_learn() -> None:
    from sklearn.linear_model import PoissonRegressor

    rng = np.random.default_rng(5)
    columns = rng.normal(size=(3_000, 3)).astype(np.float32)
    expected = rng.gamma(2.0, 0.3, size=3_000)
    came = rng.poisson(expected * np.exp(columns @ [0.5, -0.2, 0.0])).astype(float)
    # Fitted in two lessons, which must not matter.
    halves = [
        Lesson(columns[part], expected[part], came[part])
        for part in (slice(0, 1_000), slice(1_000, None))
    ]

    ours = fit_log_rates(halves, ridge=50.0)

    standard = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    # Theirs has weights for exposure, and a penalty over the sum of the weights.
    peer = PoissonRegressor(alpha=50.0 / expected.sum(), tol=1e-10, max_iter=1_000)
    peer.fit(standard, came / expected, sample_weight=expected)
    assert ours.coefficients == pytest.approx(peer.coef_, abs=1e-4)


def test_a_strong_ridge_leaves_the_default_as_it_is() -> None:
    rng = np.random.default_rng(5)
    columns = rng.normal(size=(500, 2)).astype(np.float32)
    came = rng.poisson(np.exp(columns[:, 0])).astype(float)

    found = fit_log_rates([Lesson(columns, np.full(500, came.mean()), came)], ridge=1e9)

    assert found.times(columns) == pytest.approx(np.ones(500), abs=1e-4)


def test_a_column_that_never_varies_changes_nothing() -> None:
    columns = np.ones((100, 1), dtype=np.float32)
    came = np.random.default_rng(5).poisson(2.0, size=100).astype(float)

    found = fit_log_rates([Lesson(columns, np.full(100, 2.0), came)], ridge=1.0)

    assert found.times(columns) == pytest.approx(np.ones(100))


def test_rings_meet_and_never_hold_the_place_itself(two_types: Panel) -> None:
    rings = Rings.of(two_types)

    everyone = sum(rings.sizes)

    spots = np.column_stack([two_types.easting, two_types.northing])
    away = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    assert everyone.tolist() == ((away <= RINGS_M[-1]).sum(axis=1) - 1).tolist()
    for ring, (inner, outer) in enumerate(pairwise((0.0, *RINGS_M))):
        wanted = ((away > inner) & (away <= outer)) @ np.arange(PLACES)
        assert rings.sums(np.arange(PLACES, dtype=float))[ring] == pytest.approx(wanted)


def test_nothing_after_the_origin_is_read(two_types: Panel) -> None:
    origin = 18
    changed = two_types.counts.copy()
    changed[:, :, origin:] = 99
    later_changed = Panel(
        two_types.types, two_types.easting, two_types.northing, two_types.span, changed
    )

    one = forecast(EvidenceBook(two_types), "robbery", origin=origin)
    other = forecast(EvidenceBook(later_changed), "robbery", origin=origin)

    assert one.richer.expected.tolist() == other.richer.expected.tolist()
    assert one.richer.straying == other.richer.straying


def test_both_rankings_add_up_to_what_the_level_says(two_types: Panel) -> None:
    found = forecast(EvidenceBook(two_types), "robbery", origin=MONTHS)

    robberies = two_types.counts[0].sum(axis=0, dtype=float)
    total = expected_total(robberies, first=FIRST, season=typical_season("robbery"))
    assert found.lessons == 6  # after 6, 9, 12, 15, 18 and 21 months
    assert found.decayed.expected.sum() == pytest.approx(total)
    assert found.richer.expected.sum() == pytest.approx(total)


def test_a_related_type_says_where_a_rare_one_comes(two_types: Panel) -> None:
    found = forecast(EvidenceBook(two_types), "robbery", origin=MONTHS)

    truth = uneven_rates(1)
    decayed, richer = (
        np.corrcoef(each.expected, truth)[0, 1] for each in (found.decayed, found.richer)
    )
    assert richer > decayed + 0.02


def test_what_police_make_never_speaks_for_what_the_public_reported() -> None:
    rates = uneven_rates(1)
    counts = {
        name: poisson_counts(rates, months=MONTHS, seed=seed)
        for seed, name in enumerate(["burglary", "drugs", "possession-of-weapons", "robbery"])
    }
    changed = {**counts, "drugs": counts["drugs"][::-1]}

    one = forecast(EvidenceBook(made_panel(counts)), "robbery", origin=MONTHS)
    other = forecast(EvidenceBook(made_panel(changed)), "robbery", origin=MONTHS)

    assert companions_of(made_panel(counts), "robbery", origin=MONTHS) == ("burglary",)
    assert one.richer.expected.tolist() == other.richer.expected.tolist()
    assert "robbery" in companions_of(made_panel(counts), "drugs", origin=MONTHS)


def test_a_type_held_in_fewer_months_is_no_companion(two_types: Panel) -> None:
    counts = {name: two_types.counts[i].astype(float) for i, name in enumerate(two_types.types)}
    gap = {"theft-from-the-person": (4,)}

    later = made_panel(counts, missing=gap)
    both = made_panel(counts, missing={**gap, "robbery": (4,)})

    assert companions_of(later, "robbery", origin=MONTHS) == ()
    assert companions_of(both, "robbery", origin=MONTHS) == ("theft-from-the-person",)


def test_without_a_lesson_there_is_only_the_default(two_types: Panel) -> None:
    found = forecast(EvidenceBook(two_types), "robbery", origin=7)

    assert found.lessons == 0
    assert found.richer is found.decayed


def test_a_missing_month_in_a_lesson_is_not_taken_for_quiet() -> None:
    rates = np.full(PLACES, 2.0)
    name = "anti-social-behaviour"  # of which no typical season is known
    whole = {name: poisson_counts(rates, months=MONTHS, seed=4)}

    gap = forecast(EvidenceBook(made_panel(whole, missing={name: (22,)})), name, origin=MONTHS)

    assert gap.richer.expected.sum() == pytest.approx(3 * 2.0 * PLACES, rel=0.1)


def test_a_single_place_has_a_forecast() -> None:
    panel = made_panel({"burglary": np.full((1, MONTHS), 4.0)})

    found = forecast(EvidenceBook(panel), "burglary", origin=MONTHS)

    assert found.richer.expected == pytest.approx([12.0], rel=0.05)


def test_a_type_without_a_month_held_says_what_to_do() -> None:
    panel = made_panel({"burglary": np.ones((3, 20))}, missing={"burglary": tuple(range(20))})

    with pytest.raises(CoverageError, match="none of burglary is held in the first 18"):
        forecast(EvidenceBook(panel), "burglary", origin=18)


def test_intervals_hold_nine_outcomes_in_ten_where_rates_drift_by_a_third() -> None:
    draw = np.random.default_rng(6)
    # A new rate a quarter, with a standard deviation of a third of its mean.
    rates = 4.0 * draw.gamma(9, 1 / 9, size=(2_000, MONTHS // 3 + 1))
    counts = draw.poisson(np.repeat(rates, 3, axis=1)).astype(float)
    found = forecast(EvidenceBook(made_panel({"burglary": counts})), "burglary", origin=MONTHS)

    low, high = found.decayed.straying.interval(found.decayed.expected, level=0.9)

    later = counts[:, MONTHS:].sum(axis=1)
    # Whole numbers hold a little more than asked for.
    assert 0.88 <= ((low <= later) & (later <= high)).mean() <= 0.96


def test_outcomes_that_stray_more_have_wider_intervals() -> None:
    mean = np.array([5.0])

    (narrow,), (wide,) = (Straying(0.0, part).interval(mean, level=0.9)[1] for part in (0.0, 0.5))

    assert narrow < wide
    assert Straying(0.0, 0.0).interval(np.zeros(1), level=0.9)[1].tolist() == [0]
