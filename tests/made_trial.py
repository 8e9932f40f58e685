"""Hot spots and trials for tests: small enough to check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from made_patrols import hotspot
from peelian.core.patrols import Hotspot, Trial, TrialKind
from peelian.response.trial import draw_trial, redrawn

FIRST = date(2026, 6, 1)  # a Monday, and the first of a month


def hot_spots(count: int) -> list[Hotspot]:
    return [hot_spot(rank) for rank in range(1, count + 1)]


def hot_spot(rank: int, *, place_id: str = "", expected: float = 12.0) -> Hotspot:
    return replace(
        hotspot(
            place_id or f"p{rank}", f"Place {rank}", centre=(529_000.0 + 400 * rank, 183_000.0)
        ),
        rank=rank, weight=expected, expected=expected, low=expected / 2, high=expected * 2,
        lifecycle="active" if rank else "proposed",
    )  # fmt: skip


def weeks(count: int) -> list[date]:
    return [FIRST + timedelta(weeks=week) for week in range(count + 1)]


def drawn(
    count: int, periods: int, *, kind: TrialKind = "crossover", seed: int = 1, block_size: int = 2,
    places: Sequence[Hotspot] = (),
) -> Trial:  # fmt: skip
    return draw_trial(
        places or hot_spots(count), kind=kind, period_starts=weeks(periods), seed=seed,
        block_size=block_size, records_known_to="day",
    )  # fmt: skip


def expecting(trial: Trial, records: Sequence[float]) -> Trial:
    """The same trial as it is drawn where so many records are expected at its places."""
    return redrawn(replace(trial, expected=tuple(float(each) for each in records)))
