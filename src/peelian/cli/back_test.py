"""The command that tests rankings on a store's own past."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.products.back_test import BackTestReport
    from peelian.scanning.back_test_results import TypeBackTest

_COLUMNS = ("decayed", "all_time", "kernel", "richer", "chosen", "chance", "best")
_WIDTH = 9


def back_test(
    store: StoreFolder = DEFAULT_STORE,
    crime_type: Annotated[
        list[str] | None, typer.Option("--type", help="A crime type: robbery. All unless given.")
    ] = None,
    horizon: Annotated[int, typer.Option(min=1, max=12, help="Months ahead.")] = 3,
    force: Annotated[str, typer.Option(help="Whose records; the force with most.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file too.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the outcome in the store, for rankings to use.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Breaks ties between equal places.")] = 0,
) -> None:
    """Test which ranking of places would have caught most of what was recorded later.

    At each past month places are ranked by what was known, and the months after it are the
    judge. True counts, for desk use.
    """
    from peelian.products.back_test import back_test_panel, read_panel
    from peelian.products.kept_expectation import keep_expectation
    from peelian.store import Store

    opened = Store(store)
    read = read_panel(opened, force=force, include_btp=btp)
    with _bar() as report:
        found = back_test_panel(
            read, crime_types=crime_type or (), horizon_months=horizon, seed=seed, report=report
        )
    typer.echo("\n".join(_lines(found)))
    if to is not None:
        to.write_text(json.dumps(_as_json(found), indent=1) + "\n", encoding="utf-8")
    if keep:
        state = keep_expectation(opened, read, found)
        typer.echo(f"\nKept in {store} ({state}), until other records are ingested.")


def _lines(found: BackTestReport) -> Iterator[str]:
    from peelian.core.crimes import label_of_slug

    btp = "with" if found.includes_btp else "without"
    yield (
        f"{found.force}, {btp} the British Transport Police: {found.records:,} placed records at "
        f"{found.snap_points:,} snap points, {found.span.in_words}; {found.unplaced:,} records "
        f"without a location are not counted."
    )
    for month, why in found.missing.items():
        yield f"{month.in_words} is missing: {why}."
    first = max(found.tests, key=lambda each: len(each.origins))
    yield (
        f"Ranked at {len(first.origins)} times, {first.origins[0].in_words} to "
        f"{first.origins[-1].in_words}, {found.horizon_months} months ahead. A month counts at "
        f"every time it followed."
    )
    for top in (0.05, 0.01):
        yield ""
        yield f"Share of later records in the top {top:.0%} of snap points"
        yield "crime type".ljust(30) + "".join(
            name.replace("_", " ").rjust(_WIDTH) for name in ("records", *_COLUMNS)
        )
        for each in found.tests:
            shares = "".join(f"{each.share(name, top=top):.3f}".rjust(_WIDTH) for name in _COLUMNS)
            label = label_of_slug(each.crime_type)
            yield f"{label:30}{each.records:>{_WIDTH},}{shares}"
    yield ""
    yield "The chosen ranking: accuracy at the top 5 %, totals, intervals"
    yield "crime type".ljust(30) + "".join(
        name.rjust(_WIDTH) for name in ("in time", "PAI", "PEI", "totals", "covered", "of")
    )
    for each in found.tests:
        yield _accuracy_line(each, label_of_slug(each.crime_type))
    yield "in time: caught by choosing, at each time, from what was known by then."
    yield "PAI: share caught over share of places. PEI: of the best possible."
    yield "totals: records predicted over records that came (lowest and highest of a time)."
    yield "covered: outcomes within the 90 % interval, where one record or more was expected."
    yield ""
    yield "Which is chosen, and why"
    for each in found.tests:
        yield f"{label_of_slug(each.crime_type):30}{each.reason}"
    for name, why in found.not_tested.items():
        yield f"{label_of_slug(name)} is not tested: {why}."


def _accuracy_line(each: TypeBackTest, label: str) -> str:
    chosen = each.caught[0.05][each.chosen]
    ratios = each.calibration_by_origin
    covered = f"{each.coverage.share:.3f}" if each.coverage.outcomes else "too few"
    return (
        f"{label:30}{each.chosen_in_time.share:>{_WIDTH}.3f}{chosen.pai:>{_WIDTH}.2f}"
        f"{chosen.pei:>{_WIDTH}.3f}{each.calibration:>{_WIDTH}.3f}{covered:>{_WIDTH}}"
        f"{each.coverage.outcomes:>{_WIDTH},}  ({min(ratios):.2f} to {max(ratios):.2f})"
    )


def _as_json(found: BackTestReport) -> dict[str, Any]:
    return {
        "force": found.force,
        "span": str(found.span),
        "horizon_months": found.horizon_months,
        "snap_points": found.snap_points,
        "records": found.records,
        "unplaced": found.unplaced,
        "includes_btp": found.includes_btp,
        "missing": {str(month): why for month, why in found.missing.items()},
        "not_tested": dict(found.not_tested),
        "seed": found.seed,
        "types": {each.crime_type: each.figures() for each in found.tests},
    }


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; nothing where the output goes to a file."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("ranking", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
