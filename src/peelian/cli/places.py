"""Commands about places: what a name means, and which places come first."""

from __future__ import annotations

from typing import Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder


def where_is(
    name: Annotated[str, typer.Argument(help="A street, park, estate or station, as written.")],
    ward: Annotated[str, typer.Option(help="The ward's code or name.")],
    store: StoreFolder = DEFAULT_STORE,
) -> None:
    """Say what a written place name means on the map, and what it borders."""
    from peelian.core.gazetteer import Gazetteer
    from peelian.store import Store, places

    opened = Store(store)
    area = places.area(opened, ward)
    gazetteer = Gazetteer(places.named_places(opened, area.shape), near=area.shape)
    found = gazetteer.resolve(name)
    if found.place is None:
        typer.echo(f"“{name}” is not known in or near {area.name}.")
        for other in found.alternatives:
            typer.echo(f"  perhaps {other.name} ({other.kind})")
        raise typer.Exit(5)
    typer.echo(f"“{name}” is {found.place.name}, a {found.place.kind} ({found.certainty}).")
    if found.borders:
        typer.echo(f"  It borders {', '.join(found.borders)}.")
    if found.certainty == "suggestion":
        typer.echo("  Confirm it in the ward file before it is used.")


def rank(
    ward: Annotated[str, typer.Argument(help="The ward's code or name.")],
    measure: Annotated[str, typer.Argument(help="A measure's id: anti-social-behaviour.")],
    store: StoreFolder = DEFAULT_STORE,
    most: Annotated[int, typer.Option(min=1, help="How many places to list.")] = 10,
) -> None:
    """Rank a ward's places by the records to expect in the next three months, for analysts.

    True counts, for desk use: what may be published is decided by `peelian publish`.
    """
    from peelian.products.ranked_places import rank_ward_places
    from peelian.store import Store

    ranking = rank_ward_places(Store(store), ward, measure)
    typer.echo(f"{ranking.measure.title}, {ranking.span.in_words}. {ranking.method}")
    for place in ranking.places[:most]:
        typer.echo(
            f"{place.rank:3d}. {place.name}: {place.expected:.1f} expected "
            f"({place.low:.0f} to {place.high:.0f}), {place.recent} in the last twelve months, "
            f"{place.persistence}"
        )
