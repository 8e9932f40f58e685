from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import polars as pl
import pytest

from peelian.core.errors import InputError, SchemaError, VerificationError
from peelian.core.wards import Commitment, Priority, WardFile
from peelian.ingest.intake import take_in
from peelian.ingest.ward_file import write_ward_file
from peelian.publication.disclosed import DisclosedWardPage
from peelian.publication.provenance import (
    MANIFEST,
    PAGE,
    draft_manifest,
    read_manifest,
    read_page,
)
from peelian.publication.publishing import PublishOptions, publish_wards, verify_snapshot
from peelian.store import Store
from peelian.town import build_town, write_town

pytestmark = pytest.mark.xdist_group("published")

WARD = "E05999901"
FEBRUARY = PublishOptions(snapshot_date="2026-02-01")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("town")
    files = write_town(build_town(1829), folder / "files", zipped=True)
    made = Store.create(folder / "store")
    take_in([files.archive, files.boundaries, files.network], made)
    return made


@pytest.fixture(scope="module")
def ward_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ward-files")
    write_ward_file(ward_file(), folder / f"{WARD}.toml")
    return folder


def ward_file(*, title: str = "Anti-social behaviour") -> WardFile:
    promise = Commitment(
        id="p1-c1", text="Walk the estate", sentence="We will walk the estate.", said_in="issue"
    )
    return WardFile(
        ward=WARD,
        name="Larkfield",
        operator="Made Town Police",
        priorities=[
            Priority(
                id="p1", title=title, issue="We will walk the estate.",
                measure="anti-social-behaviour", commitments=[promise],
            )
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(store: Store, ward_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    wards = [WARD, "E05999902"]
    published = list(
        publish_wards(store, wards, site=folder, options=FEBRUARY, ward_files=ward_files)
    )
    assert [each.ward_code for each in published] == wards
    return folder


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "site"))


def dead_links(site: Path) -> list[str]:
    """Relative links of every page that lead to no file."""
    return [
        f"{page.relative_to(site)}: {link}"
        for page in site.rglob("*.html")
        for link in re.findall(r'href="([^"#:]+)[^":]*"', page.read_text(encoding="utf-8"))
        if not (page.parent / link).is_file()
    ]


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    assert dead_links(site) == []


def test_a_published_page_is_built_again_in_every_value(site: Path, store: Store) -> None:
    verified = verify_snapshot(site / WARD, store)

    assert verified.numbers > 500
    assert verified.folder.name.startswith("2026-02-01-")


def test_the_list_of_wards_leads_to_each(site: Path) -> None:
    listed = (site / "index.html").read_text(encoding="utf-8")

    assert f'href="{WARD}/index.html"' in listed
    assert 'href="E05999902/index.html"' in listed
    assert "Larkfield" in listed


def test_a_ward_without_a_ward_file_has_a_page_without_priorities(site: Path) -> None:
    page = read_page(site / "E05999902")

    assert page.ward_name == "Millhythe"
    assert page.priorities == ()
    assert page.public_reported.months
    assert page.notice.startswith("No page of this ward's team has been read")
    assert page.ranking is not None
    assert page.ranking.places
    assert (site / "E05999902" / "places-ward.html").is_file()
    assert '"priority":"ward"' in (site / "E05999902" / "places.geojson").read_text()


def test_a_ward_file_of_another_ward_is_refused(
    site: Path, store: Store, ward_files: Path, tmp_path: Path
) -> None:
    with pytest.raises(SchemaError, match=f"is of {WARD}, and E05999902 was asked for"):
        list(
            publish_wards(
                store, ["E05999902"], site=tmp_path, options=FEBRUARY,
                ward_file=ward_files / f"{WARD}.toml",
            )
        )  # fmt: skip


def test_a_snapshot_cannot_be_older_than_its_records(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="records to December 2025"):
        list(publish_wards(store, [WARD], site=tmp_path, options=PublishOptions("2025-12-31")))


def test_publishing_the_same_again_writes_nothing(
    copy: Path, store: Store, ward_files: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (copy / WARD).rglob("*")}

    (again,) = publish_wards(store, [WARD], site=copy, options=FEBRUARY, ward_files=ward_files)

    assert not again.snapshot.is_new
    assert {path: path.stat().st_mtime_ns for path in (copy / WARD).rglob("*")} == before


def test_a_second_snapshot_leaves_the_first_as_it_was_and_can_be_verified(
    copy: Path, store: Store, tmp_path: Path
) -> None:
    (first,) = (copy / WARD / "snapshots").iterdir()
    before = {path.name: path.read_bytes() for path in first.iterdir()}
    write_ward_file(ward_file(title="Anti-social behaviour after dark"), tmp_path / "new.toml")

    march = PublishOptions(snapshot_date="2026-03-01")
    (second,) = publish_wards(
        store, [WARD], site=copy, options=march, ward_file=tmp_path / "new.toml"
    )

    assert second.snapshot.is_new
    assert {path.name: path.read_bytes() for path in first.iterdir()} == before
    assert read_manifest(copy / WARD).snapshot_day == "2026-03-01"
    assert read_manifest(second.snapshot.folder).earlier == (read_manifest(first).id,)
    assert verify_snapshot(first, store).numbers
    assert verify_snapshot(second.snapshot.folder, store).numbers
    assert f'href="snapshots/{first.name}/' in (copy / WARD / "index.html").read_text()
    assert dead_links(copy) == []


def test_a_changed_file_is_named(copy: Path, store: Store) -> None:
    (snapshot,) = (copy / WARD / "snapshots").iterdir()
    page = snapshot / "index.html"
    page.write_bytes(page.read_bytes() + b" ")

    with pytest.raises(VerificationError, match=r"index\.html has been changed"):
        verify_snapshot(snapshot, store)


def test_the_page_that_readers_open_is_held_against_its_snapshot(copy: Path, store: Store) -> None:
    front = copy / WARD / "index.html"
    front.write_bytes(front.read_bytes().replace(b"lower", b"higher") + b" ")

    with pytest.raises(VerificationError, match=r"In E05999901: index\.html has been changed"):
        verify_snapshot(copy / WARD, store)


def test_a_file_laid_beside_the_page_is_named(copy: Path, store: Store) -> None:
    (copy / WARD / "panel-2.pdf").write_bytes(b"%PDF")

    with pytest.raises(VerificationError, match=r"panel-2\.pdf is not the snapshot's"):
        verify_snapshot(copy / WARD, store)


def test_a_forged_number_with_a_forged_manifest_is_found_by_counting_again(
    copy: Path, store: Store
) -> None:
    (snapshot,) = (copy / WARD / "snapshots").iterdir()
    manifest = read_manifest(snapshot)
    content = {name: (snapshot / name).read_bytes() for name in manifest.content}
    forged = content[PAGE].replace(b'"value":4', b'"value":5', 1)
    assert forged != content[PAGE]
    content[PAGE] = forged
    (snapshot / PAGE).write_bytes(forged)
    signed = draft_manifest(
        msgspec.json.decode(forged, type=DisclosedWardPage), content,
        parameters=manifest.parameters,
    )  # fmt: skip
    (snapshot / MANIFEST).write_bytes(msgspec.json.encode(replace(signed, pages=manifest.pages)))

    with pytest.raises(VerificationError, match=r"value: published 5\d*, recomputed 4"):
        verify_snapshot(snapshot, store)


def test_other_records_in_the_store_are_found(copy: Path, store: Store, tmp_path: Path) -> None:
    other = tmp_path / "store"
    shutil.copytree(store.path, other)
    changed = Store(other)
    partition = next(
        p for p in changed.partitions("crimes", force="made-town") if p.key.month == "2025-11"
    )
    rows = pl.read_parquet(other / partition.path)
    with changed.writer() as writer:
        writer.replace(
            partition.key, rows.head(len(rows) - 40), sources=[], licence="made", allow_shrink=True
        )

    with pytest.raises(VerificationError, match="sha256"):
        verify_snapshot(copy / WARD, Store(other))
