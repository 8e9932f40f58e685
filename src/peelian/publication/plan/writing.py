"""From a store to a plan's folder, ward by ward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from peelian.core.errors import InputError, SchemaError
from peelian.core.extras import require_extra
from peelian.core.wards import WardFile
from peelian.ingest.ward_file import read_ward_file
from peelian.measures import load_measures
from peelian.measures import measure as measure_of
from peelian.products.patrol_plan.assembly import (
    PlanWishes,
    assemble_patrol_plan,
    base_of_ward,
)
from peelian.products.patrol_plan.document import plan_document
from peelian.products.patrol_plan.plan_file import plan_text, read_plan
from peelian.products.ward_records import read_ward_records
from peelian.publication.patrol_minutes import public_minutes_files
from peelian.publication.plan.files import (
    PlanFiles,
    plan_files,
    refuse_another_folder,
    write_plan,
)
from peelian.publication.plan.page import cleared_for_team
from peelian.store import Store, places


@dataclass(frozen=True)
class WrittenPlan:
    """A plan on the disk, and what it says first."""

    ward_name: str
    period: str
    warning: str
    finding: str
    score: str
    notices: tuple[str, ...]
    notice: str
    files: PlanFiles


@dataclass(frozen=True)
class Read:
    """Where records and promises are read. public: whether residents' version is written too."""

    boundary_set: str | None = None
    include_btp: bool = True
    source: str = "police.uk"
    ward_files: Path = Path()
    public: bool = True


def write_plans(
    store: Store, wards: Sequence[str], *, to: Path, wishes: PlanWishes, read: Read, jobs: int = 1
) -> Iterator[WrittenPlan]:
    """Plan each ward and write it into a folder of its own, named by its code, below `to`.

    wards: codes or names; a borough's for all of its wards. Every folder is whole or not there.
    jobs: how many wards are planned side by side; each ward's bytes and their order are the same.
    """
    require_extra("publish", "optimise", "statistics", to="write a patrol plan")
    measure_of(wishes.measure)
    codes = list(places.ward_codes(store, wards, boundary_set=read.boundary_set))
    if wishes.previous is not None and codes != [wishes.previous.area_code]:
        raise InputError(
            f"A plan before is of one ward; it is of {wishes.previous.area_name} "
            f"({wishes.previous.area_code}), and {', '.join(codes)} was asked for. Plan that ward "
            f"alone, or leave out --previous."
        )
    if wishes.tasking.ward and codes != [wishes.tasking.ward]:
        raise InputError(
            f"A tasking file with `ward` is of that ward alone, {wishes.tasking.ward}; "
            f"{', '.join(codes)} was asked for. Plan that ward, or take `ward` out of the file."
        )
    for code in codes:
        refuse_another_folder(to / code)
        if wishes.previous is None:
            _refuse_to_end_a_trial(to / code / "plan.json", wishes.first)
    from joblib import Parallel, delayed

    planned = Parallel(n_jobs=min(jobs, len(codes)), return_as="generator")
    yield from planned(delayed(_written)(store, code, to / code, wishes, read) for code in codes)


def _written(store: Store, code: str, folder: Path, wishes: PlanWishes, read: Read) -> WrittenPlan:
    ward_file = _ward_file(read.ward_files / f"{code}.toml", code)
    area = places.area(store, code, boundary_set=read.boundary_set)
    records = read_ward_records(
        store,
        ward_file.force if ward_file else "",
        area,
        load_measures(),
        include_btp=read.include_btp,
        source=read.source,
    )
    plan = assemble_patrol_plan(records, wishes)
    document = plan_document(
        plan,
        records,
        wishes.tasking,
        base_name=base_of_ward(records, wishes.tasking).name,
        ward_file=ward_file,
    )
    cleared = cleared_for_team(document)
    files = plan_files(cleared, plan_json=plan_text(plan).encode())
    public = None
    if read.public:
        # As on the plan's first day at the latest: no week of it is over when it is made, whatever
        # day a person writes, and a week that is over would be shown by place.
        public = public_minutes_files(
            plan,
            day=min(wishes.made_on, plan.first),
            operator=cleared.operator,
            licence=cleared.licence,
        )
    written = write_plan(files, folder, public=public)
    return WrittenPlan(
        ward_name=cleared.ward_name,
        period=cleared.period,
        warning=cleared.warning,
        finding=cleared.finding,
        score=cleared.score,
        notices=cleared.notices,
        notice=cleared.notice,
        files=written,
    )


def _refuse_to_end_a_trial(held: Path, first: date) -> None:
    """An InputError where the plan that is held has a trial that goes on."""
    try:
        trial = read_plan(held).trial
    except InputError:  # none is there, or one of another time that cannot be read
        return
    if trial is not None and trial.period_starts[-1] > first:
        raise InputError(
            f"A trial goes on as it was drawn until its last day, "
            f"{trial.period_starts[-1] - timedelta(days=1)}; a plan made without the one before "
            f"would end it. That one is {held}. Name it with --previous, or write to another "
            f"folder with --to."
        )


def _ward_file(path: Path, code: str) -> WardFile | None:
    if not path.is_file():
        return None
    read = read_ward_file(path)
    if read.ward != code:
        raise SchemaError(
            f"A plan repeats the promises of its own ward; {path} is of {read.ward}, and {code} "
            f"was asked for. Correct the file's name or its ward."
        )
    return read
