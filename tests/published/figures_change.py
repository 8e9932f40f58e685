"""Published figures of change: the E-test of two counts, and the scan for a burst in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.scanning.alert_bursts import temporal_scan_probability
from peelian.scanning.change import poisson_e_test

Computed = Callable[[pytest.FixtureRequest], float]


def e_test_of(before: int, after: int) -> Computed:
    return lambda _: poisson_e_test(before, after)


def scan_of(span: float, rate: float, records: int) -> Computed:
    return lambda _: temporal_scan_probability(span, 1, rate=rate, records=records)


COMPUTED: dict[tuple[str, str], Computed] = {
    **{
        ("Poisson E-test: p", f"{before} against {after}, equal exposure"): e_test_of(before, after)
        for before, after in [(0, 3), (6, 2), (100, 60), (900, 1000)]
    },
    ("temporal scan: p", "6 in a window of mean 0.6, span of 208 windows"): scan_of(208, 0.6, 6),
    ("temporal scan: p", "6 in a window of mean 1, span of 261 windows"): scan_of(261, 1, 6),
}
