"""Published words as paragraphs and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.published_text import in_one_line, is_markup, paragraphs_of, sentences_of


def test_every_line_of_plain_text_is_a_paragraph() -> None:
    assert paragraphs_of("One.\n\nTwo  words.\n • Three\n") == ("One.", "Two words.", "• Three")


def test_html_is_read_by_blocks_without_scripts_and_with_bullets() -> None:
    published = (
        "<p>Begging &amp; drinking.<br/>Also <b>noise</b>.</p>"
        "<script>alert(1)</script><ul><li>Patrols</li></ul>After.\n\nLast."
    )

    assert paragraphs_of(published) == (
        "Begging & drinking.", "Also noise.", "• Patrols", "After.", "Last.",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["5 < 6 and 7 > 6", "Marks & Spencer", "a <3 b"])
def test_signs_of_plain_text_are_not_taken_for_markup(text: str) -> None:
    assert not is_markup(text)
    assert paragraphs_of(text) == (text,)


@pytest.mark.parametrize("text", ["", " \n\t", "<p> </p>", "•"])
def test_nothing_gives_no_paragraph(text: str) -> None:
    assert paragraphs_of(text) == ()


def test_sentences_end_before_a_capital_but_not_after_a_short_form() -> None:
    paragraph = "We met on St. Ann's Rd. It was dark! “Was it?” Yes, at 9 p.m. 12 came."

    assert sentences_of(paragraph) == (
        "We met on St. Ann's Rd. It was dark!", "“Was it?”", "Yes, at 9 p.m. 12 came.",
    )  # fmt: skip


@given(st.text())
def test_sentences_lose_no_word(text: str) -> None:
    paragraph = in_one_line(text)

    assert "".join("".join(sentences_of(paragraph)).split()) == "".join(paragraph.split())


def test_a_sentence_without_end_is_cut() -> None:
    parts = sentences_of("word " * 1000)

    assert max(map(len, parts)) <= 1000
    assert " ".join(parts).split() == ["word"] * 1000
