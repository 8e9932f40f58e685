"""A place's records after a response began, over those of the same months of years before.

Nothing is compared with: what happened everywhere counts as an effect. Exact for records that
come one by one, and widened by how far such a place's level moves by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.assessment.effect import Check, Effect, FoundRatio
from peelian.assessment.level_drift import LevelDrift, learn_drift
from peelian.assessment.series_fit import days_of, fit_series, index_of, waves
from peelian.assessment.widened_ratio import MovingRates, widened_ratio
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month, MonthSpan
from peelian.scanning.change import exact_rate_ratio

if TYPE_CHECKING:
    from peelian.core.counts import Series

_YEAR = 12
_MOST_YEARS = 3
_SEASON_TAKES = 24  # months held
_LEAST_HELD = 4  # months after, of which half can be looked at alone


@dataclass(frozen=True)
class _Compared:
    """Months after, and those that stand against them: each `years` years' same months."""

    before: tuple[Month, ...]
    after: tuple[Month, ...]
    years: int


def before_after(
    series: Series, *, before: MonthSpan, after: MonthSpan, level: float = 0.95
) -> Effect:
    """Compare the months after with the same calendar months before, however few the records.

    before, after: months, ends included; what lies between is left out. Each month after
    stands against the same month of up to three years that lie within `before`, all of them
    held: else it is left out on both sides. Rates are by days. The ratio's interval is that
    of `exact_rate_ratio`, widened (`widened_ratio`) by how far the level of such a place moves
    between these months with nothing done, which its own months before and the wards of London
    say (`learn_drift`). That widening matters: of 1,000 real ward series in which nothing was
    done, in each of three periods, exact intervals at 95 % held no change in 37 to 86 of 100, by
    size, and widened ones in 92 to 98. It costs power: a fall by two fifths of 10 to 30 records
    a month was found 30 times in 100. What no place drifts by, such as a lockdown, is a break
    of the series: give it as one.
    `treated` and `untreated` are the records of the months after and before.

    InputError where the spans overlap, or the series breaks between the first month compared
    and the last; CoverageError where no month is held on both sides.
    """
    check_spans(before, after)
    compared = _compared(series, before, after)
    _refuse_breaks(series, compared)
    drift = _drift(series, before)
    found = _measured(series, compared, drift, level)
    return Effect(
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        level=level,
        p_value=found.p_value,
        treated=_records(series, compared.after),
        untreated=_records(series, compared.before),
        design="before and after, same months of "
        + ("the year before" if compared.years == 1 else f"{compared.years} years before"),
        maryland_level=2,
        assumptions=_ASSUMPTIONS,
        notices=_notices(series, after, compared, drift, level),
        checks=(
            *_placebo_dates(series, before, compared, drift, level),
            *_windows(series, compared, drift, found, level),
        ),
    )


_ASSUMPTIONS = (
    "Without the response, records would have come at the rate of the same months before, but "
    "for drift such as this place and other wards show when nothing is done.",
    "Nothing else that changes records began at about the same time: nothing is compared with.",
    "The response did not change how much of what happens is recorded.",
)


def check_spans(before: MonthSpan, after: MonthSpan) -> None:
    """An InputError unless one span ends before the other starts."""
    if before.last >= after.first:
        raise InputError(
            f"The months before end before the months after start; found {before} and {after}. "
            f"End the first by {after.first.plus(-1)}."
        )


def _compared(series: Series, before: MonthSpan, after: MonthSpan) -> _Compared:
    shift = _shift(before, after)
    years = [
        shift * each
        for each in range(1, _MOST_YEARS + 1)
        if after.first.plus(-shift * each) in before and after.last.plus(-shift * each) in before
    ]
    kept = tuple(
        month
        for month in after
        if all(series.at(month.plus(-back)) is not None for back in (0, *years))
    )
    if not years or not kept:
        raise CoverageError(
            f"Months after are compared with the same months of a year before; of "
            f"{series.measure_id} in {series.place} none in {after} is held together with the "
            f"same month in {before}. Ingest an archive that has them, or start the months "
            f"before earlier."
        )
    return _Compared(tuple(m.plus(-back) for m in kept for back in years), kept, len(years))


