"""Published figures of concentration at places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peelian.scanning.concentration import concentration

Computed = Callable[[pytest.FixtureRequest], float]


def figure(name: str, text: str) -> Computed:
    """One figure of "counts 3, 1, 1 at 10 places"."""
    listed, _, places = text.removeprefix("counts ").removesuffix(" places").partition(" at ")
    counts = [int(count) for count in listed.split(", ")]
    counts += [0] * (int(places) - len(counts))

    def computed(_: pytest.FixtureRequest) -> float:
        return float(getattr(concentration(counts, replicates=1, seed=1), name).observed)

    return computed


COMPUTED: dict[tuple[str, str], Computed] = {
    (method, text): figure(name, text)
    for method, name, text in [
        ("Gini coefficient", "gini", "counts 10, 8, 2 at 10 places"),
        ("generalised Gini", "generalised_gini", "counts 10, 8, 2 at 10 places"),
        ("Gini coefficient", "gini", "counts 5, 2, 1 at 10 places"),
        ("generalised Gini", "generalised_gini", "counts 5, 2, 1 at 10 places"),
        ("Gini coefficient", "gini", "counts 10 at 10 places"),
        ("Gini coefficient", "gini", "counts 10 at 100 places"),
        ("Gini coefficient", "gini", "counts 3, 1, 1 at 10 places"),
    ]
}
