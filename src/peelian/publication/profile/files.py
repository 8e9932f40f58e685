"""A profile's three files: a page, a document for paper, and every figure as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

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

    Files of an earlier profile in it are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = ProfileFiles(folder / "index.html", folder / "profile.pdf", folder / "profile.json")
    write_whole(files.document, profile_document(profile))
    write_whole(files.figures, profile_json(profile))
    write_whole(files.page, profile_page(profile))
    return files


def profile_json(profile: DisclosedProfile) -> bytes:
    """Every statement with its figures, how sure it is, its method and its source.

    All of the profile but the street map under the places, which has no figure of its own.
    """
    said = msgspec.to_builtins(profile)
    del said["map"]
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"
