"""Commands about hot spots: which are new, which chronic, and clusters that nobody named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder
from peelian.core.months import MonthSpan

if TYPE_CHECKING:
    from peelian.products.clusters import AreaScan
    from peelian.products.emerging_places import EmergingReport

_NAMED = 4  # places of a cluster that are named
_CLASSES = {
    "new": "New: hot now, for the first time, and rising. Where to look, not yet a finding",
    "intensifying": "Intensifying: hot before, and rising",
    "persistent": "Persistent: hot half the months or more, neither rising nor falling",
    "diminishing": "Diminishing: hot half the months or more, and falling",
    "historical": "Historical: hot before, and not lately",
}


def emerging(
    area: Annotated[str, typer.Argument(help="A borough's code or name.")],
    measure: Annotated[str, typer.Argument(help="A measure's id: burglary.")],
    store: StoreFolder = DEFAULT_STORE,
    most: Annotated[int, typer.Option(min=1, help="How many places to list of a class.")] = 10,
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = True,
) -> None:
    """Tell new hot spots from chronic ones, in a borough.

    True counts, for desk use: what may be published is decided by `peelian publish`.
    """
    from peelian.products.emerging_places import emerging_places
    from peelian.store import Store

    found = emerging_places(
        Store(store), area, measure, boundary_set=boundary_set or None, include_btp=btp
    )
    typer.echo("\n".join(_lines(found, most)))


def clusters(
    area: Annotated[str, typer.Argument(help="A ward's or borough's code or name.")],
    measure: Annotated[str, typer.Argument(help="A measure's id: burglary.")],
    store: StoreFolder = DEFAULT_STORE,
    around: Annotated[
        float, typer.Option(min=0, help="Metres around the area that are scanned too.")
    ] = 0.0,
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
    btp: Annotated[
        bool, typer.Option("--btp/--no-btp", help="Count British Transport Police records.")
    ] = True,
    seed: Annotated[
        int, typer.Option(min=0, help="Of the shuffles that say what chance gives.")
    ] = 0,
) -> None:
    """Find clusters of places and months that nobody named.

    Those that are alive in the newest month. True counts, for desk use: what may be published
    is decided by `peelian publish`.
    """
    from peelian.products.clusters import clusters_in
    from peelian.store import Store

    scan = clusters_in(
        Store(store), area, measure, around_m=around, boundary_set=boundary_set or None,
        include_btp=btp, seed=seed,
    )  # fmt: skip
    typer.echo("\n".join(_cluster_lines(scan)))


def _cluster_lines(scan: AreaScan) -> Iterator[str]:
    found = scan.clusters
    around = f" and {found.around_m:g} m around it" if found.around_m else ""
    yield (
        f"{scan.measure.title} in {scan.area.name}{around}, {len(found.months)} months to "
        f"{found.months[-1].in_words}: {found.records:,} records, each crime once, at "
        f"{found.places:,} places; circles to {found.radius_m:g} m, windows to "
        f"{found.longest_months} months."
    )
    for each in found.found:
        months = MonthSpan(each.first, each.last).in_words
        others = f" and {len(each.places) - _NAMED} more" if len(each.places) > _NAMED else ""
        yield (
            f"  {'; '.join(each.places[:_NAMED])}{others}: {each.found.observed} records in "
            f"{months}, {each.found.expected:.1f} expected. By chance, somewhere, "
            f"{_how_often(each.found.p_value, found.replicates)} such looks."
        )
    if not found.found:
        yield (
            f"No cluster beyond chance; the strongest would come by chance in "
            f"{found.least_p_value:.0%} of such looks."
        )


def _how_often(p_value: float, replicates: int) -> str:
    """No shuffle of so many reached it, or so many did."""
    often = "at most" if p_value * (replicates + 1) < 1.5 else "about"
    return f"{often} once in {1 / p_value:,.0f}"


def _lines(found: EmergingReport, most: int) -> Iterator[str]:
    held = len(found.span) - len(found.missing)
    yield (
        f"{found.measure.title} in {found.area.name}, {found.span.in_words}, {held} months held: "
        f"{found.looked_at:,} places, each with those at most {found.within_m:g} m away."
    )
    for kind, words in _CLASSES.items():
        own = [place for place in found.places if place.found.kind == kind]
        if not own:
            continue
        yield f"{words} ({len(own)}):"
        for place in own[:most]:
            hot = sum(place.found.hot)
            yield (
                f"  {place.name}: hot in {hot} of {len(place.found.hot)} months; records of its "
                f"own: {place.recent} in twelve months, {place.records} in all"
            )
        if len(own) > most:
            yield f"  and {len(own) - most} more"
    if not found.places:
        yield "No place and its surroundings stood out for long enough to be classed."
