"""Local statistics again, from the papers' formulas with a whole matrix of weights and loops."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import sqrt

Matrix = list[list[float]]


def weights(neighbours: list[list[int]], *, star: bool, row_standardised: bool = False) -> Matrix:
    """One row a place: 1 for a neighbour (and for itself), or shares that sum to 1."""
    matrix = []
    for place, near in enumerate(neighbours):
        row = [1.0 if j in near or (star and j == place) else 0.0 for j in range(len(neighbours))]
        total = sum(row)
        matrix.append([w / total if row_standardised and total else w for w in row])
    return matrix


def g_z_score(values: list[float], matrix: Matrix, place: int, *, star: bool) -> float | None:
    """Ord and Getis (1995), equations 5 (Gi) and 6 (Gi*), for weights of any kind."""
    others = [j for j in range(len(values)) if star or j != place]
    n = len(others)
    mean = sum(values[j] for j in others) / n
    spread = sum(values[j] ** 2 for j in others) / n - mean**2
    total = sum(matrix[place][j] for j in others)
    squares = sum(matrix[place][j] ** 2 for j in others)
    if total == 0:
        return None
    away = sum(matrix[place][j] * values[j] for j in others) - total * mean
    variance = spread * (n * squares - total**2) / (n - 1) if n > 1 else 0.0
    return away / sqrt(variance) if variance > 1e-9 else 0.0


def moran(values: list[float], matrix: Matrix, place: int) -> float:
    """Anselin (1995), with the sample variance."""
    n = len(values)
    mean = sum(values) / n
    variance = sum((v - mean) ** 2 for v in values) / (n - 1)
    lag = sum(matrix[place][j] * (values[j] - mean) for j in range(n))
    return (values[place] - mean) * lag / variance


def exact_tails(
    values: list[int], near: list[int], place: int
) -> tuple[Fraction, Fraction, Fraction]:
    """Chances of a sum as high, as low, and the expected sum, over every set of other places."""
    others = [j for j in range(len(values)) if j != place]
    sums = [sum(values[j] for j in chosen) for chosen in combinations(others, len(near))]
    observed = sum(values[j] for j in near)
    return (
        Fraction(sum(s >= observed for s in sums), len(sums)),
        Fraction(sum(s <= observed for s in sums), len(sums)),
        Fraction(sum(sums), len(sums)),
    )


def permuted_tails(
    values: list[float], near: list[int], place: int, dealt: list[list[int]]
) -> tuple[float, float]:
    """Monte Carlo p-values of one place, from the order in which places are dealt."""
    observed = sum(values[j] for j in near)
    sums = []
    for order in dealt:
        others = [j for j in order if j != place][: len(near)]
        sums.append(sum(values[j] for j in others))
    high = sum(s >= observed - 1e-9 for s in sums)
    low = sum(s <= observed + 1e-9 for s in sums)
    return (high + 1) / (len(dealt) + 1), (low + 1) / (len(dealt) + 1)
