"""The claims of a ward page, each held against the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError
from peelian.core.months import MonthSpan
from peelian.products.ward_page import CheckedClaim
from peelian.scanning.change import change_since_year_before

if TYPE_CHECKING:
    from peelian.core.counts import Series
    from peelian.core.gazetteer import Gazetteer
    from peelian.core.measures import Measure
    from peelian.core.places import NamedPlace, Resolution
    from peelian.core.results import RateRatio, Verdict
    from peelian.core.wards import Claim

PERIOD_MONTHS = 6
AROUND_M = 50.0


@dataclass(frozen=True)
class ClaimGround:
    """What claims are held against.

    series_in: a measure's series in a named place and `AROUND_M` metres around it, or in the
    ward where the place is None. source: where the records come from.
    """

    measures: Mapping[str, Measure]
    gazetteer: Gazetteer
    series_in: Callable[[Measure, NamedPlace | None], Series]
    ward_name: str
    source: str


def check_claim(claim: Claim, ground: ClaimGround) -> CheckedClaim:
    """Say whether the records support a claim, and with which figures.

    Supported: the exact 95 % interval excludes no change, in the claim's direction. Not
    supported: it includes no change, or points the other way. Cannot be measured: no open
    record of this kind, a place that nobody has confirmed, or an interval so wide that it
    holds both a halving and a doubling.
    """
    measure = ground.measures.get(claim.measure)
    if claim.unmeasurable or measure is None:
        reason = claim.unmeasurable or "No open record measures what this sentence claims."
        return CheckedClaim(claim, "cannot_be_measured", "", None, reason)
    if ground.source not in measure.sources:
        reason = f"{measure.title} is not in open records: {measure.definition}"
        return CheckedClaim(claim, "cannot_be_measured", "", None, reason)
    place: NamedPlace | None = None
    if claim.place:
        resolution = ground.gazetteer.resolve(claim.place)
        if resolution.certainty not in ("exact", "alias") or resolution.place is None:
            reason = _unresolved(resolution)
            return CheckedClaim(claim, "cannot_be_measured", claim.place, None, reason)
        place = resolution.place
    where = f"{place.name} and {AROUND_M:.0f} m around it" if place else ground.ward_name
    series = ground.series_in(measure, place)
    try:
        ratio = _ratio(claim, series)
    except CoverageError as error:
        return CheckedClaim(claim, "cannot_be_measured", where, None, str(error))
    return CheckedClaim(claim, _verdict(claim, ratio), where, ratio, _too_few(ratio))


def _ratio(claim: Claim, series: Series) -> RateRatio:
    if claim.span:
        span = MonthSpan.parse(claim.span)
        return change_since_year_before(series, months=len(span), ending=span.last)
    return change_since_year_before(series, months=claim.months or PERIOD_MONTHS)


def _verdict(claim: Claim, ratio: RateRatio) -> Verdict:
    if _too_few(ratio):
        return "cannot_be_measured"
    return "supported" if ratio.direction == claim.direction else "not_supported"


def _too_few(ratio: RateRatio) -> str:
    if ratio.low < 0.5 and ratio.high > 2:
        return "There are too few records to say: they would fit a halving and a doubling alike."
    return ""


def _unresolved(resolution: Resolution) -> str:
    if resolution.certainty == "suggestion" and resolution.place is not None:
        return (
            f"The page writes “{resolution.written}”; the map has {resolution.place.name}, and "
            f"nobody has confirmed in the ward file that they are the same."
        )
    return f"The map knows no place called “{resolution.written}” in or near the ward."
