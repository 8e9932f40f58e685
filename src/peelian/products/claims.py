"""The claims of a ward page, each held against the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peelian.core.errors import CoverageError
from peelian.core.months import MonthSpan
from peelian.products.held import why_not_counted
from peelian.products.ward_page import CheckedClaim
from peelian.scanning.change import breaks_crossed, change_since_year_before

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from peelian.core.counts import Series
    from peelian.core.gazetteer import Gazetteer
    from peelian.core.measures import Measure
    from peelian.core.places import Resolution
    from peelian.core.results import RateRatio, Verdict
    from peelian.core.wards import Claim

PERIOD_MONTHS = 6
AROUND_M = 50.0


@dataclass(frozen=True)
class ClaimGround:
    """What claims are held against.

    series_in: a measure's series within a shape (EPSG:27700), or in the ward where it is None.
    has_snap_point: whether any of the publisher's points lies in a shape; where none does, no
    record can. source: where the records come from.
    """

    measures: Mapping[str, Measure]
    gazetteer: Gazetteer
    series_in: Callable[[Measure, BaseGeometry | None, str], Series]
    has_snap_point: Callable[[BaseGeometry], bool]
    ward_name: str
    source: str


@dataclass(frozen=True)
class _Where:
    """What a claim is counted in. shape: None for the ward."""

    words: str
    shape: BaseGeometry | None
    unknown: str = ""  # why it cannot be counted, where it cannot


def check_claim(
    claim: Claim,
    ground: ClaimGround,
    *,
    corridor: BaseGeometry | None = None,
    corridor_words: str = "",
) -> CheckedClaim:
    """Say whether the records support a claim, and with which figures.

    corridor: the priority's streets between two places; a claim about streets between
    places is about them. corridor_words: what the page calls them.

    Supported: the exact 95 % interval excludes no change, in the claim's direction. Not
    supported: it includes no change, or points the other way. Cannot be measured: no open
    record of this kind, a place that nobody has confirmed, months on both sides of a break,
    or an interval so wide that it holds no change and a halving or a doubling as well.
    """
    measure = ground.measures.get(claim.measure)
    if claim.unmeasurable or measure is None:
        reason = claim.unmeasurable or "No open record measures what this sentence claims."
        return CheckedClaim(claim, "cannot_be_measured", "", None, reason)
    if measure.preference(ground.source) is None:
        reason = f"{measure.title} is not in open records: {measure.definition}"
        return CheckedClaim(claim, "cannot_be_measured", "", None, reason)
    where = _where(claim.place, ground, corridor, corridor_words)
    if where.unknown:
        return CheckedClaim(claim, "cannot_be_measured", claim.place, None, where.unknown)
    series = ground.series_in(measure, where.shape, where.words)
    try:
        ratio = _ratio(claim, series)
    except CoverageError:
        return CheckedClaim(claim, "cannot_be_measured", where.words, None, why_not_counted(series))
    if broken := breaks_crossed(series, ratio):
        reason = f"The months compared lie on both sides of a break. {' '.join(broken.values())}"
        return CheckedClaim(claim, "cannot_be_measured", where.words, None, reason)
    return CheckedClaim(claim, _verdict(claim, ratio), where.words, ratio, _too_few(ratio), series)


def _where(
    written: str, ground: ClaimGround, corridor: BaseGeometry | None, corridor_words: str
) -> _Where:
    if not written:
        return _Where(ground.ward_name, None)
    if corridor is not None and " between " in f" {written} ":
        return _Where(corridor_words or f"these streets, within {ground.ward_name}", corridor)
    found = ground.gazetteer.resolve(written)
    if found.place is None or found.certainty == "suggestion":
        return _Where(written, None, _unresolved(found))
    around = found.place.shape.buffer(AROUND_M)
    if not ground.has_snap_point(around):
        return _Where(
            written,
            None,
            f"None of the points that police.uk moves records to lies within {AROUND_M:.0f} m of "
            f"{found.place.name}: its records stand at other streets.",
        )
    return _Where(f"{found.place.name} and {AROUND_M:.0f} m around it", around)


def _ratio(claim: Claim, series: Series) -> RateRatio:
    if claim.span:
        span = MonthSpan.parse(claim.span)
        return change_since_year_before(series, months=len(span), ending=span.last)
    return change_since_year_before(series, months=claim.months or PERIOD_MONTHS)


def _verdict(claim: Claim, ratio: RateRatio) -> Verdict:
    if ratio.is_too_few_to_say:
        return "cannot_be_measured"
    return "supported" if ratio.direction == claim.direction else "not_supported"


def _too_few(ratio: RateRatio) -> str:
    if ratio.is_too_few_to_say:
        return "There are too few records to say: they would fit no change as well as a large one."
    return ""


def _unresolved(resolution: Resolution) -> str:
    if resolution.certainty == "suggestion" and resolution.place is not None:
        return (
            f"The team's page writes “{resolution.written}”; the map has "
            f"{resolution.place.name}, and nobody has confirmed in the ward file that they are "
            f"the same."
        )
    return f"The map knows no place called “{resolution.written}” in or near the ward."
