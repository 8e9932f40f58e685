"""What the map suggests for the place names of a page that nobody has confirmed."""

from __future__ import annotations

import msgspec

from peelian.core.gazetteer import Gazetteer
from peelian.core.places import Resolution
from peelian.core.wards import ConfirmedPlace, WardFile
from peelian.store import Store, places


def with_suggestions(ward_file: WardFile, store: Store) -> WardFile:
    """The ward file with the map's suggestion beside each unconfirmed name, and a ward's name.

    A name that the map has exactly or as an alias is confirmed by that; a suggestion waits
    for a person, who writes it under `means`; an unknown name stays as it is.
    """
    area = places.area(store, ward_file.ward)
    gazetteer = Gazetteer(places.named_places(store, area.shape), near=area.shape)
    filled = [_filled(place, gazetteer.resolve(place.written)) for place in ward_file.places]
    # A page without a name of its own has been given the ward's code.
    name = area.name if ward_file.name == ward_file.ward else ward_file.name
    return msgspec.structs.replace(ward_file, places=filled, name=name)


def _filled(place: ConfirmedPlace, found: Resolution) -> ConfirmedPlace:
    if place.means or found.place is None:
        return place
    if found.certainty == "suggestion":
        return msgspec.structs.replace(place, suggested=found.place.name)
    return msgspec.structs.replace(place, means=found.place.name)
