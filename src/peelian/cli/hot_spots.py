"""Commands about hot spots: which are new, and which chronic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.products.emerging_places import EmergingReport

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
    """Tell new hot spots from chronic ones, among all places of a borough.

    True counts, for desk use: what may be published is decided by `peelian publish`.
    """
    from peelian.products.emerging_places import emerging_places
    from peelian.store import Store

    found = emerging_places(
        Store(store), area, measure, boundary_set=boundary_set or None, include_btp=btp
    )
    typer.echo("\n".join(_lines(found, most)))


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
