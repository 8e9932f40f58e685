"""Shrunken rates and predictive counts again, by adding up small steps of the rate."""

from __future__ import annotations

from math import exp, lgamma, log


def gamma_density(rate: float, shape: float, per: float) -> float:
    return exp(shape * log(per) + (shape - 1) * log(rate) - per * rate - lgamma(shape))


def rates(mean: float, variance: float, steps: int = 20_000) -> list[float]:
    top = mean + 12 * variance**0.5
    return [top * (i + 0.5) / steps for i in range(steps)]


def posterior_mean(records: float, exposure: float, shape: float, per: float) -> float:
    """The mean of gamma prior times Poisson likelihood, both evaluated on a grid."""
    grid = rates((shape + records) / (per + exposure), (shape + records) / (per + exposure) ** 2)
    weights = [
        gamma_density(rate, shape, per) * exp(records * log(rate) - exposure * rate)
        for rate in grid
    ]
    return sum(r * w for r, w in zip(grid, weights, strict=True)) / sum(weights)


def predictive_limits(mean: float, relative_variance: float, level: float) -> tuple[int, int]:
    """Quantiles of a Poisson count whose mean is itself gamma: mixed on a grid."""
    shape = 1 / relative_variance
    grid = rates(mean, mean**2 * relative_variance, steps=4_000)
    weights = [gamma_density(rate, shape, shape / mean) for rate in grid]
    total = sum(weights)
    tail, reached, count, limits = (1 - level) / 2, 0.0, 0, []
    for wanted in (tail, 1 - tail):
        while True:
            chance = sum(
                w * exp(count * log(rate) - rate - lgamma(count + 1))
                for rate, w in zip(grid, weights, strict=True)
            )
            if reached + chance / total >= wanted:
                limits.append(count)
                break
            reached += chance / total
            count += 1
    return limits[0], limits[1]


def decayed(counts: list[float | None], half_life: float) -> tuple[float, float]:
    """Weighted records and months of one place, scaled to a Poisson count's variance."""
    records = months = squares = 0.0
    for age, count in enumerate(reversed(counts)):
        if count is None:
            continue
        weight = 0.5 ** (age / half_life)
        records += weight * count
        months += weight
        squares += weight * weight
    return records * months / squares, months * months / squares
