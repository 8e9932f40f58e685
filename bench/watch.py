"""The watch of a ward at three sizes, beside a regression of each place by statsmodels.

Each contestant runs in a process of its own, so that memory is measured apart. Counts are drawn:
eleven measures, 72 months, places of a gamma rate. The watch looks at one month, all measures;
the peer fits one Poisson regression with a season to each place's months before, as outbreak
detection by regression does (Farrington and others 1996, doi:10.2307/2983331), and predicts it.

    python -m bench.watch
"""

from __future__ import annotations

import json
import sys

import numpy as np
from numpy.typing import NDArray

from bench.memory import figures_of, peak_gb

PLACES = (100, 400, 1600)
MEASURES, MONTHS, MONTHLY = 11, 72, 0.15
GOAL_S = {100: 3.0}  # a ward, with its history


def main() -> None:
    rows = {}
    for places in PLACES:
        seconds, peak, history = _run("ours", places)
        rows[places] = seconds
        if goal := GOAL_S.get(places):
            print(f"watch, a ward: {history:.2f} s (goal {goal}): {_verdict(history <= goal)}")
        size_mb = places * MEASURES * MONTHS * 8 / 1024**2
        print(
            f"watch, {places:5d} places: one month {seconds:7.3f} s, with {MONTHS} months of "
            f"history {history:6.2f} s, {peak:.3f} GB peak for {size_mb:.1f} MB of counts",
            flush=True,
        )
    seconds, peak, _ = _run("peer", PLACES[0])
    ratio = seconds / rows[PLACES[0]]
    print(
        f"statsmodels, a regression a place, {PLACES[0]} places: one month {seconds:.3f} s, "
        f"{peak:.3f} GB peak: {ratio:.0f} times the watch's time"
    )


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _run(contestant: str, places: int) -> tuple[float, float, float]:
    seconds, peak, history = figures_of("bench.watch", "--contestant", contestant, places)
    return seconds, peak, history


def _drawn(places: int) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(1829)
    rates = rng.gamma(0.6, MONTHLY / 0.6, size=(MEASURES, places, 1))
    return list(rng.poisson(rates, size=(MEASURES, places, MONTHS)).astype(float))


def _ours(counts: list[NDArray[np.float64]]) -> tuple[float, float]:
    """Seconds of a month in the mean, and of the whole history."""
    import time

    from peelian.core.months import Month, MonthSpan
    from peelian.core.places import MicroPlace, SnapPoint
    from peelian.scanning.alert_history import past_alerts, watched_months
    from peelian.scanning.series import PlaceCounts

    span = MonthSpan.ending(Month(2025, 12), months=MONTHS)
    spot = (SnapPoint("", 0, 0, 0, 0),)
    places = tuple(MicroPlace(str(i), str(i), spot) for i in range(len(counts[0])))
    held = [PlaceCounts(str(i), places, span, table) for i, table in enumerate(counts)]
    began = time.perf_counter()
    past_alerts(held, watched_months(held, span=span))
    history = time.perf_counter() - began
    return history / (MONTHS - 14), history  # 14 months come before the first that can be watched


def _peer(counts: list[NDArray[np.float64]]) -> float:
    import time
    import warnings

    import statsmodels.api as sm

    angle = 2 * np.pi * np.arange(MONTHS) / 12
    design = np.column_stack([np.ones(MONTHS), np.cos(angle), np.sin(angle)])
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for table in counts:
            for row in table:
                if row[:-3].sum():
                    fit = sm.GLM(row[:-3], design[:-3], family=sm.families.Poisson()).fit(
                        maxiter=20
                    )
                    fit.predict(design[-3:])
    return time.perf_counter() - began


def _contest(contestant: str, places: int) -> None:
    counts = _drawn(places)
    seconds, history = _ours(counts) if contestant == "ours" else (_peer(counts), 0.0)
    print(json.dumps([seconds, peak_gb(), history]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contestant"]:
        _contest(sys.argv[2], int(sys.argv[3]))
    else:
        main()
