"""The loops of concentration: records dealt evenly to places, and what is measured of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled
from peelian.core.seeds import below, stream


@compiled
def measure_dealt(
    places: int,
    records: int,
    first: int,
    last: int,
    seed: int,
    targets: NDArray[np.float64],
    cuts: NDArray[np.int64],
    measured: NDArray[np.float64],
) -> None:
    """Deal the records to places, each place as likely, and measure: replicates first to last - 1.

    targets, cuts, measured: as in `measure`, one row of `measured` a replicate.
    """
    tally = np.empty(places, dtype=np.int64)
    for replicate in range(first, last):
        state = stream(seed, replicate)
        tally[:] = 0
        for _ in range(records):
            tally[below(state, places)] += 1
        measure(np.bincount(tally), places, records, targets, cuts, measured[replicate])


@compiled
def measure(
    places_with: NDArray[np.int64],
    places: int,
    records: int,
    targets: NDArray[np.float64],
    cuts: NDArray[np.int64],
    measured: NDArray[np.float64],
) -> None:
    """Measure how concentrated records are, from the place with most to that with least.

    places_with: how many places have 0, 1, 2 … records. Into `measured` go, in turn: for each
    of `targets` (ascending), the fewest places that hold this share of records, as a share of
    places; for each of `cuts` (ascending), the share of records that so many places hold;
    the Gini coefficient.
    """
    passed = 0
    held = 0
    target = 0
    cut = 0
    unequal = 0.0
    for each in range(len(places_with) - 1, -1, -1):
        group = places_with[each]
        while target < len(targets) and held + each * group >= targets[target] * records:
            short = targets[target] * records - held
            more = 0 if short <= 0 else int(np.ceil(short / each))
            measured[target] = (passed + more) / places
            target += 1
        while cut < len(cuts) and cuts[cut] <= passed + group:
            measured[len(targets) + cut] = (held + each * (cuts[cut] - passed)) / records
            cut += 1
        unequal += each * group * float(places - 2 * passed - group)
        passed += group
        held += each * group
    measured[len(measured) - 1] = unequal / (float(places) * records)
