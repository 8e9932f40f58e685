"""The concentration index resident by resident: the area under the curve, by pairs of people."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def concentration_index(areas: Sequence[tuple[int, int, int]]) -> Fraction:
    """Areas of (minutes, residents, score). Every resident has an even part of the minutes.

    Twice the area between the line of equality and the concentration curve, which is the mean,
    over pairs of people, of the difference in minutes: that of the less deprived less that of
    the more deprived, over twice the mean.
    """
    people = [
        (Fraction(minutes, residents), score)
        for minutes, residents, score in areas
        for _ in range(residents)
    ]
    mean = sum((minutes for minutes, _score in people), Fraction(0)) / len(people)
    total = Fraction(0)
    for mine, my_score in people:
        for other, other_score in people:
            if my_score < other_score:
                total += mine - other
    return total / (len(people) ** 2 * mean)
