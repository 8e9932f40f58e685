"""Forecasts of Portland's burglary and vehicle theft, and what was handed in to the challenge.

    python -m bench.portland

Rolling pooled PAI of the guide to methods: counts with a half-life of 730 days, the method that
origins before 2015 chose, and the difference with its 95 % interval by a paired bootstrap over
origins. Then the submitted shapefiles of these two kinds, scored on the same records from the
challenge's first day on, beside the same two methods. Windows of the challenge are tiny: look
at the hits.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

from bench.memory import peak_gb

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PEELIAN_SHARED", PROJECT.parent / "shared"))
VALIDATION = Path(os.environ.get("PEELIAN_DATA", SHARED / "data")) / "validation"
# The contest's months, then what the records at hand allow.
WINDOWS = {"1 month": 31, "2 months": 61, "3 months": 92}


def main() -> None:
    if not (VALIDATION / "nij-portland").is_dir():
        print("Portland's records are not here: nothing to score")
        return
    # How the challenge's files are read and scored stands beside the tests that hold it fast.
    sys.path.insert(0, str(PROJECT / "tests"))
    began = time.perf_counter()
    _rolling()
    print()
    _submitted()
    print(f"{time.perf_counter() - began:.1f} s, {peak_gb():.2f} GB peak")


def _rolling() -> None:
    from peelian.scanning.accuracy import difference_between
    from portland_contest import (
        HORIZONS,
        blocks_of,
        chosen,
        origins,
        plain,
        portland,
        rolling,
        wider,
    )

    kept = chosen(VALIDATION)
    city = portland(VALIDATION)
    print("Rolling pooled PAI, origins 2015-01 to 2017-02, 0.26 of 147.7 square miles marked")
    print(f"{'kind':<14}{'days':>5}{'counts':>8}{'chosen':>8}  {'difference':<24}"
          f"{'p':>6}{'PEI counts':>12}{'chosen':>8}{'wider':>8}")  # fmt: skip
    for kind, (method, evidence) in kept.items():
        for horizon in HORIZONS:
            days = origins(horizon)
            ours, base, always = (
                rolling(city, kind, scores, horizon, days) for scores in (method, plain, wider)
            )
            found = difference_between(ours, base, block=blocks_of(horizon), seed=1)
            between = f"{found.estimate:+.1f} ({found.low:.1f} to {found.high:.1f})"
            print(
                f"{kind:<14}{horizon:>5}{base.pai:>8.1f}{ours.pai:>8.1f}  {between:<24}"
                f"{found.p_value:>6.2f}{base.pei:>12.3f}{ours.pei:>8.3f}{always.pai:>8.1f}"
            )
        print(
            f"  {kind}: {'wider score' if method is wider else 'counts'} chosen; before 2015 the "
            f"wider score gained {evidence.estimate:+.1f} ({evidence.low:.1f} to "
            f"{evidence.high:.1f})"
        )


def _submitted() -> None:
    from portland_contest import (
        END,
        MARKED,
        SIDE_FT,
        plain,
        portland,
        rolling,
        submissions,
        wider,
    )

    city = portland(VALIDATION)
    print("From 2017-03-01: hits of all, PAI; each with the area it marked in square miles")
    for kind in city.records:
        for name, days in WINDOWS.items():
            line = [f"{kind:<14}{name:<9}"]
            for submitted in submissions(VALIDATION, kind):
                hits, total = submitted.hits(city, kind, END, days)
                mark = submitted.pai(city, kind, END, days)
                line.append(_cell(submitted.name, hits, total, mark, submitted.hot.area))
            for title, scores in (("counts", plain), ("wider", wider)):
                found = rolling(city, kind, scores, days, [np.datetime64(END)])
                line.append(
                    _cell(title, found.hits[0], found.totals[0], found.pai, MARKED * SIDE_FT**2)
                )
            print("  ".join(line))


def _cell(name: str, hits: float, total: float, mark: float, area: float) -> str:
    return f"{name} [{area / 5_280**2:.2f}] {hits:.0f}/{total:.0f} {mark:.1f}"


if __name__ == "__main__":
    main()
