from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.assessment.effect import Check, Difference, Effect
from peelian.assessment.verdict import (
    Conclusion,
    change_of,
    not_assessable,
    verdict_of,
)
from peelian.core.errors import InputError
from peelian.scanning.change import exact_rate_ratio

TURNED = {
    Conclusion.FELL: Conclusion.ROSE,
    Conclusion.ROSE: Conclusion.FELL,
    Conclusion.MOVED_NEARBY: Conclusion.MOVED_HERE,
    Conclusion.MOVED_HERE: Conclusion.MOVED_NEARBY,
    Conclusion.NO_CHANGE: Conclusion.NO_CHANGE,
    Conclusion.TOO_FEW: Conclusion.TOO_FEW,
}
CLAIMS = {
    Conclusion.TOO_FEW: 0,
    Conclusion.NO_CHANGE: 1,
    Conclusion.FELL: 2,
    Conclusion.ROSE: 2,
    Conclusion.MOVED_NEARBY: 2,
    Conclusion.MOVED_HERE: 2,
}


def ratio(
    low: float,
    high: float,
    *,
    p: float | None = None,
    level: int = 3,
    checks: tuple[Check, ...] = (),
) -> Effect:
    beyond = low > 1 or high < 1
    return Effect(
        estimate=None if high == inf else (low + high) / 2,
        low=low,
        high=high,
        level=0.95,
        p_value=p if p is not None else (0.02 if beyond else 0.4),
        treated=40,
        untreated=60,
        design="made by hand",
        maryland_level=level,
        assumptions=(),
        checks=checks,
    )


def number(low: float, high: float) -> Difference:
    beyond = low > 0 or high < 0
    return Difference((low + high) / 2, low, high, 0.95, 0.02 if beyond else 0.4, "made", 3, ())


def turned(effect: Effect) -> Effect:
    return replace(
        effect,
        low=1 / effect.high,
        high=1 / effect.low if effect.low else inf,
        treated=effect.untreated,
        untreated=effect.treated,
    )


INTERVALS = st.tuples(st.floats(0.01, 20), st.floats(1, 20)).map(
    lambda drawn: ratio(drawn[0], drawn[0] * drawn[1])
)


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (ratio(0.6, 0.9), Conclusion.FELL),
        (ratio(1.1, 1.6), Conclusion.ROSE),
        (ratio(0.8, 1.2), Conclusion.NO_CHANGE),
        (ratio(0.5, 2.0), Conclusion.NO_CHANGE),
        (ratio(0.49, 1.2), Conclusion.TOO_FEW),
        (ratio(0.8, 2.1), Conclusion.TOO_FEW),
        (ratio(0.0, inf), Conclusion.TOO_FEW),
        (ratio(0.6, 1.0), Conclusion.NO_CHANGE),
    ],
)
def test_the_interval_decides(main: Effect, expected: Conclusion) -> None:
    assert verdict_of(main, months=6).conclusion is expected


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (number(-30, -5), Conclusion.FELL),
        (number(5, 30), Conclusion.ROSE),
        (number(-30, 50), Conclusion.NO_CHANGE),
        (number(-51, 10), Conclusion.TOO_FEW),
        (number(-10, 51), Conclusion.TOO_FEW),
    ],
)
def test_a_number_of_records_is_judged_by_half_of_its_base(
    main: Difference, expected: Conclusion
) -> None:
    assert verdict_of(main, months=6, base=100).conclusion is expected


def test_a_test_that_sees_no_change_holds_back_an_interval_that_does() -> None:
    verdict = verdict_of(ratio(0.6, 0.9, p=0.26), months=6)

    assert verdict.conclusion is Conclusion.NO_CHANGE
    assert verdict.ruled_out == pytest.approx((-0.4, 0.0))


def test_a_fall_here_and_a_rise_nearby_moved() -> None:
    fell, rose = ratio(0.5, 0.9), ratio(1.1, 1.8)

    assert verdict_of(fell, months=6, nearby=rose).conclusion is Conclusion.MOVED_NEARBY
    assert verdict_of(rose, months=6, nearby=fell).conclusion is Conclusion.MOVED_HERE
    assert verdict_of(fell, months=6, nearby=rose).direction == "down"


