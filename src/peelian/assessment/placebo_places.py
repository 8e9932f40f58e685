"""What chance makes of places where nothing was done, each compared as if it were the treated one.

The share of a place's records that fall after a date is compared with that of all other places
together. Wards drift apart for reasons of their own, and places with few records scatter more, so
shares are set over what both would lead to expect before places are ranked: the rank is fair
between small and large places, and what records' bursts and drifts do is in the ranks, since
every place is compared over the same months.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import ceil, comb, inf, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Placebos:
    """How far the treated places moved from the others, and how far placebos did.

    score: of the treated places, in what was expected of chance and drift: about normal, though
    nothing here relies on it. placebos: the same of comparison places, or of as many of them
    together as were treated, the sign left out, sorted. turned, deviation: the treated
    places' share after on the scale on which its scatter is alike, and that scatter. share: the
    comparison places' share of records after, to that scale and back. drift: the standard
    deviation of the logarithm of places' rate ratios beyond chance.
    """

    score: float
    placebos: NDArray[np.float64]
    turned: float
    deviation: float
    share: float
    drift: float

    def p_value(self) -> float:
        """How often a placebo moves as far, up or down; the treated places are counted.

        Abadie, Diamond and Hainmueller's rank (2010, doi:10.1198/jasa.2009.ap08746) with the
        statistic of this file. It is never below one in placebos and one (Phipson and Smyth
        2010, doi:10.2202/1544-6115.1585).
        """
        as_far = int((self.placebos >= abs(self.score) * (1 - 1e-12)).sum())
        return (1 + as_far) / (1 + len(self.placebos))

    def interval(self, *, level: float) -> tuple[float, float]:
        """All ratios that the same test does not refuse: tried by moving what is expected.

        0 to infinity where there are too few placebos for this level: 19 are needed for 0.95.
        """
        rank = ceil(level * (len(self.placebos) + 1) - 1e-9)
        if rank > len(self.placebos):
            return 0.0, inf
        reach = float(self.placebos[rank - 1]) * self.deviation
        low, high = (
            _odds(sin(min(max(self.turned + way * reach, 0.0), pi) / 2) ** 2) for way in (-1, 1)
        )
        return low / _odds(self.share), high / _odds(self.share)


def placebos_of(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    *,
    treated: NDArray[np.bool_],
    draws: int,
    seed: int,
) -> Placebos:
    """Compare treated places with all others, and groups of the others with the rest of them.

    before, after: records, one entry a place. treated: which were; at least two others, with
    records before and after. All groups of as many others as were treated are
    placebos where there are at most `draws` of them, else so many drawn by the seed. What places
    drift beyond chance is a moment estimate (Kleinman 1973,
    doi:10.1080/01621459.1973.10481332) without the group it is used for; the scale is
    Anscombe's (1948, doi:10.1093/biomet/35.3-4.246).
    """
    pool = _Pool(before[~treated], after[~treated])
    everything = np.zeros((1, len(pool.total)), dtype=bool)
    untreated = _turn(pool.after.sum(), pool.total.sum())
    share = sin(untreated / 2) ** 2
    drift = float(pool.drift(everything)[0])
    own = before[treated] + after[treated]
    own_records = np.array([own.sum()])
    squared = np.array([(own**2).sum()])
    turned = _turn(after[treated].sum(), own.sum())
    deviation = float(pool.deviation(everything, own_records, squared)[0])
    score = (turned - untreated) / deviation
    groups = _groups(len(pool.total), int(treated.sum()), draws=draws, seed=seed)
    return Placebos(
        score=float(score),
        placebos=np.sort(np.abs(pool.scores(groups))),
        turned=float(turned),
        deviation=deviation,
        share=share,
        # A share's drift is that of the logarithm of its odds times share and rest.
        drift=sqrt(drift / (share * (1 - share))),
    )


class _Pool:
    """Comparison places: what all but a group of them lead to expect of that group."""

    def __init__(self, before: NDArray[np.float64], after: NDArray[np.float64]) -> None:
        self.after, self.total = after, before + after
        share = after.sum() / self.total.sum()
        expected = self.total * share * (1 - share)
        apart = (after - self.total * share) ** 2
        self.excess = np.divide(apart, expected, out=np.zeros(len(after)), where=expected > 0)
        # A place is part of the sum it is compared with.
        self.free = np.where(self.total > 0, 1 - self.total / self.total.sum(), 0.0)
        self.weight = np.maximum(self.total - 1, 0.0) * self.free

    def drift(self, groups: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The variance of shares beyond chance over that of one record, without each group."""
        left = ~groups
        beyond, weight = left @ (self.excess - self.free), left @ self.weight
        return np.minimum(np.maximum(_over(beyond, weight), 0.0), 1.0)

    def deviation(
        self,
        groups: NDArray[np.bool_],
        records: NDArray[np.float64],
        squared: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """The scatter of a group against all others: chance and drift of both."""
        rest = ~groups @ self.total
        rest_squared = ~groups @ self.total**2
        spread = _over(squared, records**2) + _over(rest_squared, rest**2)
        chance = 1 / (records + 0.5) + 1 / (rest + 0.5)
        scatter: NDArray[np.float64] = np.sqrt(chance + self.drift(groups) * spread)
        return scatter

    def scores(self, groups: NDArray[np.bool_]) -> NDArray[np.float64]:
        records, squared = groups @ self.total, groups @ self.total**2
        apart = _turn(groups @ self.after, records) - _turn(
            ~groups @ self.after, ~groups @ self.total
        )
        scores: NDArray[np.float64] = apart / self.deviation(groups, records, squared)
        return scores


def _turn(after: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """A share on the scale on which its scatter does not depend on it; 0 to pi."""
    turned: NDArray[np.float64] = 2 * np.arcsin(np.sqrt((after + 0.375) / (total + 0.75)))
    return turned


def _groups(places: int, size: int, *, draws: int, seed: int) -> NDArray[np.bool_]:
    """Groups of places, one a row; all of them, or as many as asked for."""
    if size > places - 1:
        return np.zeros((0, places), dtype=bool)
    if comb(places, size) <= draws:
        chosen = np.array(list(combinations(range(places), size)))
    else:
        draw = np.random.default_rng([seed, places, size])
        chosen = draw.random((draws, places)).argpartition(size, axis=1)[:, :size]
    groups = np.zeros((len(chosen), places), dtype=bool)
    np.put_along_axis(groups, chosen, True, axis=1)
    return groups


def _over(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf
