"""A snapshot never changes, is named by its content, and appears whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from peelian.core.errors import VerificationError
from peelian.publication import provenance, swapping
from peelian.publication.differences import differences_between
from peelian.publication.disclosed import DisclosedCount, DisclosedWardPage
from peelian.publication.provenance import (
    Manifest,
    Snapshot,
    check_files,
    compare,
    draft_manifest,
    read_manifest,
    read_page,
    snapshots_of,
    write_snapshot,
)
from publication.sample import sample_page as sample


def sample_page() -> DisclosedWardPage:
    return replace(sample(), snapshot_day="2018-05-01")


PAGES = {"index.html": b"<h1>Quayside</h1>"}


def content_of(page: DisclosedWardPage) -> dict[str, bytes]:
    return {"page.json": msgspec.json.encode(page), "places.csv": b"rank,name\n"}


def publish(
    site: Path,
    page: DisclosedWardPage,
    *,
    earlier: tuple[Manifest, ...] = (),
    pages: Mapping[str, bytes] = PAGES,
) -> Snapshot:
    content = content_of(page)
    manifest = draft_manifest(page, content, parameters={"btp": True}, earlier=earlier)
    return write_snapshot(site, manifest, content=content, pages=pages)


def everything_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_snapshot_holds_all_files_and_the_ward_shows_a_copy(tmp_path: Path) -> None:
    page = sample_page()

    snapshot = publish(tmp_path, page)

    ward = tmp_path / page.ward_code
    assert snapshot.folder.parent == ward / "snapshots"
    assert snapshot.folder.name == f"{page.snapshot_day}-{snapshot.manifest.id}"
    names = {"page.json", "places.csv", "index.html", "manifest.json"}
    assert {path.name for path in snapshot.folder.iterdir()} == names
    assert all(
        (ward / name).read_bytes() == (snapshot.folder / name).read_bytes() for name in names
    )
    assert read_page(ward) == page


def test_the_manifest_names_inputs_parameters_version_and_seed(tmp_path: Path) -> None:
    page = sample_page()

    read = read_manifest(publish(tmp_path, page).folder)

    assert read.inputs == page.sources
    assert (read.parameters, read.code_version, read.seed) == (
        {"btp": True},
        page.code_version,
        page.seed,
    )


def test_the_same_content_gives_the_same_id_and_nothing_is_written_again(tmp_path: Path) -> None:
    first = publish(tmp_path, sample_page())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    again = publish(tmp_path, sample_page(), pages={"index.html": b"<h1>Other words</h1>"})

    assert (first.is_new, again.is_new) == (True, False)
    assert again.manifest == first.manifest
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_an_older_snapshot_stays_as_it_was_when_a_newer_one_is_published(tmp_path: Path) -> None:
    first = publish(tmp_path, sample_page())
    before = everything_below(first.folder)
    later = replace(sample_page(), snapshot_day="2099-01-01", state="One priority.")

    second = publish(tmp_path, later, earlier=(first.manifest,))

    assert everything_below(first.folder) == before
    ward = tmp_path / later.ward_code
    assert [s.manifest for s in snapshots_of(ward)] == [first.manifest, second.manifest]
    assert second.manifest.earlier == (first.manifest.id,)
    assert read_page(ward).state == "One priority."


def test_a_snapshot_of_an_earlier_day_does_not_push_the_newest_aside(tmp_path: Path) -> None:
    newest = publish(tmp_path, sample_page())

    older = publish(tmp_path, replace(sample_page(), snapshot_day="2001-01-01", state="Old."))

    ward = newest.folder.parent.parent
    assert older.is_new
    assert read_manifest(ward) == newest.manifest
    assert [s.manifest for s in snapshots_of(ward)] == [older.manifest, newest.manifest]


def test_the_id_changes_with_a_file_an_input_a_parameter_the_version_and_the_seed() -> None:
    page = sample_page()
    content = content_of(page)

    def id_of(page: DisclosedWardPage = page, **options: object) -> str:
        given = {"content": content, "parameters": {}, **options}
        return draft_manifest(page, given["content"], parameters=given["parameters"]).id  # type: ignore[arg-type]

    ids = [
        id_of(),
        id_of(content=content | {"places.csv": b"rank\n"}),
        id_of(parameters={"btp": False}),
        id_of(replace(page, seed=page.seed + 1)),
        id_of(replace(page, code_version="9.9.9")),
        id_of(replace(page, sources=page.sources[:1])),
    ]
    assert len(set(ids)) == len(ids)
    assert id_of() == ids[0]


@pytest.mark.parametrize("name", ["page.json", "places.csv", "index.html"])
def test_a_changed_file_is_named(tmp_path: Path, name: str) -> None:
    folder = publish(tmp_path, sample_page()).folder
    (folder / name).write_bytes(b"tampered")

    with pytest.raises(VerificationError, match=rf"{name} has been changed.*fetch it again"):
        check_files(folder)


def test_a_missing_file_an_added_file_and_a_changed_manifest_are_named(tmp_path: Path) -> None:
    folder = publish(tmp_path, sample_page()).folder
    (folder / "places.csv").unlink()
    (folder / "more.csv").write_bytes(b"")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"btp": true', '"btp": false'))

    with pytest.raises(VerificationError) as raised:
        check_files(folder)

    said = str(raised.value)
    assert "places.csv is missing" in said
    assert "more.csv is not in the manifest" in said
    assert "manifest.json does not give the id" in said


def test_an_untouched_snapshot_and_the_wards_copy_pass(tmp_path: Path) -> None:
    snapshot = publish(tmp_path, sample_page())

    assert check_files(snapshot.folder) == snapshot.manifest
    assert check_files(snapshot.folder.parent.parent) == snapshot.manifest


def test_a_folder_without_a_manifest_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="Name the folder of a ward or of one of its"):
        read_manifest(tmp_path)


def test_no_snapshot_has_been_published_where_there_is_no_folder(tmp_path: Path) -> None:
    assert snapshots_of(tmp_path / "E05999901") == ()


def test_comparing_names_the_path_and_both_values() -> None:
    page = sample_page()
    measure = page.priorities[1].measures[0]
    month = replace(measure.months[3], count=DisclosedCount(11, "shown", "11"))
    measure = replace(measure, months=(*measure.months[:3], month, *measure.months[4:]))
    priority = replace(page.priorities[1], measures=(measure, *page.priorities[1].measures[1:]))
    other = replace(page, priorities=(page.priorities[0], priority, *page.priorities[2:]))

    found = [str(d) for d in compare(msgspec.json.encode(page), msgspec.json.encode(other))]

    # April 2016 of the sample's robberies is 6.
    assert found == [
        "priorities[1].measures[0].months[3].count.value: published 6, recomputed 11",
        "priorities[1].measures[0].months[3].count.text: published 6, recomputed 11",
    ]
    assert compare(msgspec.json.encode(page), msgspec.json.encode(page)) == ()


def test_differences_say_new_months_revisions_and_kept_promises() -> None:
    page = sample_page()
    earlier = replace(
        page,
        public_reported=replace(page.public_reported, months=page.public_reported.months[:-1]),
        code_version="0.0.9",
    )
    months = page.public_reported.months
    revised = replace(months[0], count=DisclosedCount(160, "shown", "160"))
    done = replace(page.commitments[0], status="done", status_words="Done")
    new = replace(
        page,
        public_reported=replace(page.public_reported, months=(revised, *months[1:])),
        commitments=(done, *page.commitments[1:]),
    )

    said = differences_between(earlier, new)

    assert "Added: March 2018." in said
    title = page.public_reported.title
    assert f"{title}, January 2016: 160, earlier 158." in said
    assert any("done, earlier" in sentence for sentence in said)
    assert f"Computed by version {page.code_version}, earlier by 0.0.9." in said
    assert differences_between(page, page) == ()


def test_where_two_folders_cannot_change_places_the_old_one_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "_exchanged", lambda _first, _second: False)
    first = publish(tmp_path, sample_page())

    second = publish(tmp_path, replace(sample_page(), state="Other."), earlier=(first.manifest,))

    assert len(snapshots_of(second.folder.parent.parent)) == 2
    assert [path.name for path in tmp_path.iterdir()] == [sample_page().ward_code]


def test_a_swap_that_was_cut_short_is_put_right_by_the_next(tmp_path: Path) -> None:
    first = publish(tmp_path, sample_page())
    ward = first.folder.parent.parent
    ward.rename(tmp_path / f".{ward.name}-before")
    (tmp_path / f".{ward.name}-beside").mkdir()

    again = publish(tmp_path, sample_page())

    assert not again.is_new
    assert [path.name for path in tmp_path.iterdir()] == [ward.name]


@pytest.mark.skipif(os.name != "posix", reason="a process can be killed so only on POSIX")
def test_killed_at_any_moment_it_leaves_the_last_good_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, sample_page())
    ward = site / sample_page().ward_code
    script = textwrap.dedent(
        f"""
        import sys
        from dataclasses import replace
        from pathlib import Path
        sys.path[:0] = {sys.path!r}
        from publication.sample import sample_page as sample
        from publication.test_provenance import publish, sample_page
        print("ready", flush=True)
        number = 0
        while True:
            number += 1
            pages = {{f"part-{{n}}.html": b"x" * 20_000 for n in range(20)}}
            page = replace(sample_page(), seed=number)
            publish(Path({str(site)!r}), page, pages=pages | {{"index.html": str(number).encode()}})
        """
    )
    moments = random.Random(4)

    for _ in range(4):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(moments.uniform(0.005, 0.08))
            child.send_signal(signal.SIGKILL)

        check_files(ward)
        for snapshot in snapshots_of(ward):
            check_files(snapshot.folder)

    assert not publish(site, sample_page()).is_new
    assert provenance.SNAPSHOTS in {path.name for path in ward.iterdir()}
    assert [path.name for path in site.iterdir()] == [ward.name]
