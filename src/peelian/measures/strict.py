"""What strict loaders of YAML files share: how a file is read, and what is said of a wrong one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from peelian.core.errors import InputError, SchemaError
from peelian.core.months import Month

Form = TypeVar("Form")


def from_yaml(path: Path) -> object:
    """What a file holds, as YAML has it. A file that is not YAML is a SchemaError."""
    try:
        return msgspec.yaml.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SchemaError(
            f"{path.name} is not YAML: {error}. Correct it; text with a colon needs quotes."
        ) from error


def in_form(written: object, form: type[Form], path: Path, *, schema: str, explained: str) -> Form:
    """What a file holds in its strict form.

    schema, explained: whose schema it is and where each key is explained, for the SchemaError
    that a file in another form is.
    """
    try:
        return msgspec.convert(written, form)
    except msgspec.ValidationError as error:
        raise SchemaError(
            f"{path.name} breaks the schema of {schema}: {error}. "
            f"See {explained} for what each key holds; dates and months are quoted."
        ) from error


def require(path: Path, key: str, found: object, holds: bool, allowed: str) -> None:
    """Raise a SchemaError that names the file, the key, what was found and what may stand."""
    if not holds:
        raise SchemaError(f"{path.name}, key {key}: found {found!r}. Allowed: {allowed}.")


def require_texts(path: Path, read: object, keys: Iterable[str]) -> None:
    """Require that none of these texts is empty."""
    for key in keys:
        text = getattr(read, key)
        require(path, key, text, bool(text.strip()), "a text that is not empty")


def require_review(path: Path, *, reviewed: str, review_due: str) -> None:
    """Require two dates, the one on which somebody is to look again after the one they did."""
    for key, text in (("reviewed", reviewed), ("review_due", review_due)):
        require(path, key, text, is_date(text), "a date, YYYY-MM-DD")
    rule = f"a date after {reviewed}"
    require(path, "review_due", review_due, reviewed < review_due, rule)


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
