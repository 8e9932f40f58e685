"""The command that tests rankings on a store's own past."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder
from peelian.core.crimes import label_of_slug
from peelian.core.errors import InputError

if TYPE_CHECKING:
    from peelian.products.back_test import BackTestReport
    from peelian.scanning.back_test_results import TypeBackTest
    from peelian.store import Store

_LABEL, _PAGE = 28, 80  # the longest crime type; a terminal's width
_SHOWN = {"decayed": 9, "all_time": 9, "kernel": 8, "richer": 8, "best": 7}  # and their widths


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
    source: Annotated[str, typer.Option(help="Whose records to count.")] = "police.uk",
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the outcome in the store, for rankings to use.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Breaks ties between equal places.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Test which ranking of places catches most later records.

    At each past month places are ranked by what was known, and the months after it are the
    judge. True counts, for desk use.
    """
    from peelian.products.back_test import back_test_panel, read_panel
    from peelian.products.kept_expectation import HORIZON_MONTHS, keep_expectation
    from peelian.store import Store

    if keep and (crime_type or horizon != HORIZON_MONTHS):
        raise InputError(
            f"Rankings take what is kept of every crime type, {HORIZON_MONTHS} months ahead; found "
            f"a --type or another --horizon. Leave them out with --keep, or leave out --keep."
        )
    opened = Store(store)
    read = read_panel(opened, force=force, include_btp=btp, source=source)
    with _bar() as report:
        found = back_test_panel(
            read, crime_types=crime_type or (), horizon_months=horizon, seed=seed, report=report
        )
    if as_json:
        typer.echo(json.dumps(_as_json(found), indent=1))
    else:
        typer.echo("\n".join(_lines(found)))
    if keep:
        state = keep_expectation(opened, read, found)
        typer.echo(_kept_in_words(opened, found, state, source), err=as_json)


def _kept_in_words(store: Store, found: BackTestReport, state: str, source: str) -> str:
    from peelian.core.crimes import BRITISH_TRANSPORT_POLICE

    said = f"Kept in {store.path} ({state}), until other records are ingested."
    if not found.includes_btp and store.partitions(
        "crimes", source=source, force=BRITISH_TRANSPORT_POLICE
    ):
        said += (
            " Where a ward's ranking counts records of the British Transport Police, it is not "
            "used: for those, keep one made with --btp."
        )
    return "\n" + _wrapped(said)


def _lines(found: BackTestReport) -> Iterator[str]:
    btp = "with" if found.includes_btp else "without"
    yield _wrapped(
        f"{found.force}, {btp} the British Transport Police: {found.records:,} placed records at "
        f"{found.snap_points:,} snap points, {found.span.in_words}; {found.unplaced:,} records "
        f"without a location are not counted."
    )
    for month, why in found.missing.items():
        yield _wrapped(f"{month.in_words} is missing: {why}.")
    first = max(found.tests, key=lambda each: len(each.origins))
    yield _wrapped(
        f"Ranked at {len(first.origins)} times, {first.origins[0].in_words} to "
        f"{first.origins[-1].in_words}, {found.horizon_months} months ahead. A month counts at "
        f"every time it followed."
    )
    for top in (0.05, 0.01):
        yield from _shares(found.tests, top)
    yield "* the chosen ranking. best: by knowing what came."
    yield from _choices(found.tests)
    yield from _totals(found.tests)
    for name, why in found.not_tested.items():
        yield _wrapped(f"{label_of_slug(name)} is not tested: {why}.")


def _shares(tests: Sequence[TypeBackTest], top: float) -> Iterator[str]:
    yield (
        f"\nShare of later records in the top {top:.0%} of snap points "
        f"(by chance {tests[0].share('chance', top=top):.3f})"
    )
    heads = (f"{name.replace('_', ' '):>{width - 1}} " for name, width in _SHOWN.items())
    yield f"{'crime type':{_LABEL}}{'records':>10}{''.join(heads)}".rstrip()
    for each in tests:
        cells = (
            f"{each.share(name, top=top):{width - 1}.3f}{'*' if name == each.chosen else ' '}"
            for name, width in _SHOWN.items()
        )
        yield f"{_label(each):{_LABEL}}{each.records:>10,}{''.join(cells)}".rstrip()


def _choices(tests: Sequence[TypeBackTest]) -> Iterator[str]:
    from peelian.scanning.back_test_choice import LEAST_ORIGINS, LEVEL, WORST_LOSS

    yield "\nThe choice at the top 5%, and how the chosen ranking did"
    heads = ("gained", "from", "to", "in time", "PAI", "PEI")
    yield f"{'crime type':{_LABEL}}" + "".join(f"{head:>8}" for head in heads)
    for each in tests:
        gained, chosen = each.gained, each.caught[0.05][each.chosen]
        points = (
            f"{'too few to say':>24}"
            if gained is None
            else "".join(f"{100 * x:+z8.1f}" for x in (gained.estimate, gained.low, gained.high))
        )
        yield (
            f"{_label(each):{_LABEL}}{points}{each.chosen_in_time.share:8.3f}"
            f"{chosen.pai:8.2f}{chosen.pei:8.3f}"
        )
    yield _wrapped(
        f"gained: what the richer ranking caught beyond decayed counts, in percentage points, and "
        f"its {LEVEL:.0%} interval. It is chosen where it gained at {LEAST_ORIGINS} times or "
        f"more, and the interval leaves out a loss above {100 * WORST_LOSS:g}; decayed counts "
        f"otherwise."
    )
    yield "in time: caught by choosing, at each time, from what was known by then."
    yield "PAI: share caught over share of places. PEI: of the best possible."


def _totals(tests: Sequence[TypeBackTest]) -> Iterator[str]:
    yield "\nRecords predicted over records that came, and intervals of the chosen ranking"
    heads = ("all times", "lowest", "highest", "covered", "of")
    yield f"{'crime type':{_LABEL}}" + "".join(f"{head:>10}" for head in heads)
    for each in tests:
        ratios = each.calibration_by_origin
        covered = f"{each.coverage.share:.3f}" if each.coverage.outcomes else "too few"
        yield (
            f"{_label(each):{_LABEL}}{each.calibration:10.3f}{min(ratios):10.2f}"
            f"{max(ratios):10.2f}{covered:>10}{each.coverage.outcomes:>10,}"
        )
    yield (
        f"covered: outcomes within the {tests[0].coverage.level:.0%} interval, where a record or "
        f"more was expected."
    )


def _label(each: TypeBackTest) -> str:
    return label_of_slug(each.crime_type)


def _wrapped(said: str) -> str:
    return textwrap.fill(said, _PAGE, subsequent_indent="  ", break_on_hyphens=False)


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
