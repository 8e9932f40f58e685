"""A design, sealed before a response starts: what would count as worked, and what could be seen.

The seal is SHA-256 over everything in the design. It shows that nothing was changed since, and
the date is part of it; that it was sealed on that day is known to whoever was given it then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peelian.assessment.compared_counts import ComparedCounts
from peelian.assessment.comparison_places import (
    ChoiceCheck,
    ComparisonChoice,
    ComparisonPlace,
    check_of,
    choose_comparison_places,
)
from peelian.assessment.power import DesignPower, Method, power_of_design
from peelian.core.errors import CoverageError, InputError, MonthOnlyError
from peelian.core.months import Month, MonthSpan

if TYPE_CHECKING:
    from peelian.core.results import Direction

# A fit so close that places count as matched controls, which earns level 4.
_MATCHED_TREND = 0.10
_LEAST_MONTHS = 12


@dataclass(frozen=True)
class Design:
    """What would count as having worked, set down before it starts.

    measure: id. places: ids of those treated, several as one. size: the smallest change that
    would count, as a share: -0.2 for a fifth fewer; its sign is the direction. records_from,
    records_until: months of records it was made from, both included. start, end: days of the
    response, both included. comparison: chosen places, the closest fit first; together: all as
    one; refused: how many places were not taken, by reason; check: what the choice finds where
    nothing was done (without comparison: what months to come differ by from the same ones before).
    left_out: places that the response may reach. buffers_m: outer edges of the rings in
    which displacement will be looked for, in metres from the places. method: what will be used.
    maryland_level: the highest that it can reach, from 2 to 4; a trial (`core.patrols.Trial`)
    reaches 5. notices: what a reader may trip on. seal: SHA-256 in hexadecimal over all else.
    """

    measure: str
    places: tuple[str, ...]
    size: float
    records_from: str
    records_until: str
    start: date
    end: date
    designed_on: date
    comparison: tuple[ComparisonPlace, ...]
    together: ComparisonPlace | None
    refused: tuple[tuple[str, int], ...]
    check: ChoiceCheck
    left_out: tuple[str, ...]
    buffers_m: tuple[float, ...]
    method: str
    power: DesignPower
    maryland_level: int
    seed: int
    notices: tuple[str, ...] = ()
    seal: str = ""

    @property
    def direction(self) -> Direction:
        """Which way the records are expected to go."""
        return "down" if self.size < 0 else "up"

    @property
    def can_show_it(self) -> bool:
        """Whether a change of this size would be found as often as was wanted."""
        found = self.power.smallest_found
        return found is not None and abs(found) <= abs(self.size)


def make_design(
    panel: NDArray[np.float64],
    place_ids: Sequence[str],
    months: Sequence[Month],
    *,
    measure: str,
    places: Collection[str],
    size: float,
    start: date,
    end: date,
    designed_on: date,
    method: str,
    seed: int,
    buffers_m: Sequence[float] = (125.0, 250.0),
    left_out: Collection[str] = (),
    compare: bool = True,
    wanted: int = 40,
    breaks: Mapping[Month, str] | None = None,
    rule: Method | None = None,
    simulations: int = 2_000,
) -> Design:
    """Choose comparison places, reckon what could be seen, and seal it all.

    panel: records before the start, one row a place, one column a month, NaN where not held.
    size: the smallest change that would count, -0.2 for a fifth fewer. start, end: whole months,
    since open records are known to the month: MonthOnlyError. left_out: places within the
    buffers, which are no comparison. wanted: comparison places, at most. compare: where none fit,
    make the design again with False, and it reaches level 2. method: the name of what will be
    used; rule: how that finds a change, for power (`power_of_design`). breaks: first month after
    a break in the series, and why, told as notices. CoverageError where comparison places do not
    fit or months are too few; InputError for records from the start on, which a design may not
    know, and for places outside the panel.
    """
    after = _months_after(start, end)
    _check(months, after, size, buffers_m)
    own = sorted(set(places))
    rows = {place: row for row, place in enumerate(place_ids)}
    if not own or not set(own) <= set(rows):
        raise InputError(
            f"The places of a design are in its panel; found {sorted(set(own) - set(rows))} "
            f"outside, of {len(own)}. Name places by the ids of the panel."
        )
    choice = (
        choose_comparison_places(
            panel, place_ids, months, treated=own, seed=seed, left_out=left_out,
            wanted=wanted, held_out=len(after),
        )
        if compare
        else None
    )  # fmt: skip
    held = np.flatnonzero(~np.isnan(panel).any(axis=0))
    of_places = panel[[rows[place] for place in own]].sum(axis=0)
    check = (
        choice.check
        if choice
        else _check_against_past(panel, months, of_places[held].sum() / len(own), len(after))
    )
    others = panel[[rows[place] for place in choice.place_ids]] if choice else panel[:0]
    power = power_of_design(
        np.vstack([of_places, others])[:, held],
        [months[column] for column in held.tolist()],
        after=tuple(after),
        variation=check.variation,
        seed=seed,
        effects=tuple(dict.fromkeys((size / 2, size, max(2 * size, -0.9)))),
        simulations=simulations,
        method=rule,
    )
    design = Design(
        measure=measure,
        places=tuple(own),
        size=size,
        records_from=str(months[0]),
        records_until=str(months[-1]),
        start=start,
        end=end,
        designed_on=designed_on,
        comparison=choice.chosen if choice else (),
        together=choice.together if choice else None,
        refused=choice.refused if choice else (),
        check=check,
        left_out=tuple(sorted(left_out)),
        buffers_m=tuple(buffers_m),
        method=method,
        power=power,
        maryland_level=_level(choice),
        seed=seed,
    )
    notices = (*_notices(design, len(months) - len(held)), *_broken(months[0], after.last, breaks))
    design = replace(design, notices=notices)
    return replace(design, seal=design_seal(design))


def design_seal(design: Design) -> str:
    """SHA-256, in hexadecimal, over all of a design but the seal itself.

    The text is JSON in ASCII without spaces, keys in order of the alphabet, days as YYYY-MM-DD.
    """
    content = asdict(design)
    del content["seal"]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def is_untouched(design: Design) -> bool:
    """Whether the design is as it was when it was sealed.

    A person who changes it can make a new seal, but not one that others were given before.
    """
    return design.seal == design_seal(design)


def was_designed_before(design: Design, start: date) -> bool:
    """Whether the design is untouched, dated before the start, and made without records of it.

    start: the first day on which there was a response in fact.
    """
    known = Month.parse(design.records_until)
    return is_untouched(design) and design.designed_on < start and known < Month.of(start)


def departures(
    design: Design,
    *,
    measure: str,
    places: Collection[str],
    comparison: Collection[str],
    span: tuple[date, date],
    method: str,
) -> tuple[str, ...]:
    """What an assessment did otherwise than was designed, one sentence each; empty for nothing.

    span: its first and last day after the start, both included.
    """
    was_planned = (
        ("The measure", design.measure, measure),
        ("The places", ", ".join(design.places), ", ".join(sorted(places))),
        (
            "The comparison places",
            ", ".join(sorted(place.place_id for place in design.comparison)) or "none",
            ", ".join(sorted(comparison)) or "none",
        ),
        ("The first day", str(design.start), str(span[0])),
        ("The last day", str(design.end), str(span[1])),
        ("The method", design.method, method),
    )
    return tuple(
        f"{what} set down before: {planned}; assessed: {done}."
        for what, planned, done in was_planned
        if planned != done
    )


def _months_after(start: date, end: date) -> MonthSpan:
    if start.day != 1 or (end + timedelta(days=1)).day != 1:
        raise MonthOnlyError(
            f"Open records are known to the month, so that a response is assessed over whole "
            f"months; found {start} to {end}. Take the first day of a month, and the last of one."
        )
    return MonthSpan(Month.of(start), Month.of(end))


def _check(
    months: Sequence[Month], after: MonthSpan, size: float, buffers_m: Sequence[float]
) -> None:
    if not months or max(months) >= after.first:
        raise InputError(
            f"A design is made from records before the start, {after.first}, alone; found "
            f"{max(months) if months else 'none'}. Give the months before it."
        )
    if not (-0.9 <= size < 0 or 0 < size <= 1.5):
        raise InputError(
            f"The smallest change that would count is a share, from -0.9 to 1.5 and not 0; found "
            f"{size:g}. Write -0.2 for a fifth fewer records."
        )
    if list(buffers_m) != sorted(set(buffers_m)) or min(buffers_m, default=1) <= 0:
        raise InputError(
            f"Buffers are rings round the places, given by their outer edges in metres, the "
            f"nearest first; found {list(buffers_m)}. Write 125, 250."
        )


def _check_against_past(
    panel: NDArray[np.float64], months: Sequence[Month], records: float, held_out: int
) -> ChoiceCheck:
    """How the last months differ from the same ones of years before, at places as busy.

    records: of the place treated before the start; places with half to twice as many are as busy.
    """
    held: list[int] = np.flatnonzero(~np.isnan(panel).any(axis=0)).tolist()
    late, early = held[-held_out:], held[:-held_out]
    numbers = {months[column].number for column in late}
    same = [column for column in early if months[column].number in numbers]
    if len(early) < _LEAST_MONTHS or len(same) < len(late):
        raise CoverageError(
            f"A place is compared with the same months of a year before, and that is tried out on "
            f"the last {held_out}; found {len(held)} months held. Start the period before earlier."
        )
    totals = panel[:, held].sum(axis=1)
    alike = (totals >= records / 2) & (totals <= 2 * records) & (totals > 0)
    return check_of(
        ComparedCounts.against_itself(
            panel[np.ix_(alike, same)].sum(axis=1),
            panel[np.ix_(alike, late)].sum(axis=1),
            months_before=len(same),
            months_after=len(late),
        ),
        months=held_out,
    )


def _level(choice: ComparisonChoice | None) -> int:
    """2 without comparison; 3 with one; 4 where it is matched in trend, within a tenth a year."""
    if choice is None:
        return 2
    return 4 if abs(choice.together.trend) <= _MATCHED_TREND else 3


def _notices(design: Design, missing: int) -> tuple[str, ...]:
    found, notices = design.power.smallest_found, []
    if not design.can_show_it:
        smallest = "none that was tried" if found is None else f"{found:+.0%}"
        notices.append(
            f"These counts could not show a change of {design.size:+.0%}: the smallest that they "
            f"would show {design.power.wanted:.0%} of the time is {smallest}."
        )
    if not design.check.low <= 1 <= design.check.high:
        notices.append(
            f"At {design.check.places} places where nothing was done, the same comparison finds "
            f"{design.check.ratio - 1:+.0%} records: an effect of that size is none."
        )
    if missing:
        notices.append(f"Months before the start that are not held and were left out: {missing}.")
    if design.designed_on >= design.start:
        notices.append("This was designed after the start.")
    if not design.comparison:
        notices.append("Without comparison places, what happened everywhere counts as an effect.")
    return tuple(notices)


def _broken(first: Month, last: Month, breaks: Mapping[Month, str] | None) -> list[str]:
    return [
        f"Records before and since {month.in_words} are not counts of the same thing: {why}"
        for month, why in sorted((breaks or {}).items())
        if first < month <= last
    ]
