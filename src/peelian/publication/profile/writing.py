"""From a store to a problem profile's files, for the team alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from peelian import __version__
from peelian.core.errors import InputError, SchemaError
from peelian.core.extras import require_extra
from peelian.core.wards import WardFile
from peelian.ingest.ward_file import read_ward_file
from peelian.measures import load_measures
from peelian.products.problem_profile.assembly import assemble_problem_profile
from peelian.publication.profile.files import ProfileFiles, refuse_another_pages, write_profile
from peelian.publication.profile.page import cleared_for_team
from peelian.store import Store, places


@dataclass(frozen=True)
class ProfileOptions:
    """What a profile is made of. priority: its number or id; or measure: a measure's id."""

    day: str  # YYYY-MM-DD
    priority: str = ""
    measure: str = ""
    boundary_set: str | None = None
    include_btp: bool = True
    source: str = "police.uk"
    seed: int = 0


@dataclass(frozen=True)
class WrittenProfile:
    """A profile on the disk, and what it says first."""

    title: str
    finding: str
    notice: str
    files: ProfileFiles


def write_problem_profile(
    store: Store, ward: str, *, to: Path, options: ProfileOptions, ward_file: Path | None = None
) -> WrittenProfile:
    """Make the profile of one priority of a ward and write it into a folder.

    ward: a code or an unambiguous name. ward_file: where the priority stands; CODE.toml where
    the command runs, unless given. A SchemaError where the file is another ward's.
    """
    require_extra("publish", "statistics", to="write a problem profile")
    refuse_another_pages(to)
    code = places.area(store, ward, boundary_set=options.boundary_set).code
    profile = assemble_problem_profile(
        store,
        code,
        measures=load_measures(),
        day=options.day,
        code_version=__version__,
        ward_file=_ward_file(code, ward_file, options),
        priority=options.priority,
        measure=options.measure,
        boundary_set=options.boundary_set,
        include_btp=options.include_btp,
        source=options.source,
        seed=options.seed,
    )
    cleared = cleared_for_team(profile)
    files = write_profile(cleared, to)
    return WrittenProfile(cleared.title, cleared.finding, cleared.notice, files)


def _ward_file(code: str, given: Path | None, options: ProfileOptions) -> WardFile | None:
    path = given or Path(f"{code}.toml")
    if given is None and not path.is_file():
        if not options.priority:
            return None
        raise InputError(
            f"A priority stands in a ward file; there is no {path} here. Name it with "
            f"--ward-file, or give --measure instead of --priority."
        )
    read = read_ward_file(path)
    if read.ward != code:
        raise SchemaError(
            f"A ward's profile is made from its own ward file; {path.name} is of {read.ward}, "
            f"and {code} was asked for. Name the other ward, or the other file."
        )
    return read
