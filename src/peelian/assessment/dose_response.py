"""Whether weeks with more patrol at a place had fewer records there: a relation, not a cause.

Patrol goes where records are, and weeks differ: so each place is compared with itself and each week
with the same week elsewhere. What is left can still be patrol that followed records, and records
that patrol made; the checks look for the first, and measures of public reports avoid the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, inf

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.dose_slope import DoseSlope, Schedule, beyond, dose_slope, varies
from peelian.assessment.effect import Check, Effect, FoundRatio
from peelian.core.errors import CoverageError, InputError

LEAST_WEEKS = 8
# With fewer the score's scatter is too far from even, and the interval is left open.
LEAST_RECORDS = 30


@dataclass(frozen=True)
class _How:
    schedule: Schedule
    level: float
    draws: int
    seed: int


def dose_response(
    places: Sequence[str],
    records: NDArray[np.float64],
    minutes: NDArray[np.float64],
    *,
    schedule: Schedule,
    seed: int,
    per_minutes: float = 60.0,
    level: float = 0.95,
    draws: int = 4_999,
) -> Effect:
    """Relate records to delivered minutes by place and week: the ratio for so many more minutes.

    records, minutes: one row a place, one column a week, in order; NaN where not known, and such
    weeks are left out everywhere. schedule: "drawn" where chance decided, or a plan fixed before
    any of these weeks' records, which weeks of a place got more; anything else is "not drawn".
    A Poisson model with an effect of each place and week; the p-value is that of shuffling
    minutes among each place's weeks (`dose_slope`), the arrangement that came counted, or that of
    records that come one by one where it is larger. The interval takes the same scatter about
    the estimate: it assumes that the scatter is the same under the slope as under none.
    `treated` are the records of weeks with more than the place's mean minutes, `untreated` the
    others. With fewer than 30 records the interval is open. InputError where tables do not fit
    or minutes do not vary beyond place and week; CoverageError with fewer than eight weeks.
    """
    kept = _checked(places, records, minutes, per_minutes)
    counts, doses = records[:, kept], minutes[:, kept] / per_minutes
    how = _How(schedule, level, draws, seed)
    found = _measured(counts, doses, how)
    more = doses > doses.mean(axis=1, keepdims=True)
    return Effect(
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        level=level,
        p_value=found.p_value,
        treated=int(counts[more].sum()),
        untreated=int(counts[~more].sum()),
        design=f"records against minutes within place and week, for {per_minutes:g} more a week",
        maryland_level=3 if schedule == "drawn" else 2,
        assumptions=_assumptions(schedule),
        notices=_notices(kept, counts),
        checks=(
            *_week_after(counts, doses, how),
            *_left_out(places, counts, doses, found, how),
        ),
    )


def _assumptions(schedule: Schedule) -> tuple[str, ...]:
    order = (
        "Which weeks of a place got more minutes was decided by chance, or before any of these "
        "weeks was known."
        if schedule == "drawn"
        else "Minutes did not follow what was recorded in the same week, and places' records and "
        "minutes drift alike at any time of the period."
    )
    return (
        order,
        "Each further minute goes with the same factor on records, at all places.",
        "Minutes of one week go with records of that week alone, and of that place alone.",
        "Being there does not change how much of what happens is recorded.",
    )


def _measured(
    records: NDArray[np.float64],
    doses: NDArray[np.float64],
    how: _How,
) -> FoundRatio:
    slope = dose_slope(records, doses, schedule=how.schedule, draws=how.draws, seed=how.seed)
    p_value = _p_value(slope)
    if slope.slope is None or records.sum() < LEAST_RECORDS:
        return FoundRatio(None if slope.slope is None else exp(slope.slope), 0.0, inf, p_value)
    reach = _reach(slope, how.level)
    low, high = exp(slope.slope - reach), exp(slope.slope + reach)
    if p_value > 1 - how.level:
        low, high = min(low, 1.0), max(high, 1.0)
    return FoundRatio(exp(slope.slope), low, high, p_value)


def _p_value(slope: DoseSlope) -> float:
    from scipy.special import ndtr

    as_far = int((slope.shuffled >= abs(slope.step) * (1 - 1e-9)).sum())
    by_shuffles = (1 + as_far) / (1 + len(slope.shuffled))
    return max(by_shuffles, float(2 * ndtr(-abs(slope.step) / slope.error)))


def _reach(slope: DoseSlope, level: float) -> float:
    from scipy.special import ndtri

    rank = ceil(level * (len(slope.shuffled) + 1) - 1e-9)
    if rank > len(slope.shuffled):
        return inf
    return max(float(slope.shuffled[rank - 1]), float(ndtri((1 + level) / 2)) * slope.error)


def _week_after(
    records: NDArray[np.float64],
    doses: NDArray[np.float64],
    how: _How,
) -> tuple[Check, ...]:
    """Minutes of the week after cannot have gone before: a relation says that they followed.

    Where minutes run on from week to week, what this week's say of them is taken out first.
    """
    earlier = records[:, :-1]
    later = beyond(earlier, doses[:, 1:], given=doses[:, :-1]) if earlier.sum() else doses[:, 1:]
    if not earlier.sum() or not varies(earlier, later):
        return ()
    found = _measured(earlier, later, how)
    return (
        Check(
            "placebo date",
            f"Against minutes of the week after, the ratio is {found.in_words}, p = "
            f"{found.p_value:.2f}: beyond chance it would mean that patrol followed records.",
            changed=found.p_value <= 1 - how.level,
        ),
    )


def _left_out(
    places: Sequence[str],
    records: NDArray[np.float64],
    doses: NDArray[np.float64],
    found: FoundRatio,
    how: _How,
) -> tuple[Check, ...]:
    """Leave out the two places whose weeks pull most, one each way."""
    expected = np.outer(records.sum(axis=1), records.sum(axis=0)) / records.sum()
    pulls = ((records - expected) * doses).sum(axis=1)
    says, changed = [], False
    for place in sorted({int(pulls.argmin()), int(pulls.argmax())}):
        rest = np.delete(records, place, axis=0), np.delete(doses, place, axis=0)
        if len(rest[0]) < 2 or not rest[0].sum() or not varies(*rest):
            return (Check("comparison left out", f"All rests on {places[place]}.", changed=True),)
        again = _measured(*rest, how)
        says.append(f"without {places[place]} {again.in_words}")
        changed = changed or again.direction != found.direction
    return (
        Check(
            "comparison left out",
            f"The places that pull most left out, the ratio is {', '.join(says)}.",
            changed,
        ),
    )


def _checked(
    places: Sequence[str],
    records: NDArray[np.float64],
    minutes: NDArray[np.float64],
    per_minutes: float,
) -> NDArray[np.bool_]:
    """Which weeks are known everywhere."""
    if records.ndim != 2 or records.shape != minutes.shape or len(places) != len(records):
        raise InputError(
            f"Records and minutes have a row a place and a column a week; found "
            f"{records.shape} and {minutes.shape} for {len(places)} places. Give both alike."
        )
    if (records < 0).any() or (minutes < 0).any() or per_minutes <= 0:
        raise InputError("Records and minutes are 0 or more; found others. Look at the log.")
    kept = np.asarray(~(np.isnan(records) | np.isnan(minutes)).any(axis=0))
    if kept.sum() < LEAST_WEEKS:
        raise CoverageError(
            f"A relation within places needs {LEAST_WEEKS} weeks that are known at all of them; "
            f"found {int(kept.sum())}. Log more weeks, or leave out places without a log."
        )
    if len(places) < 2 or not records[:, kept].sum():
        raise CoverageError(
            f"Weeks are compared between two places or more with records; found {len(places)} "
            f"places and {int(records[:, kept].sum())} records. Give more places or weeks."
        )
    if not varies(records[:, kept], minutes[:, kept]):
        raise InputError(
            "Minutes must vary among a place's weeks, and not alike at all places; they do not. "
            "Nothing can be read from them: vary the plan."
        )
    return kept


def _notices(kept: NDArray[np.bool_], records: NDArray[np.float64]) -> tuple[str, ...]:
    notices = []
    if out := int((~kept).sum()):
        notices.append(f"{out} of {len(kept)} weeks are not known everywhere and were left out.")
    if records.sum() < LEAST_RECORDS:
        notices.append(
            f"The interval is open: {int(records.sum())} records are fewer than {LEAST_RECORDS}."
        )
    return tuple(notices)
