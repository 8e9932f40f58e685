"""A trial's draws and ratio again, slowly: every possible draw written down, sums cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product

Arrangement = tuple[tuple[int, ...], ...]  # a row a place, 1 where treated


def draws_of_one_block(kind: str, places: int, periods: int) -> Counter[Arrangement]:
    """Every draw of a block, and how often it comes among equally likely shuffles.

    An odd block has a place that never comes, and an odd number of periods a period.
    """
    size, length = places + places % 2, periods + periods % 2
    found: Counter[Arrangement] = Counter()
    if kind == "parallel":
        for order in permutations(range(size)):
            chosen = order[: size // 2]
            found[tuple((int(place in chosen),) * periods for place in range(places))] += 1
        return found
    halves = [half for half in product((0, 1), repeat=length) if sum(half) == length // 2]
    for order in permutations(range(size)):
        pairs = list(zip(order[::2], order[1::2], strict=True))
        for chosen_halves in product(halves, repeat=len(pairs)):
            rows: dict[int, tuple[int, ...]] = {}
            for (one, other), half in zip(pairs, chosen_halves, strict=True):
                rows[one] = half[:periods]
                rows[other] = tuple(1 - on for on in half)[:periods]
            found[tuple(rows[place] for place in range(places))] += 1
    return found


def every_draw(kind: str, sizes: Sequence[int], periods: int) -> Iterator[tuple[Arrangement, int]]:
    """Every draw of a trial of blocks of these sizes, and its weight."""
    by_block = [draws_of_one_block(kind, size, periods).items() for size in sizes]
    for choice in product(*by_block):
        weight = 1
        for _, times in choice:
            weight *= times
        yield tuple(row for rows, _ in choice for row in rows), weight


def sums(
    arrangement: Arrangement,
    counts: Sequence[Sequence[Fraction]],
    sizes: Sequence[int],
    exposure: Sequence[Fraction],
) -> tuple[Fraction, Fraction]:
    """The two sums of the Mantel-Haenszel rate ratio: strata are blocks in periods."""
    above = below = Fraction(0)
    first = 0
    for size in sizes:
        block = range(first, first + size)
        first += size
        for period in range(len(counts[0])):
            treated = [i for i in block if arrangement[i][period]]
            others = [i for i in block if not arrangement[i][period]]
            on = sum((exposure[i] for i in treated), Fraction(0))
            off = sum((exposure[i] for i in others), Fraction(0))
            above += sum((counts[i][period] for i in treated), Fraction(0)) * off / (on + off)
            below += sum((counts[i][period] for i in others), Fraction(0)) * on / (on + off)
    return above, below


def exact_shares(
    came: Arrangement,
    counts: Sequence[Sequence[int]],
    kind: str,
    sizes: Sequence[int],
    exposure: Sequence[Fraction],
    *,
    factor: Fraction = Fraction(1),
) -> tuple[Fraction, Fraction]:
    """Of all draws, the shares that lie as high and as low as the one that came.

    Untreated records are set times the factor first; what is compared is the upper sum less
    the lower one.
    """
    scaled = [
        [Fraction(count) * (1 if on else factor) for count, on in zip(row, ons, strict=True)]
        for row, ons in zip(counts, came, strict=True)
    ]
    above, below = sums(came, scaled, sizes, exposure)
    high = low = every = 0
    for arrangement, weight in every_draw(kind, sizes, len(counts[0])):
        up, down = sums(arrangement, scaled, sizes, exposure)
        every += weight
        high += weight * (up - down >= above - below)
        low += weight * (up - down <= above - below)
    return Fraction(high, every), Fraction(low, every)