def test_a_fall_of_place_and_surroundings_together_did_not_move() -> None:
    verdict = verdict_of(
        ratio(0.5, 0.9), months=6, nearby=ratio(1.1, 1.8), together=ratio(0.6, 0.95)
    )

    assert verdict.conclusion is Conclusion.FELL
    assert verdict.nearby == "rose"


@pytest.mark.parametrize(
    ("nearby", "says"),
    [
        (None, "not looked at"),
        (ratio(0.6, 0.9), "fell"),
        (ratio(0.8, 1.3), "no clear change"),
        (ratio(0.2, 3.0), "too few to say"),
    ],
)
def test_what_became_of_the_surroundings_is_said_apart(nearby: Effect | None, says: str) -> None:
    verdict = verdict_of(ratio(0.5, 0.9), months=6, nearby=nearby)

    assert (verdict.conclusion, verdict.nearby) == (Conclusion.FELL, says)


def test_methods_that_contradict_each_other_conclude_nothing() -> None:
    verdict = verdict_of(ratio(0.5, 0.9), months=6, others=[ratio(1.1, 1.4)])

    assert verdict.conclusion is Conclusion.NOT_ASSESSABLE
    assert verdict.direction is None


def test_a_method_that_sees_no_change_is_named_and_decides_nothing() -> None:
    other = ratio(0.8, 1.1)

    verdict = verdict_of(ratio(0.5, 0.9), months=6, others=[other, ratio(0.6, 0.8)])

    assert verdict.conclusion is Conclusion.FELL
    assert verdict.disagreeing == (other,)


@pytest.mark.parametrize(
    ("kind", "level", "earned"),
    [("placebo date", 4, 2), ("assumption", 3, 2), ("assumption", 5, 3), ("window", 4, 4),
     ("comparison left out", 4, 4), ("placebo date", 2, 2)],
)  # fmt: skip
def test_a_failed_foundation_lowers_the_level_that_is_earned(
    kind: str, level: int, earned: int
) -> None:
    failed = Check(kind, "It came out otherwise.", changed=True)  # type: ignore[arg-type]
    held = Check("placebo date", "It came out the same.", changed=False)

    verdict = verdict_of(ratio(0.5, 0.9, level=level, checks=(failed, held)), months=6)

    assert verdict.maryland_level == earned
    assert verdict.failed_checks == (failed,)


def test_what_could_not_be_assessed_says_why() -> None:
    verdict = not_assessable("Bicycle theft has no place in open data.")

    assert verdict.conclusion is Conclusion.NOT_ASSESSABLE
    assert verdict.ruled_out is None
    with pytest.raises(InputError, match="with its reason"):
        not_assessable("  ")


def few(treated: int, untreated: int, *, exposure: float = 1.0) -> Effect:
    found = exact_rate_ratio(untreated, treated, exposure_before=exposure)
    return replace(
        ratio(found.low, found.high, p=found.p_value),
        estimate=found.estimate,
        treated=treated,
        untreated=untreated,
    )


@pytest.mark.parametrize(("treated", "untreated"), [(3, 4), (0, 2), (2, 0), (6, 6)])
def test_the_months_needed_are_the_first_that_could_tell(treated: int, untreated: int) -> None:
    needed = verdict_of(few(treated, untreated), months=3).months_needed

    assert needed is not None

    def holds_neither(months: int) -> bool:
        half = round((treated + untreated) * months / 3) / 2
        about = exact_rate_ratio(int(half + 0.5), int(half))
        return about.low > 0.5 and about.high < 2

    # An odd number of records cannot be halved: a month or two either way.
    assert any(holds_neither(months) for months in range(needed - 2, needed + 3))
    assert not any(holds_neither(months) for months in range(4, needed - 2))


def test_no_record_at_all_is_never_enough() -> None:
    verdict = verdict_of(few(0, 0), months=12)

    assert verdict.conclusion is Conclusion.TOO_FEW
    assert verdict.months_needed is None


