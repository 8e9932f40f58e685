"""Published figures of the exact interval of a ratio of ratios."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.assessment.exact_odds import exact_odds

Computed = Callable[[pytest.FixtureRequest], float]

EXPOSED = "treated 15 before, 7 after; untreated 472 before, 58 after"
TWINS = "treated 15 before, 2 after; untreated 3 before, 10 after (convictions of like-sex twins)"


def odds_figure(name: str, text: str) -> Computed:
    """One figure of the ratio in "treated 15 before, 7 after; untreated 472 before, 58 after"."""
    numbers = [int(word) for word in text.replace(";", "").split() if word.isdigit()]
    found = exact_odds(treated=(numbers[0], numbers[1]), untreated=(numbers[2], numbers[3]))
    return lambda _: float(getattr(found, name))


COMPUTED: dict[tuple[str, str], Computed] = {
    (f"exact odds: {name}, 95 %", example): odds_figure(name, example)
    for example in (EXPOSED, TWINS)
    for name in ("low", "high")
}
