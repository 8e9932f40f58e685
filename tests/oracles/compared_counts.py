"""Fisher's exact test and the power of a binomial test, term by term."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial


def fisher_tails(
    before: int, after: int, other_before: int, other_after: int
) -> tuple[Fraction, Fraction]:
    """Chances of at most and of at least so many of the place's records lying after."""
    of_place, came_after = before + after, after + other_after
    total = of_place + other_before + other_after
    chance = {
        n: Fraction(
            comb(of_place, n) * comb(total - of_place, came_after - n), comb(total, came_after)
        )
        for n in range(min(of_place, came_after) + 1)
        if came_after - n <= total - of_place
    }  # fmt: skip
    return (
        sum((p for n, p in chance.items() if n <= after), Fraction(0)),
        sum((p for n, p in chance.items() if n >= after), Fraction(0)),
    )


def binomial_tails(before: int, after: int, share: Fraction) -> tuple[Fraction, Fraction]:
    total = before + after
    chance = [comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(total + 1)]
    return sum(chance[: after + 1], Fraction(0)), sum(chance[after:], Fraction(0))


def power_against_itself(
    mean_before: float, mean_after: float, effect: float, *, share: Fraction, least: float
) -> float:
    """How often two Poisson counts lie in the lower tail of the binomial test."""

    def poisson(mean: float, n: int) -> float:
        return exp(-mean) * mean**n / factorial(n)

    treated = mean_after * (1 + effect)
    return sum(
        poisson(mean_before, before) * poisson(treated, after)
        for before in range(60)
        for after in range(40)
        if binomial_tails(before, after, share)[0] <= least
    )
