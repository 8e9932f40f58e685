"""Published figures of synthetic control: Seattle's drug market intervention."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from scipy.stats import norm

from peelian.assessment.comparison_weights import measures_of
from peelian.assessment.placebo_sets import studentised_difference
from seattle_blocks import BEFORE, OUTCOMES, seattle_blocks

Computed = Callable[[pytest.FixtureRequest], float]

SEATTLE = "9,642 blocks of Seattle, 39 treated, 12 quarters matched and 4 compared: {}"


@cache
def records_and_statistics(data: Path) -> tuple[list[float], list[float], list[float]]:
    """Treated records, those of their comparison, and studentised differences."""
    blocks = seattle_blocks(data)
    after = blocks.counts[:, :, BEFORE:]
    measures = measures_of(blocks.counts[:, :, :BEFORE], blocks.covariates)
    weights = measures.weights_for(blocks.treated).weights
    return (
        list(after[:, blocks.treated].sum(axis=(1, 2))),
        list((after * weights[:, None]).sum(axis=(1, 2))),
        list(studentised_difference(after, blocks.treated, weights)),
    )


def found(request: pytest.FixtureRequest) -> tuple[list[float], list[float], list[float]]:
    data: Path = request.getfixturevalue("real_data")
    if not (data / "validation" / "evaluation_seattle-dmi").is_dir():
        pytest.skip("the blocks of Seattle are not here")
    return records_and_statistics(data)


def control_of(outcome: int) -> Computed:
    return lambda request: found(request)[1][outcome]


def change_of(outcome: int) -> Computed:
    def change(request: pytest.FixtureRequest) -> float:
        treated, control, _ = found(request)
        return 100 * (treated[outcome] / control[outcome] - 1)

    return change


def p_of(outcome: int) -> Computed:
    return lambda request: float(norm.cdf(found(request)[2][outcome]))


COMPUTED: dict[tuple[str, str], Computed] = {
    (f"synthetic control of small areas: {what}", SEATTLE.format(outcome)): compute(number)
    for number, outcome in enumerate(OUTCOMES)
    for what, compute in [
        ("control", control_of),
        ("change in %", change_of),
        ("one-sided p of the studentised difference as a normal deviate", p_of),
    ]
}
