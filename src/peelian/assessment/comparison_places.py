"""Choose comparison places by how well they fit before a response starts, and test the choice.

Places fit that had about as many records, moved alike and have like seasons. Whether choosing so
favours an answer is seen at places where nothing was done: they get their comparison places in
the same way, from the months but the last, and those last months are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.compared_counts import ComparedCounts
from peelian.assessment.pre_period_fit import PrePeriodFit, fit_of
from peelian.core.errors import CoverageError, InputError

if TYPE_CHECKING:
    from peelian.core.months import Month
    from peelian.core.results import Direction

LEAST_MONTHS = 12  # a season
_FAVOURED = 2.576  # standard errors: 1 in 100 by chance
_FAVOURED_SHARE = 0.10  # half of the smallest change that a response is said to make
_ALARM = 0.025

Refusal = Literal["near or left out", "level", "trend", "season", "further down the list"]


@dataclass(frozen=True)
class ComparisonPlace:
    """A place chosen, and how it fits. level: its records a month over those of the place treated.

    trend: how much more it rose in a year, 0.1 for a tenth. season: how far apart quarters of the
    year are beyond chance, 0 for not at all. misfit: its months' squared distance from those of
    the treated place over that of two Poisson counts of one rate: 1 is as close as chance lets.
    """

    place_id: str
    records: int
    level: float
    trend: float
    season: float
    misfit: float


@dataclass(frozen=True)
class ChoiceCheck:
    """What the same choice finds at places where nothing was done, in the months held out.

    places: how many. ratio: their records over those that their comparison places lead one to
    expect, all together; low, high: at 99 %. alarms: places beyond chance at 5 % by the rule of
    `ComparedCounts.tails`. variation: how much a place's rate moves against its comparison
    places beyond chance, as a share of it.
    """

    places: int
    months: int
    ratio: float
    low: float
    high: float
    alarms: int
    variation: float

    @property
    def favours(self) -> Direction | None:
        """The answer that the choice leans to, by more than chance and by more than 10 %.

        A smaller lean is part of `variation`, which counts every distance from no change.
        """
        if self.low > 1 and self.ratio > 1 + _FAVOURED_SHARE:
            return "up"
        return "down" if self.high < 1 and self.ratio < 1 - _FAVOURED_SHARE else None


@dataclass(frozen=True)
class ComparisonChoice:
    """Comparison places, the closest first; how they fit as one; and what was not taken, and why.

    together: of all chosen as one place, its level a place.
    """

    chosen: tuple[ComparisonPlace, ...]
    together: ComparisonPlace
    refused: tuple[tuple[Refusal, int], ...]
    check: ChoiceCheck

    @property
    def place_ids(self) -> tuple[str, ...]:
        """Their ids, the closest first."""
        return tuple(place.place_id for place in self.chosen)


def choose_comparison_places(
    panel: NDArray[np.float64],
    place_ids: Sequence[str],
    months: Sequence[Month],
    *,
    treated: Collection[str],
    seed: int,
    left_out: Collection[str] = (),
    wanted: int = 40,
    least: int = 3,
    held_out: int = 6,
    placebos: int = 200,
) -> ComparisonChoice:
    """Choose the places that fit best before the start, and look whether the choice is fair.

    panel: records, one row a place and one column a month before the start, in the order of
    place_ids and months; NaN where a month is not held, which leaves it out for all. treated:
    several are compared as one, a comparison place with their mean. left_out: places that the
    response may reach too, such as neighbours within its buffers. held_out: the last months,
    which the check compares; as long as the time after the start will be. wanted: at most so
    many; `difference_in_differences` ranks the place among them and needs 19 to be 95 % sure of
    anything. placebos: places
    checked, drawn by `seed` from those about as busy as the treated ones.

    A place fits with records between half and twice as many, a trend that does not differ beyond
    chance by more than 10 % a year, and a season that does not differ beyond chance and clearly;
    the closest by misfit are taken (`pre_period_fit`; a rule of this project's, no paper's).
    CoverageError where fewer than `least` fit, where together they do not, where months or
    records are too few, and where the check finds that the choice favours an answer. InputError
    for a panel that does not match, and for ids that are not in it.
    """
    _check_panel(panel, place_ids, months, treated, wanted, least)
    held = np.flatnonzero(~np.isnan(panel).any(axis=0))
    counts, kept = panel[:, held], [months[column] for column in held.tolist()]
    rows = {place: row for row, place in enumerate(place_ids)}
    own = [rows[place] for place in sorted(set(treated))]
    may = np.ones(len(counts), dtype=bool)
    may[[*own, *(rows[place] for place in left_out if place in rows)]] = False
    _check_months(kept, counts[own], held_out)
    picked = _Picking(counts, tuple(kept), wanted)
    fit = picked.fit(own)
    rows_taken = picked.closest(fit, may)
    if len(rows_taken) < least:
        raise CoverageError(_none_fits(fit, may, len(rows_taken), least))
    together = picked.together(own, rows_taken)
    check = _checked(picked, fit, may, held_out=held_out, placebos=placebos, least=least, seed=seed)
    if check.favours:
        raise CoverageError(
            f"A choice of comparison places may favour no answer; at {check.places} places where "
            f"nothing was done it finds {check.ratio - 1:+.0%} records. Ask for more comparison "
            f"places, or for another period before."
        )
    return ComparisonChoice(
        chosen=tuple(_described(fit, row, place_ids[row], counts[row]) for row in rows_taken),
        together=_described(together, 0, "together", counts[rows_taken]),
        refused=_refused(fit, may, own, len(rows_taken)),
        check=check,
    )


@dataclass(frozen=True, eq=False)
class _Picking:
    """The rule by which places are picked, for whichever place is treated."""

    counts: NDArray[np.float64]
    months: tuple[Month, ...]
    wanted: int

    def fit(self, own: list[int]) -> PrePeriodFit:
        return fit_of(self.counts[own].sum(axis=0), self.counts, self.months, places=len(own))

    def together(self, own: list[int], taken: NDArray[np.int64]) -> PrePeriodFit:
        """How those taken fit as one; CoverageError where they moved otherwise."""
        fit = fit_of(
            self.counts[own].sum(axis=0),
            self.counts[taken].sum(axis=0)[None],
            self.months,
            places=len(own) / len(taken),
        )
        if not fit.moves_alike[0]:
            raise CoverageError(
                f"Comparison places must have moved like the place treated before the start; those "
                f"chosen moved {fit.trend[0]:+.0%} a year against it. Ask for more of them, or "
                f"assess it without comparison."
            )
        return fit

    def closest(self, fit: PrePeriodFit, may: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Rows of those that fit, the closest first."""
        rows = np.flatnonzero(may & fit.has_level & fit.moves_alike & fit.has_season)
        return rows[np.argsort(fit.misfit[rows], kind="stable")][: self.wanted]


