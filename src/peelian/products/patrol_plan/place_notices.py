"""What a reader of a ward's hot spots must know about them: sentences for the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from peelian.core.months import Month
from peelian.products.measure_words import of
from peelian.products.patrol_plan.point_counts import YEAR_MONTHS
from peelian.response.place_artefacts import suspected_artefacts
from peelian.response.place_figures import HORIZON_MONTHS, recent_records

if TYPE_CHECKING:
    from peelian.core.measures import Measure
    from peelian.core.patrols import Hotspot
    from peelian.measures.harm_index import HarmIndex
    from peelian.products.patrol_plan.point_counts import PointCounts
    from peelian.products.ward_records import WardRecords
    from peelian.response.patrol_places import Circle, Eligibility

_NEXT_SAID = 3
# Of a ward's ground. More is no longer a few places; the words that say so are our own choice.
_MUCH_GROUND = 0.2
LEAST_SHARE_WEIGHED = 0.5


def basis_notices(
    ward: WardRecords,
    measure: Measure,
    counts: PointCounts,
    *,
    on: date,
    eligibility: Eligibility,
    least_records: float,
) -> Iterator[str]:
    """What the records are, how old, and whether months are missing."""
    if measure.holds_police_made:
        which = "which" if measure.police_generated else "some of which"
        yield (
            f"Places are ranked by {of(measure)}, {which} follow where police looked. Overridden "
            f"by {eligibility.override}"
        )
    yield stale_notice(ward.span.last, on=on)
    if counts.months_held < YEAR_MONTHS:
        yield (
            f"{counts.months_held} of the last twelve months are held, so {least_records:g} "
            f"records are asked of a hot spot and not {eligibility.least_records}."
        )


def stale_notice(last: Month, *, on: date) -> str:
    """That records are old when the plan begins, or newer than it; empty where they are neither.

    last: the last month held. on: the plan's first day.
    """
    late = Month.of(on).minus(last)
    if late <= 0:
        return (
            f"Records to {last.in_words} are counted, and this plan begins before they end: nobody "
            f"could have made it then. Take it as an exercise."
        )
    if late <= HORIZON_MONTHS:
        return ""
    return (
        f"Old records: they end in {last.in_words}, {late} months before this plan begins. Its "
        f"places, and what is expected there, are those of that time. Ingest newer records before "
        f"anyone walks it."
    )


def harm_notice(counts: PointCounts, index: HarmIndex) -> str:
    """How many of the records have a weight, and what that does to the ranks."""
    of_types = {each: float(recent_records(of).sum()) for each, of in counts.by_type.items()}
    weighed = sum(of_types[each] for each in of_types if each in index.by_type)
    records = float(counts.recent.sum())
    share = weighed / records if records else 0.0
    sentence = (
        f"Weighed by {index.title}: {100 * share:.0f} % of the records of the last twelve months "
        f"are of a type that has a weight. The harm of the others is not zero, it is not known."
    )
    if share < LEAST_SHARE_WEIGHED:
        sentence += " Ranks follow those few types: read them beside the records expected."
    return sentence


def coverage_notice(
    ward: WardRecords,
    counts: PointCounts,
    hotspots: Sequence[Hotspot],
    *,
    eligibility: Eligibility,
) -> str:
    """Which share of the ward's records the active hot spots hold, and on how much of its ground.

    Where it is much ground, also how to ask for fewer places.

    Empty without an active one, or without a record.
    """
    import shapely

    active = [each for each in hotspots if each.lifecycle == "active"]
    whole = float(counts.recent.sum())
    if not active or not whole:
        return ""
    circles = [shapely.Point(*each.centre).buffer(each.radius_m) for each in active]
    ground = shapely.intersection(shapely.union_all(circles), ward.area.shape).area
    held = sum(each.records for each in active) / whole
    share = ground / ward.area.shape.area
    who = "One hot spot holds" if len(active) == 1 else f"{len(active)} hot spots hold"
    said = (
        f"{who} {100 * held:.0f} % of the ward's records of the last twelve months, on "
        f"{100 * share:.0f} % of its ground."
    )
    if share < _MUCH_GROUND:
        return said
    return (
        f"{said} That is much ground for hot spots. At least {eligibility.least_records} records a "
        f"year are asked of each; ask for more with --least-records, and they are fewer."
    )


def not_listed_notice(
    rest: Sequence[tuple[Circle, str, int]], *, eligible: int, least_records: float, apart_m: float
) -> str:
    """Which circles come next after the hot spots, and why each is none.

    rest: circle, name and records of each that was not chosen. Empty without a circle left that
    has a record.
    """
    ordered = sorted((each for each in rest if each[2]), key=lambda each: (-each[2], each[1]))
    if not ordered:
        return ""
    told = [
        f"{name} ({records}; its centre is less than {apart_m:g} m from a hot spot's)"
        if circle.is_near_another and records >= least_records
        else f"{name} ({records}, under {least_records:g})"
        for circle, name, records in ordered[:_NEXT_SAID]
    ]
    what = f"{eligible} circles are eligible" if eligible != 1 else "One circle is eligible"
    if not eligible:
        what = "No circle is eligible"
    return (
        f"{what}. Next by their records of the last twelve months, and not listed: "
        f"{'; '.join(told)}."
    )


def artefact_notices(
    ward: WardRecords, counts: PointCounts, *, left_out: Sequence[int]
) -> Iterator[str]:
    """Points that may collect records of elsewhere, each with what a person can do about it."""
    kept = [i for i in range(len(counts.points)) if i not in set(left_out)]
    found = suspected_artefacts(
        [counts.points[i] for i in kept], counts.recent[kept], ward.named_places
    )
    for each in found:
        yield (
            f"{each.place} stands for {each.standing_for} and has {each.records} records, surely "
            f"more than {each.low:.1f} times those of a mean point within 300 m: records of "
            f"elsewhere may be put there. Whoever knows that they are writes it under left_out: "
            f'place = "{each.place}".'
        )


def left_out_notice(counts: PointCounts, name: str, points: Sequence[int]) -> str:
    """How many records a place left out takes with it."""
    own, whole = int(counts.recent[list(points)].sum()), int(counts.recent.sum())
    return (
        f"{name} is left out, with {own:,} of the ward's {whole:,} records of the last twelve "
        f"months."
    )
