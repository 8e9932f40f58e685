"""What a strict loader of YAML files says where a value is none of those allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from peelian.core.errors import InputError, SchemaError
from peelian.core.months import Month


def require(path: Path, key: str, found: object, holds: bool, allowed: str) -> None:
    """Raise a SchemaError that names the file, the key, what was found and what may stand."""
    if not holds:
        raise SchemaError(f"{path.name}, key {key}: found {found!r}. Allowed: {allowed}.")


def is_month(text: str) -> bool:
    """Whether a text is a month, YYYY-MM."""
    try:
        Month.parse(text)
    except InputError:
        return False
    return True


def is_date(text: str) -> bool:
    """Whether a text is a date of the calendar, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