def _checked(
    picked: _Picking,
    fit: PrePeriodFit,
    may: NDArray[np.bool_],
    *,
    held_out: int,
    placebos: int,
    least: int,
    seed: int,
) -> ChoiceCheck:
    """Choose for places where nothing was done from all months but the last, and compare these."""
    early = _Picking(picked.counts[:, :-held_out], picked.months[:-held_out], picked.wanted)
    past, late = early.counts.sum(axis=1), picked.counts[:, -held_out:].sum(axis=1)
    alike = np.flatnonzero(may & fit.has_level)
    rng = np.random.default_rng([seed, 0])
    sample = rng.permutation(alike)[:placebos]
    compared = []
    for row in sample.tolist():
        others = may.copy()
        others[row] = False
        taken = early.closest(early.fit([row]), others)
        if len(taken) >= least and past[taken].any():
            compared.append((past[row], late[row], past[taken].sum(), late[taken].sum()))
    if len(compared) < least:
        raise CoverageError(
            f"A choice of comparison places is checked at {least} places or more where nothing was "
            f"done; found {len(compared)} with places that fit them. Give more places."
        )
    return check_of(ComparedCounts(*np.array(compared, dtype=float).T), months=held_out)


def check_of(counts: ComparedCounts, *, months: int) -> ChoiceCheck:
    """How places where nothing was done moved against what they were compared with."""
    expected, off = counts.expected, counts.after - counts.expected
    ratio = float(counts.after.sum() / expected.sum()) if expected.sum() else 1.0
    # Places are taken as independent: each has comparison places of its own, though some share.
    about = counts.after - ratio * expected
    error = float(np.sqrt((about**2).sum()) / expected.sum()) if expected.sum() else np.inf
    beyond = float((off**2 - counts.variance).sum() / max((expected**2).sum(), 1e-9))
    variation = float(np.sqrt(max(beyond, 0.0)))
    few, many = counts.tails(variation=variation)
    return ChoiceCheck(
        places=len(off),
        months=months,
        ratio=ratio,
        low=ratio - _FAVOURED * error,
        high=ratio + _FAVOURED * error,
        alarms=int((np.minimum(few, many) <= _ALARM).sum()),
        variation=variation,
    )


