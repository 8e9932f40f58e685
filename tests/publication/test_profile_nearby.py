"""What a profile says of the map beside its figures."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from peelian.analysis.place_features import FeatureAssociation
from peelian.publication.profile.nearby import nearby_statements


def association(kind: str, *, ratio: float, p_value: float | None, partly: bool):
    return FeatureAssociation(
        kind=kind, radius_m=100, places_near=20, places_not_near=40, records_near=60,
        records_not_near=60, ratio=ratio, low=ratio / 1.2, high=ratio * 1.2, level=0.95,
        p_value=p_value, is_discovery=p_value is not None and p_value < 0.05,
        is_partly_mapped=partly,
    )  # fmt: skip


def said(*found: FeatureAssociation) -> str:
    profile = SimpleNamespace(
        checked=SimpleNamespace(ranking=None), why=SimpleNamespace(associations=found)
    )
    (statement,) = nearby_statements(profile)
    return statement.text


@pytest.mark.parametrize("p_value", [0.001, 0.5])
def test_a_kind_that_is_mapped_here_and_there_is_said_to_be(p_value: float) -> None:
    text = said(association("cash_machine", ratio=1.8, p_value=p_value, partly=True))

    assert text.endswith("The map has only some of the cash machines.")


def test_a_kind_that_is_mapped_whole_needs_no_such_word() -> None:
    lamps = association("street_lamp", ratio=1.0, p_value=0.6, partly=True)
    stops = association("bus_stop", ratio=1.8, p_value=0.001, partly=False)

    assert "only some" not in said(stops)
    assert "only some" not in said(lamps, stops)  # nothing is told of lamps


def test_a_kind_that_was_not_tested_is_not_spoken_of() -> None:
    assert "only some" not in said(association("street_lamp", ratio=1, p_value=None, partly=True))
