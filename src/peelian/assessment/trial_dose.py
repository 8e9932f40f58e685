"""How much patrol came to a trial's places when they were to get more, and when they were not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError

if TYPE_CHECKING:
    from peelian.core.patrols import PlannedVisit, Trial, Visit


@dataclass(frozen=True, eq=False)
class DoseReceived:
    """Minutes of patrol in a trial's place-periods, and how far they follow the draw.

    delivered, planned: one row a place, one column a period. treated_minutes,
    untreated_minutes: delivered, the mean of the treated place-periods and of the others.
    compliance: the share of treated place-periods in which at least `enough` of the planned
    minutes came; None where none was planned.
    """

    delivered: NDArray[np.float64]
    planned: NDArray[np.float64]
    treated_minutes: float
    untreated_minutes: float
    enough: float
    compliance: float | None
    notices: tuple[str, ...]


def dose_received(
    trial: Trial, visits: Iterable[Visit], *, planned: Sequence[PlannedVisit], enough: float = 0.5
) -> DoseReceived:
    """Count the minutes of visible patrol that each place-period of a trial received.

    visits, planned: those of the whole trial, of all its plans and logs: with one week's plan of
    many, a few minutes would look like enough. Minutes of two units at once count for both. A
    visit over midnight between two periods is parted there. Visits to other places, on other
    days, in plain clothes and of background patrol are left out. enough: a share of the
    planned minutes above 0, up to 1; InputError for any other.
    """
    if not 0 < enough <= 1:
        raise InputError(
            f"Enough is a share of the planned minutes, above 0 and up to 1; found {enough:g}. "
            f"Write 0.5 for a half."
        )
    delivered = _minutes(trial, (visit for visit in visits if visit.visible))
    asked, on = _minutes(trial, planned), np.array(trial.treated)
    due = on & (asked > 0)
    compliance = float((delivered[due] >= enough * asked[due]).mean()) if due.any() else None
    treated, untreated = float(delivered[on].mean()), float(delivered[~on].mean())
    return DoseReceived(
        delivered, asked, treated, untreated, enough, compliance,
        (
            *_notices(treated, untreated, compliance, enough),
            *_gaps(delivered, asked, on),
        ),
    )  # fmt: skip


class _Stay(Protocol):
    """Time at a place, planned or spent."""

    @property
    def place_id(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


def _minutes(trial: Trial, stays: Iterable[_Stay]) -> NDArray[np.float64]:
    row = {place: number for number, place in enumerate(trial.places)}
    limits = [datetime.combine(day, time()) for day in trial.period_starts]
    minutes = np.zeros((len(trial.places), len(limits) - 1))
    for stay in stays:
        if stay.place_id not in row:
            continue
        for column, (start, end) in enumerate(pairwise(limits)):
            inside = (min(stay.end, end) - max(stay.start, start)).total_seconds() / 60
            minutes[row[stay.place_id], column] += max(inside, 0.0)
    return minutes


def _notices(
    treated: float, untreated: float, compliance: float | None, enough: float
) -> tuple[str, ...]:
    notices = []
    if untreated >= treated:
        notices.append(
            f"Places that were to get no more patrol got as much as those that were: "
            f"{untreated:.0f} minutes a period against {treated:.0f}. No effect of extra patrol "
            f"can be read from this trial."
        )
    elif untreated > treated / 2:
        notices.append(
            f"Places that were to get no more patrol got {untreated / treated:.0%} as much as "
            f"those that were: the effect is that of the little more."
        )
    if compliance is not None and compliance < 0.5:
        notices.append(
            f"At least {enough:.0%} of the planned minutes came in {compliance:.0%} of the "
            f"place-periods that were to get them: the effect is that of a plan mostly not kept."
        )
    return tuple(notices)


def _gaps(
    delivered: NDArray[np.float64], asked: NDArray[np.float64], on: NDArray[np.bool_]
) -> tuple[str, ...]:
    """What the plans or the logs do not tell of."""
    notices = []
    if unplanned := int((on & (asked == 0)).sum()):
        notices.append(
            f"Of {int(on.sum())} place-periods that were to get more patrol {unplanned} have no "
            f"planned visit; they are in no share. Give the plans of the whole trial."
        )
    if asked[~on].any():
        notices.append("Visits are planned where the draw says none: the plan is not the trial's.")
    if silent := int((~delivered.any(axis=0)).sum()):
        notices.append(
            f"In {silent} of {on.shape[1]} periods no visit is logged: counted as no patrol, "
            f"though a log may be missing."
        )
    return tuple(notices)
