"""Publish wards' pages as snapshots, and prove a snapshot by building it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peelian import __version__
from peelian.core.errors import SchemaError, VerificationError
from peelian.core.extras import require_extra
from peelian.core.wards import WardFile
from peelian.ingest.ward_file import read_ward_file
from peelian.measures import load_measures
from peelian.products.assembly import assemble_ward_page
from peelian.publication import about_the_numbers as about
from peelian.publication.differences import differences_between
from peelian.publication.disclosure import disclose
from peelian.publication.feeds import FeedEntry, atom_feed
from peelian.publication.formats import write_files
from peelian.publication.provenance import (
    PAGE,
    Difference,
    Manifest,
    Snapshot,
    check_files,
    check_front,
    compare,
    draft_manifest,
    read_page,
    snapshots_of,
    write_snapshot,
)
from peelian.publication.site import IndexEntry, SnapshotInfo, render_index, render_ward
from peelian.publication.swapping import write_whole
from peelian.publication.translation import _
from peelian.store import Store, places

if TYPE_CHECKING:
    from peelian.products.ward_page import WardPage
    from peelian.publication.disclosed import DisclosedWardPage

WARD_FILE = "ward.toml"
NO_PAGE_READ = _("No page of this ward's team has been read: what it promised and did is not here.")
_DIFFERENCES_SHOWN = 10


@dataclass(frozen=True)
class PublishOptions:
    """What a page is published with. address: where the site will be; empty if not known."""

    snapshot_date: str  # YYYY-MM-DD
    boundary_set: str | None = None
    include_btp: bool = True
    source: str = "police.uk"
    seed: int = 0
    address: str = ""

    def parameters(self) -> dict[str, Any]:
        """What a reader needs to compute the page again."""
        return {
            "boundary_set": self.boundary_set,
            "include_btp": self.include_btp,
            "source": self.source,
        }


@dataclass(frozen=True)
class PublishedWard:
    """A ward's page on the disk. `page` is what to open first."""

    ward_code: str
    ward_name: str
    page: Path
    snapshot: Snapshot

    @property
    def outcome(self) -> str:
        """In words: whether a new snapshot was made."""
        folder = self.snapshot.folder.name
        return f"new snapshot {folder}" if self.snapshot.is_new else f"unchanged: {folder}"


@dataclass(frozen=True)
class VerifiedSnapshot:
    """A snapshot that could be built again in every number and byte of its content."""

    folder: Path
    manifest: Manifest
    numbers: int

    def lines(self) -> tuple[str, ...]:
        """What was held against what, in plain lines."""
        files = len(self.manifest.content) + len(self.manifest.pages)
        return (
            f"{self.folder.name}: {files} files are as the manifest says.",
            f"Built again from the store: all {self.numbers:,} values of {PAGE} are the same, "
            f"and so is every file made from them.",
        )


def publish_wards(
    store: Store,
    wards: Sequence[str],
    *,
    site: Path,
    options: PublishOptions,
    ward_file: Path | None = None,
    ward_files: Path | None = None,
) -> Iterator[PublishedWard]:
    """Publish each ward, then the list of all wards of the site.

    wards: codes or names of wards, or a borough's code for all of its wards. ward_file: of a
    single ward. ward_files: a folder with CODE.toml for those wards that have one; a ward
    without gets a page without priorities.
    """
    require_extra("publish", to="publish a ward's page")
    for code in places.ward_codes(store, wards, boundary_set=options.boundary_set):
        read = _ward_file(store, code, ward_file, ward_files, options)
        yield _publish(store, read, site=site, options=options)
    for name, content in render_index(_entries(site)).items():
        write_whole(site / name, content)


def verify_snapshot(folder: Path, store: Store) -> VerifiedSnapshot:
    """Hold a snapshot's files against its manifest, and build it again from the store.

    folder: a snapshot's, or a ward's for its newest. VerificationError says which file or
    number differs, and which published file the store holds otherwise.
    """
    require_extra("publish", to="build a ward's page again")
    newest = snapshots_of(folder)
    front, folder = folder, newest[-1].folder if newest else folder
    manifest = check_files(folder)
    if newest:
        check_front(front, newest[-1])
    if manifest.code_version != __version__:
        raise VerificationError(
            f"A page is computed again by the version that made it: this is {__version__}, the "
            f"snapshot was made by {manifest.code_version}. Install that version."
        )
    earlier = _earlier(folder, manifest)
    ward_file = read_ward_file(folder / WARD_FILE)
    options = PublishOptions(
        snapshot_date=manifest.snapshot_day, seed=manifest.seed, **manifest.parameters
    )
    page = disclose(
        _assembled(store, ward_file, options), earlier=[read_page(each.folder) for each in earlier]
    )
    content = write_files(page, ward_file=ward_file, sequence=len(earlier))
    differences = compare((folder / PAGE).read_bytes(), content[PAGE])
    if differences:
        published = read_page(folder)
        by_back_test = about.TABLES["expected_records"] in {each.what for each in published.sources}
        raise VerificationError(_not_the_same(folder, differences, by_back_test=by_back_test))
    changed = [
        name for name, record in manifest.content.items()
        if name not in content or type(record).of(content[name]) != record
    ]  # fmt: skip
    if changed:
        raise VerificationError(
            f"Every file of a snapshot can be made again from its numbers; in {folder.name} "
            f"these come out otherwise: {', '.join(changed)}. Do not rely on them."
        )
    return VerifiedSnapshot(folder, manifest, _values(content[PAGE]))


def _publish(
    store: Store, ward_file: WardFile, *, site: Path, options: PublishOptions
) -> PublishedWard:
    before = snapshots_of(site / ward_file.ward)
    true = _assembled(store, ward_file, options)
    if before and (same := _published_already(true, ward_file, options, before)):
        return _published(ward_file, site, same)
    pages = [read_page(each.folder) for each in before]
    page = disclose(true, earlier=pages)
    content = write_files(page, ward_file=ward_file, sequence=len(before))
    manifest = draft_manifest(
        page, content, parameters=options.parameters(), earlier=[each.manifest for each in before]
    )
    infos = _infos([*(each.manifest for each in before), manifest], [*pages, page], options)
    rendered = render_ward(page, snapshot=infos[-1], earlier=infos[-2::-1])
    rendered["feed.atom"] = _feed(infos, [*pages, page], options)
    snapshot = write_snapshot(site, manifest, content=content, pages=rendered)
    return _published(ward_file, site, snapshot)


def _published_already(
    true: WardPage, ward_file: WardFile, options: PublishOptions, before: Sequence[Snapshot]
) -> Snapshot | None:
    """The newest snapshot, where publishing again would give the same content."""
    *reckoned, newest = before
    if newest.manifest.snapshot_day != options.snapshot_date:
        return None  # the day stands on the page
    page = disclose(true, earlier=[read_page(each.folder) for each in reckoned])
    content = write_files(page, ward_file=ward_file, sequence=len(reckoned))
    drafted = draft_manifest(
        page, content, parameters=options.parameters(),
        earlier=[each.manifest for each in reckoned],
    )  # fmt: skip
    return newest if drafted.id == newest.manifest.id else None


def _published(ward_file: WardFile, site: Path, snapshot: Snapshot) -> PublishedWard:
    page = site / ward_file.ward / "index.html"
    return PublishedWard(ward_file.ward, ward_file.name, page, snapshot)


def _assembled(store: Store, ward_file: WardFile, options: PublishOptions) -> WardPage:
    return assemble_ward_page(
        store,
        ward_file,
        measures=load_measures(),
        snapshot_date=options.snapshot_date,
        code_version=__version__,
        boundary_set=options.boundary_set,
        include_btp=options.include_btp,
        source=options.source,
        seed=options.seed,
    )


