"""What to ask and what to look at before anybody decides what to do.

Facts and questions only: analysis comes before response, and this document chooses none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peelian.core.micro_places import GENERIC_NAMES
from peelian.products.problem_profile import Unanswered
from peelian.publication import wording
from peelian.publication.profile.statements import RECORDS, Statement
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.products.problem_profile import ProblemProfile

_ASKED_ABOUT = 3  # a briefing has time for the first few places


def next_statements(profile: ProblemProfile) -> Iterator[Statement]:
    """Questions for the briefing, each from a figure of this profile."""
    yield from _places(profile)
    yield from _streets(profile)
    yield from _edge(profile)
    yield from _times(profile)
    yield _ask("reported", _(
        "Who would know of what is not recorded here: shops, stations, hostels, schools, those "
        "who clean or keep the streets? Ask before the next briefing, and write down who said what."
    ))  # fmt: skip


def _ask(name: str, text: str, **figures: float | str) -> Statement:
    return Statement(f"next.{name}", "next", text, figures, source=RECORDS if figures else "")


def _places(profile: ProblemProfile) -> Iterator[Statement]:
    ranking = profile.checked.ranking
    if ranking is None or not ranking.places:
        return
    listed = [place for place in ranking.places if place.place_id in profile.where.in_streets]
    first = [place.name for place in (listed or [*ranking.places])[:_ASKED_ABOUT]]
    yield _ask(
        "places",
        _(
            "Walk {places}. The name is that of the nearest street or business to where records "
            "were placed: what lies there, who is there, and when?"
        ).format(places=wording.join(first)),
        places="; ".join(first),
    )
    kinds = {kind.casefold() for kind in GENERIC_NAMES.values()}
    unsaid = [n for n in first if any(n.casefold().startswith(kind) for kind in kinds)]
    if unsaid:
        yield _ask(
            "which",
            _(
                "Which one is meant by {names}? The record gives a kind of place and no name."
            ).format(names=wording.join(f"“{name}”" for name in unsaid)),
            places="; ".join(unsaid),
        )
    if rising := [p.name for p in ranking.places if p.persistence in ("new", "intensifying")]:
        yield _ask(
            "rising",
            _("What began at {places}, and when? Its share of the records has grown.").format(
                places=wording.join(rising[:_ASKED_ABOUT])
            ),
            places="; ".join(rising),
        )


def _streets(profile: ProblemProfile) -> Iterator[Statement]:
    listed, ranking = profile.where.in_streets, profile.checked.ranking
    if not listed or ranking is None:
        return
    outside = [p.name for p in ranking.places[:_ASKED_ABOUT] if p.place_id not in listed]
    if outside:
        yield _ask(
            "outside",
            _(
                "The priority names streets in which {places} do not lie, though more is recorded "
                "there than at most places of the ward. Is it the same problem?"
            ).format(places=wording.join(outside))
            if len(outside) > 1
            else _(
                "The priority names streets in which {places} does not lie, though more is "
                "recorded there than at most places of the ward. Is it the same problem?"
            ).format(places=outside[0]),
            places="; ".join(outside),
        )


def _edge(profile: ProblemProfile) -> Iterator[Statement]:
    ranking = profile.checked.ranking
    if ranking is None or not ranking.edge.outside_near:
        return
    edge = ranking.edge
    yield _ask(
        "edge",
        _(
            "{n} records lie at most {metres:g} m outside the ward's line and belong to the teams "
            "there. Have they the same problem, and do you meet?"
        ).format(n=wording.number(edge.outside_near), metres=edge.within_m)
        if edge.outside_near > 1
        else _(
            "One record lies at most {metres:g} m outside the ward's line and belongs to the team "
            "there. Have they the same problem, and do you meet?"
        ).format(metres=edge.within_m),
        outside_near=edge.outside_near,
        within_m=edge.within_m,
    )


def _times(profile: ProblemProfile) -> Iterator[Statement]:
    if isinstance(profile.when.hours, Unanswered):
        yield _ask(
            "times",
            _(
                "At what hours and on which days? The force's own extract would say: from when to "
                "when each was committed, of the same months, read with a column map."
            ),
        )