def test_an_interval_that_is_wider_than_its_counts_needs_longer() -> None:
    plain = few(6, 7)
    wide = replace(plain, low=plain.low / 1.05, high=plain.high * 1.05)

    shorter = verdict_of(plain, months=3).months_needed
    longer = verdict_of(wide, months=3).months_needed

    assert shorter is not None
    assert longer is not None
    assert longer > shorter


def test_rates_that_drift_by_more_than_a_doubling_are_never_known() -> None:
    plain = few(600, 600)
    drifting = replace(plain, low=plain.low / 2.1, high=plain.high * 2.1)

    verdict = verdict_of(drifting, months=3)

    assert verdict.conclusion is Conclusion.TOO_FEW
    assert verdict.months_needed is None


def test_four_times_the_width_of_half_the_base_needs_sixteen_times_as_long() -> None:
    verdict = verdict_of(number(-200, 200), months=2, base=100)

    assert verdict.months_needed == 32


@given(INTERVALS, INTERVALS | st.none(), INTERVALS | st.none())
def test_turning_every_result_round_turns_the_conclusion(
    main: Effect, nearby: Effect | None, together: Effect | None
) -> None:
    as_it_is = verdict_of(main, months=6, nearby=nearby, together=together)
    round_about = verdict_of(
        turned(main),
        months=6,
        nearby=turned(nearby) if nearby else None,
        together=turned(together) if together else None,
    )

    # A result that touches no change, a half or a double may fall on either side of it.
    edges = [abs(end - edge) for end in (main.low, main.high) for edge in (0.5, 1, 2)]
    if min(edges) > 1e-9:
        assert round_about.conclusion is TURNED[as_it_is.conclusion]


@given(INTERVALS, st.floats(0, 1), st.floats(1, 10), INTERVALS | st.none())
def test_a_wider_interval_never_claims_more(
    main: Effect, lower: float, higher: float, nearby: Effect | None
) -> None:
    wider = ratio(main.low * lower, main.high * higher)

    before = verdict_of(main, months=6, nearby=nearby).conclusion
    after = verdict_of(wider, months=6, nearby=nearby).conclusion

    assert CLAIMS[after] <= CLAIMS[before]
    if CLAIMS[after] == 2:
        assert after is before


@given(INTERVALS, st.floats(0, 1), st.lists(INTERVALS, max_size=3))
def test_a_verdict_never_says_more_than_the_interval(
    main: Effect, p: float, others: list[Effect]
) -> None:
    verdict = verdict_of(replace(main, p_value=p), months=6, others=others)

    if verdict.direction == "down":
        assert main.high < 1
        assert p <= 0.05 + 1e-6
    if verdict.direction == "up":
        assert main.low > 1
        assert p <= 0.05 + 1e-6
    assert verdict.ruled_out is not None
    assert verdict.ruled_out[0] <= main.low - 1
    assert verdict.ruled_out[1] >= main.high - 1


@pytest.mark.parametrize(
    ("main", "base", "message"),
    [
        (ratio(nan, 1.2), None, "found nan to 1.2"),
        (ratio(1.2, 0.8), None, "found 1.2 to 0.8"),
        (replace(ratio(0.8, 1.2), level=0.9), None, "at a level from 0.95"),
        (number(-3, 4), None, "found None"),
        (number(-3, 4), 0.0, "more than 0"),
    ],
)
def test_a_result_that_is_none_is_refused(
    main: Effect | Difference, base: float | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        verdict_of(main, months=6, base=base)


def test_a_verdict_before_the_first_month_is_refused() -> None:
    with pytest.raises(InputError, match="Wait for the first month"):
        verdict_of(ratio(0.8, 1.2), months=0)


def test_a_change_is_a_share_of_the_records_there_would_have_been() -> None:
    assert change_of(ratio(0.6, 0.9), base=None) == pytest.approx((-0.4, -0.1))
    assert change_of(number(-30, -5), base=100) == pytest.approx((-0.3, -0.05))