def _ward_file(
    store: Store,
    code: str,
    one: Path | None,
    folder: Path | None,
    options: PublishOptions,
) -> WardFile:
    path = one or (folder / f"{code}.toml" if folder else None)
    if path is not None and (one or path.is_file()):
        read = read_ward_file(path)
        if read.ward != code:
            raise SchemaError(
                f"A ward's page is made from its own ward file; {path.name} is of {read.ward}, "
                f"and {code} was asked for. Name the other ward, or the other file."
            )
        return read
    area = places.area(store, code, boundary_set=options.boundary_set)
    return WardFile(ward=code, name=area.name, operator="", notice=NO_PAGE_READ)


def _earlier(folder: Path, manifest: Manifest) -> list[Snapshot]:
    """The snapshots that disclosure reckoned with, oldest first; they lie beside this one."""
    beside = {each.manifest.id: each for each in snapshots_of(folder.parent.parent)}
    lacking = [each for each in manifest.earlier if each not in beside]
    if lacking:
        raise VerificationError(
            f"A snapshot is built again beside those it reckoned with; {', '.join(lacking)} "
            f"are not in {folder.parent}. Fetch them from the publisher."
        )
    return [beside[each] for each in manifest.earlier]


def _entries(site: Path) -> Iterator[IndexEntry]:
    # A folder with a dot before its name is what a publisher that was killed has left.
    for ward in sorted(site.glob("[!.]*/manifest.json")):
        page = read_page(ward.parent)
        yield IndexEntry(
            ward_code=page.ward_code,
            name=page.ward_name,
            force=page.operator or page.force,
            state=page.state,
            snapshot_date=page.snapshot_date,
            address=f"{page.ward_code}/index.html",
        )


def _infos(
    manifests: Sequence[Manifest], pages: Sequence[DisclosedWardPage], options: PublishOptions
) -> list[SnapshotInfo]:
    """Every snapshot of a ward, oldest first, each with what changed from the one before."""
    return [
        SnapshotInfo(
            manifest.id,
            manifest.snapshot_day,
            _ward_address(manifest.ward_code, options, f"snapshots/{manifest.folder_name}/")
            or (f"../{manifest.folder_name}/index.html" if manifest is not manifests[-1] else ""),
            differences_between(pages[number - 1], pages[number]) if number else (),
        )
        for number, manifest in enumerate(manifests)
    ]


def _feed(
    infos: Sequence[SnapshotInfo], pages: Sequence[DisclosedWardPage], options: PublishOptions
) -> bytes:
    entries = [
        FeedEntry(info.id, info.date, page.state, info.differences)
        for info, page in zip(infos, pages, strict=True)
    ]
    return atom_feed(pages[-1], entries, address=_ward_address(pages[-1].ward_code, options))


def _ward_address(ward_code: str, options: PublishOptions, below: str = "") -> str:
    base = options.address.rstrip("/")
    return f"{base}/{ward_code}/{below}" if base else ""


def _not_the_same(folder: Path, differences: Sequence[Difference], *, by_back_test: bool) -> str:
    # The published files come first: where they differ, so does all that was counted.
    ordered = sorted(differences, key=lambda each: not each.path.startswith("sources"))
    shown = "\n  ".join(str(each) for each in ordered[:_DIFFERENCES_SHOWN])
    more = len(differences) - _DIFFERENCES_SHOWN
    rest = f"\n  and {more} more" if more > 0 else ""
    kept = " Then run `peelian back-test --keep`, which it rests on." if by_back_test else ""
    return (
        f"Every number of a snapshot can be computed again from its published files; of "
        f"{folder.name} {len(differences)} cannot:\n  {shown}{rest}\n"
        f"Where a row of `sources` differs, the store holds other files than the page was made "
        f"from: ingest those that the manifest names.{kept}"
    )


def _values(page: bytes) -> int:
    import msgspec

    def count(value: Any) -> int:
        if isinstance(value, Mapping):
            return sum(map(count, value.values()))
        return sum(map(count, value)) if isinstance(value, list) else 1

    return count(msgspec.json.decode(page))
