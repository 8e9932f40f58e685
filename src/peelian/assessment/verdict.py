"""What may be concluded: one of a fixed set, and the facts that a sentence about it needs.

A conclusion never says more than the interval of the main result. Falls and rises are treated
alike: turn every result round, and the conclusion is the same one turned round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, hypot, isfinite, isnan, log, sqrt
from typing import Literal

from peelian.assessment.effect import Check, Difference, Effect
from peelian.core.errors import InputError
from peelian.core.results import Direction
from peelian.scanning.change import exact_rate_ratio

Result = Effect | Difference
Nearby = Literal["not looked at", "fell", "rose", "no clear change", "too few to say"]

# What cannot tell a halving or a doubling from no change is too few (core.results.RatioInterval).
_HALVING, _DOUBLING = 0.5, 2.0
LONGEST_MONTHS = 600
_LEAST_LEVEL = 0.95  # what the words of the scale of certainty begin at
_ROUNDING = 1e-9
# These look at what the design rests on; the other checks at how it was carried out.
_FOUNDATIONS = ("placebo date", "assumption")


class Conclusion(StrEnum):
    """All that an assessment can conclude."""

    FELL = "fell beyond chance"
    ROSE = "rose beyond chance"
    NO_CHANGE = "no change beyond chance"
    TOO_FEW = "too few to say"
    MOVED_NEARBY = "moved nearby"
    MOVED_HERE = "moved here from nearby"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True)
class EffectVerdict:
    """A conclusion, and what a sentence about it needs.

    main: the result that decides; None only where nothing could be assessed. place_alone: the
    place's own rate after over before, without comparison. nearby: what became of the
    surroundings, by `nearby_result`; together: place and surroundings as one. bases: records
    that there would have been in place and in surroundings, where results are numbers of records.
    maryland_level: that the results earn, after their checks; 0 without one. designed_first:
    whether what would count was sealed before the response began. failed_checks: those that
    came out otherwise. disagreeing: other methods that went another way, or none, beyond
    chance. months_needed: how many months of records after the start it would take, at this
    rate, for an interval about no change to hold neither a halving nor a doubling (of a number
    of records: half of the base); None unless too few, or where LONGEST_MONTHS are not enough.
    why: what stands in the way, where nothing could be assessed.
    """

    conclusion: Conclusion
    main: Result | None
    maryland_level: int
    designed_first: bool
    months: int = 0
    bases: tuple[float | None, float | None] = (None, None)
    place_alone: Effect | None = None
    nearby: Nearby = "not looked at"
    nearby_result: Result | None = None
    together: Result | None = None
    failed_checks: tuple[Check, ...] = ()
    disagreeing: tuple[Result, ...] = ()
    months_needed: int | None = None
    why: str = ""

    @property
    def direction(self) -> Direction | None:
        """Which way the place itself went beyond chance, as far as may be said."""
        if self.conclusion in (Conclusion.FELL, Conclusion.MOVED_NEARBY):
            return "down"
        return "up" if self.conclusion in (Conclusion.ROSE, Conclusion.MOVED_HERE) else None

    @property
    def ruled_out(self) -> tuple[float, float] | None:
        """Changes below the first and above the second are ruled out, as shares of the records.

        -0.2 is a fifth fewer; the second may be infinity. None where nothing was assessed.
        """
        return None if self.main is None else change_of(self.main, base=self.bases[0])


def verdict_of(
    main: Result,
    *,
    months: int,
    base: float | None = None,
    place_alone: Effect | None = None,
    nearby: Result | None = None,
    nearby_base: float | None = None,
    together: Result | None = None,
    others: Sequence[Result] = (),
    designed_first: bool = False,
) -> EffectVerdict:
    """Conclude from a result, what became of the surroundings, and its checks.

    main: the planned result, or the one named first. months: of records after the response
    began. base, nearby_base: records that there would have been without the response, needed
    where a result is a Difference. nearby: the same for the surroundings; together: for both as
    one. others: the same question by other methods.

    A fall here with a rise nearby, both beyond chance, is "moved nearby", unless `together` fell
    beyond chance too; a rise here with a fall nearby is its mirror. Where another method finds
    the opposite beyond chance, nothing is concluded. A placebo date or an assumption that failed
    takes the level to 2, a trial's to 3: what it is compared with cannot be relied on.
    InputError for a result without an interval or a base, and for months below 1.
    """
    if months < 1:
        raise InputError(
            f"A verdict is on at least one month of records after the start; found {months}. Wait "
            f"for the first month, or say that it is not assessable."
        )
    for result in (main, *others, *((together,) if together else ())):
        _check(result, base)
    if nearby is not None:
        _check(nearby, nearby_base)
    disagreeing = tuple(other for other in others if way_of(other) != way_of(main))
    conclusion = _conclusion(main, base, nearby, together)
    if way_of(main) and any(way_of(other) for other in disagreeing):
        conclusion = Conclusion.NOT_ASSESSABLE
    too_few = conclusion is Conclusion.TOO_FEW
    return EffectVerdict(
        conclusion=conclusion,
        main=main,
        maryland_level=_earned_level(main),
        designed_first=designed_first,
        months=months,
        bases=(base, nearby_base),
        place_alone=place_alone,
        nearby=_nearby(nearby, nearby_base),
        nearby_result=nearby,
        together=together,
        failed_checks=tuple(check for check in main.checks if check.changed),
        disagreeing=disagreeing,
        months_needed=_months_needed(main, base, months) if too_few else None,
    )


def not_assessable(why: str, *, designed_first: bool = False) -> EffectVerdict:
    """The verdict where no method could be applied. why: one sentence, shown as it is."""
    if not why.strip():
        raise InputError(
            "What cannot be assessed is published with its reason; found none. Say why, in one "
            "sentence."
        )
    return EffectVerdict(Conclusion.NOT_ASSESSABLE, None, 0, designed_first, why=why)


def way_of(result: Result) -> Direction | None:
    """Which way it went beyond chance, where the interval and the test both say so."""
    return result.direction if result.p_value <= 1 - result.level + _ROUNDING else None


def change_of(result: Result, *, base: float | None) -> tuple[float, float]:
    """The interval as shares of the records that there would have been: -0.2 is a fifth fewer.

    Stretched to hold no change, 0, where the test does not refuse it.
    """
    if isinstance(result, Effect):
        low, high = result.low - 1, result.high - 1
    else:
        _check(result, base)
        assert base is not None
        low, high = result.low / base, result.high / base
    return (low, high) if way_of(result) else (min(low, 0.0), max(high, 0.0))


def _conclusion(
    main: Result, base: float | None, nearby: Result | None, together: Result | None
) -> Conclusion:
    way = way_of(main)
    if way is None:
        return Conclusion.TOO_FEW if _is_too_few(main, base) else Conclusion.NO_CHANGE
    opposite = nearby is not None and way_of(nearby) not in (None, way)
    holds_for_both = together is not None and way_of(together) == way
    if opposite and not holds_for_both:
        return Conclusion.MOVED_NEARBY if way == "down" else Conclusion.MOVED_HERE
    return Conclusion.FELL if way == "down" else Conclusion.ROSE


def _nearby(nearby: Result | None, base: float | None) -> Nearby:
    if nearby is None:
        return "not looked at"
    if way := way_of(nearby):
        return "fell" if way == "down" else "rose"
    return "too few to say" if _is_too_few(nearby, base) else "no clear change"


def _is_too_few(result: Result, base: float | None) -> bool:
    """Whether an interval that holds no change holds a halving or a doubling too.

    A number of records has no doubling that mirrors a halving, so that half of the base counts
    on either side.
    """
    if isinstance(result, Effect):
        return result.low < _HALVING or result.high > _DOUBLING
    low, high = change_of(result, base=base)
    return low < -_HALVING or high > _HALVING


def _earned_level(main: Result) -> int:
    failed = any(check.changed and check.kind in _FOUNDATIONS for check in main.checks)
    return (
        min(main.maryland_level, 3 if main.maryland_level == 5 else 2)
        if failed
        else (main.maryland_level)
    )


def _months_needed(main: Result, base: float | None, months: int) -> int | None:
    """How many months until an interval about no change holds neither a halving nor a doubling.

    Both sides are taken to be counted for longer, at the rate so far. Of ratios, what two
    Poisson counts leave to chance becomes less, by their exact interval, and what rates
    drift by themselves stays as it is. Numbers of records do not show which is which: their
    interval is taken to narrow with the root of time, the least that it can take.
    """
    if isinstance(main, Difference):
        low, high = change_of(main, base=base)
        needed = max(ceil(months * (high - low) ** 2), months + 1)  # half a width is half a base
        return needed if needed <= LONGEST_MONTHS else None
    total = main.treated + main.untreated
    if total == 0:
        return None
    scale, drift = _exposure_and_drift(main)
    for longer in range(months + 1, LONGEST_MONTHS + 1):
        records = total * longer / months
        treated = round(records / (1 + scale))
        about = exact_rate_ratio(
            round(records) - treated, treated, exposure_before=scale, level=main.level
        )
        if about.low > 0 and isfinite(about.high):
            by_chance = max(-log(about.low), log(about.high))
            if hypot(by_chance, drift) < log(_DOUBLING):
                return longer
    return None


def _exposure_and_drift(main: Effect) -> tuple[float, float]:
    """Exposure of the untreated over that of the treated, and how far rates drift by themselves.

    Drift: what the interval's half width, in logs, has over that of two Poisson counts.
    """
    exact = exact_rate_ratio(main.untreated, main.treated, level=main.level)
    if main.estimate and exact.estimate:
        scale = main.estimate / exact.estimate
    elif main.treated == 0:
        scale = main.high / exact.high
    else:
        scale = main.low / exact.low
    usable = isfinite(scale) and scale > 0
    ends = min(main.low, exact.low), max(main.high, exact.high)
    drift = 0.0
    if ends[0] > 0 and isfinite(ends[1]):
        beyond = log(main.high / main.low) ** 2 - log(exact.high / exact.low) ** 2
        drift = sqrt(max(beyond, 0.0)) / 2
    return (scale if usable else 1.0), drift


def _check(result: Result, base: float | None) -> None:
    low, high = result.low, result.high
    if isnan(low) or isnan(high) or low > high or not _LEAST_LEVEL <= result.level < 1:
        raise InputError(
            f"A verdict reads an interval, from a lower to an upper end, at a level from "
            f"{_LEAST_LEVEL:g}; found {low:g} to {high:g} at {result.level:g}. Use the "
            f"result of a method."
        )
    if isinstance(result, Difference) and not (base is not None and 0 < base < float("inf")):
        raise InputError(
            f"A number of records is judged by how many there would have been; found {base}. Give "
            f"as base the records that the place would have had, more than 0."
        )
