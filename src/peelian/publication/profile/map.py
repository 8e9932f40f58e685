"""The map of places as a drawing of its own, for documents that know no style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peelian.publication.maps import base_map, places_map

if TYPE_CHECKING:
    from peelian.publication.disclosed import DisclosedMap, DisclosedPlaces

# The light colours of the page's style sheet: a document is printed on white.
COLOURS = (
    "text{font-family:sans-serif;fill:#15201f}.ward{fill:#fff}.park{fill:#dfe8db}"
    ".estate{fill:#e6e3dc}.line{fill:none;stroke:#15201f;stroke-width:4;stroke-dasharray:15 6}"
    ".main,.minor,.path{fill:none;stroke-linejoin:round;stroke-linecap:round}"
    ".main{stroke:#a9b5b3;stroke-width:10}.minor{stroke:#c3cccb;stroke-width:6}"
    ".path{stroke:#c3cccb;stroke-width:2}.corridor{stroke:#0b5d66;stroke-width:2}"
    ".stripe-over{stroke:#0b5d66;stroke-width:1.2;fill:none}"
    ".ring{fill:#0b5d66;fill-opacity:.22;stroke:#0b5d66;stroke-width:3}"
    ".unsure{fill:none;stroke-dasharray:7 5}"
    ".disc{fill:#0b5d66;stroke:#fff;stroke-width:2.5}"
    ".number{fill:#fff;text-anchor:middle;font-weight:700}"
    ".pointer{fill:none;stroke:#0b5d66;stroke-width:3}.desk{display:none}"
    ".phone text{font-size:36.5px}.street-name,.park-name,.estate-name{text-anchor:middle;"
    "fill:#4a5957}.street-name,.park-name,.estate-name,.still{stroke:#fff;stroke-width:13px;"
    "paint-order:stroke;stroke-linejoin:round}.park-name{stroke:#dfe8db}"
    ".estate-name{stroke:#e6e3dc}.middle{text-anchor:middle}"
    ".station{fill:#15201f;stroke:#fff;stroke-width:3}.bar{fill:none;stroke:#15201f;stroke-width:3}"
)


def map_alone(ward_map: DisclosedMap, places: DisclosedPlaces) -> str:
    """The places numbered on the ward's map, with letters for a narrow one.

    Empty without a ward's line.
    """
    drawn = places_map(ward_map, places.ranking, corridor=places.corridor)
    if not drawn:
        return ""
    under = base_map(ward_map, numbered=[places.ranking.places])
    opening, _bracket, inside = drawn.partition(">")
    opening = opening.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{opening}><style>{COLOURS}</style>{under}{inside}"
