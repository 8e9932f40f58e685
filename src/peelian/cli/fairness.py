"""The command that says who gets the minutes of patrol plans, after they are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.core.patrols import PatrolPlan, Visit
    from peelian.products.fairness import PlanFairness
    from peelian.response.fairness import AreaMinutes, Fairness, FifthMinutes

_HEAD = f"{'minutes':>10}{'per 1,000':>11}"


def fairness(
    plans: Annotated[
        list[Path], typer.Argument(help="Plans: plan.json, as `peelian plan` wrote them.")
    ],
    log: Annotated[
        list[Path] | None, typer.Option(help="A patrol log of these plans, as CSV; as many as are.")
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    seed: Annotated[int, typer.Option(min=0, help="Of what chance could give.")] = 0,
) -> None:
    """Say who gets the minutes of plans, by deprivation.

    Planned minutes, and delivered ones from logs, by LSOA and for each 1,000 residents. Looked at
    after plans are made and never fed back. One ward has too few LSOAs to say more than their
    table; name all of a borough's plans to be told whether chance would do the same. For the team.
    """
    from peelian.products.fairness import fairness_of_plans
    from peelian.products.patrol_plan.plan_file import read_plan
    from peelian.store import Store

    made = [read_plan(path) for path in plans]
    visits = _visits(made, log) if log else None
    found = fairness_of_plans(Store(store), made, visits, seed=seed)
    typer.echo("\n".join(_lines(made, found)))


def _visits(plans: Sequence[PatrolPlan], logs: Sequence[Path]) -> list[Visit]:
    """What all the logs tell, each unit's minute once; a refused row is told by its number."""
    from peelian.ingest.patrol_log import read_patrol_log
    from peelian.response.visits_once import visits_once

    hotspots = [hotspot for plan in plans for hotspot in plan.hotspots]
    read = [read_patrol_log(path, hotspots=hotspots) for path in logs]
    for each in read:
        if each.refused:
            typer.echo(
                f"{each.file}: {len(each.refused):,} rows refused: `peelian dosage` lists them."
            )
    return list(visits_once(visit for each in read for visit in each.visits).visits)


def _lines(plans: Sequence[PatrolPlan], found: PlanFairness) -> Iterator[str]:
    wards = ", ".join(dict.fromkeys(plan.area_name for plan in plans))
    days = f"{min(plan.first for plan in plans)} to {max(plan.last for plan in plans)}"
    yield f"Who gets the minutes: {wards}, {days}; LSOAs of {found.boundary_set}."
    kinds = {"planned": found.planned, "delivered": found.delivered}
    held = {name: kind for name, kind in kinds.items() if kind is not None}
    yield f"{'':40}" + "".join(f"{name:>21}" for name in held)
    yield f"{'':30}{'residents':>10}" + _HEAD * len(held)
    for rows in zip(*(kind.areas for kind in held.values()), strict=True):
        yield _row(f"{rows[0].name or rows[0].code}, fifth {rows[0].fifth or '–'}", rows)
    for fifths in zip(*(kind.fifths for kind in held.values()), strict=True):
        if fifths[0].areas:
            yield _row(f"All of fifth {fifths[0].fifth}: {fifths[0].areas} LSOAs", fifths)
    if found.fifth_of:
        yield f"Fifths are of {found.fifth_of} by deprivation; 1 is most deprived."
    yield from (f"{name.capitalize()}: {_along(kind)}" for name, kind in held.items())
    if found.outside >= 1:
        yield f"{found.outside:,.0f} planned minutes lie outside these LSOAs, over a ward's line."
    yield from found.notices


def _row(name: str, kinds: Sequence[AreaMinutes] | Sequence[FifthMinutes]) -> str:
    residents = kinds[0].residents
    cells = (
        f"{each.minutes:>10,.0f}"
        + (f"{'–':>11}" if each.per_thousand is None else f"{each.per_thousand:>11,.0f}")
        for each in kinds
    )
    return f"{name[:29]:30}{'–' if residents is None else f'{residents:,}':>10}" + "".join(cells)


def _along(kind: Fairness) -> str:
    """Whether minutes lean to the more or the less deprived, and whether chance would do so."""
    found = kind.concentration
    if found is None:
        return kind.why_not
    chance = f"chance alone gives {found.chance_low:.2f} to {found.chance_high:.2f}"
    said = (
        f"concentration index {found.index:.2f} ({found.low:.2f} to {found.high:.2f} at "
        f"{found.level:.0%}; below 0 where the more deprived get more); {chance}"
    )
    if not found.is_beyond_chance:
        return f"{said}: no more than chance."
    return (
        f"{said}. That is with deprivation dealt out area by area; neighbours are alike, and so "
        f"chance does more than that: look at the map before you call it a pattern."
    )
