"""The E-test again: every pair of counts listed, with the paper's statistic."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt


def e_test(before: int, after: int, exposure_before: float, exposure_after: float) -> float:
    rate = (before + after) / (exposure_before + exposure_after)

    def far(first: int, second: int) -> float:
        variance = first / exposure_before**2 + second / exposure_after**2
        if variance == 0:
            return 0.0
        return abs(first / exposure_before - second / exposure_after) / sqrt(variance)

    def poisson(count: int, mean: float) -> float:
        return exp(count * log(mean) - mean - lgamma(count + 1))

    observed, total = far(before, after), 0.0
    most = 3 * (before + after) + 40
    for first in range(most):
        for second in range(most):
            if far(first, second) >= observed * (1 - 1e-12):
                total += poisson(first, rate * exposure_before) * poisson(
                    second, rate * exposure_after
                )
    return total
