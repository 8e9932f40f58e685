"""The ward's map: its line, its own streets, and ranked places as numbered rings.

Drawn from the page's shapes alone. Streets and grounds are drawn once a page
(`base_map`) and used by every map of it; each map adds its own rings and labels, in one
size for phones and one for desks, of which the style sheet shows one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from peelian.publication.disclosed import DisclosedMap, DisclosedPlace, DisclosedRanking, Ring
from peelian.publication.map_frame import DESK, PHONE, WIDTH, Frame, Size
from peelian.publication.map_labels import Label, Taken, ground_labels, street_labels
from peelian.publication.translation import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_STREET_CLASSES = {
    "main": ("motorway", "trunk", "primary", "secondary", "tertiary"),
    "minor": ("residential", "unclassified", "living_street", "pedestrian", "road"),
}
_NAMED_IN_WORDS = 10
BASE_ID = "ward-base"
_SMALLEST_BLOCK = 600  # square units: some thirteen pixels each way on a desk
# Lines are thinned by so many units and left out below such a length: a footpath is drawn
# two units wide, and hundreds of its ends would be a third of the drawing.
_THINNED = {"path": (2.5, 28)}
_THINNED_OTHERWISE = (1, 8)


class Numbered(Protocol):
    """What stands on a map by its number. Easting and northing: EPSG:27700, metres."""

    @property
    def rank(self) -> int: ...  # noqa: D102
    @property
    def easting(self) -> float: ...  # noqa: D102
    @property
    def northing(self) -> float: ...  # noqa: D102


_NumberedT = TypeVar("_NumberedT", bound=Numbered)


def base_map(ward_map: DisclosedMap, *, numbered: Sequence[Sequence[Numbered]] = ()) -> str:
    """What lies under every map of a page, drawn once and not shown by itself.

    numbered: the places of every map of the page; no name is set where a number stands.
    """
    if not ward_map.outline:
        return ""
    frame = Frame.around(ward_map)
    parts = [f'<g id="{BASE_ID}">{"".join(_ground(frame, ward_map))}</g>']
    for size in (PHONE, DESK):
        taken = Taken(WIDTH, frame.height)
        for places in numbered:
            for x, y, _place in _numbered(frame, size, places):
                disc = size.units(size.number_px)
                taken.add(x - disc, y - disc, x + disc, y + disc)
        scale = "".join(_scale_bar(frame, size, taken))
        names = "".join(_label(label) for label in _labels(frame, size, ward_map, taken))
        parts.append(f'<g id="{BASE_ID}-{size.name}" class="{size.name}">{names}{scale}</g>')
    return (
        '<svg class="sprite" width="0" height="0" aria-hidden="true">'
        f"<defs>{''.join(parts)}</defs></svg>"
    )


def places_map(
    ward_map: DisclosedMap,
    ranking: DisclosedRanking,
    *,
    corridor: Sequence[Ring] = (),
    most: float | None = None,
) -> str:
    """Draw ranked places as rings whose area is the records expected, numbered as in the list.

    Needs `base_map` on the same page. corridor: hatched, where a priority has one. most: the
    records that the largest ring stands for, where maps are to be compared; otherwise the
    ranking's own. A ward without a line gives an empty text: there is nothing to draw on.
    """
    if not ward_map.outline:
        return ""
    frame = Frame.around(ward_map)
    name = escape(ranking.id)
    most = most or max((place.expected or 0 for place in ranking.places), default=0) or 1
    parts = [
        f'<title id="m-{name}">{escape(_in_words(ranking))}</title>',
        f'<use href="#{BASE_ID}"/>',
        _corridor(frame, corridor, name),
    ]
    for size in (PHONE, DESK):
        places = "".join(_places(frame, size, ranking.places, most))
        names = f'<use href="#{BASE_ID}-{size.name}"/>'
        parts.append(f'<g class="{size.name}">{names}{places}</g>')
    return (
        f'<svg class="map" role="img" aria-labelledby="m-{name}" '
        f'viewBox="0 0 {WIDTH} {frame.height}">{"".join(parts)}</svg>'
    )


def _in_words(ranking: DisclosedRanking) -> str:
    if len(ranking.places) > _NAMED_IN_WORDS:  # read aloud, the list beside it says them better
        many = _("{n} places, numbered as in the list").format(n=len(ranking.places))
        return f"{ranking.title}. {many}."
    names = "; ".join(f"{place.rank} {place.name}" for place in ranking.places)
    return f"{ranking.title}. {_('Numbered as in the list')}: {names}."


def _ground(frame: Frame, ward_map: DisclosedMap) -> Iterator[str]:
    """The ward, its parks, estates and streets, and its line above them.

    Paths are drawn within the ward only: outside it they would be most of the drawing.
    """
    import shapely

    view = shapely.box(-20, -20, WIDTH + 20, frame.height + 20)
    rings = [frame.ring(ring) for ring in ward_map.outline]
    outline = "".join(_path(ring, closed=True) for ring in rings)
    yield f'<path class="ward" d="{outline}"/>'
    for kind in ("park", "estate"):
        shapes = [
            shapely.Polygon(frame.ring(ring))
            for ground in ward_map.grounds
            if ground.kind == kind
            for ring in ground.rings
            if len(ring) > 3
        ]
        yield _drawn(kind, shapely.union_all(shapely.make_valid(shapes)), view)
    ward = shapely.union_all(shapely.make_valid([shapely.Polygon(r) for r in rings if len(r) > 3]))
    for kind in ("path", "minor", "main"):
        lines = [
            shapely.LineString(frame.ring(line))
            for street in ward_map.streets
            if _street_class(street.highway) == kind
            for line in street.lines
            if len(line) > 1
        ]
        if lines:
            seen = ward.buffer(5) if kind == "path" else view
            yield _drawn(kind, shapely.line_merge(shapely.union_all(lines)), seen)
    yield f'<path class="line" d="{outline}"/>'


def _street_class(highway: str) -> str:
    plain = highway.removesuffix("_link")
    return next((kind for kind, those in _STREET_CLASSES.items() if plain in those), "path")


def _drawn(kind: str, shape: BaseGeometry, view: BaseGeometry) -> str:
    """One path for all shapes of a kind, clipped to the view and thinned by a pixel or less."""
    import shapely

    by, shortest = _THINNED.get(kind, _THINNED_OTHERWISE)
    seen = shapely.simplify(shapely.intersection(shape, view), by)
    data = []
    for part in shapely.get_parts(seen):
        if part.geom_type == "LineString" and part.length > shortest:
            data.append(_path(part.coords, closed=False))
        elif part.geom_type == "Polygon":
            data += [_path(r.coords, closed=True) for r in (part.exterior, *part.interiors)]
    return f'<path class="{kind}" d="{"".join(data)}"/>' if data else ""


def _path(points: Sequence[tuple[float, ...]], *, closed: bool) -> str:
    """A path in whole units, each step from the last: the fewest letters."""
    whole = [(round(p[0]), round(p[1])) for p in points]
    if closed and whole[0] == whole[-1]:
        whole = whole[:-1]
    text = f"M{whole[0][0]} {whole[0][1]}"
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(whole) if a != b]
    text += "l" + " ".join(steps).replace(" -", "-") if steps else ""
    return text + ("z" if closed else "")


def _corridor(frame: Frame, corridor: Sequence[Ring], name: str) -> str:
    """The corridor's outline and the blocks it goes around, except the smallest."""
    import shapely

    rings = [frame.ring(ring) for ring in corridor if len(ring) > 3]
    rings = [ring for ring in rings if shapely.Polygon(ring).area > _SMALLEST_BLOCK]
    if not rings:
        return ""
    outline = "".join(_path(ring, closed=True) for ring in rings)
    return (
        f'<defs><pattern id="c-{name}" width="14" height="14" patternUnits="userSpaceOnUse">'
        f'<path class="stripe-over" d="M-3 17 17-3M-3 3 3-3M11 17 17 11"/></pattern></defs>'
        f'<path class="corridor" fill="url(#c-{name})" fill-rule="evenodd" d="{outline}"/>'
    )


