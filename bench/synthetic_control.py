"""Weights of a synthetic control, and 999 placebo sets, on panels of three sizes.

Seattle's panel has 9,642 blocks, 39 treated, and 57 measures to match; the made panels here are
a third of it, as large, and three times as large, with clustered counts that are mostly 0.
Each size runs in a process of its own, once untimed on a small panel, so that compiling is
not counted. Goals are for the size of Seattle's, on 2 cores.

    python -m bench.synthetic_control
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np

from bench.memory import figures_of, peak_gb

SIZES = (3_214, 9_642, 28_926)
GOAL_SIZE = 9_642
TREATED, OUTCOMES, BEFORE, AFTER, COVARIATES = 39, 4, 12, 4, 9
PLACEBOS = 999
GOALS = (1.0, 60.0, 2.0)  # seconds of weights, seconds of placebos, GB


def main() -> None:
    print(f"synthetic control: {TREATED} treated areas, 57 measures, {PLACEBOS} placebo sets")
    for areas in SIZES:
        figures = figures_of("bench.synthetic_control", areas)
        weights_s, placebos_s, peak, misfit = figures
        met = all(f <= goal for f, goal in zip(figures, GOALS, strict=False))
        verdict = ("  goals met" if met else "  goals MISSED") if areas == GOAL_SIZE else ""
        print(
            f"{areas:>8,} areas: weights{weights_s:7.3f} s, placebos{placebos_s:7.1f} s,"
            f"{peak:6.2f} GB peak, worst misfit {misfit:.1e} records{verdict}",
            flush=True,
        )


def _made(areas: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts by outcome, area and period; covariates; and who is treated: busier areas."""
    draw = np.random.default_rng(1829)
    rate = draw.gamma(0.4, 1.2, areas)
    outcomes = np.array([0.1, 0.15, 0.05, 1.0])[:, None, None] * rate[None, :, None]
    counts = draw.poisson(np.repeat(outcomes, BEFORE + AFTER, axis=2)).astype(float)
    covariates = draw.poisson(30 * draw.gamma(1, 1, (areas, 1)) * np.ones(COVARIATES))
    chosen = draw.choice(areas, TREATED, replace=False, p=rate / rate.sum())
    return counts, covariates.astype(float), np.isin(np.arange(areas), chosen)


def _run(areas: int, *, placebos: int) -> list[float]:
    from peelian.assessment.comparison_weights import measures_of
    from peelian.assessment.placebo_sets import Comparison

    counts, covariates, treated = _made(areas)
    began = time.perf_counter()
    measures = measures_of(counts[:, :, :BEFORE], covariates)
    found = measures.weights_for(treated)
    weighed = time.perf_counter()
    comparison = Comparison(measures, counts[:, :, BEFORE:])
    comparison.placebo_statistics(placebos, treated=TREATED, seed=(1, 0))
    done = time.perf_counter()
    misfit = float(np.abs(found.misfit[: OUTCOMES * BEFORE]).max())
    return [weighed - began, done - weighed, peak_gb(), misfit]


if __name__ == "__main__":
    if len(sys.argv) == 2:
        _run(300, placebos=2)
        print(json.dumps(_run(int(sys.argv[1]), placebos=PLACEBOS)))
    else:
        main()
