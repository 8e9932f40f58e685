"""How each figure of a profile was made: method, paper, months, files, seed and version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from peelian.core.crimes import BRITISH_TRANSPORT_POLICE, label_of_slug
from peelian.products import clusters
from peelian.products.problem_profile.changing import AROUND_M
from peelian.publication import about_the_numbers as about
from peelian.publication import wording
from peelian.publication.profile.methods import METHODS
from peelian.publication.profile.statements import Figure, Statement
from peelian.publication.translation import _

if TYPE_CHECKING:
    from peelian.core.months import Month
    from peelian.products.problem_profile import ProblemProfile


def how_statements(profile: ProblemProfile, said: Iterable[Statement]) -> Iterator[Statement]:
    """One statement a method that is used, then what all figures rest on.

    said: the statements before, whose methods are explained.
    """
    used = {statement.method for statement in said}
    settings = _settings(profile)
    for method, (name, words) in METHODS.items():
        if method in used:
            text = words.format_map(settings)
            yield Statement(f"how.{method}", "how", text, {"name": name, "as_written": text})
    yield _held(profile)
    yield _made(profile)
    for number, held in enumerate(map(about.source, profile.sources), start=1):
        of = " ".join(word for word in (held.source, held.force) if word)
        rows = _("{n} rows").format(n=held.rows)
        facts = "; ".join(fact for fact in (held.months, rows, held.licence) if fact)
        text = f"{held.what}, {of}: {facts}."
        yield Statement(
            f"how.source.{number}",
            "how",
            text,
            {
                "name": held.what,
                "source": held.source,
                "force": held.force,
                "months": held.months,
                "rows": held.rows,
                "sha256": held.sha256,
                "licence": held.licence,
            },
        )


def _settings(profile: ProblemProfile) -> dict[str, str]:
    """What the methods' words leave open."""
    ranking = profile.checked.ranking
    return {
        "ranked": ranking.method if ranking else "",
        "radius": f"{clusters.RADIUS_M:g}",
        "around": f"{AROUND_M:g}",
        "longest": str(clusters.LONGEST_MONTHS),
        "replicates": str(clusters.REPLICATES),
        "within": f"{profile.why.radius_m:g}",
    }


def _held(profile: ProblemProfile) -> Statement:
    held = wording.held_months(profile.span, profile.missing)
    of = profile.area.boundary_set
    by_reason: dict[str, list[Month]] = {}
    for month, why in sorted(profile.missing.items()):
        by_reason.setdefault(why, []).append(month)
    reasons = "; ".join(f"{wording.months_in_words(of)}: {why}" for why, of in by_reason.items())
    counted = "; ".join(profile.measure.crime_types)
    if not profile.includes_btp:
        forces = _("{force}, without the British Transport Police")
    elif BRITISH_TRANSPORT_POLICE in profile.forces:
        forces = _("{force} and the British Transport Police")
    else:
        forces = _(
            "{force}; the British Transport Police has none in the ward, and none around it counts"
        )
    forces = forces.format(force=profile.force_name)
    text = _(
        "Counted: records of {types}, of {forces}. Months held: {held}. {reasons}Boundary: "
        "{boundary}; {rule}"
    ).format(
        types=wording.join(map(label_of_slug, profile.measure.crime_types)),
        forces=forces,
        held=held,
        reasons=f"{_('Missing')}: {reasons}. " if reasons else "",
        boundary=of.name,
        rule=_("a record counts when its published point lies in the ward or on its line."),
    )
    figures = {
        "name": _("Records, months and boundary"), "crime_types": counted, "forces": forces,
        "held": held, "missing": reasons, "boundary": of.name, "ward": profile.area.code,
    }  # fmt: skip
    return Statement("how.held", "how", text, figures)


def _made(profile: ProblemProfile) -> Statement:
    text = _(
        "peelian {version}, seed {seed}, {day}. The same store gives the same figures."
    ).format(version=profile.code_version, seed=profile.seed, day=about.day_in_words(profile.day))
    figures: dict[str, Figure] = {
        "name": _("Version"),
        "code_version": profile.code_version,
        "seed": profile.seed,
        "day": about.day_in_words(profile.day),
    }
    return Statement("how.made", "how", text, figures)
