"""The ward's map with circles of their true size: hot spots, and the ground around them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from peelian.publication.map_frame import DESK, PHONE, WIDTH, Frame
from peelian.publication.maps import BASE_ID, base_map, numbers
from peelian.publication.profile.map import COLOURS
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedPlan

_NAME = "plan-map"


def plan_ground(plan: DisclosedPlan) -> str:
    """What lies under the map, drawn once a page; empty without the ward's line."""
    return base_map(plan.map, numbered=[plan.hotspots])


def plan_map(plan: DisclosedPlan) -> str:
    """Hot spots as numbered circles with a dashed line around the buffer; needs `plan_ground`.

    Empty without the ward's line: there is nothing to draw on.
    """
    if not plan.map.outline:
        return ""
    frame = Frame.around(plan.map)
    circles = "".join(_circles(frame, plan))
    sizes = "".join(
        f'<g class="{size.name}"><use href="#{BASE_ID}-{size.name}"/>'
        f"{''.join(numbers(frame, size, plan.hotspots))}</g>"
        for size in (PHONE, DESK)
    )
    return (
        f'<svg class="map" role="img" aria-labelledby="{_NAME}" '
        f'viewBox="0 0 {WIDTH} {frame.height}">'
        f'<title id="{_NAME}">{escape(in_words(plan))}</title><use href="#{BASE_ID}"/>'
        f"{circles}{sizes}</svg>"
    )


def plan_map_alone(plan: DisclosedPlan) -> str:
    """The same as a drawing of its own, for documents that know no style sheet."""
    drawn = plan_map(plan)
    if not drawn:
        return ""
    opening, _bracket, inside = drawn.partition(">")
    opening = opening.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{opening}><style>{COLOURS}</style>{plan_ground(plan)}{inside}"


def in_words(plan: DisclosedPlan) -> str:
    """What the map shows, for those who do not see it."""
    return _("Map of {ward}: {n} places to patrol, numbered as in the table beside it.").format(
        ward=plan.ward_name, n=len(plan.hotspots)
    )


def _circles(frame: Frame, plan: DisclosedPlan) -> Iterator[str]:
    for place in plan.hotspots:
        x, y = frame.at(place.easting, place.northing)
        radius = place.radius_m / frame.metres
        around = (place.radius_m + place.buffer_m) / frame.metres
        yield f'<circle class="ring unsure" cx="{x:.0f}" cy="{y:.0f}" r="{around:.0f}"/>'
        yield f'<circle class="ring" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}"/>'
