"""Published figures of displacement: the weighted displacement difference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.assessment.count_contrast import CountContrast
from peelian.assessment.weighted_displacement import (
    BeforeAfter,
    DisplacementCounts,
    weighted_displacement,
)

Computed = Callable[[pytest.FixtureRequest], float]

PLAIN = (
    "treated 207 to 110, control 308 to 318, around treated 178 to 157, around control 150 to 140"
)
BY_AREA = f"{PLAIN}; areas 1.2, 0.9, 1.5, 1.6"
BY_TIME = "treated 80 to 20, control 100 to 50, time weights 2, 1"


def places(areas: tuple[float, float, float, float]) -> DisplacementCounts:
    treated, control, near, far = areas
    return DisplacementCounts(
        treated=BeforeAfter(207, 110, treated),
        control=BeforeAfter(308, 318, control),
        around_treated=BeforeAfter(178, 157, near),
        around_control=BeforeAfter(150, 140, far),
    )


def figure_of(contrast: CountContrast, name: str) -> Computed:
    return lambda _: float(getattr(contrast, name))


def limit_of(compared: DisplacementCounts, name: str) -> Computed:
    found = weighted_displacement(
        treated=compared.treated,
        control=compared.control,
        around_treated=compared.around_treated,
        around_control=compared.around_control,
    )
    return lambda _: float(getattr(found, name))


def z_of(contrast: CountContrast) -> Computed:
    return lambda _: contrast.estimate / contrast.standard_error


EQUAL, UNEQUAL = places((1, 1, 1, 1)), places((1.2, 0.9, 1.5, 1.6))
TIMED = DisplacementCounts(BeforeAfter(80, 20), BeforeAfter(100, 50)).contrast(time_weights=(2, 1))
METHOD = "weighted displacement difference"
COMPUTED: dict[tuple[str, str], Computed] = {
    (f"{METHOD}: Z", PLAIN): z_of(EQUAL.contrast()),
    **{
        (f"{METHOD}: {figure}", text): figure_of(contrast, name)
        for contrast, text in [
            (EQUAL.contrast(), PLAIN),
            (UNEQUAL.contrast(), BY_AREA),
            (TIMED, BY_TIME),
        ]
        for figure, name in [("estimate", "estimate"), ("standard error", "standard_error")]
    },
    **{
        (f"{METHOD}: {name}, 95 %", text): limit_of(compared, name)
        for compared, text in [(EQUAL, PLAIN), (UNEQUAL, BY_AREA)]
        for name in ("low", "high")
    },
}
