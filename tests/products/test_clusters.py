"""Clusters of the made town that nobody named, from the product and the command."""

from __future__ import annotations

import pytest

from peelian.cli.app import run
from peelian.core.errors import CoverageError, InputError
from peelian.core.months import Month
from peelian.products.clusters import clusters_in
from peelian.store import Store

LARKFIELD, ASB = "E05999901", "anti-social-behaviour"


def test_the_planted_emergence_is_the_strongest_cluster(town_store: Store) -> None:
    found = clusters_in(town_store, LARKFIELD, ASB).clusters

    strongest = found.found[0]
    assert strongest.places[0] == "Lantern Row"
    assert strongest.last == Month(2025, 12)
    assert strongest.found.observed > 3 * strongest.found.expected
    assert strongest.in_ward == len(strongest.places)


def test_the_missing_month_is_no_step_and_every_record_is_scanned(town_store: Store) -> None:
    found = clusters_in(town_store, LARKFIELD, ASB, around_m=200).clusters

    inside = clusters_in(town_store, LARKFIELD, ASB).clusters
    assert Month(2021, 9) not in found.months
    assert len(found.months) == 71
    assert found.records > inside.records
    assert found.places > inside.places


def test_a_steady_type_has_no_cluster(town_store: Store) -> None:
    found = clusters_in(town_store, LARKFIELD, "vehicle-crime").clusters

    assert found.found == ()
    assert found.least_p_value >= 0.05


def test_the_same_seed_gives_the_same_clusters(town_store: Store) -> None:
    assert clusters_in(town_store, LARKFIELD, ASB, seed=4) == clusters_in(
        town_store, LARKFIELD, ASB, seed=4
    )


def test_what_police_make_is_never_scanned_for_places(town_store: Store) -> None:
    for measure in ("drugs", "weapons", "stops"):
        with pytest.raises(InputError, match="send patrols back"):
            clusters_in(town_store, LARKFIELD, measure)


def test_months_that_are_not_held_make_no_cluster(town_store: Store) -> None:
    with pytest.raises(CoverageError, match="two months held, and there is none"):
        clusters_in(town_store, LARKFIELD, "knife-robbery")


def test_the_command_tells_places_months_and_how_often_by_chance(
    town_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(town_store.path)

    code = run(["clusters", LARKFIELD, ASB, "--store", store])
    printed = capsys.readouterr().out
    quiet = run(["clusters", LARKFIELD, "vehicle-crime", "--store", store])

    assert (code, quiet) == (0, 0)
    assert "Lantern Row: " in printed
    assert "By chance, somewhere, at most once in 1,000 such looks." in printed
    assert "No cluster beyond chance" in capsys.readouterr().out
