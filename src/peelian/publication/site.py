"""A ward's pages as files: laid out from disclosed numbers and sentences, nothing computed.

Every page stands alone: its style sheet is inside it, no script is needed and nothing is
fetched. Links within the site are relative, so a folder works from a disk, a memory stick
or below any path of a server.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from peelian.core.wards import CommitmentStatus
from peelian.publication.charts import chart_patterns, scale_top, series_chart
from peelian.publication.disclosed import places_of
from peelian.publication.maps import base_map, places_map
from peelian.publication.month_table import month_notes, month_rows
from peelian.publication.translation import _

if TYPE_CHECKING:
    from jinja2 import Environment

    from peelian.publication.disclosed import (
        DisclosedCommitment,
        DisclosedMeasure,
        DisclosedPlace,
        DisclosedPlaces,
        DisclosedWardPage,
    )

_HERE = Path(__file__).parent
_COMMITMENTS_SHOWN = 60  # in the table of the ward's own page; the rest stands on a page of its own
_PLACES_SHOWN = 10  # on the ward's own page: as many as a phone's map can number
_STATUSES: tuple[CommitmentStatus, ...] = (
    "no_evidence", "planned", "in_progress", "done", "not_done",
)  # fmt: skip


@dataclass(frozen=True)
class SnapshotInfo:
    """One publication of a ward: its content hash and date, where it can be found, what changed.

    address: absolute where the site's address is known (it becomes the printed page's QR
    code), relative or empty otherwise. differences: from the snapshot before, a sentence each.
    """

    id: str
    date: str
    address: str = ""
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexEntry:
    """A ward in the list of wards. address: relative to the list, or absolute."""

    ward_code: str
    name: str
    force: str
    state: str
    snapshot_date: str
    address: str


@dataclass(frozen=True)
class _StatusPage:
    """The commitments of one status, which have a page of their own."""

    status: CommitmentStatus
    words: str
    file: str
    commitments: tuple[DisclosedCommitment, ...]

    @property
    def number(self) -> int:
        return len(self.commitments)


def render_ward(
    page: DisclosedWardPage,
    *,
    snapshot: SnapshotInfo,
    earlier: Sequence[SnapshotInfo] = (),
    lang: str = "en-GB",
) -> dict[str, bytes]:
    """Write a ward's pages, file name to content; `index.html` is the ward's own page.

    earlier: snapshots before this one, newest first. lang: the language of the sentences.
    """
    listed = {places.id: places for places in places_of(page)}
    numbered = [places.ranking.places[:_PLACES_SHOWN] for places in listed.values()]
    ground = markup(base_map(page.map, numbered=numbered))
    write = partial(write_page, lang=lang, page=page, base_map=ground)
    files = {
        "index.html": write(
            "ward.html",
            snapshot=snapshot,
            earlier=earlier,
            statuses=_status_pages(page.commitments),
            code=markup(_square_code(snapshot.address)),
            compared_top=_compared_top(page),
            commitments_shown=_COMMITMENTS_SHOWN,
            places_shown=_PLACES_SHOWN,
            listed=listed,
            numbers={p.id: number for number, p in enumerate(page.priorities, start=1)},
            channel_names=_channel_names(),
        ),
        "how-to-read.html": write("how-to-read.html"),
        "accessibility.html": write("accessibility.html"),
    }
    return files | _commitment_pages(page, write) | _place_pages(page, write)


def _commitment_pages(page: DisclosedWardPage, write: Callable[..., bytes]) -> dict[str, bytes]:
    """All commitments on a page, and each status on its own: filters that need no script."""
    statuses = _status_pages(page.commitments)
    files = {
        "commitments.html": write(
            "commitments.html",
            statuses=statuses,
            heading=_("All commitments"),
            shown=page.commitments,
            current="all",
        )
    }
    for one in statuses:
        files[one.file] = write(
            "commitments.html",
            statuses=statuses,
            heading=f"{_('Commitments')}: {one.words}",
            shown=one.commitments,
            current=one.status,
        )
    return files


def _place_pages(page: DisclosedWardPage, write: Callable[..., bytes]) -> dict[str, bytes]:
    """All places of each ranking, and why they are on it."""
    return {
        f"places-{places.id}.html": write("places.html", priority=places)
        for places in places_of(page)
        if places.ranking.places
    }


def render_index(
    wards: Iterable[IndexEntry],
    *,
    lang: str = "en-GB",
) -> dict[str, bytes]:
    """Write the list of wards by force and name, in the order of the alphabet; never a ranking."""
    ordered = sorted(wards, key=lambda w: (w.force.casefold(), w.name.casefold(), w.ward_code))
    forces = [(force, list(those)) for force, those in groupby(ordered, key=lambda w: w.force)]
    write = partial(write_page, lang=lang)
    return {"index.html": write("wards.html", forces=forces)}


def write_page(template: str, *, lang: str, also: str = "", **values: Any) -> bytes:
    """One page. Lines that only the templates need are left out; "26 %" stays on one line.

    also: the name of a style sheet that only such pages need, beside that of every page.
    """
    text = (
        _environment()
        .get_template(template)
        .render(**values, lang=lang, style=markup(_style(also)), policy=_policy(also))
    )
    text = re.sub(r"(?<=\d) (?=(?:%|m|km)(?![\w-]))", "\N{NO-BREAK SPACE}", text)
    return "\n".join(line for line in text.splitlines() if line.strip()).encode() + b"\n"


def _chart(measure: DisclosedMeasure, top: float | None = None) -> Any:
    return markup(series_chart(measure, top=top))


def _map(
    page: DisclosedWardPage, priority: DisclosedPlaces, places: Sequence[DisclosedPlace]
) -> Any:
    """A map with some of its places; a ring is as large on every map of the page."""
    expected = [place.expected or 0 for p in places_of(page) for place in p.ranking.places]
    shown = replace(priority.ranking, places=tuple(places))
    drawn = places_map(
        page.map, shown, corridor=priority.corridor, most=max(expected, default=None)
    )
    return markup(drawn)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        {"_": _, "chart": _chart, "chart_patterns": lambda: markup(chart_patterns()), "map": _map}
    )
    environment.filters["rows"] = month_rows
    environment.filters["notes"] = month_notes
    environment.filters["is_web"] = _is_web
    environment.filters["is_link"] = _is_link
    return environment


def _is_web(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https")


def _is_link(address: str) -> bool:
    """On the web, or relative; never a scheme that runs something."""
    return bool(address) and urlsplit(address).scheme in ("", "http", "https")


def markup(text: str) -> Any:
    """A drawing of this package as templates take it: not escaped a second time."""
    from markupsafe import Markup

    return Markup(text)


@cache
def _style(also: str) -> str:
    """The style sheets without their comments and the spaces that only people need."""
    sheets = ("page.css", also) if also else ("page.css",)
    text = "".join((_HERE / "static" / name).read_text(encoding="utf-8") for name in sheets)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,]|:(?= ))\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


@cache
def _policy(also: str) -> str:
    """What a browser may do for these pages: show them, in this one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style(also).encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _square_code(address: str) -> str:
    """The snapshot's address as a QR code for paper; nothing where it is not an address."""
    if not _is_web(address):
        return ""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass=None, lineclass=None,
        omitsize=True, nl=False,
    )  # fmt: skip
    return out.getvalue().decode()


def _compared_top(page: DisclosedWardPage) -> float | None:
    """Searches and public reports stand side by side, so they share one scale."""
    return None if page.stops is None else scale_top([page.stops, page.public_reported])


def _status_pages(commitments: Sequence[DisclosedCommitment]) -> tuple[_StatusPage, ...]:
    pages = []
    for status in _STATUSES:
        those = tuple(c for c in commitments if c.status == status)
        if those:
            file = f"commitments-{status.replace('_', '-')}.html"
            pages.append(_StatusPage(status, those[0].status_words, file, those))
    return tuple(pages)


def _channel_names() -> dict[str, str]:
    return {
        "twitter": _("Twitter"), "facebook": _("Facebook"), "email": _("E-mail"),
        "telephone": _("Telephone"), "website": _("Website"), "address": _("Address"),
        "other": _("Also"),
    }  # fmt: skip
