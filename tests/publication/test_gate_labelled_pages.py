"""How right the language gate is on sixty labelled pages, and that its errors are listed.

Run with `-s` to see the figures by kind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gate_pages import FOLDER, measured, pages_of
from peelian.core.published_text import paragraphs_of
from peelian.publication.gate_rules import GATE_RULES

PARTS = ("written", "held_out", "varied", "unseen")
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "language-gate.md"


def test_there_are_thirty_pages_to_write_rules_on_and_thirty_to_measure_them_on() -> None:
    assert [len(pages_of(part)) for part in PARTS] == [20, 20, 10, 10]


@pytest.mark.parametrize("part", PARTS)
def test_nine_of_ten_findings_are_right_and_nine_of_ten_labels_are_found(part: str) -> None:
    found = measured(pages_of(part))
    print(f"\n{part}", *found.lines(), sep="\n")  # noqa: T201

    assert found.precision >= 0.9
    assert found.recall >= 0.9


@pytest.mark.parametrize("part", PARTS)
def test_every_error_on_the_labelled_pages_is_listed_in_the_guide(part: str) -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    unlisted = [error for error in measured(pages_of(part)).errors if error not in guide]

    assert unlisted == []


def test_every_label_names_a_known_kind_and_words_that_stand_once_in_its_page() -> None:
    for part in PARTS:
        for page in pages_of(part):
            plain = "\n".join(paragraphs_of(page.text))
            for label in page.labels:
                assert label.kind in GATE_RULES, page.name
                assert plain.count(label.words) == 1, (page.name, label.words)


def test_every_kind_is_labelled_somewhere() -> None:
    labelled = {label.kind for part in PARTS for page in pages_of(part) for label in page.labels}

    assert labelled == set(GATE_RULES)


def test_the_folder_holds_no_page_outside_its_parts() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*PARTS, "README.md"}