def _described(
    fit: PrePeriodFit, row: int, place_id: str, counts: NDArray[np.float64]
) -> ComparisonPlace:
    return ComparisonPlace(
        place_id=place_id,
        records=int(counts.sum()),
        level=float(fit.level[row]),
        trend=float(fit.trend[row]),
        season=float(fit.season[row]),
        misfit=float(fit.misfit[row]),
    )


def _refused(
    fit: PrePeriodFit, may: NDArray[np.bool_], own: list[int], taken: int
) -> tuple[tuple[Refusal, int], ...]:
    """How many were not taken, each by the first reason that holds."""
    left = may & fit.has_level
    alike = left & fit.moves_alike
    fitting = int((alike & fit.has_season).sum())
    return (
        ("near or left out", int((~may).sum()) - len(own)),
        ("level", int((may & ~fit.has_level).sum())),
        ("trend", int((left & ~fit.moves_alike).sum())),
        ("season", int((alike & ~fit.has_season).sum())),
        ("further down the list", fitting - taken),
    )


def _none_fits(fit: PrePeriodFit, may: NDArray[np.bool_], found: int, least: int) -> str:
    level = int((may & fit.has_level).sum())
    return (
        f"A comparison takes {least} places or more that fit before the start; found {found} of "
        f"{int(may.sum())}, {level} of which have between half and twice as many records. Give "
        f"places further away, or assess it without comparison."
    )


def _check_months(kept: Sequence[Month], own: NDArray[np.float64], held_out: int) -> None:
    if len(kept) < held_out + LEAST_MONTHS:
        raise CoverageError(
            f"Comparison places are chosen from at least {LEAST_MONTHS} months, and checked in "
            f"{held_out} more; found {len(kept)} that are held for every place. Start the "
            f"period before earlier, or hold fewer out."
        )
    if not own.sum():
        raise CoverageError(
            "A place is matched by its records before the start; found none. Measure something "
            "that is recorded there, or assess it without comparison."
        )


def _check_panel(
    panel: NDArray[np.float64],
    place_ids: Sequence[str],
    months: Sequence[Month],
    treated: Collection[str],
    wanted: int,
    least: int,
) -> None:
    if panel.shape != (len(place_ids), len(months)) or len(set(place_ids)) < len(place_ids):
        raise InputError(
            f"A panel has a row for each place, named once, and a column for each month; found "
            f"{panel.shape} for {len(place_ids)} places and {len(months)} months. Count them anew."
        )
    if (panel < 0).any():
        raise InputError("Counts are 0 or more; found others. Count them anew.")
    if not treated or not set(treated) <= set(place_ids):
        raise InputError(
            f"The places treated are in the panel; found {sorted(set(treated) - set(place_ids))} "
            f"outside, of {len(treated)}. Name places by the ids of the panel."
        )
    if not 1 <= least <= wanted:
        raise InputError(
            f"At least one comparison place is asked for, and not more at least than wanted; found "
            f"{least} and {wanted}. Take 3 and 10."
        )
