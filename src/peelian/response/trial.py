"""Draw by chance which places get extra patrol in which periods, and seal the draw.

Places of neighbouring rank make a block, and chance decides inside each block alone, so that
treated and untreated places are alike before anyone walks (Fisher 1935, The Design of
Experiments). In a parallel trial half of each block is treated throughout; in a crossover each
place is treated in half of the periods, and in each period half of its block. The draw depends
on the seed and on nothing else: anyone can draw it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import InputError, MonthOnlyError
from peelian.core.extras import require_extra
from peelian.core.patrols import Hotspot, Trial, TrialKind

_LARGEST_SEED = 2**63 - 1


def draw_trial(
    places: Sequence[Hotspot],
    *,
    kind: TrialKind,
    period_starts: Sequence[date],
    seed: int,
    block_size: int = 2,
    records_known_to: Literal["day", "month"] = "month",
) -> Trial:
    """Draw which of a plan's places get extra patrol in which periods.

    places: only active ones (rank from 1) take part. period_starts: the first day of each
    period, and after them the day on which the last one ends; a crossover needs two periods.
    block_size: even; places left over join the last block. Where a block or the number of
    periods is odd, chance also says which half is the larger one. records_known_to: how finely
    the records that will be counted are dated. Open crime records are known to the month, and
    with them a period that is not made of whole months is a MonthOnlyError. InputError for
    fewer than two places, places that share an id or a rank or expect no record, an odd block
    size, periods out of order and a seed below 0. Needs the extra `statistics`.
    """
    _check_periods(period_starts, kind)
    check_whole_months(period_starts, records_known_to)
    if block_size < 2 or block_size % 2:
        raise InputError(
            f"Half of each block is treated, so that a block has an even number of places from 2 "
            f"on; found {block_size}. Take 2 or 4."
        )
    if not 0 <= seed <= _LARGEST_SEED:
        raise InputError(
            f"A seed is a whole number from 0 to {_LARGEST_SEED}; found {seed}. Take another one."
        )
    ordered = _by_rank(places)
    last_block = len(ordered) // block_size or 1
    undrawn = Trial(
        kind=kind,
        places=tuple(place.place_id for place in ordered),
        blocks=tuple(min(i // block_size + 1, last_block) for i in range(len(ordered))),
        expected=tuple(place.expected for place in ordered),
        period_starts=tuple(period_starts),
        treated=(),
        seed=seed,
        seal="",
    )
    return redrawn(undrawn)


def redrawn(trial: Trial) -> Trial:
    """Draw a trial again from its seed, and seal it; the same trial where nothing was changed."""
    require_extra("statistics", to="draw a trial")
    from peelian.core.seeds import shuffle, stream

    treated = np.zeros((len(trial.places), len(trial.period_starts) - 1), dtype=bool)
    for block, rows in blocks_of(trial):
        # A stream a block: places that join further down leave the draw of this one as it is.
        state = stream(trial.seed, block)
        order = np.arange(_even(len(rows)))
        shuffle(state, order)
        halves = np.tile(np.arange(_even(treated.shape[1])), (len(order) // 2, 1))
        for half in halves:
            shuffle(state, half)
        arranged = _arranged(trial.kind, order[None], halves[None])
        treated[rows] = arranged[0, : len(rows), : treated.shape[1]]
    drawn = replace(trial, treated=tuple(tuple(row) for row in treated.tolist()))
    return replace(drawn, seal=trial_seal(drawn))


def trial_seal(trial: Trial) -> str:
    """SHA-256, in hexadecimal, over all of a trial but the seal itself.

    The text is JSON in ASCII without spaces: a list of kind, seed, period starts (YYYY-MM-DD),
    and for each place its id, its block, its expected records and its periods as a text of 1 for
    treated and 0.
    """
    places = [
        [place, block, expected, "".join("1" if on else "0" for on in row)]
        for place, block, expected, row in zip(
            trial.places, trial.blocks, trial.expected, trial.treated, strict=True
        )
    ]
    days = [day.isoformat() for day in trial.period_starts]
    text = json.dumps([trial.kind, trial.seed, days, places], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def is_untouched(trial: Trial) -> bool:
    """Whether the seal holds and the arrangement is the one that the seed draws.

    A person who changes the arrangement can make a new seal for it, but no seed.
    """
    lengths = {len(trial.places), len(trial.blocks), len(trial.expected), len(trial.treated)}
    return len(lengths) == 1 and trial.seal == trial_seal(trial) and redrawn(trial) == trial


def blocks_of(trial: Trial) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Each block's number and the rows of its places, in order."""
    blocks = np.array(trial.blocks)
    for block in np.unique(blocks).tolist():
        yield block, np.flatnonzero(blocks == block)


