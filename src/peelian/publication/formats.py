"""Every file beside the page, made from what may be shown and from nothing else."""

from __future__ import annotations

import msgspec

from peelian.core.wards import WardFile
from peelian.ingest.ward_file import ward_file_text
from peelian.ingest.ward_page import export_priorities
from peelian.publication.csvw import (
    commitments_table,
    measure_table,
    places_table,
    table_files,
    types_table,
)
from peelian.publication.disclosed import DisclosedWardPage, measures_of
from peelian.publication.document import panel_document
from peelian.publication.feeds import reviews_calendar
from peelian.publication.geojson import places_geojson
from peelian.publication.provenance import PAGE
from peelian.publication.public_words import public_ward_file


def write_files(
    page: DisclosedWardPage, *, ward_file: WardFile, sequence: int = 0
) -> dict[str, bytes]:
    """The content of a snapshot: file name to bytes, the same for the same page.

    ward_file: what the page was made from; what may not be repeated is taken out of it here.
    sequence: how many snapshots came before. The pages, the feed and the manifest are not
    among the files: they show the snapshot's id, which is a hash of these.
    """
    files: dict[str, bytes] = {PAGE: page_json(page)}
    for measure in measures_of(page):
        files |= table_files(measure_table(measure), page)
    for table in (places_table(page), commitments_table(page), types_table(page)):
        files |= table_files(table, page)
    files["places.geojson"] = places_geojson(page)
    files["priorities.json"] = priorities_json(ward_file)
    files["reviews.ics"] = reviews_calendar(page, sequence=sequence)
    files["panel.pdf"] = panel_document(page)
    files["ward.toml"] = ward_toml(ward_file)
    return files


def page_json(page: DisclosedWardPage) -> bytes:
    """All that the page says, as JSON."""
    return msgspec.json.encode(page) + b"\n"


def priorities_json(ward_file: WardFile) -> bytes:
    """The priorities in the shape of police.uk's API, so that a force can take them back.

    Where a paragraph may not be repeated, a line says so in its stead.
    """
    priorities = export_priorities(public_ward_file(ward_file))
    return msgspec.json.format(msgspec.json.encode(priorities), indent=1) + b"\n"


def ward_toml(ward_file: WardFile) -> bytes:
    """The public ward file: with it and the store anybody computes the page again."""
    return ward_file_text(public_ward_file(ward_file)).encode("utf-8")
