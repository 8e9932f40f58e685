"""Commands about places: what a name means, and which places come first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.records import DEFAULT_STORE, StoreFolder

if TYPE_CHECKING:
    from peelian.products.ranked_places import HarmRanking


def where_is(
    name: Annotated[str, typer.Argument(help="A street, park, estate or station, as written.")],
    ward: Annotated[str, typer.Option(help="The ward's code or name.")],
    store: StoreFolder = DEFAULT_STORE,
) -> None:
    """Say what a written place name means on the map."""
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
    by: Annotated[
        str, typer.Option(help="The unit: place, square, hexagon, street or lsoa.")
    ] = "place",
    side: Annotated[float, typer.Option(help="A square's or hexagon's side, in metres.")] = 150.0,
    harm: Annotated[
        str, typer.Option(help="Rank by an index of harm: ons-crime-severity-score-2016.")
    ] = "",
    boundary_set: Annotated[str, typer.Option(help="The boundary set to count in.")] = "",
) -> None:
    """Rank a ward's places by the records to expect next.

    In the next three months, by the ranking that a kept back-test chose, or recent records.

    True counts, for desk use: what may be published is decided by `peelian publish`.
    """
    from peelian.core.errors import InputError
    from peelian.products.kept_expectation import outdated_expectations
    from peelian.products.ranked_places import UNITS, harm_of_ward_places, rank_ward_places
    from peelian.store import Store

    if by not in UNITS or (harm and by != "place"):
        raise InputError(
            f"Places are ranked by one of {', '.join(UNITS)}, and by harm as places alone; found "
            f"{by!r}. Name one of them."
        )
    opened, set_named = Store(store), boundary_set or None
    if harm:
        found = harm_of_ward_places(opened, ward, measure, harm, boundary_set=set_named)
        typer.echo("\n".join(_harm_lines(found, most)))
        return
    ranking = rank_ward_places(opened, ward, measure, unit=by, side_m=side, boundary_set=set_named)
    typer.echo(f"{ranking.measure.title}, {ranking.span.in_words}. {ranking.method}")
    for outdated in outdated_expectations(opened):
        typer.echo(
            f"A back-test of {outdated} is kept but not used: other records have been ingested "
            f"since. Keep a new one: peelian back-test --keep --force {outdated}"
        )
    for place in ranking.places[:most]:
        typer.echo(
            f"{place.rank:3d}. {place.name}: {place.expected:.1f} expected "
            f"({place.low:.0f} to {place.high:.0f}), {place.recent} in the last twelve months, "
            f"{place.persistence}"
        )


def _harm_lines(found: HarmRanking, most: int) -> Iterator[str]:
    from peelian.core.crimes import label_of_slug

    index = found.index
    yield (
        f"{found.measure.title}, {len(found.months)} months held to {found.months[-1].in_words}, "
        f"by harm. {index.title}: {index.source}"
    )
    if index.read_from:
        yield index.read_from
    for place in found.places[:most]:
        total = place.total
        yield (
            f"{place.rank:3d}. {place.name}: {total.harm:,.0f} {total.unit} "
            f"({total.low:,.0f} to {total.high:,.0f}), from {total.weighed} of {place.records} "
            f"records"
        )
    unweighed = sorted({each for place in found.places for each in place.total.not_weighed})
    if unweighed:
        named = ", ".join(label_of_slug(each) for each in unweighed)
        yield f"Not weighed, though not harmless: {named}."
