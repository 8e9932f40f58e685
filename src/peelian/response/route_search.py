"""Better routes from good ones, by taking visits out and putting others in; compiled loops.

Ruin and recreate, accepted as in simulated annealing, after Schrimpf and others 2000
(doi:10.1006/jcph.1999.6413) and Christiaens and Vanden Berghe 2020 (doi:10.1287/trsc.2019.0914,
whose strings of visits and blinks are used); the gap between visits at a place is ours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from peelian.core.compiled import compiled
from peelian.core.seeds import Stream, below, share, stream

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_TAKEN_OUT = 10
_LONGEST_HOURS_OUT = 180  # minutes, of all units
NEVER = 1 << 40  # a minute after all others
_BLINK = 0.02  # a way to put a visit in is overlooked so often
# At first a loss of a fifth of a usual visit's gain is taken every third time, at last of a
# five-hundredth. On the held problems a tenth got stuck, and 1 found less in the same rounds.
_HOT, _COLD = 0.2, 0.002


class Rules(NamedTuple):
    """What routes have to keep to.

    ways: (units, P+1, P+1). hours: (units, 2). windows: (P, 2), the first and last minute at
    which a visit may start. weight, most: (P,). visit: its minutes. apart: from the start of a
    visit to the start of the next at the same place.
    """

    ways: Ints
    hours: Ints
    windows: Ints
    weight: Floats
    most: Ints
    visit: int
    apart: int


class Tours(NamedTuple):
    """The visits of each unit: places, starts (units, room), how many count, and visits a place."""

    places: Ints
    starts: Ints
    length: Ints
    visits: Ints


@compiled
def search(rules: Rules, first: Tours, rounds: int, enough: float, seed: int) -> Tours:
    """The best routes met in so many rounds, or the first that cover enough. `first` stays."""
    rng = stream(seed, 0)
    now, new, best = copy_of(first), copy_of(first), copy_of(first)
    value = most = covered_by(rules, first)
    hot = _HOT * value / max(1, first.length.sum())
    for done in range(rounds):
        if most >= enough:
            break
        take(new, now)
        if not take_out(rules, new, rng):
            continue
        put_in(rules, new, rng)
        found = covered_by(rules, new)
        heat = hot * (_COLD / _HOT) ** (done / rounds)
        if found > value + heat * np.log(1.0 - share(rng)):
            value = found
            take(now, new)
            if value > most:
                most = value
                take(best, new)
    return best


@compiled
def copy_of(tours: Tours) -> Tours:
    """Tours that can be changed without changing these."""
    return Tours(tours.places.copy(), tours.starts.copy(), tours.length.copy(), tours.visits.copy())


@compiled
def take(into: Tours, tours: Tours) -> None:
    """Overwrite some tours by others."""
    into.places[:] = tours.places
    into.starts[:] = tours.starts
    into.length[:] = tours.length
    into.visits[:] = tours.visits


@compiled
def covered_by(rules: Rules, tours: Tours) -> float:
    """What the tours cover."""
    total = 0.0
    for place in range(len(rules.weight)):
        total += rules.weight[place] * (1.0 - 0.5 ** tours.visits[place])
    return total


@compiled
def take_out(rules: Rules, tours: Tours, rng: Stream) -> bool:
    """Take some visits out: a string of one unit, those near a place, those of some hours, or any.

    Whether the others keep to the rules, as they do unless a way round is shorter or the only one.
    """
    total = tours.length.sum()
    many = 1 + below(rng, max(1, min(_MOST_TAKEN_OUT, total // 2)))
    kind = below(rng, 4)
    first = below(rng, rules.hours.max() + 1)
    last = first + below(rng, _LONGEST_HOURS_OUT)
    unit = below(rng, len(tours.length))
    string = below(rng, max(1, tours.length[unit] - many + 1))
    centre = below(rng, len(rules.weight))
    for u in range(len(tours.length)):
        kept = 0
        for i in range(tours.length[u]):
            place = tours.places[u, i]
            if kind == 0:
                goes = u == unit and string <= i < string + many
            elif kind == 1:
                goes = share(rng) < 0.8 and nearer(rules.ways[u], centre, place) < many
            elif kind == 2:
                goes = first <= tours.starts[u, i] < last
            else:
                goes = share(rng) * total < many
            if goes:
                tours.visits[place] -= 1
            else:
                tours.places[u, kept] = place
                tours.starts[u, kept] = tours.starts[u, i]
                kept += 1
        tours.length[u] = kept
    return set_all_times(rules, tours)


@compiled
def nearer(ways: Ints, centre: int | np.int64, place: int) -> int:
    """How many places are nearer to a place than another is."""
    count = 0
    for other in range(1, len(ways)):
        count += ways[centre + 1, other] < ways[centre + 1, place + 1]
    return count


@compiled
def put_in(rules: Rules, tours: Tours, rng: Stream) -> None:
    """Put visits in, each where its unit is back least later, while there is time."""
    order, starts = np.empty_like(tours.places[0]), np.empty_like(tours.starts[0])
    full = np.zeros(len(rules.weight), dtype=np.bool_)
    for place in candidates(rules, tours, rng):
        if full[place]:
            continue
        where, at, least = -1, -1, NEVER
        for u in range(len(tours.length)):
            many = tours.length[u]
            if many == len(order):
                continue
            before = back_at(rules, tours, u)
            for i in range(many + 1):
                if share(rng) < _BLINK:
                    continue
                order[:i], starts[:i] = tours.places[u, :i], tours.starts[u, :i]
                order[i] = place
                order[i + 1 : many + 1] = tours.places[u, i:many]
                later = set_times(rules, tours, u, order, starts, i, many + 1) - before
                if later + before >= 0 and later < least:
                    where, at, least = u, i, later
        full[place] = where < 0
        if where >= 0:
            many = tours.length[where]
            for i in range(many, at, -1):
                tours.places[where, i] = tours.places[where, i - 1]
            tours.places[where, at] = place
            tours.length[where] += 1
            tours.visits[place] += 1
            set_times(rules, tours, where, tours.places[where], tours.starts[where], at, many + 1)


@compiled
def candidates(rules: Rules, tours: Tours, rng: Stream) -> Ints:
    """The visits not made, in the order of trying: by gain, about by gain, or by chance."""
    left = np.maximum(rules.most - tours.visits, 0)
    places = np.empty(left.sum(), dtype=np.int64)
    keys = np.empty(len(places))
    rule = below(rng, 3)
    number = 0
    for place in range(len(left)):
        for more in range(left[place]):
            gain = rules.weight[place] * 0.5 ** (tours.visits[place] + more + 1)
            drawn = share(rng)
            keys[number] = -gain if rule == 0 else -gain * (0.5 + drawn) if rule == 1 else drawn
            places[number] = place
            number += 1
    return places[np.argsort(keys, kind="mergesort")]


@compiled
def back_at(rules: Rules, tours: Tours, unit: int) -> int:
    """The minute at which a unit is back."""
    many = tours.length[unit]
    if not many:
        return int(rules.hours[unit, 0])
    last = tours.places[unit, many - 1]
    return int(tours.starts[unit, many - 1] + rules.visit + rules.ways[unit, last + 1, 0])


@compiled
def set_all_times(rules: Rules, tours: Tours) -> bool:
    """Set the starts of all visits, each as early as it can be; whether all keep to the rules."""
    for u in range(len(tours.length)):
        if set_times(rules, tours, u, tours.places[u], tours.starts[u], 0, tours.length[u]) < 0:
            return False
    return True


@compiled
def set_times(
    rules: Rules, tours: Tours, unit: int, order: Ints, starts: Ints, begin: int, many: int
) -> int:
    """Set the starts of a unit's visits from one of them on, each as early as it can be.

    order, starts: of the unit's visits, of which the first `many` count; other units' are those
    of `tours`. The minute at which the unit is back; -1 where it cannot keep to the rules.
    """
    at, minute = 0, rules.hours[unit, 0]
    if begin:
        at, minute = order[begin - 1] + 1, starts[begin - 1] + rules.visit
    for i in range(begin, many):
        place = order[i]
        minute = max(minute + rules.ways[unit, at, place + 1], rules.windows[place, 0])
        for earlier in range(i - 1, -1, -1):
            if order[earlier] == place:
                minute = max(minute, starts[earlier] + rules.apart)
                break
        minute = clear_of_others(rules, tours, unit, place, minute)
        if minute > rules.windows[place, 1]:
            return -1
        starts[i] = minute
        at, minute = place + 1, minute + rules.visit
    if many:
        minute += rules.ways[unit, at, 0]
    return minute if minute <= rules.hours[unit, 1] else -1


@compiled
def clear_of_others(rules: Rules, tours: Tours, unit: int, place: int, minute: int) -> int:
    """The first minute, from this one on, that keeps the gap to other units' visits at a place."""
    moved = True
    while moved:
        moved = False
        for u in range(len(tours.length)):
            if u == unit:
                continue
            for i in range(tours.length[u]):
                other = tours.starts[u, i]
                if tours.places[u, i] == place and abs(other - minute) < rules.apart:
                    minute = other + rules.apart
                    moved = True
    return minute
