"""Concentration again, from a sorted list, and by every way to deal a few records."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil


def fewest_places(counts: list[int], share: Fraction) -> Fraction:
    """Places needed, from the one with most, to hold a share of the records."""
    held = 0
    for passed, count in enumerate(sorted(counts, reverse=True), start=1):
        held += count
        if held >= share * sum(counts):
            return Fraction(passed, len(counts))
    raise AssertionError("all places hold all records")


def share_in_top(counts: list[int], share: Fraction) -> Fraction:
    most = sorted(counts, reverse=True)[: ceil(share * len(counts))]
    return Fraction(sum(most), sum(counts))


def gini(counts: list[int]) -> Fraction:
    """Half the mean difference of all pairs of places, over the mean."""
    differences = sum(abs(a - b) for a in counts for b in counts)
    return Fraction(differences, 2 * len(counts) * sum(counts))


def generalised_gini(counts: list[int]) -> Fraction:
    """Bernasco and Steenbeek's: against the most even split of so many records."""
    return max(Fraction(1), Fraction(len(counts), sum(counts))) * (gini(counts) - 1) + 1


def ginis_of_every_deal(places: int, records: int) -> list[Fraction]:
    """The Gini of every way in which the records, told apart, can fall."""
    return [
        gini([deal.count(place) for place in range(places)])
        for deal in product(range(places), repeat=records)
    ]
