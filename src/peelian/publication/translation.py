"""The one place through which every sentence for readers passes, ready for a catalogue.

English is written in the code. Where a catalogue is bound here, `_` and `ngettext` give
its language; without one they give the English back.
"""

from __future__ import annotations

from gettext import NullTranslations

_catalogue = NullTranslations()


def _(message: str) -> str:
    """The sentence in the readers' language. Fields in braces are filled in afterwards."""
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The sentence for a count, by the language's own rule for plurals."""
    return _catalogue.ngettext(one, many, count)
