"""Published markup as plain text: what a team's page says, without how it looked.

Only text is kept, so nothing here needs to be safe HTML; templates escape it as any text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "section", "article", "blockquote",
     "h1", "h2", "h3", "h4", "h5", "h6"}
)  # fmt: skip
_SILENT = frozenset({"script", "style", "head", "template"})
_BULLET = "• "


def plain_text(markup: str | None) -> str:
    """The text of a fragment of HTML: entities read, a line a paragraph, list items bulleted.

    Text without markup comes back as it is, its white space tidied. None gives "".
    """
    if not markup:
        return ""
    reader = _TextOf()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _TextOf(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n" + (_BULLET if tag == "li" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS and tag not in ("br", "li"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)
