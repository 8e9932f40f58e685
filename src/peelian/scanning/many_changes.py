"""Which of many places, wards or measures have changed since a year before, beyond chance.

Nothing is drawn towards a mean here: each series is tested by its own counts alone, so that the
answer about one does not depend on which others were asked about, but for how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from peelian.core.errors import CoverageError
from peelian.scanning.change import breaks_crossed, change_since_year_before, poisson_e_test
from peelian.scanning.false_discovery import discoveries

if TYPE_CHECKING:
    from peelian.core.counts import Series
    from peelian.core.months import Month
    from peelian.core.results import Direction, RateRatio

FALSE_DISCOVERIES = 0.1


@dataclass(frozen=True)
class OneOfMany:
    """One series among many compared with the year before.

    ratio: with its own exact interval, which knows nothing of the others; None where the series
    cannot be compared, and `why_not` says why. p_value: of the E-test, None with `ratio`.
    changed: its direction where it is among the discoveries, None elsewhere.
    """

    measure_id: str
    place: str
    ratio: RateRatio | None
    p_value: float | None
    changed: Direction | None
    why_not: str

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether it is no discovery, and its interval holds a halving or a doubling as well."""
        return self.ratio is not None and self.changed is None and self.ratio.is_too_few_to_say


@dataclass(frozen=True)
class ChangesTogether:
    """Many series compared at once, in the order given.

    discovery_rate: of the changes found, the share expected to be chance, at most.
    """

    series: tuple[OneOfMany, ...]
    discovery_rate: float

    @property
    def changed(self) -> tuple[OneOfMany, ...]:
        """Those that changed, the least likely by chance first."""
        found = [each for each in self.series if each.changed]
        return tuple(sorted(found, key=lambda each: each.p_value or 0.0))


def changes_together(
    series: Sequence[Series],
    *,
    months: int = 6,
    ending: Month | None = None,
    discovery_rate: float = FALSE_DISCOVERIES,
    level: float = 0.95,
) -> ChangesTogether:
    """Compare many series with the year before, and say which changed beyond chance.

    months, ending: as for `change_since_year_before`. Equal rates are tested by the E-test
    (`poisson_e_test`), and the discoveries taken by Benjamini and Hochberg's rule
    (`discoveries`). Series that cannot be compared, or lie on both sides of a break, are no
    tests: each says why. Records that come in bursts are more often called changed than
    `discovery_rate` says. No series give an empty answer.
    """
    ratios: list[RateRatio | None] = []
    reasons: list[str] = []
    for each in series:
        ratio, why_not = _compared(each, months, ending, level)
        ratios.append(ratio)
        reasons.append(why_not)
    p_values = [poisson_e_test(ratio.before, ratio.after) if ratio else None for ratio in ratios]
    tested = [i for i, p_value in enumerate(p_values) if p_value is not None]
    found = discoveries(np.array([p_values[i] for i in tested], dtype=float), rate=discovery_rate)
    discovered = {i for i, is_one in zip(tested, found.tolist(), strict=True) if is_one}
    return ChangesTogether(
        tuple(
            OneOfMany(
                measure_id=each.measure_id,
                place=each.place,
                ratio=ratio,
                p_value=p_values[i],
                changed=_direction(ratio) if i in discovered else None,
                why_not=reasons[i],
            )
            for i, (each, ratio) in enumerate(zip(series, ratios, strict=True))
        ),
        discovery_rate,
    )


def _compared(
    series: Series, months: int, ending: Month | None, level: float
) -> tuple[RateRatio | None, str]:
    try:
        ratio = change_since_year_before(series, months=months, ending=ending, level=level)
    except CoverageError as error:
        return None, str(error)
    if broken := breaks_crossed(series, ratio):
        reasons = " ".join(broken.values())
        return None, f"The months compared lie on both sides of a break. {reasons}"
    return ratio, ""


def _direction(ratio: RateRatio | None) -> Direction | None:
    if ratio is None or ratio.before == ratio.after:
        return None
    return "up" if ratio.after > ratio.before else "down"
