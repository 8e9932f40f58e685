"""Records of treated and of comparison places by month, side by side, with nothing missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.core.errors import CoverageError, InputError

if TYPE_CHECKING:
    from peelian.core.counts import Series
    from peelian.core.months import Month, MonthSpan


@dataclass(frozen=True, eq=False)
class ComparisonPanel:
    """Records: one row a place, one column a month; every one is known.

    is_after: which months are those of the response. notices: what was left out, and breaks.
    """

    treated: NDArray[np.float64]
    comparison: NDArray[np.float64]
    comparison_names: tuple[str, ...]
    months: tuple[Month, ...]
    is_after: NDArray[np.bool_]
    notices: tuple[str, ...]

    def records(self, *, treated: bool, after: bool) -> NDArray[np.float64]:
        """The records of each place of a side, before or after."""
        counts = self.treated if treated else self.comparison
        summed: NDArray[np.float64] = counts[:, self.is_after == after].sum(axis=1)
        return summed

    def of_months(
        self, which: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Both sides' records in some of the months."""
        return self.treated[:, which], self.comparison[:, which]

    def without(self, place: int) -> ComparisonPanel:
        """The same without one comparison place."""
        return replace(
            self,
            comparison=np.delete(self.comparison, place, axis=0),
            comparison_names=self.comparison_names[:place] + self.comparison_names[place + 1 :],
        )

    def as_if(self, kept: NDArray[np.int64], *, from_month: int) -> ComparisonPanel | None:
        """Some of the months, as if the response had begun in one; None without comparison.

        kept, from_month: numbers of columns.
        """
        panel = replace(
            self,
            treated=self.treated[:, kept],
            comparison=self.comparison[:, kept],
            months=tuple(self.months[month] for month in kept),
            is_after=kept >= from_month,
        )
        sides = [panel.records(treated=False, after=late).sum() for late in (False, True)]
        return panel if all(sides) else None


def comparison_panel(
    treated: Sequence[Series],
    comparison: Sequence[Series],
    *,
    before: MonthSpan,
    after: MonthSpan,
) -> ComparisonPanel:
    """Put series of one measure side by side, over the months before and after.

    Months that a treated place lacks are left out, then comparison places that lack any of the
    rest. InputError where there is no treated place or fewer than two others, where one is on
    both sides, where measures differ or the months before do not end before those after;
    CoverageError where no month of a side is held, or the others have no record on one.
    """
    _check(treated, comparison, before, after)
    asked = (*before, *after)
    months = tuple(m for m in asked if all(each.at(m) is not None for each in treated))
    full = [each for each in comparison if all(each.at(m) is not None for m in months)]
    is_after = np.array([month >= after.first for month in months], dtype=bool)
    _check_held(is_after, len(full), before, after)
    of_treated, of_others = (
        np.array([[each.at(month) for month in months] for each in side], dtype=float)
        for side in (treated, full)
    )
    for late, span in ((False, before), (True, after)):
        if not of_others[:, is_after == late].sum():
            raise CoverageError(
                f"What would have come without the response is read from comparison places; "
                f"they have no record in {span.in_words}. Give more of them, or more months."
            )
    return ComparisonPanel(
        of_treated,
        of_others,
        tuple(each.place for each in full),
        months,
        is_after,
        _notices([*treated, *full], len(asked) - len(months), len(comparison) - len(full), months),
    )


def _check(
    treated: Sequence[Series], comparison: Sequence[Series], before: MonthSpan, after: MonthSpan
) -> None:
    if not treated or len(comparison) < 2:
        raise InputError(
            f"One treated place or more are compared with two others or more; found "
            f"{len(treated)} and {len(comparison)}. Give more places."
        )
    if measures := {each.measure_id for each in (*treated, *comparison)} - {treated[0].measure_id}:
        raise InputError(
            f"Places are compared by one measure; found {treated[0].measure_id} and "
            f"{', '.join(sorted(measures))}. Give series of one."
        )
    names = [each.place for each in (*treated, *comparison)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(
            f"A place stands once, and on one side; found {', '.join(twice)} more than once. "
            f"Take it from one of them."
        )
    if before.last >= after.first:
        raise InputError(
            f"The months before end before those after begin; found {before} and {after}. Give "
            f"spans that do not meet."
        )


def _check_held(
    is_after: NDArray[np.bool_], places: int, before: MonthSpan, after: MonthSpan
) -> None:
    for late, span in ((False, before), (True, after)):
        if not (is_after == late).any():
            raise CoverageError(
                f"A comparison needs a month on either side that every treated place has; none of "
                f"{span.in_words} is held. Ingest an archive that has them."
            )
    if places < 2:
        raise CoverageError(
            f"Two comparison places or more have all the months that the treated have; found "
            f"{places}. Give other places, or other months."
        )


def _notices(
    series: Sequence[Series], months_out: int, places_out: int, months: Sequence[Month]
) -> tuple[str, ...]:
    notices = []
    if months_out:
        notices.append(f"{months_out} months are not held at a treated place and were left out.")
    if places_out:
        notices.append(f"{places_out} comparison places lack a month and were left out.")
    breaks = {
        month: why
        for each in series
        for month, why in each.breaks.items()
        if months[0] < month <= months[-1]
    }
    notices += [
        f"The series breaks in {month.in_words} ({why}): read on only if it broke alike everywhere."
        for month, why in sorted(breaks.items())
    ]
    return tuple(notices)
