"""A plan's rounds as GPX 1.1, for any map on a phone that works without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from peelian.core.grid import to_degrees
from peelian.publication.plan.days import clock
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.publication.plan.disclosed import DisclosedPlan, DisclosedShift

_GPX = "http://www.topografix.com/GPX/1/1"
_DECIMALS = 6  # about 0.1 m


def plan_tracks(plan: DisclosedPlan) -> bytes:
    """Every place as a waypoint, every shift's round as a track; WGS 84, no times.

    A track of times would be taken for one that was walked.
    """
    ElementTree.register_namespace("", _GPX)
    root = ElementTree.Element(f"{{{_GPX}}}gpx", {"version": "1.1", "creator": "Peelian"})
    about = ElementTree.SubElement(root, f"{{{_GPX}}}metadata")
    _text(about, "name", _("{ward}: patrol plan").format(ward=plan.ward_name))
    _text(about, "desc", plan.notice)
    for place in plan.hotspots:
        (position,) = degrees_of([(place.easting, place.northing)])
        point = ElementTree.SubElement(root, f"{{{_GPX}}}wpt", _at(position))
        _text(point, "name", f"{place.rank}. {place.name}")
    for shift in plan.shifts:
        _track(root, shift)
    ElementTree.indent(root, " ")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def degrees_of(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Longitudes and latitudes of eastings and northings, to about 0.1 m."""
    longitudes, latitudes = to_degrees([x for x, _y in line], [y for _x, y in line])
    return [
        (round(float(x), _DECIMALS), round(float(y), _DECIMALS))
        for x, y in zip(longitudes, latitudes, strict=True)
    ]


def _track(root: ElementTree.Element, shift: DisclosedShift) -> None:
    lines = [leg.line for leg in shift.legs if len(leg.line) > 1]
    if not lines:
        return
    track = ElementTree.SubElement(root, f"{{{_GPX}}}trk")
    _text(track, "name", shift.shift_id)
    visits = "; ".join(f"{clock(leg.arrives)} {leg.rank}. {leg.name}" for leg in shift.visits)
    _text(track, "desc", visits)
    for line in lines:
        segment = ElementTree.SubElement(track, f"{{{_GPX}}}trkseg")
        for position in degrees_of(list(line)):
            ElementTree.SubElement(segment, f"{{{_GPX}}}trkpt", _at(position))


def _at(position: tuple[float, float]) -> dict[str, str]:
    longitude, latitude = position
    return {"lat": f"{latitude:.{_DECIMALS}f}", "lon": f"{longitude:.{_DECIMALS}f}"}


def _text(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, f"{{{_GPX}}}{name}").text = words
