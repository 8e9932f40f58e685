"""What is known of every place at one time: its own records and its neighbours', of all types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from peelian.core.crimes import POLICE_GENERATED_TYPES
from peelian.scanning.neighbours import Neighbours, within_distance
from peelian.scanning.panel import Panel
from peelian.scanning.shrinkage import fit_rate_prior, weigh_by_age

RINGS_M = (100.0, 250.0, 500.0)
HALF_LIVES_MONTHS = (4.0, 12.0, np.inf)  # of a place's own records
RING_HALF_LIFE_MONTHS = 24.0

_Column = NDArray[np.float32]


@dataclass(frozen=True)
class Rings:
    """The places up to each of RINGS_M metres from a place, without itself."""

    within: tuple[Neighbours, ...]

    @classmethod
    def of(cls, panel: Panel) -> Rings:
        """The rings of a panel's units."""
        found = (
            within_distance(panel.easting, panel.northing, distance_m=each) for each in RINGS_M
        )
        return cls(tuple(found))

    def sums(self, values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Sums of values over each ring: beyond the ring before, up to its own distance."""
        return _between([disc.sums(values) for disc in self.within])

    @property
    def sizes(self) -> list[NDArray[np.float64]]:
        """How many places each ring of a place holds."""
        return _between([disc.count.astype(float) for disc in self.within])


def _between(discs: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    return [discs[0], *(outer - inner for inner, outer in pairwise(discs))]


@dataclass
class Evidence:
    """Columns that describe every place after so many months, each worked out once.

    A column of rates is the logarithm of a place's rate over the mean place's, with rates
    drawn to the mean (Clayton and Kaldor): a place with nothing known stands near zero.
    """

    panel: Panel
    rings: Rings
    origin: int  # months known
    _made: dict[object, _Column] = field(default_factory=dict, repr=False)

    def columns(self, crime_type: str, companions: tuple[str, ...]) -> NDArray[np.float32]:
        """One row a place, one column a piece of evidence on a type (see `companions_of`)."""
        own = [self._own((crime_type,), life) for life in HALF_LIVES_MONTHS]
        rings = [self._ring((crime_type,), ring) for ring in range(len(RINGS_M))]
        reported = tuple(
            name
            for name in self.panel.types
            if name in {crime_type, *companions} and name not in POLICE_GENERATED_TYPES
        )
        every = []
        if reported and reported != (crime_type,):
            every = [self._own(reported, life) for life in HALF_LIVES_MONTHS[1:]]
            every += [self._ring(reported, ring) for ring in range(len(RINGS_M))]
        others = [self._own((name,), np.inf) for name in companions]
        around = [np.log1p(size).astype(np.float32) for size in self.rings.sizes]
        return np.column_stack([*own, *rings, *every, *others, *around])

    def _own(self, types: tuple[str, ...], half_life: float) -> _Column:
        return self._once((types, half_life), lambda: _log_rates(*self._weighed(types, half_life)))

    def _ring(self, types: tuple[str, ...], ring: int) -> _Column:
        def make() -> _Column:
            records, exposure = self._weighed(types, RING_HALF_LIFE_MONTHS)
            for index, (summed, size) in enumerate(
                zip(self.rings.sums(records), self.rings.sizes, strict=True)
            ):
                self._made[types, "ring", index] = _log_rates(summed, size * exposure)
            return self._made[types, "ring", ring]

        return self._once((types, "ring", ring), make)

    def _weighed(
        self, types: tuple[str, ...], half_life: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        layers = [self.panel.of_type(name) for name in types]
        counts = self.panel.counts[layers, :, : self.origin].sum(axis=0, dtype=float)
        return weigh_by_age(counts, half_life_months=half_life)

    def _once(self, key: object, make: Callable[[], _Column]) -> _Column:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


class EvidenceBook:
    """The evidence of one panel at any number of origins, the latest so many kept."""

    def __init__(self, panel: Panel, *, most: int = 12) -> None:
        self.panel = panel
        self._rings = Rings.of(panel)
        self._most = most  # memory is bounded by it, whatever the span
        self._pages: dict[int, Evidence] = {}

    def at(self, origin: int) -> Evidence:
        """The evidence after so many months."""
        page = self._pages.pop(origin, None) or Evidence(self.panel, self._rings, origin)
        self._pages[origin] = page  # the last one asked for stands last
        if len(self._pages) > self._most:
            del self._pages[next(iter(self._pages))]
        return page


def companions_of(panel: Panel, crime_type: str, *, origin: int) -> tuple[str, ...]:
    """The other types whose records may help to say where a type comes next.

    Those held in every month in which the type is held, up to the origin. What police
    activity makes never speaks for what the public reported: it would send patrols back to
    where they were (domain: break the feedback loop).
    """
    held = panel.held[:, :origin]
    wanted = held[panel.of_type(crime_type)]
    return tuple(
        name
        for name, known in zip(panel.types, held, strict=True)
        if name != crime_type
        and (crime_type in POLICE_GENERATED_TYPES or name not in POLICE_GENERATED_TYPES)
        and known[wanted].all()
    )


def _log_rates(records: NDArray[np.float64], exposure: NDArray[np.float64]) -> _Column:
    column = np.zeros(len(records), dtype=np.float32)
    seen = exposure > 0
    if seen.any() and records.any():
        prior = fit_rate_prior(records[seen], exposure[seen])
        rates = (records[seen] + prior.shape) / (exposure[seen] + prior.rate)
        column[seen] = np.log(rates / rates.mean())
    return column
