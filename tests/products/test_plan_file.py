"""A plan as a file: read back equal, and refused where it no longer holds together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made_patrols import hotspot, plan, planned
from peelian.core.errors import InputError, SchemaError
from peelian.core.patrols import Abstraction, Trial
from peelian.products.patrol_plan.plan_file import plan_text, read_plan
from peelian.response.trial import trial_seal

TRIAL = Trial(
    kind="parallel", places=("p", "c"), blocks=(1, 1), expected=(9.0, 8.0),
    period_starts=(date(2026, 12, 1), date(2027, 1, 1)), treated=((True,), (False,)), seed=7,
    seal="",
)  # fmt: skip
VISITS = [planned("p", day) for day in range(7)]
MADE = plan([hotspot("p"), hotspot("c")], VISITS)
PLAN = replace(
    MADE,
    asked=(("p", 7), ("c", 0)),
    trial=replace(TRIAL, seal=trial_seal(TRIAL)),
    abstractions=(Abstraction(VISITS[0].shift_id, MADE.shifts[0].start, VISITS[0].start, "court"),),
)


def written(folder: Path, change: Callable[[dict[str, Any]], object] = lambda _: None) -> Path:
    path = folder / "plan.json"
    content = json.loads(plan_text(PLAN))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_plan_is_read_back_equal(tmp_path: Path) -> None:
    assert read_plan(written(tmp_path)) == PLAN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p["visits"][0].update(place_id="q"), "it has no place q"),
        (lambda p: p["asked"].append(["q", 1]), "it has no place q"),
        (lambda p: p["visits"][0].update(shift_id="x"), "no shift x, which a visit names"),
        (lambda p: p["visits"][0].update(start="2027-03-01T15:10:00"), "is not within it"),
        (lambda p: p["visits"][0].update(end=p["visits"][0]["start"]), "is not within it"),
        (lambda p: p["visits"][0].update(start="2026-11-30T15:10:07"), "is not within it"),
        (lambda p: p["visits"][0].update(start="2026-11-30T15:10:00Z"), "is not within it"),
        (lambda p: p["abstractions"][0].update(shift_id="x"), "which lost time names"),
        (lambda p: p["shifts"].append(p["shifts"][0]), "late A is there twice"),
        (lambda p: p["shifts"][0].update(end="2026-11-29T22:00:00"), "the hours of shift"),
        (lambda p: p.update(last="2026-12-05"), "2026-12-06 late A is not within 2026-11-30"),
        (lambda p: p.update(last="2026-11-01"), "it is of 2026-11-30 to 2026-11-01"),
        (lambda p: p["hotspots"].append(p["hotspots"][0]), "place 'p' is there twice"),
        (lambda p: p["trial"].update(treated=[[False], [True]]), "seal of its trial"),
        (lambda p: p["trial"].update(treated=[[True]]), "seal of its trial"),
        (lambda p: p["trial"].update(seed=8), "seal of its trial"),
    ],
)
def test_a_plan_that_no_longer_holds_together_is_refused_with_what_is_wrong(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(SchemaError, match=rf"plan.json has been changed since: .*{said}"):
        read_plan(written(tmp_path, change))


@pytest.mark.parametrize("text", ["", "{}", "[]", "[" * 100_000, "\ufeff{", '{"seed": 1e999}'])
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SchemaError, match="A plan is read as `peelian plan` wrote it"):
        read_plan(path)


def test_a_plan_that_is_not_there_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Name the plan's own file"):
        read_plan(tmp_path)
