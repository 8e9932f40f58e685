"""What came of a response where crime may have moved next door: the weighted displacement test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from peelian.assessment.count_contrast import (
    CountContrast,
    direction_of,
    joined,
    least_level_that_holds,
)
from peelian.assessment.effect import Check, Difference
from peelian.core.errors import InputError
from peelian.core.results import Direction

ONE_BY_ONE = (
    "Records come one by one. Those of real places come in bursts and drift apart, so that this "
    "interval is too narrow; with months of records before, compare over months instead."
)
# Fitted to wards of London without a response, 2010-2019: such a difference, against four wards
# nearby, varied so many times as much as records that come one by one.
_DRIFT_BY_ROOT_OF_RECORDS = 0.15
ASSUMPTIONS = (
    "Without the response the treated place would have changed by as many records as its "
    "comparison did.",
    "Nothing else came to the treated place alone at that time.",
    "The response does not change how much of what happens is recorded.",
)


@dataclass(frozen=True)
class BeforeAfter:
    """Records of one place, or of several together, before a response and from its start.

    area: its size, in any unit that all places share; records are then compared per unit.
    """

    before: int
    after: int
    area: float = 1.0


@dataclass(frozen=True)
class DisplacementCounts:
    """The places compared: treated and its comparison, and the places around each of the two.

    around_treated, around_control: where records could move to; both or neither: InputError.
    """

    treated: BeforeAfter
    control: BeforeAfter
    around_treated: BeforeAfter | None = None
    around_control: BeforeAfter | None = None

    def __post_init__(self) -> None:
        if (self.around_treated is None) != (self.around_control is None):
            raise InputError(
                "Places around the treated one are compared with places around its comparison; "
                "found only one of the two. Give both, or neither."
            )

    def contrast(self, *, time_weights: tuple[float, float] = (1.0, 1.0)) -> CountContrast:
        """What the treated side changed by, less what the comparison did: a weighted sum."""
        signed = [
            (self.treated, 1),
            (self.control, -1),
            (self.around_treated, 1),
            (self.around_control, -1),
        ]
        counts: list[int] = []
        weights: list[float] = []
        before, after = time_weights
        for place, sign in signed:
            if place is None:
                continue
            if not min(place.area, before, after) > 0:
                raise InputError(
                    f"A place and a period have a size above zero; found an area of {place.area:g} "
                    f"and time weights {before:g} and {after:g}. Leave out a place without size."
                )
            counts += [place.after, place.before]
            weights += [sign / (place.area * after), -sign / (place.area * before)]
        return CountContrast(tuple(counts), tuple(weights))


def weighted_displacement(
    *,
    treated: BeforeAfter,
    control: BeforeAfter,
    around_treated: BeforeAfter | None = None,
    around_control: BeforeAfter | None = None,
    time_weights: tuple[float, float] = (1.0, 1.0),
    level: float = 0.95,
) -> Difference:
    """Say by how many records a treated place and its surroundings changed, beyond comparisons.

    The weighted displacement difference of Wheeler and Ratcliffe (2018,
    doi:10.1186/s40163-018-0085-5), the paper's formula for the estimate; areas and time weights
    divide the counts, so that the estimate is per unit of both. time_weights: the length of the
    period before and of the one after. The paper's normal interval is used where every count
    is at least 20 and the sum is hardly skew (`CountContrast.is_nearly_normal`); elsewhere the
    interval of `CountContrast.interval`, a variation that holds with few records. Counts alone
    cannot show how much places drift: `displacement_over_months` measures that.
    """
    places = DisplacementCounts(treated, control, around_treated, around_control)
    contrast = places.contrast(time_weights=time_weights)
    low, high, p_value, notice = _interval(contrast, level)
    return Difference(
        estimate=contrast.estimate,
        low=low,
        high=high,
        level=level,
        p_value=p_value,
        design="before and after, with a comparison and the places around both"
        if around_treated
        else "before and after, with a comparison",
        maryland_level=3,
        assumptions=(*ASSUMPTIONS, ONE_BY_ONE),
        notices=(notice,),
        checks=_checks(places, time_weights, level, direction_of(low, high)),
    )


def weighted_displacement_by_harm(
    by_type: Mapping[str, DisplacementCounts],
    *,
    weights: Mapping[str, float],
    time_weights: tuple[float, float] = (1.0, 1.0),
    level: float = 0.95,
) -> Difference:
    """Say by how much harm a treated place and its surroundings changed, beyond comparisons.

    by_type: counts by crime type. weights: the harm of one record of each of those types, above
    zero; the estimate is in their unit. Types are added up each times its weight, as Wheeler
    and Ratcliffe (2018) add up areas. One record of a heavy type moves it far. InputError
    without a type, or for one without weight.
    """
    without = sorted(t for t in by_type if not weights.get(t, 0) > 0)
    if without or not by_type:
        raise InputError(
            f"Every crime type that is compared has a harm above zero; found none for "
            f"{', '.join(without) or 'any: no type was given'}. Give its weight, or leave it out."
        )
    parts = {t: places.contrast(time_weights=time_weights) for t, places in by_type.items()}
    contrast = joined(
        [
            CountContrast(each.counts, tuple(w * weights[t] for w in each.weights))
            for t, each in parts.items()
        ]
    )
    low, high, p_value, notice = _interval(contrast, level)
    return Difference(
        estimate=contrast.estimate,
        low=low,
        high=high,
        level=level,
        p_value=p_value,
        design="before and after, with a comparison, weighed by harm",
        maryland_level=3,
        assumptions=(*ASSUMPTIONS, ONE_BY_ONE),
        notices=(notice,),
        checks=_checks_by_type(parts, weights, direction_of(low, high), level),
    )


def _interval(contrast: CountContrast, level: float) -> tuple[float, float, float, str]:
    if not 0 < level < 1:
        raise InputError(
            f"A level lies between 0 and 1, as 0.95 does; found {level:g}. Write 95 % as 0.95."
        )
    if contrast.is_nearly_normal:
        from scipy.special import ndtr

        p_value = 2 * float(ndtr(-abs(contrast.estimate) / contrast.standard_error))
        notice = "The normal interval was used: every count is 20 or more, and hardly skew."
        return *contrast.normal_interval(level=level), p_value, notice
    p_value = least_level_that_holds(lambda each: contrast.interval(level=each))
    notice = "An interval for few records was used: the normal one need not hold here."
    return *contrast.interval(level=level), p_value, notice


def _checks(
    places: DisplacementCounts,
    time_weights: tuple[float, float],
    level: float,
    direction: Direction | None,
) -> tuple[Check, ...]:
    """The same without the comparison, and without the places around."""
    checks = []
    before, after = (
        n / (time * places.treated.area)
        for n, time in zip((places.treated.before, places.treated.after), time_weights, strict=True)
    )
    own = CountContrast(
        (places.treated.after, places.treated.before),
        (1 / (time_weights[1] * places.treated.area), -1 / (time_weights[0] * places.treated.area)),
    )
    low, high, _, _ = _interval(own, level)
    checks.append(
        Check(
            "comparison left out",
            f"The treated place alone went from {before:g} to {after:g}: {after - before:+g} "
            f"({low:.1f} to {high:.1f}).",
            direction_of(low, high) != direction,
        )
    )
    if places.around_treated:
        local = DisplacementCounts(places.treated, places.control).contrast(
            time_weights=time_weights
        )
        low, high, _, _ = _interval(local, level)
        checks.append(
            Check(
                "assumption",
                f"Were nothing moved to or from the places around: {local.estimate:+g} "
                f"({low:.1f} to {high:.1f}).",
                direction_of(low, high) != direction,
            )
        )
    checks.append(_drifting(places, time_weights, level, direction))
    return tuple(checks)


def _drifting(
    places: DisplacementCounts,
    time_weights: tuple[float, float],
    level: float,
    direction: Direction | None,
) -> Check:
    """The same, were places to vary as wards of London do."""
    spread = 1 + _DRIFT_BY_ROOT_OF_RECORDS * sqrt(places.treated.before)
    contrast = places.contrast(time_weights=time_weights)
    low, high = contrast.interval(level=level, stretch=sqrt(spread))
    return Check(
        "assumption",
        f"Were records to vary {spread:.1f} times as much as records that come one by one, as "
        f"those of wards of London did: {contrast.estimate:+g} ({low:.1f} to {high:.1f}).",
        direction_of(low, high) != direction,
    )


def _checks_by_type(
    parts: Mapping[str, CountContrast],
    weights: Mapping[str, float],
    direction: Direction | None,
    level: float,
) -> tuple[Check, ...]:
    """The same, every record with one weight."""
    plain = joined(list(parts.values()))
    low, high, _, _ = _interval(plain, level)
    heaviest = max(parts, key=lambda each: weights[each])
    return (
        Check(
            "assumption",
            f"Were every record of equal harm: {plain.estimate:+g} records ({low:.1f} to "
            f"{high:.1f}); the heaviest type is {heaviest}.",
            direction_of(low, high) != direction,
        ),
    )
