"""New and chronic hot spots of the made town, whose truth is known."""

from __future__ import annotations

import pytest

from peelian.cli.app import run
from peelian.core.errors import CoverageError, InputError
from peelian.products import emerging_places as product
from peelian.products.emerging_places import emerging_places
from peelian.store import Store

LARKFIELD, ASB = "E05999901", "anti-social-behaviour"


@pytest.fixture
def few_places_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made ward is small; what is asked here is that its truth comes through."""
    monkeypatch.setattr(product, "LEAST_PLACES", 5)


def test_a_place_is_classed_by_its_surroundings_among_all_places(
    town_store: Store, few_places_will_do: None
) -> None:
    found = emerging_places(town_store, LARKFIELD, ASB)

    (mariner,) = [place for place in found.places if place.name == "Mariner Row"]
    assert mariner.found.is_chronic  # it lies by the park, where much is recorded
    assert 2 * sum(mariner.found.hot) >= len(mariner.found.hot)
    assert all(place.found.kind not in ("none", "sporadic") for place in found.places)


def test_a_ward_has_too_few_places_and_is_told_what_to_ask_instead(town_store: Store) -> None:
    with pytest.raises(CoverageError, match="`peelian rank` classes the places of a ward"):
        emerging_places(town_store, LARKFIELD, ASB)


def test_each_place_is_counted_alone_and_the_missing_month_is_said(
    town_store: Store, few_places_will_do: None
) -> None:
    found = emerging_places(town_store, LARKFIELD, ASB)

    assert [str(month) for month in found.missing] == ["2021-09"]
    assert all(len(place.found.hot) == len(found.span) - 1 for place in found.places)
    recent = [place.recent for place in found.places]
    assert recent == sorted(recent, reverse=True)
    assert found.looked_at > len(found.places)


def test_what_police_make_is_never_classed(town_store: Store) -> None:
    for measure in ("drugs", "weapons", "stops"):
        with pytest.raises(InputError, match="send patrols back"):
            emerging_places(town_store, LARKFIELD, measure)


def test_a_measure_that_is_not_held_is_too_little_to_compare(town_store: Store) -> None:
    with pytest.raises(CoverageError, match="0 months of"):
        emerging_places(town_store, LARKFIELD, "knife-robbery")


def test_the_command_lists_each_class_with_what_it_means(
    town_store: Store, few_places_will_do: None, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["emerging", LARKFIELD, ASB, "--store", str(town_store.path), "--most", "1"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "each with those at most 150 m away" in printed
    assert "Persistent: hot half the months or more" in printed
    assert "hot in " in printed
