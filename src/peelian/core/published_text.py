"""Published words as plain paragraphs and sentences, whether they came as text or as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

BULLETS = "•●▪‣·*–—-"

_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);", re.I)
_BLOCKS = frozenset(
    {"p", "div", "br", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr",
     "section", "article", "blockquote"}
)  # fmt: skip
_SKIPPED = frozenset({"script", "style"})

_LONGEST = 1000
_SHORT_LENGTH = 12
# A full stop after one of these does not end a sentence.
_SHORT = re.compile(
    r"(?:\b(?:St|Rd|Ave|Sgt|Insp|Cllr|Mr|Mrs|Ms|Dr|No|Nos|approx|etc|vs|e\.g|i\.e|a\.m|p\.m)|\b[A-Z])\.$"
)
_ENDS = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])")


class _Blocks(HTMLParser):
    """Collects the text of each block; a list item keeps a bullet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag in _BLOCKS:
            self.lines.append("• " if tag == "li" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        # Publishers mix markup with plain lines: a blank line in the source starts a new block.
        first, *rest = re.split(r"\n\s*\n", data)
        self.lines[-1] += first
        self.lines.extend(rest)


def in_one_line(text: str) -> str:
    """The text with every run of white space, line ends included, as one space."""
    return " ".join(text.split())


def is_markup(published: str) -> bool:
    """The words came as HTML: they hold a tag or a character reference."""
    return _MARKUP.search(published) is not None


def paragraphs_of(published: str) -> tuple[str, ...]:
    """Cut published words into plain paragraphs, in order, without empty ones.

    In plain text every line is a paragraph. In HTML every block is one, scripts and styles
    are left out, and a list item starts with "• ". The result holds no markup, but it is
    text: a template still has to escape it.
    """
    if is_markup(published):
        parser = _Blocks()
        parser.feed(published)
        parser.close()
        lines = parser.lines
    else:
        lines = published.splitlines()
    return tuple(line for line in map(in_one_line, lines) if line.strip(BULLETS + " "))


def sentences_of(paragraph: str) -> tuple[str, ...]:
    """Cut a paragraph into sentences, in order and without loss.

    A sentence ends with ".", "!" or "?" before a capital or a digit, but not after a short
    form such as "St." or an initial. One of more than 1,000 characters is cut at a space:
    nobody writes such a sentence, and the rules that read it would take long.
    """
    sentences: list[str] = []
    start = 0
    for end in _ENDS.finditer(paragraph):
        tail = paragraph[max(start, end.end() - _SHORT_LENGTH) : end.end()].rstrip()
        if not _SHORT.search(tail):
            sentences.append(paragraph[start : end.end()])
            start = end.end()
    sentences.append(paragraph[start:])
    return tuple(part for sentence in sentences for part in _parts(sentence.strip()))


def _parts(sentence: str) -> Iterator[str]:
    while len(sentence) > _LONGEST:
        cut = sentence.rfind(" ", 0, _LONGEST)
        cut = cut if cut > 0 else _LONGEST
        yield sentence[:cut].rstrip()
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence
