from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peelian.core.errors import InputError
from peelian.scanning.alert_bursts import temporal_scan_probability, ward_burst

QUIET = [1, 0, 2, 1, 1, 0, 1, 2, 1, 1, 0, 1, 1, 1]


def share_with_a_window(
    span: float, window: float, rate: float, records: int, *, draws: int
) -> float:
    """Of so many drawn histories, the share in which some window holds so many records."""
    rng, found = np.random.default_rng(7), 0
    totals = rng.poisson(rate * span, size=draws)
    for total in np.unique(totals[totals >= records]).tolist():
        times = np.sort(rng.uniform(0, span, size=((totals == total).sum(), total)), axis=1)
        gaps = times[:, records - 1 :] - times[:, : total - records + 1]
        found += int((gaps.min(axis=1) < window).sum())
    return found / draws


@pytest.mark.parametrize(
    ("span", "window", "rate", "records"),
    [(2, 1, 1.0, 3), (3, 1, 1.0, 3), (3, 1, 1.5, 4), (12, 3, 0.7, 7), (24, 1, 0.5, 4)],
)
def test_the_probability_is_that_of_drawn_histories(
    span: float, window: float, rate: float, records: int
) -> None:
    draws = 100_000

    found = temporal_scan_probability(span, window, rate=rate, records=records)

    drawn = share_with_a_window(span, window, rate, records, draws=draws)
    assert found == pytest.approx(drawn, abs=3.5 * (drawn * (1 - drawn) / draws) ** 0.5 + 0.001)


@given(st.floats(2, 60), st.floats(0.01, 2), st.integers(0, 12))
def test_more_records_are_rarer_and_a_longer_span_is_likelier_to_hold_them(
    span: float, rate: float, records: int
) -> None:
    here = temporal_scan_probability(span, 1, rate=rate, records=records)

    assert 0 <= here <= 1
    assert temporal_scan_probability(span, 1, rate=rate, records=records + 1) <= here + 1e-9
    assert temporal_scan_probability(span + 5, 1, rate=rate, records=records) >= here - 1e-9


@given(st.floats(2, 20), st.floats(0.1, 2), st.integers(1, 10), st.floats(0.1, 10))
def test_the_unit_of_time_does_not_matter(
    span: float, rate: float, records: int, unit: float
) -> None:
    here = temporal_scan_probability(span, 1, rate=rate, records=records)

    there = temporal_scan_probability(span * unit, unit, rate=rate / unit, records=records)

    assert there == pytest.approx(here, abs=1e-9)


def test_one_record_comes_as_often_as_any_and_none_always_does() -> None:
    assert temporal_scan_probability(12, 1, rate=0.1, records=0) == 1
    one = temporal_scan_probability(12, 1, rate=0.1, records=1)
    assert one == pytest.approx(stats.poisson.sf(0, 1.2))
    assert temporal_scan_probability(12, 1, rate=0, records=3) == 0


def test_a_span_of_less_than_two_windows_is_refused() -> None:
    with pytest.raises(InputError, match="at least twice its length"):
        temporal_scan_probability(5, 3, rate=1, records=4)


def test_twelve_robberies_in_three_months_of_a_quiet_ward_are_a_burst() -> None:
    totals = np.array([*QUIET, 4, 5, 3], dtype=float)

    found = ward_burst(totals, column=16, highest=0.01)

    assert found is not None
    assert (found.observed, found.usual) == (12, pytest.approx(13 / 14))
    # Twelve months, windows of three, a rate of fourteen records in fourteen months.
    assert found.chance == temporal_scan_probability(12, 3, rate=1.0, records=12)


def test_three_months_as_always_are_no_burst() -> None:
    assert ward_burst(np.array([*QUIET, 1, 1, 1], dtype=float), column=16, highest=0.5) is None


def test_a_missing_month_makes_no_burst_and_is_not_zero() -> None:
    missing = np.array([*QUIET, 6, np.nan, 6], dtype=float)
    before = np.array([np.nan, np.nan, *QUIET, 4, 4, 4], dtype=float)

    assert ward_burst(missing, column=16, highest=0.5) is None
    found = ward_burst(before, column=18, highest=0.5)
    assert found is not None
    assert found.usual == pytest.approx(13 / 14)


@pytest.mark.parametrize("months", [0, 1, 11])
def test_fewer_than_twelve_months_before_know_no_usual_rate(months: int) -> None:
    totals = np.array([*QUIET[:months], 9, 9, 9], dtype=float)

    assert ward_burst(totals, column=months + 2, highest=0.5) is None


def test_bursts_of_steady_wards_are_as_rare_as_was_asked_for() -> None:
    rng, wards, found = np.random.default_rng(2), 400, 0
    for _ in range(wards):
        totals = rng.poisson(0.9, size=36).astype(float)
        found += any(ward_burst(totals, column=c, highest=0.05) for c in range(24, 36))

    assert found / wards <= 0.05 + 3 * (0.05 * 0.95 / wards) ** 0.5