def _shift(before: MonthSpan, after: MonthSpan) -> int:
    """Months back by whole years to where no month after is left."""
    return -(-(after.last.minus(before.last)) // _YEAR) * _YEAR


def _refuse_breaks(series: Series, compared: _Compared) -> None:
    first, last = min(compared.before), compared.after[-1]
    crossed = {month: why for month, why in series.breaks.items() if first < month <= last}
    if crossed:
        named = "; ".join(f"{month}: {why}" for month, why in sorted(crossed.items()))
        raise InputError(
            f"Both sides of a comparison are counts of one thing, but the series breaks between "
            f"{first} and {last} ({named}). Compare months on one side of it, or use an "
            f"interrupted series, which takes a break before the response as a step."
        )


def _drift(series: Series, before: MonthSpan) -> LevelDrift:
    """What the months before the response say of how far the level moves by itself."""
    held = tuple(month for month in before if series.at(month) is not None)
    counts = np.array([series.at(month) for month in held], dtype=float)
    months = index_of(held)
    columns = np.ones((len(held), 1))
    if len(held) >= _SEASON_TAKES:
        columns = np.hstack([columns, waves(months)])
    if not counts.sum():
        return learn_drift(counts, counts, columns, months)
    return learn_drift(counts, fit_series(columns, counts, days_of(held)).expected, columns, months)


def _measured(series: Series, compared: _Compared, drift: LevelDrift, level: float) -> FoundRatio:
    return widened_ratio(_rates(series, compared, drift), level=level)


def _rates(series: Series, compared: _Compared, drift: LevelDrift) -> MovingRates:
    days = [days_of(compared.before), days_of(compared.after)]
    contrast = np.concatenate([-days[0] / days[0].sum(), days[1] / days[1].sum()])
    return MovingRates(
        before=_records(series, compared.before),
        after=_records(series, compared.after),
        exposure_before=float(days[0].sum()),
        exposure_after=float(days[1].sum()),
        variances=drift.variances(contrast, index_of((*compared.before, *compared.after))).ravel(),
        weights=drift.weights.ravel(),
    )


def _placebo_dates(
    series: Series, before: MonthSpan, compared: _Compared, drift: LevelDrift, level: float
) -> tuple[Check, ...]:
    """As if the response had begun so that as many months ended with those before, or earlier."""
    checks = []
    months = compared.after[-1].minus(compared.after[0]) + 1
    for back in (0, _YEAR // 2, _YEAR):
        last = before.last.plus(-back)
        first = last.plus(1 - months)
        if first <= before.first:
            continue
        try:
            as_if = _compared(
                series, MonthSpan(before.first, first.plus(-1)), MonthSpan(first, last)
            )
        except CoverageError:
            continue
        found = _measured(series, as_if, drift, level)
        checks.append(
            Check(
                "placebo date",
                f"Had it begun in {first.in_words}, before it did, the ratio is {found.in_words}.",
                changed=found.direction is not None,
            )
        )
    return tuple(checks)


def _windows(
    series: Series, compared: _Compared, drift: LevelDrift, found: FoundRatio, level: float
) -> tuple[Check, ...]:
    """Against the last year alone, and with the first half of the months after."""
    half = compared.after[: len(compared.after) // 2]
    others = []
    if compared.years > 1:
        latest = [max(m for m in compared.before if m.number == month.number)
                  for month in compared.after]  # fmt: skip
        others.append(
            (
                "Against the latest of the years before alone",
                _Compared(tuple(latest), compared.after, 1),
            )
        )
    if len(compared.after) >= _LEAST_HELD:
        numbers = {month.number for month in half}
        same = tuple(month for month in compared.before if month.number in numbers)
        others.append(
            (
                f"With the months to {half[-1].in_words} alone",
                _Compared(same, half, compared.years),
            )
        )
    checks = []
    for words, each in others:
        again = _measured(series, each, drift, level)
        checks.append(
            Check(
                "window",
                f"{words}, the ratio is {again.in_words}.",
                changed=again.direction != found.direction,
            )
        )
    return tuple(checks)


def _notices(
    series: Series, after: MonthSpan, compared: _Compared, drift: LevelDrift, level: float
) -> tuple[str, ...]:
    rates = _rates(series, compared, drift)
    exact = exact_rate_ratio(
        rates.before,
        rates.after,
        exposure_before=rates.exposure_before,
        exposure_after=rates.exposure_after,
        level=level,
    )
    notices = [
        f"If nothing but chance moved records, the interval would be {exact.low:.2f} to "
        f"{exact.high:.2f}; with nothing done the level of such a place also drifts, between "
        f"these months by {rates.drift:.0%} (standard deviation), for which it is widened."
    ]
    left_out = [month for month in after if month not in compared.after]
    if left_out:
        named = ", ".join(map(str, left_out))
        notices.append(
            f"Left out on both sides, since not held on one: {named} and the same months before."
        )
    return tuple(notices)


def _records(series: Series, months: tuple[Month, ...]) -> int:
    return sum(series.at(month) or 0 for month in months)
