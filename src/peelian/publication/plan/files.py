"""A plan's folder: everything that it is given out as, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from peelian.core.errors import InputError
from peelian.publication.csvw import table_files
from peelian.publication.plan.calendar import plan_calendar
from peelian.publication.plan.disclosed import DisclosedPlan
from peelian.publication.plan.document import briefing_document, plan_document
from peelian.publication.plan.html import briefing_page, plan_page
from peelian.publication.plan.shapes import plan_places, plan_routes
from peelian.publication.plan.tracks import plan_tracks
from peelian.publication.plan.visits import visits_table
from peelian.publication.swapping import alone_in, recover, swap_folder, write_folder

PLAN = "plan.json"
PUBLIC = "public"
EARLIER = "earlier"
_NAMES = {
    PLAN, PUBLIC, EARLIER, "plan.html", "plan.pdf", "places.geojson", "routes.geojson",
    "routes.gpx", "plan.ics", "visits.csv", "visits.csv-metadata.json",
}  # fmt: skip


@dataclass(frozen=True)
class PlanFiles:
    """Where a plan was written. `page` is what to open first."""

    folder: Path
    page: Path
    plan: Path


def plan_files(plan: DisclosedPlan, *, plan_json: bytes) -> dict[str, bytes]:
    """File name to content, the same for the same plan. plan_json: the plan as it is read back."""
    files = {
        PLAN: plan_json,
        "plan.html": plan_page(plan),
        "plan.pdf": plan_document(plan),
        "places.geojson": plan_places(plan),
        "routes.geojson": plan_routes(plan),
        "routes.gpx": plan_tracks(plan),
        "plan.ics": plan_calendar(plan),
        **table_files(visits_table(plan), plan),
    }
    for briefing in plan.briefings:
        files[f"{briefing.shift.stem}.html"] = briefing_page(plan, briefing)
        files[f"{briefing.shift.stem}.pdf"] = briefing_document(plan, briefing)
    return files


def write_plan(
    files: Mapping[str, bytes], folder: Path, *, public: Mapping[str, bytes] | None = None
) -> PlanFiles:
    """Write a plan's files into a folder of its own; an earlier plan in it is replaced whole.

    public: the files of the version for residents, in a folder inside. Of every plan replaced its
    plan.json stays in EARLIER, under the first twelve figures of its seal: a log is held against
    the plan of its own days, and a later version names the one it replaces. An InputError where
    the folder holds something else.
    """
    refuse_another_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}-new")
    with alone_in(folder.parent):
        recover(folder, beside=beside)
        write_folder(beside, files)
        if public:
            write_folder(beside / PUBLIC, public)
        if earlier := _earlier(folder, new=files[PLAN]):
            write_folder(beside / EARLIER, earlier)
        swap_folder(beside, folder)
    return PlanFiles(folder, folder / "plan.html", folder / PLAN)


def _earlier(folder: Path, *, new: bytes) -> dict[str, bytes]:
    """The plans that a folder holds and that the new one is not, by the names they are kept by."""
    held = [*sorted((folder / EARLIER).glob("*.json")), folder / PLAN]
    plans = {each.read_bytes() for each in held if each.is_file()} - {new}
    return {f"{sha256(plan).hexdigest()[:12]}.json": plan for plan in sorted(plans)}


def refuse_another_folder(folder: Path) -> None:
    """An InputError where a folder holds what no plan wrote: it would be lost."""
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"A plan is written to a folder; {folder} is a file. Name another with --to."
        )
    others = (
        sorted(each.name for each in folder.iterdir() if not _is_ours(each.name))
        if (folder.is_dir())
        else []
    )
    if others:
        raise InputError(
            f"A plan is for the team, and is written to a folder of its own; {folder} has "
            f"{', '.join(others[:3])}, which no plan wrote. Name another folder with --to."
        )


def _is_ours(name: str) -> bool:
    return name in _NAMES or name.startswith("briefing-")
