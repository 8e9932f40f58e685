"""What extra patrol did, where chance decided which places got it in which periods.

The effect is that of being assigned: place-periods count as treated because they were drawn,
however much patrol came (intention to treat). `trial_dose` says how much did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.effect import Effect
from peelian.core.errors import CoverageError, InputError, VerificationError
from peelian.response.trial import check_whole_months, is_untouched
from peelian.response.trial_ratio import ratio_draws
from peelian.scanning.change import exact_rate_ratio

if TYPE_CHECKING:
    from peelian.core.patrols import Trial


def assess_trial(
    trial: Trial,
    counts: NDArray[np.float64],
    *,
    seed: int,
    level: float = 0.95,
    draws: int = 9_999,
) -> Effect:
    """Estimate what extra patrol did to records, with a test and an interval from the draw.

    counts: one row a place of the trial, one column a period, NaN where not held. A place's
    exposure is `Trial.expected`, sealed when the trial was drawn: so a parallel trial is read as
    it would be had both halves been alike before. The estimate is
    `response.trial_ratio`'s and the p-value that of a randomisation test over `draws` other
    draws of the same design. The interval is what that test does not refuse, together with
    what the exact interval of two Poisson counts holds, since no count is surer than that: so
    with few records it can hold 1 where the p-value is below 1 - level.
    VerificationError for a trial that was changed after it was drawn; InputError where
    tables do not fit it; CoverageError where no period is held in any block.
    """
    if not is_untouched(trial):
        raise VerificationError(
            "A trial is assessed as it was drawn; the seal or the arrangement of this one is not "
            "that of its seed. Use the plan as it was made, or assess it as a comparison."
        )
    exposure = np.array(trial.expected, dtype=float)
    _check(trial, counts)
    on, held = np.array(trial.treated), ~np.isnan(counts)
    found = ratio_draws(trial, counts, exposure, draws=draws, seed=seed)
    treated, untreated = (int(counts[held & side].sum()) for side in (on, ~on))
    exposures = held * exposure[:, None]
    by_chance = exact_rate_ratio(
        untreated,
        treated,
        exposure_before=float(exposures[~on].sum()),
        exposure_after=float(exposures[on].sum()),
        level=level,
    )
    low, high = found.interval(level=level)
    return Effect(
        estimate=found.estimate,
        low=min(low, by_chance.low),
        high=max(high, by_chance.high),
        level=level,
        p_value=found.p_value(),
        treated=treated,
        untreated=untreated,
        design=f"randomised {trial.kind} trial",
        maryland_level=5,
        assumptions=_assumptions(trial),
        notices=_notices(counts),
    )


def counts_in_trial(
    trial: Trial,
    place_ids: Sequence[str],
    days: NDArray[np.datetime64],
    *,
    held: Sequence[tuple[date, date]],
) -> NDArray[np.float64]:
    """Count records by place and period of a trial: one row a place, one column a period.

    place_ids, days: one of each for every record; those of other places or days are not
    counted. held: spans of days whose records are known, both ends included; a period that does
    not lie within them is NaN, never 0. Records all dated on the first of a month, of two months
    or more than four in number, are known to the month: MonthOnlyError unless periods are made
    of whole months.
    """
    if len(place_ids) != len(days):
        raise InputError(
            f"Every record has a place and a day; found {len(place_ids)} places and {len(days)} "
            f"days. Pass one of each for every record."
        )
    dated = days.astype("datetime64[D]")
    first_of_month = dated.astype("datetime64[M]").astype("datetime64[D]")
    several = len(np.unique(dated)) > 1 or len(dated) > 4
    if several and (dated == first_of_month).all():
        check_whole_months(trial.period_starts, "month")
    row = {place: number for number, place in enumerate(trial.places)}
    rows = np.array([row.get(place, -1) for place in place_ids], dtype=np.int64)
    starts = np.array(trial.period_starts, dtype="datetime64[D]")
    columns = np.searchsorted(starts, dated, side="right") - 1
    counts = np.zeros((len(trial.places), len(starts) - 1))
    inside = (rows >= 0) & (columns >= 0) & (columns < counts.shape[1])
    np.add.at(counts, (rows[inside], columns[inside]), 1)
    for column, (start, end) in enumerate(pairwise(trial.period_starts)):
        if not _is_held(start, end, held):
            counts[:, column] = np.nan
    return counts


def _is_held(start: date, end: date, held: Sequence[tuple[date, date]]) -> bool:
    """Whether every day from start, included, to end, excluded, lies in one of the spans."""
    day = start
    for first, last in sorted(held):
        if first <= day <= last:
            day = last + timedelta(days=1)
    return day >= end


def _check(trial: Trial, counts: NDArray[np.float64]) -> None:
    shape = len(trial.places), len(trial.period_starts) - 1
    if counts.shape != shape:
        raise InputError(
            f"Counts have a row a place and a column a period of the trial, {shape[0]} x "
            f"{shape[1]}; found {counts.shape}. Count them with counts_in_trial."
        )
    if (counts < 0).any():
        raise InputError("Counts are 0 or more; found others. Count them with counts_in_trial.")
    if np.isnan(counts).all():
        raise CoverageError(
            f"A trial is read from records of its periods; none from {trial.period_starts[0]} to "
            f"{trial.period_starts[-1]} is held. Ingest the records of those days."
        )


def _assumptions(trial: Trial) -> tuple[str, ...]:
    before = (
        "What patrol does in one period is over when the next begins."
        if trial.kind == "crossover"
        else "Nothing else came to treated places alone while the trial ran."
    )
    return (
        "The draw was made once, before the trial began, and decided alone. The seal cannot show "
        "that: it is known to whoever was given it then.",
        "Patrol multiplies the records of every place by the same factor; if not, this is the "
        "average over these places, by their records, and not that of places elsewhere.",
        "Patrol at one place does not move records to or from another place of the trial.",
        before,
        "Patrol does not change how much of what happens is recorded.",
    )


def _notices(counts: NDArray[np.float64]) -> tuple[str, ...]:
    missing = int(np.isnan(counts).any(axis=0).sum())
    if not missing:
        return ()
    return (f"{missing} of {counts.shape[1]} periods are not held in full and were left out.",)
