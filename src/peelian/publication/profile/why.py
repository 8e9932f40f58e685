"""Why there: what the map shows near the places, and what else is recorded in the ward."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from peelian.core.crimes import label_of_slug
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.about import change_statement
from peelian.publication.profile.certainty import LIKELY, sure_of
from peelian.publication.profile.nearby import nearby_statements
from peelian.publication.profile.statements import RECORDS, Figure, Statement, not_known
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.analysis.offence_mix import OffenceMix, ReportingShare, TypeInMix
    from peelian.products.problem_profile import ProblemProfile, WhyThere

_TYPES = 3  # told in a sentence


def why_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """Facts that may explain, none of which says that it does."""
    yield from nearby_statements(profile)
    why = profile.why
    if isinstance(why.mix, Unanswered):
        question = _("The mix of types against what lies around")
        yield not_known("why.mix", "why", question, why.mix.why, sure=_("cannot be measured"))
    else:
        yield _mix(why, why.mix)
    if not isinstance(why.reporting, Unanswered):
        yield _reporting(why, why.reporting)
    for result in profile.apart:
        if result not in (profile.main, profile.in_ward):
            yield change_statement(
                profile, result, id_=f"why.apart.{result.measure.id}", section="why"
            )


def _mix(why: WhyThere, found: OffenceMix) -> Statement:
    """The public-reported types that the ward has more of for its size, and less."""
    told = [each for each in found.types if _is_told(each)]
    # The furthest from the share around comes first, by the end of its interval that is nearer.
    more = sorted((t for t in told if (t.quotient or 0) > 1), key=lambda t: -t.quotient_low)
    less = sorted((t for t in told if (t.quotient or 0) < 1), key=lambda t: t.quotient_high)
    more, less = more[:_TYPES], less[:_TYPES]
    around = why.around
    figures: dict[str, Figure] = {
        "around": around,
        "around_boundary": why.around_set,
        "months": wording.months_in_words(why.months),
        "records": found.records,
        "records_around": found.around,
    }
    for each in found.types:
        figures[f"{each.crime_type}_here"] = each.share.part
        figures[f"{each.crime_type}_around"] = each.around.part
        if each.quotient is not None and isfinite(each.quotient_high):
            figures[f"{each.crime_type}_quotient"] = each.quotient
            figures[f"{each.crime_type}_quotient_low"] = each.quotient_low
            figures[f"{each.crime_type}_quotient_high"] = each.quotient_high
    if not told:
        text = _("The ward's mix of records is much like that of {around}.").format(around=around)
        return Statement("why.mix", "why", text, figures, _("no clear change"), "mix", RECORDS)
    said = []
    if more:
        types = wording.join(map(_quotient, more))
        said.append(
            _("With a larger share of records in the ward than in {around}: {types}.").format(
                around=around, types=types
            )
        )
    if less:
        types = wording.join(map(_quotient, less))
        said.append(
            _("With a smaller share: {types}.").format(types=types)
            if more
            else _("With a smaller share of records in the ward than in {around}: {types}.").format(
                around=around, types=types
            )
        )
    sure = sure_of(max(t.p_value for t in (*more, *less)))
    return Statement("why.mix", "why", " ".join(said), figures, sure, "mix", RECORDS)


def _is_told(found: TypeInMix) -> bool:
    """Whether it is clearly more or fewer, and by enough to be seen when it is written."""
    if not found.stands_out or found.p_value >= LIKELY or found.is_police_generated:
        return False
    return bool(found.quotient) and round(found.quotient or 0, 1) != 1


def _quotient(found: TypeInMix) -> str:
    """A type with its quotient: "robbery (1.6 times, 1.2 to 2.0)"."""
    label = label_of_slug(found.crime_type).lower()
    return _("{type} ({times} times, {low} to {high})").format(
        type=label,
        times=_share(found.quotient or 0),
        low=_share(found.quotient_low),
        high=_share(found.quotient_high),
    )


def _share(quotient: float) -> str:
    """To one place; to two where one would be nothing."""
    return f"{quotient:.1f}" if quotient >= 0.1 else f"{quotient:.2f}"


def _reporting(why: WhyThere, found: ReportingShare) -> Statement:
    share = found.share
    total = found.public_reported + found.police_generated
    text = _(
        "Of the ward's {total} records in {months}, {police} ({share} %, {low} to {high}) are "
        "of types that police find by looking; they follow patrols and searches and are "
        "shown apart."
    ).format(
        total=wording.number(total),
        months=wording.months_in_words(why.months),
        police=wording.number(found.police_generated),
        share=round(100 * (share.estimate or 0)),
        low=round(100 * share.low),
        high=round(100 * share.high),
    )
    figures: dict[str, Figure] = {
        "records": total,
        "months": wording.months_in_words(why.months),
        "police_generated": found.police_generated,
        "public_reported": found.public_reported,
        "per_cent": round(100 * (share.estimate or 0)),
        "low_per_cent": round(100 * share.low),
        "high_per_cent": round(100 * share.high),
        "level": share.level,
    }
    return Statement("why.reporting", "why", text, figures, "", "reporting", RECORDS)
