"""Panels whose truth is known: places in a row, some kinds of record, months without gaps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from peelian.core.months import Month, MonthSpan
from peelian.scanning.panel import Panel

FIRST = Month(2016, 1)


def made_panel(
    counts: Mapping[str, NDArray[np.float64]],
    *,
    apart_m: float = 200.0,
    missing: Mapping[str, tuple[int, ...]] | None = None,
) -> Panel:
    """counts: by type, places by months. Places stand in squares of ten, `apart_m` apart."""
    table = np.stack(list(counts.values())).astype(np.float32)
    for layer, name in enumerate(counts):
        table[layer][:, list((missing or {}).get(name, ()))] = np.nan
    places, months = table.shape[1:]
    index = np.arange(places)
    return Panel(
        tuple(counts),
        530_000 + apart_m * (index % 10),
        180_000 + apart_m * (index // 10),
        MonthSpan.ending(FIRST.plus(months - 1), months=months),
        table,
        {
            name: {FIRST.plus(month): "not held" for month in (missing or {}).get(name, ())}
            for name in counts
        },
    )


def poisson_counts(rates: NDArray[np.float64], *, months: int, seed: int) -> NDArray[np.float64]:
    """Counts of places whose monthly rates never change."""
    drawn = np.random.default_rng(seed).poisson(rates[:, None], size=(len(rates), months))
    return drawn.astype(float)