def draws_of_block(trial: Trial, block: int, *, draws: int, seed: int) -> NDArray[np.bool_]:
    """Draw one block's arrangement anew, many times: shape (draws, places, periods).

    Every draw is as likely as it was when the trial was drawn. The same seed and block give
    the same draws.
    """
    places, periods = trial.blocks.count(block), len(trial.period_starts) - 1
    rng = np.random.default_rng([seed, block])
    size, length = _even(places), _even(periods)
    orders = rng.permuted(np.tile(np.arange(size), (draws, 1)), axis=1)
    halves = np.zeros((draws, size // 2, length), dtype=np.int64)
    if trial.kind == "crossover":
        halves = rng.permuted(halves + np.arange(length), axis=2)
    return _arranged(trial.kind, orders, halves)[:, :places, :periods]


def check_whole_months(
    period_starts: Sequence[date], records_known_to: Literal["day", "month"]
) -> None:
    """MonthOnlyError where records are known to the month and a period cuts one in two."""
    cut = [day for day in period_starts if day.day != 1]
    if records_known_to == "month" and cut:
        raise MonthOnlyError(
            f"Records known only to the month can be counted in periods of whole months alone; "
            f"found a period that starts or ends on {cut[0]}. Take monthly periods, or use a "
            f"force's own extract, whose records have dates."
        )


def _even(number: int) -> int:
    """The number, or the next one where it is odd: with a place or a period that never comes."""
    return number + number % 2


def _arranged(
    kind: TrialKind, orders: NDArray[np.int64], halves: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Who is treated when: shape (draws, places, periods), both made even.

    orders: a random order of the places a draw. Parallel: the first half of it is treated.
    Crossover: the first two are a pair, and so on; halves holds a random order of the periods
    for each pair, whose first half the one is treated in and whose second half the other.
    """
    draws, size = orders.shape
    length = halves.shape[2]
    in_order = np.zeros((draws, size, length), dtype=bool)
    if kind == "parallel":
        in_order[:, : size // 2] = True
    else:
        first = halves < length // 2
        in_order[:, ::2], in_order[:, 1::2] = first, ~first
    arranged = np.empty_like(in_order)
    np.put_along_axis(arranged, orders[:, :, None], in_order, axis=1)
    return arranged


def _by_rank(places: Sequence[Hotspot]) -> list[Hotspot]:
    active = sorted((p for p in places if p.rank >= 1), key=lambda place: place.rank)
    if len(active) < 2:
        raise InputError(
            f"A trial compares places, and needs two active ones; found {len(active)} among "
            f"{len(places)}. Make more places active, or patrol without a trial."
        )
    for before, after in pairwise(active):
        if before.rank == after.rank:
            raise InputError(
                f"Places are put into blocks by rank, and each has its own; found rank "
                f"{after.rank} for {before.name} and for {after.name}. Rank them first."
            )
    if len({place.place_id for place in active}) < len(active):
        raise InputError("A place takes part once; found an id twice. Leave one of them out.")
    if nothing := [place.name for place in active if not place.expected > 0]:
        raise InputError(
            f"A trial counts records, and expects some at each of its places; none are expected at "
            f"{', '.join(nothing)}. Plan a trial without those places."
        )
    return active


def _check_periods(period_starts: Sequence[date], kind: TrialKind) -> None:
    least = 2 if kind == "crossover" else 1
    if len(period_starts) - 1 < least:
        raise InputError(
            f"A {kind} trial has at least {least} {'period' if least == 1 else 'periods'}, given "
            f"by their first days and the day on which the last one ends; found "
            f"{len(period_starts)} days. Give {least + 1} days or more."
        )
    for start, end in pairwise(period_starts):
        if end - start < timedelta(days=1):
            raise InputError(
                f"A period ends after it starts, and the next one starts there; found {start} "
                f"and then {end}. Put the days in order."
            )