def _numbered(
    frame: Frame, size: Size, places: Sequence[_NumberedT]
) -> Iterator[tuple[float, float, _NumberedT]]:
    """Where each place's number stands: on its point, or beside it where another's stands there."""
    taken = Taken(WIDTH, frame.height)
    for place in places:
        x, y = taken.near(
            *frame.at(place.easting, place.northing), radius=size.units(size.number_px)
        )
        yield x, y, place


def _places(
    frame: Frame, size: Size, places: Sequence[DisclosedPlace], most: float
) -> Iterator[str]:
    """Rings first and numbers above them."""
    disc = size.units(size.number_px)
    for place in places:
        x, y = frame.at(place.easting, place.northing)
        share = (place.expected or 0) / most
        radius = max(size.units(size.largest_px) * share**0.5, disc * 1.2)
        kind = "ring" if place.expected is not None else "ring unsure"
        yield f'<circle class="{kind}" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}"/>'
    yield from numbers(frame, size, places)


def numbers(frame: Frame, size: Size, places: Sequence[Numbered]) -> Iterator[str]:
    """Each place's number on its disc, the first of them on top."""
    disc = size.units(size.number_px)
    for x, y, place in reversed(list(_numbered(frame, size, places))):
        at_x, at_y = frame.at(place.easting, place.northing)
        if (x, y) != (at_x, at_y):
            yield f'<path class="pointer" d="M{at_x:.0f} {at_y:.0f}L{x:.0f} {y:.0f}"/>'
        yield (
            f'<circle class="disc" cx="{x:.0f}" cy="{y:.0f}" r="{disc:.0f}"/>'
            f'<text class="number" x="{x:.0f}" y="{y + disc * 0.42:.0f}">{place.rank}</text>'
        )


