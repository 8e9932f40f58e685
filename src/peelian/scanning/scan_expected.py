"""How many records each place would have, if every group of people had the same risk anywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peelian.core.errors import InputError


def standardised(cases: ArrayLike, people: ArrayLike) -> NDArray[np.float64]:
    """Expected cases of each place and step, given how many of each group live there.

    cases: one entry a group. people: groups by places by steps, in any unit of people and
    time; a step that is missing is 0. Returns places by steps, which add up to the cases.
    Indirect standardisation, as in Kulldorff et al. (1998, doi:10.2105/AJPH.88.9.1377): each
    group's risk is its cases over its people everywhere. A group with cases and no people is
    an InputError.
    """
    by_group, table = np.asarray(cases, dtype=float), np.asarray(people, dtype=float)
    if table.ndim != 3 or by_group.shape != table.shape[:1]:
        raise InputError(
            f"Standardising takes cases by group, and people by group, place and step; found "
            f"shapes {by_group.shape} and {table.shape}."
        )
    total = table.sum(axis=(1, 2))
    if (by_group[total == 0] > 0).any():
        raise InputError(
            f"A group with cases has people; {int((by_group[total == 0] > 0).sum())} have none. "
            f"Give their number, or join them to another group."
        )
    risk = np.divide(by_group, total, out=np.zeros(len(total)), where=total > 0)
    expected: NDArray[np.float64] = np.tensordot(risk, table, axes=1)
    return expected


def people_between(
    counted_at: ArrayLike, people: ArrayLike, edges: ArrayLike
) -> NDArray[np.float64]:
    """People times time in each step, from counts at a few dates.

    counted_at: when people were counted, ascending numbers, days for instance. people: any
    axes, the last one entry a count. edges: where steps begin, and where the last one ends.
    Between counts numbers change evenly; before the first and after the last they stay.
    Returns people's axes with one entry a step at the end.
    """
    dates, bounds = np.asarray(counted_at, dtype=float), np.asarray(edges, dtype=float)
    numbers = np.asarray(people, dtype=float)
    if len(dates) == 0 or (np.diff(dates) <= 0).any() or numbers.shape[-1] != len(dates):
        raise InputError(
            f"People are counted at one or more dates that ascend, one number each; found "
            f"{len(dates)} dates and numbers of shape {numbers.shape}."
        )
    knots = np.unique(np.concatenate([dates, bounds]))
    # A straight line between two counts is a weighted mean of them.
    weights = np.array([np.interp(knots, dates, each) for each in np.eye(len(dates))])
    pieces = (weights[:, 1:] + weights[:, :-1]) / 2 * np.diff(knots)
    run_up = np.pad(np.cumsum(pieces, axis=1), ((0, 0), (1, 0)))
    within = np.diff(run_up[:, np.searchsorted(knots, bounds)], axis=1)
    result: NDArray[np.float64] = numbers @ within
    return result
