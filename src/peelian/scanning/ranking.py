"""Rank a ward's places by the records to expect next, and say why.

A place's rate is its recent records, older ones counting less, drawn towards the ward's
mean place (see shrinkage.py). Two variations on the paper: records are weighted by age, and
count for as many months as equal weights of the same precision would; the prediction is
widened by what places' rates drift from one quarter to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import CoverageError
from peelian.core.results import RankedPlace
from peelian.scanning.persistence import WINDOW_MONTHS, PlacePersistence, persistence_classes
from peelian.scanning.shrinkage import fit_rate_prior, predictive_interval, weigh_by_age

if TYPE_CHECKING:
    from peelian.core.months import MonthSpan
    from peelian.scanning.series import PlaceCounts

# Rolling back-test (tests/scanning/test_back_test.py) on the Met's records of six boroughs,
# January 2016 to March 2018, 3 months ahead from month 17, share of records in the top 5 %
# of snap points. From 9 months upwards half-lives hardly differ: robbery .289, .288, .289
# and .289 at 9, 12, 24 and without end; burglary .144, .145, .147, .148; drugs .364, .364,
# .365, .365; theft from the person .539, .538, .535, .534, best at 6 with .540. Twelve
# loses nothing that matters and can be explained. Its price: a place that began to rise
# lately is ranked by about half its present rate, so read the rank with the class.
HALF_LIFE_MONTHS = 12.0

# Same records, the 20 wards of Camden, 4,540 outcomes at places that expected 3 records or
# more: without drift a 90 % interval holds .83 of them; with a third it holds .90 (.90 of
# anti-social behaviour, .93 of violence, .88 of drugs). It stays too narrow for theft from
# the person (.84) and vehicle crime (.74), whose level rose through those months, and is
# wider than it need be for all crime together at the busiest places (.96 above 20 expected).
DRIFT = 1 / 3

TOP = 5
_PERIOD = {3: "three-month", 6: "six-month", 12: "twelve-month"}[WINDOW_MONTHS]


@dataclass(frozen=True)
class ExpectedRecords:
    """Records to expect at each place over the horizon, in the order of the places given."""

    expected: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]


def expected_records(
    counts: PlaceCounts,
    *,
    half_life_months: float = HALF_LIFE_MONTHS,
    horizon_months: int = 3,
    level: float = 0.9,
    drift: float = DRIFT,
) -> ExpectedRecords:
    """Predict each place's records over the next months from its own and the ward's.

    counts: all places of the ward, those without a record too: they say how far to draw
    the others to the mean. half_life_months: a record this old counts half. A missing
    month carries neither records nor exposure; no month held is a CoverageError. The
    interval is predictive and central at `level`; drift is the standard deviation of a
    place's relative change from its recent rate to the horizon's.
    """
    held = ~np.isnan(counts.counts)
    if not held.any(axis=1).all():
        raise CoverageError(
            f"Places are ranked on months held; none of {counts.span.in_words} is held for "
            f"{counts.measure_id}. Ingest an archive that has them, or rank another span."
        )
    records, exposure = weigh_by_age(counts.counts, half_life_months=half_life_months)
    prior = fit_rate_prior(records, exposure)
    shape, rate = prior.shape + records, prior.rate + exposure
    expected = shape / rate * horizon_months
    low, high = predictive_interval(expected, 1 / shape + drift**2, level=level)
    return ExpectedRecords(expected, low, high)


def rank_places(
    counts: PlaceCounts,
    *,
    half_life_months: float = HALF_LIFE_MONTHS,
    horizon_months: int = 3,
    level: float = 0.9,
    drift: float = DRIFT,
    found: ExpectedRecords | None = None,
) -> tuple[RankedPlace, ...]:
    """Order a ward's places by expected records over the next months, and say why.

    found: what another model expects of these places, over the horizon and at the level
    given, in place of the default. See `expected_records` for the options. Only places with
    a record are returned, so a span without a record, or without a month held, ranks none.
    Equal places are ordered by records in the last twelve months, then by all records, name
    and id.
    """
    records = np.nan_to_num(counts.counts)
    if not records.any():
        return ()
    if found is None:
        found = expected_records(
            counts,
            half_life_months=half_life_months,
            horizon_months=horizon_months,
            level=level,
            drift=drift,
        )
    recent, total = records[:, -12:].sum(axis=1), records.sum(axis=1)
    classes, reasons = persistence_classes(counts.counts), _Reasons(counts)
    order = sorted(
        np.flatnonzero(total).tolist(),
        key=lambda i: (
            -round(float(found.expected[i]), 9),
            -recent[i],
            -total[i],
            counts.places[i].name,
            counts.places[i].place_id,
        ),
    )
    return tuple(
        RankedPlace(
            rank=position,
            place_id=counts.places[i].place_id,
            name=counts.places[i].name,
            easting=counts.places[i].centre[0],
            northing=counts.places[i].centre[1],
            snap_points=len(counts.places[i].snap_points),
            records=int(total[i]),
            recent=int(recent[i]),
            expected=float(found.expected[i]),
            low=float(found.low[i]),
            high=float(found.high[i]),
            level=level,
            horizon_months=horizon_months,
            persistence=classes[i].kind,
            why=reasons.of(i, classes[i]),
        )
        for position, i in enumerate(order, start=1)
    )


class _Reasons:
    """The sentences that justify a place's rank, from the counts alone."""

    def __init__(self, counts: PlaceCounts) -> None:
        self._records = np.nan_to_num(counts.counts)
        held = np.atleast_1d(~np.isnan(counts.counts).all(axis=0))
        self._last_year = _last_year(counts.span, held)
        self._recent = self._records[:, -12:].sum(axis=1).astype(int)
        self._last_held = self._records[:, np.flatnonzero(held)[-12:]]
        # With ties a place is among the highest only if no more than TOP have as many.
        ordered = np.sort(self._last_held, axis=0)
        as_many = np.column_stack(
            [
                len(ordered) - np.searchsorted(ordered[:, m], self._last_held[:, m])
                for m in range(ordered.shape[1])
            ]
        )
        self._months_high = ((as_many <= TOP) & (self._last_held > 0)).sum(axis=1)

    def of(self, index: int, persistence: PlacePersistence) -> tuple[str, ...]:
        own, ward = int(self._recent[index]), int(self._recent.sum())
        records = "record" if ward == 1 else "records"
        sentences = [f"{own:,} of the ward's {ward:,} {records} in {self._last_year}."]
        months = int(self._months_high[index])
        if months > 1 and len(self._records) > TOP:
            held = self._last_held.shape[1]
            sentences.append(
                f"Among the ward's five highest in {months} of the last {held} months held."
            )
        hot, windows = sum(persistence.hot), len(persistence.hot)
        if hot:
            sentences.append(
                f"More records than the ward's average place, beyond chance, in {hot} of "
                f"{windows} {_PERIOD} periods."
            )
        else:
            sentences.append(
                f"In no {_PERIOD} period did it stand out from the ward's average place "
                f"beyond chance."
            )
        if persistence.trend and persistence.kind in ("intensifying", "diminishing"):
            word = "grown" if persistence.trend == "rising" else "shrunk"
            sentences.append(f"Its share of the ward's records has {word} over the months held.")
        return tuple(sentences)


def _last_year(span: MonthSpan, held: NDArray[np.bool_]) -> str:
    """The last twelve months of a span in words, with how many of them are held."""
    months = min(12, len(span))
    known = int(held[-12:].sum())
    if known == months == 12:
        return f"the twelve months to {span.last.in_words}"
    if known == months:
        return f"the {months} months to {span.last.in_words}"
    return f"the {known} months held of the {months} to {span.last.in_words}"