def _scale_bar(frame: Frame, size: Size, taken: Taken) -> Iterator[str]:
    """A bar of a round length at the lower left, and north at the upper right."""
    lengths = (50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000)
    longest = 0.25 * WIDTH * frame.metres
    metres = max((m for m in lengths if m <= longest), default=lengths[0])
    words = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    unit, wide, foot = size.units(1), metres / frame.metres, frame.height - size.units(10)
    taken.add(0, foot - 20 * unit, 12 * unit + wide, frame.height)
    taken.add(WIDTH - 20 * unit, 0, WIDTH, 34 * unit)
    bar = f"M{8 * unit:.0f} {foot - 5 * unit:.0f}v{5 * unit:.0f}h{wide:.0f}v-{5 * unit:.0f}"
    yield f'<path class="bar" d="{bar}"/>'
    yield f'<text class="still" x="{13 * unit:.0f}" y="{foot - 5 * unit:.0f}">{words}</text>'
    x, step = round(WIDTH - 12 * unit), round(5 * unit)
    arrow = f"M{x} {4 * step}V{step}m-{step} {step}l{step}-{step} {step} {step}"
    yield f'<path class="bar" d="{arrow}"/>'
    yield f'<text class="still middle" x="{x}" y="{31 * unit:.0f}">N</text>'


def _labels(frame: Frame, size: Size, ward_map: DisclosedMap, taken: Taken) -> Iterator[Label]:
    """Stations, main streets, parks and estates, other streets: as many as stand free."""
    letters = size.units(size.letters_px)
    grounds = [
        (ground.name, ground.kind, frame.at(*ground.point), [frame.ring(r) for r in ground.rings])
        for ground in ward_map.grounds
        if ground.name
    ]
    names: dict[str, dict[str, list[list[tuple[float, float]]]]] = {"main": {}, "minor": {}}
    for street in ward_map.streets:
        kind = _street_class(street.highway)
        if street.name and kind in names:
            lines = [frame.ring(line) for line in street.lines if len(line) > 1]
            names[kind].setdefault(street.name, []).extend(lines)
    outline = [frame.ring(ring) for ring in ward_map.outline]
    stations = [g for g in grounds if g[1] == "station"]
    yield from ground_labels(stations, letters=letters, taken=taken, at_most=size.grounds)
    main = street_labels(
        names["main"], within=outline, letters=letters, taken=taken, at_most=size.streets // 2
    )
    yield from main
    others = [g for g in grounds if g[1] != "station"]
    yield from ground_labels(others, letters=letters, taken=taken, at_most=size.grounds)
    yield from street_labels(
        names["minor"], within=outline, letters=letters, taken=taken,
        at_most=size.streets - len(main),
    )  # fmt: skip


def _label(label: Label) -> str:
    turn = f"rotate({label.degrees:.0f})" if label.degrees else ""
    place = f'transform="translate({label.x:.0f} {label.y:.0f}){turn}"'
    lines = [escape(line) for line in label.text.split("\n")]
    if label.kind == "station":
        half = round(label.letters * 0.36)
        mark = f'<path class="station" d="M-{half}-{half}h{2 * half}v{2 * half}h-{2 * half}z"/>'
        words = f'<text class="still" x="{label.letters * 0.6:.0f}" y="{half}">{lines[0]}</text>'
        return f"<g {place}>{mark}{words}</g>"
    if len(lines) == 1:
        return f'<text class="{label.kind}-name" {place} dy=".35em">{lines[0]}</text>'
    spans = f'<tspan x="0" dy="-.2em">{lines[0]}</tspan><tspan x="0" dy="1.1em">{lines[1]}</tspan>'
    return f'<text class="{label.kind}-name" {place}>{spans}</text>'
