"""Read and write the ward file: TOML that a sergeant can read and correct."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from peelian.core.errors import InputError, SchemaError
from peelian.core.months import MonthSpan
from peelian.core.wards import WardFile
from peelian.ingest.strict_toml import read_strict_toml, require_day

_HEADER = """\
# The ward file of {name}.
#
# What its neighbourhood team says in public, in a form that can be checked. The program reads
# it to make the ward's page. You may correct anything in it.
#
# issue, action    the words as published. Change them only when the published page changes.
# places           names of the page. Write in `means` what the map calls each.
# [[priorities.commitments]]
#                  one promise. Fill in `owner`, `due` (2025-03-31) and `status`: planned,
#                  in_progress, done, not_done or no_evidence. To show evidence, add below it:
#
#                      [[priorities.commitments.evidence]]
#                      text = "Patrol log of March"
#                      date = "2025-03-31"
#                      url = "https://…"
#
# [[priorities.claims]]
#                  a statement that something rose or fell. `span` fixes its months
#                  (2024-04/2024-09). Delete a claim or a promise that was read wrongly.
# warnings         what to look at before the words are shown again. They are not published.
#
# A key that the program does not know is an error: nothing is dropped in silence.
"""
_DAYS = {"due", "review_due", "date"}


def read_ward_file(path: Path) -> WardFile:
    """Read a ward file strictly.

    An unknown key, a wrong value, a day that is not YYYY-MM-DD, a span that is not months, or
    an id used twice is a SchemaError that names the place, what was found and what is allowed.
    """
    ward_file = read_strict_toml(
        path,
        WardFile,
        what="A ward file",
        if_missing=(
            f"A ward's page is made from its ward file; {path} is not there. Make one from the "
            "published page with `peelian import-page`."
        ),
    )
    _check(ward_file, path.name)
    return ward_file


def write_ward_file(ward_file: WardFile, path: Path, *, replace: bool = False) -> None:
    """Write a ward file whole or not at all; read again, it is equal.

    An existing file may hold somebody's corrections: it is an InputError unless `replace`.
    """
    if path.exists() and not replace:
        raise InputError(
            f"A ward file may hold corrections, so it is not overwritten; {path} is there. Choose "
            "another name, or say --replace."
        )
    if path.is_dir():
        raise InputError(f"A ward file is one file; {path} is a folder. Name a file in it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as out:
            out.write(ward_file_text(ward_file))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def ward_file_text(ward_file: WardFile) -> str:
    """The ward file as TOML with its header, a section for each priority."""
    fields = msgspec.to_builtins(ward_file)
    priorities = fields.pop("priorities", [])
    name = re.sub(r"[^\w\s.,’'&-]", "", " ".join(ward_file.name.split()))
    chunks = [_HEADER.format(name=name), _toml(fields)]
    for place, (priority, written) in enumerate(
        zip(ward_file.priorities, priorities, strict=True), start=1
    ):
        for commitment, row in zip(
            priority.commitments, written.get("commitments", []), strict=True
        ):
            # What a person is asked to fill in is shown even where it is empty.
            evidence = row.pop("evidence", [])
            row.update(status=commitment.status, owner=commitment.owner, due=commitment.due)
            row["evidence"] = evidence
        chunks += [f"# ---- Priority {place} {'-' * 78}\n", *_table("priorities", written)]
    return "\n".join(chunks)


def _table(name: str, row: dict[str, Any]) -> Iterator[str]:
    """A row of an array of tables, the rows below it after it, each under a head of its own.

    Written so, not inline, that a person can add a key or a row beneath.
    """
    below = {
        key: value
        for key, value in row.items()
        if isinstance(value, list) and (not value or isinstance(value[0], dict))
    }
    plain = {key: value for key, value in row.items() if key not in below}
    tables = {key: plain.pop(key) for key in list(plain) if isinstance(plain[key], dict)}
    yield f"[[{name}]]\n{_toml(plain)}"
    for key, table in tables.items():
        yield f"[{name}.{key}]\n{_toml(table)}"
    for key, rows in below.items():
        for one in rows:
            yield from _table(f"{name}.{key}", one)


def _toml(fields: dict[str, Any]) -> str:
    # Text over several lines keeps them, except where a carriage return would be lost.
    carriage = any("\r" in text for text in _texts(fields))
    return tomli_w.dumps(fields, multiline_strings=not carriage, indent=2)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _check(ward_file: WardFile, name: str) -> None:
    ids = [priority.id for priority in ward_file.priorities]
    for priority in ward_file.priorities:
        ids += [commitment.id for commitment in priority.commitments]
        ids += [claim.id for claim in priority.claims]
        for claim in priority.claims:
            if claim.span:
                _check_span(claim.span, claim.id, name)
        _check_days(priority, priority.id, name)
        for commitment in priority.commitments:
            _check_days(commitment, commitment.id, name)
            for evidence in commitment.evidence:
                _check_days(evidence, f"the evidence of {commitment.id}", name)
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise SchemaError(
            f"In a ward file every priority, commitment and claim has an id of its own; {name} "
            f"uses {', '.join(twice)} twice. Give each its own."
        )


def _check_span(span: str, where: str, name: str) -> None:
    try:
        MonthSpan.parse(span)
    except InputError as error:
        raise SchemaError(
            f"In {name}, span of {where} is months as YYYY-MM/YYYY-MM; found {span!r}. {error}"
        ) from error


def _check_days(record: msgspec.Struct, where: str, name: str) -> None:
    for key in _DAYS & set(record.__struct_fields__):
        require_day(getattr(record, key), key=key, where=where, name=name)
