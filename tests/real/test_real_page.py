"""The pilot ward's page from real records, by the commands that a person types."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.cli.app import run
from peelian.ingest.ward_file import read_ward_file
from peelian.publication.disclosed import DisclosedWardPage
from peelian.publication.provenance import read_page
from real.conftest import RealStore

pytestmark = pytest.mark.xdist_group("real")

PILOT = "E05013669"


@pytest.fixture(scope="module")
def site(real: RealStore, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    seed = next((shared / "seeds").glob("*.txt"))
    ward_file, store = folder / f"{PILOT}.toml", real.store.path
    data = shared / "data"
    for arguments in (
        ["import-page", seed, "--ward", PILOT, "--to", ward_file, "--store", store],
        ["publish", PILOT, "--store", store, "--ward-file", ward_file, "--site", folder,
         "--boundaries", data / "boundaries", "--network", data / "network",
         "--date", "2023-07-01"],
        ["publish", "E05000143", "--store", store, "--site", folder, "--date", "2023-07-01"],
    ):  # fmt: skip
        assert run([str(each) for each in arguments]) == 0
    return folder


@pytest.fixture(scope="module")
def page(site: Path) -> DisclosedWardPage:
    return read_page(site / PILOT)


def test_the_totals_are_the_manifests(site: Path, page: DisclosedWardPage) -> None:
    old = read_page(site / "E05000143")

    # MANIFEST.md, "The pilot ward".
    assert "4,163 records at 50 snap points" in page.totals
    assert "7,958 records at 64 snap points" in old.totals


def test_march_2016_is_missing_and_not_zero(page: DisclosedWardPage) -> None:
    months = {month.month: month for month in page.public_reported.months}

    assert len(months) == 27
    assert {m for m, month in months.items() if month.count.state == "missing"} == {"2016-03"}


def test_both_pages_can_be_built_again(site: Path, real: RealStore) -> None:
    for ward in (PILOT, "E05000143"):
        assert run(["verify", str(site / ward), "--store", str(real.store.path)]) == 0


def test_the_seven_promises_without_a_report_have_no_evidence(site: Path) -> None:
    read = read_ward_file(site / f"{PILOT}.toml")
    promises = [c for p in read.priorities for c in p.commitments]
    without = " | ".join(c.text.casefold() for c in promises if c.status == "no_evidence")

    # domain.md, section 0.
    assert len(promises) >= 12
    assert sum(c.status == "no_evidence" for c in promises) == 7
    for words in (
        "number of such crimes", "cycle patrols", "stop and search", "target hardening",
        "social media", "lit at night", "late shifts",
    ):  # fmt: skip
        assert words in without, words


def test_nothing_published_repeats_what_could_show_a_source(site: Path) -> None:
    for file in (site / PILOT).rglob("*"):
        if file.is_file():
            assert b"valuable intelligence" not in file.read_bytes(), file.name
            assert b"satisfactory stop and search" not in file.read_bytes(), file.name


def test_the_corridor_lies_within_the_ward_and_says_its_rule(page: DisclosedWardPage) -> None:
    robbery = page.priorities[1]

    assert robbery.corridor
    assert "25 m to each side" in robbery.corridor_rule
    assert {m.id for m in robbery.measures} == {"p2-part-robbery", "p2-robbery"}


def test_a_name_that_nobody_confirmed_is_only_suggested(
    site: Path, page: DisclosedWardPage
) -> None:
    names = {place.written: place for place in read_ward_file(site / f"{PILOT}.toml").places}

    assert names["Curnock Estate"].suggested == "Curnock Street Estate"
    assert names["Curnock Estate"].means == ""
    assert names["St Francis Crick institute"].suggested == "The Francis Crick Institute"
    assert any("Pratt Street" in name and "borders" in name for name in page.place_names)


def test_a_borough_is_published_in_its_wards_of_today(real: RealStore, tmp_path: Path) -> None:
    assert run(["publish", "E09000007", "--store", str(real.store.path), "--site", str(tmp_path),
                "--date", "2023-07-01"]) == 0  # fmt: skip

    # Camden has had 20 wards since 2022; 18 before.
    assert len(list(tmp_path.glob("E05013*"))) == 20
    assert not list(tmp_path.glob("E05000*"))
