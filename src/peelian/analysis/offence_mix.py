"""Which types of record a place has more of than the area around, and who brought them to light.

The share of records that police found is kept apart everywhere: more patrol and search
records more drugs and weapons, so a mix that holds them says something of patrols too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from peelian.core.crimes import CRIME_TYPES, POLICE_GENERATED_TYPES, RETIRED_TYPES
from peelian.core.errors import InputError
from peelian.scanning.change import exact_rate_ratio
from peelian.scanning.exact_share import Share, exact_share
from peelian.scanning.false_discovery import discoveries


@dataclass(frozen=True)
class TypeInMix:
    """One type's share here and around, and the location quotient: the one over the other.

    around: records of the type in the whole area around, those here included. quotient: None
    where the area has none of the type, or nothing is recorded here. stands_out: whether the
    mix here differs from that of the rest of the area beyond chance, at the false discovery
    rate asked for over all types.
    """

    crime_type: str
    is_police_generated: bool
    share: Share
    around: Share
    quotient: float | None
    quotient_low: float
    quotient_high: float
    p_value: float
    stands_out: bool

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether the interval holds 1, and a halving or a doubling as well."""
        return self.quotient_low < 1 < self.quotient_high and (
            self.quotient_low < 0.5 or self.quotient_high > 2
        )


@dataclass(frozen=True)
class OffenceMix:
    """The mix of a place against the area around; types by records here, most first."""

    records: int
    around: int
    types: tuple[TypeInMix, ...]
    level: float
    discovery_rate: float


@dataclass(frozen=True)
class ReportingShare:
    """Records that the public brought to the police, and records that exist because police looked.

    share: of the police-generated among both.
    """

    public_reported: int
    police_generated: int
    share: Share


def offence_mix(
    here: Mapping[str, int],
    around: Mapping[str, int],
    *,
    level: float = 0.95,
    discovery_rate: float = 0.1,
) -> OffenceMix:
    """Compare the types of record at a place with those of the area that it is part of.

    here, around: records by crime type; `around` is the whole area, the place's own records
    included (a ward, and its borough), so no type has more here than around: InputError.
    The location quotient is that of Brantingham and Brantingham (1998, Mapping crime for
    analytic purposes: location quotients, counts and rates, Crime Prevention Studies 8): the
    type's share here over its share in the whole area. Its interval and p-value, which the
    paper does not have, come from comparing the place with the rest of the area, whose records
    are others, as two Poisson rates a record (see `exact_rate_ratio`); a share is binomial, so
    they are a little cautious for types that are most of the records. Records that come in
    bursts make them too narrow. A quotient says what the place has much of for its size; it is
    no rate, and a place with few records of everything can have a high one.
    """
    types = [t for t in (CRIME_TYPES | RETIRED_TYPES) if around.get(t, 0) or here.get(t, 0)]
    _check(here, around)
    total, total_around = sum(here.values()), sum(around.values())
    compared = [
        _compared(here.get(t, 0), total, around.get(t, 0), total_around, level) for t in types
    ]
    found = discoveries(np.array([each[3] for each in compared]), rate=discovery_rate)
    in_mix = [
        TypeInMix(
            crime_type=crime_type,
            is_police_generated=crime_type in POLICE_GENERATED_TYPES,
            share=exact_share(here.get(crime_type, 0), total, level=level),
            around=exact_share(around.get(crime_type, 0), total_around, level=level),
            quotient=quotient,
            quotient_low=low,
            quotient_high=high,
            p_value=p_value,
            stands_out=bool(stands_out),
        )
        for crime_type, (quotient, low, high, p_value), stands_out in zip(
            types, compared, found, strict=True
        )
    ]
    in_mix.sort(key=lambda each: (-each.share.part, -each.around.part, each.crime_type))
    return OffenceMix(total, total_around, tuple(in_mix), level, discovery_rate)


def reporting_share(by_type: Mapping[str, int], *, level: float = 0.95) -> ReportingShare:
    """How many records the public brought, and how many exist because police looked.

    by_type: records by crime type, of any place and months. Drugs and possession of weapons
    are police-generated (see `POLICE_GENERATED_TYPES`); every other type mostly begins with
    somebody who tells the police. No record gives a share of 0 to 1.
    """
    _check(by_type, by_type)
    police = sum(count for t, count in by_type.items() if t in POLICE_GENERATED_TYPES)
    total = sum(by_type.values())
    return ReportingShare(total - police, police, exact_share(police, total, level=level))


def _compared(
    here: int, total: int, around: int, total_around: int, level: float
) -> tuple[float | None, float, float, float]:
    """The quotient with its limits and p-value, from the place against the rest of its area."""
    rest = total_around - total
    if not total or not around:
        return None, 0.0, float("inf"), 1.0
    quotient = here / total / (around / total_around)
    if not rest:
        return quotient, 0.0, float("inf"), 1.0
    ratio = exact_rate_ratio(
        around - here, here, exposure_before=rest, exposure_after=total, level=level
    )
    part = total / total_around

    def of_whole(against_rest: float) -> float:
        # The whole area's share is the mean of the place's and the rest's, by their records.
        if against_rest == float("inf"):
            return 1 / part
        return against_rest / (part * against_rest + 1 - part)

    return quotient, of_whole(ratio.low), of_whole(ratio.high), ratio.p_value


def _check(here: Mapping[str, int], around: Mapping[str, int]) -> None:
    known = CRIME_TYPES | RETIRED_TYPES
    for crime_type, count in here.items():
        if crime_type not in known:
            raise InputError(
                f"Records are counted by the slugs of crime types; {crime_type!r} is none. "
                f"Use any of: {', '.join(known)}."
            )
        if not 0 <= count <= around.get(crime_type, 0):
            raise InputError(
                f"The area around holds the place's own records; {crime_type} has {count} here "
                f"and {around.get(crime_type, 0)} around. Count both from the same source and "
                f"months, the place's records included in the area's."
            )
    if unknown := set(around) - set(known):
        raise InputError(
            f"Records are counted by the slugs of crime types; {', '.join(sorted(unknown))} "
            f"is none. Use any of: {', '.join(known)}."
        )
