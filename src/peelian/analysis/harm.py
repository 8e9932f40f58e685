"""Records weighed by harm, beside their counts: how much, how sure, and what was not weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.crimes import CRIME_TYPES, RETIRED_TYPES
from peelian.core.errors import InputError

if TYPE_CHECKING:
    from peelian.measures.harm_index import HarmIndex
    from peelian.scanning.series import PlaceCounts


@dataclass(frozen=True)
class HarmTotal:
    """The harm of some records, in the index's unit.

    low, high: an interval at `level` for what the same rates would give in another such
    period; one grave record more or less moves it far. least, most: were every record the
    lightest, or the heaviest, offence that its open category may be. weighed: records with a
    weight. not_weighed: by crime type, those without; their harm is not zero, it is not known.
    """

    index_id: str
    unit: str
    harm: float
    low: float
    high: float
    level: float
    least: float
    most: float
    weighed: int
    not_weighed: Mapping[str, int]

    @property
    def share_weighed(self) -> float | None:
        """The share of the records that have a weight; None without a record."""
        total = self.weighed + sum(self.not_weighed.values())
        return self.weighed / total if total else None


@dataclass(frozen=True)
class PlaceHarm:
    """A place's harm and its rank by it, the most harm first."""

    rank: int
    place_id: str
    name: str
    records: int
    total: HarmTotal


def harm_weighted(
    counts_by_type: Mapping[str, int], index: HarmIndex, *, level: float = 0.95
) -> HarmTotal:
    """Weigh records by an index of harm.

    counts_by_type: records by crime type. The sum of each type's records times its weight is
    that of Sherman, Neyroud and Neyroud (2016, doi:10.1093/police/paw003), by open categories
    instead of offences; the interval, which they do not have, is that of Fay and Feuer (1997,
    doi:10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#) for a weighted sum
    of Poisson counts, their formula: it leaves room for one record more of the heaviest type.
    Records that come in bursts make it too narrow. Nothing to weigh gives zero, and an
    interval from zero to what one record of the heaviest type leaves open.
    """
    _check_types(counts_by_type)
    weights = index.by_type
    own = {t: n for t, n in counts_by_type.items() if t in weights}
    harm = sum(n * weights[t].weight for t, n in own.items())
    variance = sum(n * weights[t].weight ** 2 for t, n in own.items())
    heaviest = max(each.weight for each in index.weights)
    low, high = weighted_sum_interval(harm, variance, heaviest=heaviest, level=level)
    return HarmTotal(
        index_id=index.id,
        unit=index.unit,
        harm=harm,
        low=low,
        high=high,
        level=level,
        least=sum(n * weights[t].least for t, n in own.items()),
        most=sum(n * weights[t].most for t, n in own.items()),
        weighed=sum(own.values()),
        not_weighed={t: n for t, n in counts_by_type.items() if t not in weights and n},
    )


def harm_of_places(
    counts: Mapping[str, PlaceCounts], index: HarmIndex, *, level: float = 0.95
) -> tuple[PlaceHarm, ...]:
    """Rank places by the harm of their records, over the months held for every type.

    counts: of each crime type, of the same places and months: InputError where they differ.
    Places without a record that has a weight are left out. Equal places are ordered by
    records, name and id. A rank by harm follows few grave records, so read it with the
    interval, and beside the rank by count.
    """
    _check_types(dict.fromkeys(counts, 0))
    tables = list(counts.values())
    if not tables:
        return ()
    first = tables[0]
    if any(each.places != first.places or each.span != first.span for each in tables):
        raise InputError(
            "Harm is summed over types that are counted at the same places and months; these "
            "tables differ. Count every type with the same places and span."
        )
    held = ~np.any([np.isnan(each.counts).any(axis=0) for each in tables], axis=0)
    records = {t: each.counts[:, held].sum(axis=1).astype(int) for t, each in counts.items()}
    found = [
        (place, harm_weighted({t: int(n[i]) for t, n in records.items()}, index, level=level))
        for i, place in enumerate(first.places)
    ]
    found = [(place, total) for place, total in found if total.weighed]
    found.sort(key=lambda each: (-each[1].harm, -_records(each[1]), each[0].name, each[0].place_id))
    return tuple(
        PlaceHarm(rank, place.place_id, place.name, _records(total), total)
        for rank, (place, total) in enumerate(found, start=1)
    )


def weighted_sum_interval(
    total: float, variance: float, *, heaviest: float, level: float = 0.95
) -> tuple[float, float]:
    """The gamma interval of Fay and Feuer for a weighted sum of Poisson counts.

    total, variance: the sums of count times weight, and of count times weight squared.
    heaviest: the largest weight that a count could have had.
    """
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = variance / total * gammaincinv(total**2 / variance, tail) if total else 0.0
    more, wider = total + heaviest, variance + heaviest**2
    return float(low), float(wider / more * gammaincinv(more**2 / wider, 1 - tail))


def _records(total: HarmTotal) -> int:
    return total.weighed + sum(total.not_weighed.values())


def _check_types(counts_by_type: Mapping[str, int]) -> None:
    known = CRIME_TYPES | RETIRED_TYPES
    for crime_type, count in counts_by_type.items():
        if crime_type not in known or count < 0:
            raise InputError(
                f"Harm is weighed by counts of crime types, none below zero; found "
                f"{crime_type!r}: {count}. Use any of: {', '.join(known)}."
            )
