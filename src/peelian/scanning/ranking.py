"""Rank a ward's places by the records to expect next, and say why.

A place's rate is its recent records, older ones counting less, drawn towards the ward's
mean place: the empirical Bayes estimate of Clayton and Kaldor (1987, doi:10.2307/2532003),
Poisson counts with a gamma prior. Variations: records are weighted by age, and count for as
many months as equal weights of the same precision would; the prediction is widened by what
places' rates drift from one quarter to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.results import RankedPlace
from peelian.scanning.persistence import WINDOW_MONTHS, PlacePersistence, persistence_classes

if TYPE_CHECKING:
    from peelian.core.months import MonthSpan
    from peelian.scanning.series import PlaceCounts

# Rolling back-test on six boroughs, January 2016 to March 2018, 3 months ahead from month
# 17, share of records in the top 5 % of snap points: from 9 months upwards half-lives
# differ by under .003 for most types; theft from the person is best at 6 (.558 against .557
# at 12), bicycle theft at 24 (.371 against .368). Twelve also weighs every season once.
HALF_LIFE_MONTHS = 12.0

# Same data, the 20 wards of Camden, places that expected 3 records or more: without drift a
# 90 % interval held .82 of outcomes; with a third it holds .90. It stays too narrow for
# theft from the person (.80), whose level rose through those months.
DRIFT = 1 / 3

TOP = 5
_PERIOD = {3: "three-month", 6: "six-month", 12: "twelve-month"}[WINDOW_MONTHS]


@dataclass(frozen=True)
class RatePrior:
    """A gamma prior on places' monthly rates: `shape` / `rate` is the ward's mean place."""

    shape: float
    rate: float


def rank_places(
    counts: PlaceCounts,
    *,
    half_life_months: float = HALF_LIFE_MONTHS,
    horizon_months: int = 3,
    level: float = 0.9,
    drift: float = DRIFT,
) -> tuple[RankedPlace, ...]:
    """Order places by expected records over the next months, each with its interval.

    counts: all places of the ward, those without a record too: they say how far to draw
    the others to the mean. Only places with a record are returned. half_life_months: a
    record this old counts half. A missing month carries neither records nor exposure. The
    interval is predictive and central at `level`; drift is the standard deviation of a
    place's relative change from its recent rate to the horizon's. Equal places are ordered
    by records in the last twelve months, then by all records, name and id.
    """
    ages = np.arange(len(counts.span))[::-1]
    weights = 0.5 ** (ages / half_life_months)
    held = ~np.isnan(counts.counts)
    records = np.nan_to_num(counts.counts)
    # A weighted sum is more precise than its weights' sum says: scaled so that the sum of
    # records has the variance of a Poisson count, as the prior's fit takes it to have.
    scale = (held @ weights) / np.maximum(held @ weights**2, 1e-12)
    decayed, exposure = records @ weights * scale, held @ weights * scale
    if decayed.sum() == 0:
        return ()
    prior = fit_rate_prior(decayed, exposure)
    shape, rate = prior.shape + decayed, prior.rate + exposure
    expected = shape / rate * horizon_months
    low, high = predictive_interval(expected, 1 / shape + drift**2, level=level)
    recent = records[:, -12:].sum(axis=1)
    reasons = _Reasons(counts)
    classes = persistence_classes(counts.counts)
    order = sorted(
        np.flatnonzero(records.sum(axis=1)).tolist(),
        key=lambda i: (
            -round(float(expected[i]), 9),
            -recent[i],
            -records[i].sum(),
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
            records=int(records[i].sum()),
            recent=int(recent[i]),
            expected=float(expected[i]),
            low=float(low[i]),
            high=float(high[i]),
            level=level,
            horizon_months=horizon_months,
            persistence=classes[i].kind,
            why=reasons.of(i, classes[i]),
        )
        for position, i in enumerate(order, start=1)
    )


def fit_rate_prior(records: NDArray[np.float64], exposure: NDArray[np.float64]) -> RatePrior:
    """Fit the gamma prior of places' rates by Clayton and Kaldor's iteration.

    records, exposure: one entry a place; exposure in months, or in expected records where
    rates are relative. The mean is that of the shrunken rates, the variance what remains of
    their spread after Poisson noise. The shape stays between 0.05 (places differ a
    thousandfold) and 500 (all alike). One place, or none with a record, cannot say how
    places differ: shape 0.5, the weight of half a record, and half a record in all where
    there is none.
    """
    if len(records) < 2 or records.sum() == 0:
        mean = max(float(records.sum()), 0.5) / float(exposure.sum())
        return RatePrior(0.5, 0.5 / mean)
    rates = records / exposure
    mean, variance = rates.mean(), rates.var(ddof=1)
    shape = 0.0
    for _ in range(500):
        previous = shape
        shape = float(np.clip(mean**2 / max(variance, 1e-300), 0.05, 500))
        rate = shape / mean
        if abs(shape - previous) < 1e-9 * shape:
            break
        shrunken = (records + shape) / (exposure + rate)
        mean = shrunken.mean()
        variance = ((1 + rate / exposure) * (shrunken - mean) ** 2).sum() / (len(records) - 1)
    return RatePrior(shape, float(shape / mean))


def predictive_interval(
    expected: NDArray[np.float64], relative_variance: NDArray[np.float64], *, level: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The central interval of counts whose rate is uncertain: a negative binomial's.

    expected: mean counts. relative_variance: of the rate, over its mean squared. Each end
    is the smallest count whose cumulative probability reaches its share, so the interval
    holds at least `level`.
    """
    size = 1 / relative_variance
    share = size / (size + expected)
    tail = (1 - level) / 2
    return _quantile(tail, size, share), _quantile(1 - tail, size, share)


def _quantile(
    probability: float, size: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The smallest counts whose negative binomial cumulative probability reaches this one."""
    from scipy.special import betainc

    # Bisection on whole numbers: scipy.stats would take longer to import than to answer.
    high = np.ones(len(size), dtype=np.int64)
    while (short := betainc(size, high + 1, share) < probability).any():
        high[short] *= 2
    low = np.full(len(size), -1, dtype=np.int64)
    while (wide := high - low > 1).any():
        middle = (low + high) // 2
        reached = betainc(size, middle + 1, share) >= probability
        high[wide & reached] = middle[wide & reached]
        low[wide & ~reached] = middle[wide & ~reached]
    return high


class _Reasons:
    """The sentences that justify a place's rank, from the counts alone."""

    def __init__(self, counts: PlaceCounts) -> None:
        self._records = np.nan_to_num(counts.counts)
        held = np.atleast_1d(~np.isnan(counts.counts).all(axis=0))
        self._last_year = _last_year(counts.span, held)
        self._recent = self._records[:, -12:].sum(axis=1).astype(int)
        self._last_held = self._records[:, np.flatnonzero(held)[-12:]]
        # With ties a place is among the highest only if no more than TOP have as many.
        as_many = (self._last_held[None, :, :] >= self._last_held[:, None, :]).sum(axis=1)
        self._months_high = ((as_many <= TOP) & (self._last_held > 0)).sum(axis=1)

    def of(self, index: int, persistence: PlacePersistence) -> tuple[str, ...]:
        own, ward = int(self._recent[index]), int(self._recent.sum())
        records = "record" if ward == 1 else "records"
        sentences = [f"{own} of the ward's {ward} {records} in {self._last_year}."]
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
