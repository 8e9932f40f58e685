"""Scan statistics again, by trying every zone and every window, and counting afresh each time."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from random import Random


@dataclass(frozen=True)
class Best:
    statistic: float
    members: frozenset[int]
    first: int
    last: int


def zones(
    spots: list[tuple[float, float]], radius: float, weights: list[float], most_share: float
) -> list[list[int]]:
    """For each centre its places, nearest first, while they weigh no more than the share."""
    listed = []
    for centre, here in enumerate(spots):
        away = [(a - here[0]) ** 2 + (b - here[1]) ** 2 for a, b in spots]
        order = sorted(range(len(spots)), key=lambda i: (i != centre, away[i], i))
        kept: list[int] = []
        for place in order:
            held = sum(weights[i] for i in [*kept, place])
            if away[place] > radius**2 or held > most_share * sum(weights):
                break
            kept.append(place)
        listed.append(kept)
    return listed


def windows(steps: int, longest: int, prospective: bool) -> list[tuple[int, int]]:
    return [
        (first, last)
        for first in range(steps)
        for last in range(first, steps)
        if last - first < longest and (last == steps - 1 or not prospective)
    ]


def poisson(observed: float, expected: float, total: float) -> float:
    if observed < 2 or observed <= expected:
        return 0.0
    outside = total - observed
    rest = outside * log(outside / (total - expected)) if outside else 0.0
    return observed * log(observed / expected) + rest


def bernoulli(cases: int, people: int, all_cases: int, everyone: int) -> float:
    if cases < 2 or cases * everyone <= people * all_cases:
        return 0.0

    def likelihood(yes: int, of: int) -> float:
        return sum(n * log(n / of) for n in (yes, of - yes) if n)

    return (
        likelihood(cases, people)
        + likelihood(all_cases - cases, everyone - people)
        - likelihood(all_cases, everyone)
    )


def best_permutation(
    events: list[tuple[int, int]],
    around: list[list[int]],
    steps: int,
    longest: int,
    prospective: bool,
) -> Best:
    def statistic(members: set[int], first: int, last: int) -> float:
        inside = sum(place in members for place, _ in events)
        during = sum(first <= step <= last for _, step in events)
        both = sum(place in members and first <= step <= last for place, step in events)
        return poisson(both, inside * during / len(events), len(events))

    return _best(around, windows(steps, longest, prospective), statistic)


def best_poisson(
    cases: list[list[int]],
    expected: list[list[float]],
    around: list[list[int]],
    longest: int,
    prospective: bool,
) -> Best:
    total = sum(map(sum, cases))
    scale = total / sum(map(sum, expected))

    def statistic(members: set[int], first: int, last: int) -> float:
        seen = sum(sum(cases[i][first : last + 1]) for i in members)
        due = sum(sum(expected[i][first : last + 1]) for i in members) * scale
        return poisson(seen, due, total)

    return _best(around, windows(len(cases[0]), longest, prospective), statistic)


def best_bernoulli(
    cases: list[list[int]],
    controls: list[list[int]],
    around: list[list[int]],
    longest: int,
    prospective: bool,
) -> Best:
    all_cases, all_controls = sum(map(sum, cases)), sum(map(sum, controls))

    def statistic(members: set[int], first: int, last: int) -> float:
        seen = sum(sum(cases[i][first : last + 1]) for i in members)
        others = sum(sum(controls[i][first : last + 1]) for i in members)
        return bernoulli(seen, seen + others, all_cases, all_cases + all_controls)

    return _best(around, windows(len(cases[0]), longest, prospective), statistic)


def _best(around, spans, statistic) -> Best:  # type: ignore[no-untyped-def]
    best = Best(0.0, frozenset(), -1, -1)
    for places in around:
        for size in range(1, len(places) + 1):
            for first, last in spans:
                found = statistic(set(places[:size]), first, last)
                if found > best.statistic:
                    best = Best(found, frozenset(places[:size]), first, last)
    return best


def permuted_maxima(
    events: list[tuple[int, int]],
    around: list[list[int]],
    steps: int,
    longest: int,
    prospective: bool,
    replicates: int,
    seed: int,
) -> list[float]:
    """The best statistic of each replicate, all steps shuffled among all records."""
    random, maxima = Random(seed), []
    for _ in range(replicates):
        dealt = [step for _, step in events]
        random.shuffle(dealt)
        shuffled = [(place, step) for (place, _), step in zip(events, dealt, strict=True)]
        maxima.append(best_permutation(shuffled, around, steps, longest, prospective).statistic)
    return maxima
