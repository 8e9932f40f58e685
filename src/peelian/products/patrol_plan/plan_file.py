"""The plan as a file: JSON that is read back equal, and the seal that shows a change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from peelian.core.errors import InputError, SchemaError
from peelian.core.patrols import PatrolPlan


def plan_text(plan: PatrolPlan) -> str:
    """The plan as JSON, the same bytes for the same plan."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1).decode() + "\n"


def seal_of(plan: PatrolPlan) -> str:
    """SHA-256 of the plan's text, in hexadecimal."""
    return hashlib.sha256(plan_text(plan).encode()).hexdigest()


def read_plan(path: Path) -> PatrolPlan:
    """Read a plan that `peelian plan` wrote; InputError where none is there, SchemaError else."""
    if not path.is_file():
        raise InputError(
            f"A plan is the file plan.json that `peelian plan` writes; there is none at {path}. "
            f"Name the plan's own file."
        )
    try:
        return msgspec.json.decode(path.read_bytes(), type=PatrolPlan)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SchemaError(
            f"A plan is read as `peelian plan` wrote it; {path.name} is not: {error}. Make the "
            f"plan again, or name another file."
        ) from error
