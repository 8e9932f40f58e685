"""Read TOML that a person wrote into a strict form, and say what is wrong with a wrong one."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from peelian.core.errors import InputError, SchemaError
from peelian.ingest.paths import existing_file

Form = TypeVar("Form")

_AT = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.?(?P<name>\w+)|\[(?P<place>\d+|\.\.\.)\]")


def read_strict_toml(
    path: Path, form: type[Form], *, what: str, if_missing: str, named_by: tuple[str, ...] = ("id",)
) -> Form:
    """Read a TOML file into a struct that forbids fields nobody knows.

    what: what the file is, as a sentence about it begins ("A ward file"). if_missing: the whole
    message where no file is there, an InputError. named_by: the keys by which a person knows a
    row of a list; the first that a row has stands beside its number. A file that is not UTF-8,
    not TOML or not in the form is a SchemaError that names the place, what was found and what
    is allowed. Days and times of day written without quotes are read as the text they look like.
    """
    if not path.exists():
        raise InputError(if_missing)
    try:
        text = existing_file(path).read_text(encoding="utf-8-sig")  # Notepad marks its files
    except UnicodeDecodeError as error:
        raise SchemaError(
            f"{what} is UTF-8 text; {path.name} is not, at byte {error.start}. Save it as UTF-8."
        ) from error
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(
            f"{what} is TOML; {path.name} breaks its grammar: {error}. Mend that line. "
            'Text stands between quotes, long text between three: """.'
        ) from error
    try:
        return msgspec.convert(_with_days_as_text(found), form)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _AT.search(message)
        where, rule = (at["path"], message[: at.start()]) if at else ("", message)
        raise SchemaError(
            f"{what} holds only what its schema knows. In {path.name}, "
            f"{_in_words(where, found, named_by)}: {rule[:1].lower() + rule[1:]}. "
            f"{_allowed(where, rule, form)}"
        ) from error


def require_day(written: str, *, key: str, where: str, name: str) -> None:
    """Nothing where a text is empty or a day of the calendar, YYYY-MM-DD; a SchemaError else.

    key, where, name: which field of what, in which file, for the message.
    """
    try:
        if written and date.fromisoformat(written).isoformat() != written:
            raise ValueError
    except ValueError:
        raise SchemaError(
            f"In {name}, {key} of {where} is a day as YYYY-MM-DD; found {written!r}. "
            "Write it so, as in 2025-03-31, or leave it out."
        ) from None


def _with_days_as_text(value: Any) -> Any:
    """A day or a time written without quotes is TOML's own: read it as the text it looks like."""
    if isinstance(value, dict):
        return {key: _with_days_as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_days_as_text(one) for one in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, time) and not (value.second or value.microsecond):
        return value.isoformat(timespec="minutes")
    return value


def _in_words(path: str, found: Any, named_by: tuple[str, ...]) -> str:
    """`.priorities[1].title` as "title of priorities 2 (p2)"."""
    words: list[str] = []
    here = found
    for step in _STEP.finditer(path):
        if step["name"]:
            words.append(step["name"])
            here = here.get(step["name"]) if isinstance(here, dict) else None
        elif step["place"] and step["place"].isdigit() and words:
            place = int(step["place"])
            here = here[place] if isinstance(here, list) and place < len(here) else None
            words[-1] += f" {place + 1}" + _own_name(here, named_by)
    return " of ".join(reversed(words)) if words else "at the top"


def _own_name(row: Any, named_by: tuple[str, ...]) -> str:
    if not isinstance(row, dict):
        return ""
    return next((f" ({row[key]})" for key in named_by if isinstance(row.get(key), str)), "")


def _allowed(path: str, rule: str, form: Any) -> str:
    kind = form
    for step in _STEP.finditer(path):
        if step["name"] and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            kind = _plain(get_type_hints(kind).get(step["name"], str))
        elif step["place"]:
            kind = _plain(get_args(kind)[0]) if get_args(kind) else kind
    if get_origin(kind) is Literal:
        return f"Allowed: {', '.join(map(str, get_args(kind)))}."
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and "field" in rule:
        return f"Allowed here: {', '.join(kind.__struct_fields__)}."
    return "Correct it and read the file again."


def _plain(hint: Any) -> Any:
    """The type without its "or None"."""
    if get_origin(hint) is Union or type(None) in get_args(hint):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint
