"""Residents' patrol minutes as files: laid out from disclosed counts, nothing computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import msgspec

from peelian.publication.chart_plot import BASE_PX, FEWEST_SLOTS, HEIGHT_PX, Plot, step_of
from peelian.publication.charts import chart_patterns
from peelian.publication.csvw import Column, Table, table_files
from peelian.publication.disclosed import DisclosedCount
from peelian.publication.disclosed_minutes import DisclosedMinutes, DisclosedWeek
from peelian.publication.site import markup, write_page
from peelian.publication.translation import _

_GAPS = _(
    "Empty where nothing is known or shown; the column beside it says which. “suppressed”: too "
    "few visits to show without telling of one. “missing”: not logged, or not over, which is not "
    "zero."
)
_MINUTES = _("Minutes to the nearest five.")


def minutes_files(minutes: DisclosedMinutes, *, lang: str = "en-GB") -> dict[str, bytes]:
    """The page, a table of weeks, one of places and all of it as JSON, by file name."""
    return {
        "index.html": minutes_page(minutes, lang=lang),
        **table_files(_weeks_table(minutes), minutes),
        **table_files(_places_table(minutes), minutes),
        "minutes.json": msgspec.json.format(msgspec.json.encode(minutes), indent=1) + b"\n",
    }


def minutes_page(minutes: DisclosedMinutes, *, lang: str = "en-GB") -> bytes:
    """One page that stands alone: no script, nothing fetched."""
    return write_page(
        "patrol-minutes.html",
        lang=lang,
        page=minutes,
        chart=markup(minutes_chart(minutes)),
        patterns=markup(chart_patterns()),
        with_places=[week for week in reversed(minutes.weeks) if week.places],
    )


def minutes_chart(minutes: DisclosedMinutes) -> str:
    """Bars of minutes delivered at places by week, and a mark at the minutes planned.

    A week that is not logged is hatched; one that is not over has its mark alone.
    """
    highest = max(
        (c.value or 0 for week in minutes.weeks for c in (week.planned, week.delivered) if c),
        default=0,
    )
    step = step_of(max(highest, 5))
    plot = Plot(max(len(minutes.weeks), FEWEST_SLOTS), step * -(-max(highest, 5) // step), None)
    parts = [f'<title id="t-minutes">{escape(minutes.finding)}</title>', '<g text-anchor="end">']
    for value in range(0, int(plot.top) + 1, step):
        y, kind = plot.up(value), "grid" if value else "axis"
        parts.append(f'<line class="{kind}" x2="{plot.across(plot.slots)}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="-6" y="{y + 4}">{value}</text>')
    parts.append("</g>")
    for slot, week in enumerate(minutes.weeks):
        parts += _bar(plot, slot, week)
    parts += _dates(plot, minutes.weeks)
    return (
        f'<svg class="chart" role="img" aria-labelledby="t-minutes" width="100%" '
        f'height="{HEIGHT_PX}">{"".join(parts)}</svg>'
    )


def _bar(plot: Plot, slot: int, week: DisclosedWeek) -> Iterator[str]:
    left, wide = plot.across(slot + 0.15), plot.across(0.7)
    if week.delivered and week.delivered.value is not None:
        top = plot.up(week.delivered.value)
        yield f'<rect class="now" x="{left}" width="{wide}" y="{top}" height="{BASE_PX - top}"/>'
    elif week.is_over:
        top = plot.up(plot.top)
        fill = "held" if week.delivered else "gap"
        yield (
            f'<rect fill="url(#{fill})" x="{left}" width="{wide}" y="{top}" '
            f'height="{BASE_PX - top}"/>'
        )
    if week.planned and week.planned.value is not None:
        y = plot.up(week.planned.value)
        ends = f'x1="{plot.across(slot + 0.05)}" x2="{plot.across(slot + 0.95)}"'
        yield f'<line class="break" {ends} y1="{y}" y2="{y}"/>'


def _dates(plot: Plot, weeks: Sequence[DisclosedWeek]) -> Iterator[str]:
    """Each week's Monday under its bar, every second one where weeks are many, and its month.

    A month's name stands under its first Monday alone: names side by side touch on a phone.
    """
    every, named = 1 if plot.slots <= FEWEST_SLOTS else 2, ""
    for slot in range(0, len(weeks), every):
        day, month, _year = weeks[slot].words.split()
        middle = plot.across(slot + 0.5)
        rows = (day, "" if month == named else month[:3])
        named = month
        for row, text in enumerate(rows, start=1):
            if text:
                y = BASE_PX + 15 * row
                yield f'<text x="{middle}" y="{y}" text-anchor="middle">{escape(text)}</text>'


def _weeks_table(minutes: DisclosedMinutes) -> Table:
    return Table(
        name="minutes-by-week.csv",
        title=_("Patrol minutes by week"),
        description=minutes.finding,
        columns=(
            Column("week", _("Week"), "date", _("Its Monday, YYYY-MM-DD.")),
            *_count_columns("planned", _("Planned at places")),
            *_count_columns("delivered", _("Delivered at places")),
            *_count_columns("elsewhere", _("Delivered elsewhere in the ward")),
            Column("note", _("Note"), "string", _("What is missing of the week.")),
        ),
        key=("week",),
        rows=[
            (
                week.monday, *_cells(week.planned), *_cells(week.delivered),
                *_cells(week.elsewhere), week.note,
            )
            for week in minutes.weeks
        ],
        gaps=_GAPS,
    )  # fmt: skip


def _places_table(minutes: DisclosedMinutes) -> Table:
    return Table(
        name="minutes-by-place.csv",
        title=_("Patrol minutes by place and week"),
        description=_("Weeks that are over. Places with few visits stand together."),
        columns=(
            Column("week", _("Week"), "date", _("Its Monday, YYYY-MM-DD.")),
            Column("place", _("Place"), "string", _("Its name, or that several stand together.")),
            Column("places", _("Places"), "string", _("The names of those that stand together.")),
            *_count_columns("planned", _("Planned")),
            *_count_columns("delivered", _("Delivered")),
        ),
        key=("week", "place"),
        rows=[
            (
                week.monday, row.name, "; ".join(row.names), *_cells(row.planned),
                *_cells(row.delivered),
            )
            for week in minutes.weeks
            for row in week.places
        ],
        gaps=_GAPS,
    )  # fmt: skip


def _count_columns(name: str, title: str) -> tuple[Column, Column]:
    state = _("Whether they are shown, suppressed or missing.")
    return (
        Column(name, title, "integer", _MINUTES),
        Column(f"{name}_state", _("State: {what}").format(what=title), "string", state),
    )


def _cells(count: DisclosedCount | None) -> tuple[int | None, str]:
    return (None, "missing") if count is None else (count.value, count.state)
