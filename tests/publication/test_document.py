"""The panel's document: tagged, the same bytes for the same page, and whole at the edges."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from peelian.publication.disclosed import DisclosedWardPage
from peelian.publication.disclosure import disclose
from peelian.publication.document import panel_document
from publication.true_page import true_page


@pytest.fixture(scope="module")
def page() -> DisclosedWardPage:
    return disclose(true_page())


def text_of(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_it_says_state_claims_commitments_and_sources(page: DisclosedWardPage) -> None:
    text = text_of(panel_document(page))

    for said in (
        "Two priorities. Recorded robbery is lower than a year ago",
        "Not supported by the records",
        "Better lighting",
        "A paragraph is left out because it could show who gave information to the police.",
        "Whether a knife was used.",
        "Contains public sector information licensed under the Open Government Licence v3.0",
    ):
        assert said in text
    assert "valuable intelligence" not in text


def test_it_is_tagged_and_has_a_language_and_a_title(page: DisclosedWardPage) -> None:
    reader = PdfReader(io.BytesIO(panel_document(page)))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Quayside and Millfield, 1 May 2018"


def test_it_is_a4_and_its_date_is_the_snapshots(page: DisclosedWardPage) -> None:
    reader = PdfReader(io.BytesIO(panel_document(page)))

    box = reader.pages[0].mediabox
    millimetres = [round(float(side) * 25.4 / 72) for side in (box.width, box.height)]
    assert millimetres == [210, 297]
    assert reader.metadata is not None
    assert str(reader.metadata.creation_date).startswith("2018-05-01")


def test_the_same_page_gives_the_same_bytes(page: DisclosedWardPage) -> None:
    assert panel_document(page) == panel_document(page)


def test_text_of_the_page_is_never_markup(page: DisclosedWardPage) -> None:
    sly = replace(page.priorities[0], title="*Bold* #panic() $x$ \\ <p>")

    text = text_of(panel_document(replace(page, priorities=(sly,))))

    assert "*Bold* #panic() $x$ \\ <p>" in text


def test_a_ward_without_priorities_or_types_still_has_a_document(page: DisclosedWardPage) -> None:
    bare = replace(page, priorities=(), commitments=(), by_type=(), sources=(), cannot_know=())

    assert "Quayside and Millfield" in text_of(panel_document(bare))
