"""A profile's three files: a page, a document for paper, and every figure as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from peelian.core.errors import InputError
from peelian.publication.profile.disclosed import DisclosedProfile
from peelian.publication.profile.document import profile_document
from peelian.publication.profile.html import profile_page
from peelian.publication.swapping import write_whole


@dataclass(frozen=True)
class ProfileFiles:
    """Where a profile was written. `page` is what to open first."""

    page: Path
    document: Path
    figures: Path


def write_profile(profile: DisclosedProfile, folder: Path) -> ProfileFiles:
    """Write a profile into a folder, which is made where it is absent.

    Files of an earlier profile in it are replaced. An InputError where another page is in it.
    """
    refuse_another_pages(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = ProfileFiles(folder / "index.html", folder / "profile.pdf", folder / "profile.json")
    write_whole(files.document, profile_document(profile))
    write_whole(files.figures, profile_json(profile))
    write_whole(files.page, profile_page(profile))
    return files


def refuse_another_pages(folder: Path) -> None:
    """An InputError where a folder has a page that is no profile's: a published site's, say."""
    if (folder / "index.html").exists() and not (folder / "profile.json").exists():
        raise InputError(
            f"A profile is for the team, and is written to a folder of its own; {folder} has the "
            f"index.html of something else. Name another folder with --to."
        )


def profile_json(profile: DisclosedProfile) -> bytes:
    """Every statement with its figures, how sure it is, its method and its source.

    All of the profile but the street map under the places, which has no figure of its own.
    """
    said = msgspec.to_builtins(profile)
    del said["map"]
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"
