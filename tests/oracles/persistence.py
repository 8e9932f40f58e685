"""Hot windows and trends again, by loops over places, months and terms of the binomial."""

from __future__ import annotations

from math import comb, sqrt


def hot_windows(
    table: list[list[int | None]], window_months: int, discovery_rate: float
) -> list[list[bool]]:
    places, months = len(table), len(table[0])
    windows: list[list[bool]] = []
    end = months
    while end > 0:
        start = max(0, end - window_months)
        if any(row[m] is not None for row in table for m in range(start, end)):
            tally = [sum(row[m] or 0 for m in range(start, end)) for row in table]
            windows.insert(
                0, discoveries([tail(n, sum(tally), places) for n in tally], discovery_rate)
            )
        end = start
    return [[window[i] for window in windows] for i in range(places)]


def tail(count: int, total: int, places: int) -> float:
    """The chance of this many or more of the total at one of so many equal places."""
    share = 1 / places
    return sum(
        comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1)
    )


def discoveries(p_values: list[float], rate: float) -> list[bool]:
    """From the largest p-value down, the first under its line takes all smaller with it."""
    ordered = sorted(p_values)
    for position in range(len(ordered), 0, -1):
        if ordered[position - 1] <= rate * position / len(ordered):
            return [p <= ordered[position - 1] for p in p_values]
    return [False] * len(p_values)


def trend_z(table: list[list[int | None]], place: int) -> float:
    """Each record at its month: the place's mean month against the ward's."""
    ward = [m for row in table for m, n in enumerate(row) for _ in range(n or 0)]
    own = [m for m, n in enumerate(table[place]) for _ in range(n or 0)]
    mean = sum(ward) / len(ward)
    spread = sum((m - mean) ** 2 for m in ward) / len(ward)
    error = sqrt(spread * len(own) * (1 - len(own) / len(ward)))
    return sum(m - mean for m in own) / error if error > 1e-6 else 0.0
