"""The back-test at three sizes, and its fit beside scikit-learn's: seconds, memory, ratios.

Towns of snap points with rates of their own and of their neighbourhood, three types, 26
months. The figure is the share of the rarest type's later records that the richer ranking
caught in the top 5 %. Each size runs in a process of its own. The fit is the ridge Poisson
regression on one origin's lessons, the figure its largest coefficient: both should say the
same.

    python -m bench.forecast
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from bench.memory import answer, run_apart

if TYPE_CHECKING:
    from peelian.scanning.panel import Panel
    from peelian.scanning.richer_fit import Lesson

SIZES = (2_500, 10_000, 40_000)
_MONTHS = 26
_ROWS, _COLUMNS, _RIDGE = 50_000, 30, 100.0


def main() -> None:
    print(f"Back-test of three types, {_MONTHS} months, 7 origins")
    first = None
    for size in SIZES:
        ours = run_apart("bench.forecast", "back_test", size)
        print(ours.line("peelian", size, "snap points", "caught"), flush=True)
        first = first or ours
    print(
        f"{SIZES[-1] / SIZES[0]:.0f} times the points: {ours.seconds / first.seconds:.1f} times "
        f"the seconds, {ours.peak_gb / first.peak_gb:.1f} times the memory"
    )
    fit, peer = (run_apart("bench.forecast", who, _ROWS) for who in ("fit", "sklearn"))
    print(fit.line("peelian fit", _ROWS, "rows", "at most"))
    print(peer.line("scikit-learn", _ROWS, "rows", "at most"))
    print(f"{fit.seconds / peer.seconds:.2f} times scikit-learn's time", flush=True)


def _panel(size: int) -> Panel:
    from peelian.core.months import Month, MonthSpan
    from peelian.scanning.panel import Panel

    draw = np.random.default_rng(1829)
    towns = draw.uniform(0, 600 * size**0.5, (size // 100, 2))
    busy = draw.gamma(1.0, 1.0, len(towns))
    town = draw.integers(len(towns), size=size)
    spots = towns[town] + draw.normal(0, 600, (size, 2))
    rates = busy[town] * draw.gamma(0.5, 1.0, size)
    counts = draw.poisson(rates[None, :, None] * np.array([0.05, 0.5, 2])[:, None, None],
                          size=(3, size, _MONTHS))  # fmt: skip
    span = MonthSpan.ending(Month(2018, 3), months=_MONTHS)
    types = ("robbery", "theft-from-the-person", "violent-crime")
    return Panel(types, spots[:, 0], spots[:, 1], span, counts.astype(np.float32))


def _back_test(size: int) -> Callable[[], float]:
    from peelian.scanning.back_test import back_test

    panel = _panel(size)
    return lambda: back_test(panel)[0].share("richer")


def _lesson(rows: int) -> Lesson:
    from peelian.scanning.richer_fit import Lesson

    draw = np.random.default_rng(1829)
    columns = draw.normal(size=(rows, _COLUMNS)).astype(np.float32)
    expected = draw.gamma(0.5, 1.0, rows)
    truth = draw.normal(0, 0.1, _COLUMNS)
    came = draw.poisson(expected * np.exp(columns @ truth)).astype(float)
    return Lesson(columns, expected, came)


def _fit(rows: int) -> Callable[[], float]:
    from peelian.scanning.richer_fit import fit_log_rates

    lesson = _lesson(rows)
    return lambda: float(fit_log_rates([lesson], ridge=_RIDGE).coefficients.max())


def _sklearn(rows: int) -> Callable[[], float]:
    from sklearn.linear_model import PoissonRegressor

    lesson = _lesson(rows)
    standard = (lesson.columns - lesson.columns.mean(axis=0)) / lesson.columns.std(axis=0)
    model = PoissonRegressor(
        alpha=_RIDGE / lesson.expected.sum(), solver="newton-cholesky", tol=1e-6
    )

    def work() -> float:
        model.fit(standard, lesson.came / lesson.expected, sample_weight=lesson.expected)
        return float(model.coef_.max())

    return work


if __name__ == "__main__":
    works = {"back_test": _back_test, "fit": _fit, "sklearn": _sklearn}
    if sys.argv[1:2] and sys.argv[1] in works:
        answer(works[sys.argv[1]](int(sys.argv[2])))
    else:
        main()
