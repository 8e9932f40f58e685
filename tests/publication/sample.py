# ruff: noqa: E501 - sentences stand whole, as on the page
"""A rich disclosed ward page made by hand, for tests of everything that draws or writes one.

Ward, force, streets and numbers are invented. `sample_page()` is a page with everything on
it; the other functions are the pages at the edges. Use `dataclasses.replace` for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from peelian.core.months import Month
from peelian.core.wards import Channel, CommitmentStatus, Evidence, TeamMember
from peelian.publication.disclosed import (
    DisclosedBreak,
    DisclosedClaim,
    DisclosedCommitment,
    DisclosedComparison,
    DisclosedCount,
    DisclosedHow,
    DisclosedMeasure,
    DisclosedMonth,
    DisclosedPlace,
    DisclosedPriority,
    DisclosedRanking,
    DisclosedSource,
    DisclosedType,
    DisclosedWardPage,
)
from publication.sample_map import SOUTH, WEST, made_map, moved

MISSING_WHY = "The archive has no file for this month."

ASB = (
    61, 58, None, 66, 71, 74, 80, 77, 69, 63, 55, 52, 57, 54, 62, 70, 75, 82, 88, 79, 73, 64,
    60, 51, 49, 46, 53,
)  # fmt: skip
DRUGS = (
    9, 12, None, 11, 8, 14, 13, 10, 9, 7, 12, 15, 14, 16, 11, 13, 12, 18, 17, 15, 19, 14, 16,
    12, 13, 17, 15,
)  # fmt: skip
ROBBERY = (
    7, 9, None, 6, 8, "few", 7, 5, 6, 8, 9, 6, "few", 7, 10, 6, 0, 5, 7, 9, 8, "few", "few", 6,
    5, 6, 0,
)  # fmt: skip
VIOLENCE = (
    33, 29, None, 35, 38, 41, 44, 40, 36, 34, 31, 37, 32, 30, 36, 39, 43, 46, 45, 38, 41, 33,
    35, 36, 31, 29, 34,
)  # fmt: skip
ALL = (
    158, 149, None, 161, 172, 175, 183, 170, 158, 152, 149, 160, 151, 140, 163, 171, 176, 189,
    194, 178, 169, 157, 160, 149, 141, 138, 152,
)  # fmt: skip
STOPS = (
    24, 31, None, 27, 22, 35, 29, 21, 26, 24, 33, 28, 25, 27, 31, 38, 34, 29, 36, 30, 27, 24,
    29, 22, 26, "few", 28,
)  # fmt: skip


def count_of(value: int | str | None) -> DisclosedCount:
    """A count as shown: a number, "few" for one held back, None for a missing month."""
    if value is None:
        return DisclosedCount(None, "missing", "no data")
    if isinstance(value, str):
        return DisclosedCount(None, "suppressed", "fewer than 5")
    return DisclosedCount(value, "shown", f"{value:,}")


def months_of(
    counts: Sequence[int | str | None], *, first: str = "2016-01"
) -> tuple[DisclosedMonth, ...]:
    """Months in a row from the first, each with the same month a year before where there is one."""
    start = Month.parse(first)
    return tuple(
        DisclosedMonth(
            month=str(start.plus(step)),
            label=start.plus(step).in_words,
            count=count_of(value),
            year_before=count_of(counts[step - 12]) if step >= 12 else None,
            note=MISSING_WHY if value is None else "",
        )
        for step, value in enumerate(counts)
    )


def how_of(download: str, *, proxy: str = "", police_generated: str = "") -> DisclosedHow:
    return DisclosedHow(
        source="police.uk street-level crime, Made Town Police",
        licence="Open Government Licence v3.0",
        months_held="January 2016 to March 2018, 26 of 27 months",
        months_missing=("March 2016: the archive has no file",),
        boundary_set="made_wards_2022 (2022 boundaries)",
        boundary_rule="A record counts when its point lies in the ward or on its line.",
        proxy=proxy,
        police_generated=police_generated,
        method="Counts by month. The last six months against the same months a year before: exact "
        "conditional rate ratio, 95 % interval.",
        code_version="0.1.0",
        seed=20180331,
        download=download,
    )


def measure_of(
    id: str,  # noqa: A002 - the contract's own name
    title: str,
    counts: Sequence[int | str | None],
    *,
    finding: str,
    change: str,
    certainty: str = "",
    proxy: str = "",
    police_generated: str = "",
    breaks: tuple[DisclosedBreak, ...] = (),
    sums: tuple[int, int] | None = None,
) -> DisclosedMeasure:
    """A measure with made months and the sentences given.

    sums: of the same months a year before and of the last six, where the two are compared.
    """
    return DisclosedMeasure(
        id=id,
        measure_id=id.partition("-")[2] or id,
        title=title,
        finding=finding,
        subtitle=f"{title}, records a month, Quayside and Millfield ward",
        change=change,
        certainty=certainty,
        months=months_of(counts),
        breaks=breaks,
        is_proxy=bool(proxy),
        police_generated=bool(police_generated),
        how=how_of(f"{id}.csv", proxy=proxy, police_generated=police_generated),
        compared=_last_six(counts, sums) if sums else None,
    )


def _last_six(counts: Sequence[int | str | None], sums: tuple[int, int]) -> DisclosedComparison:
    names = [month.month for month in months_of(counts)]
    return DisclosedComparison(
        before=count_of(sums[0]),
        after=count_of(sums[1]),
        before_months=tuple(names[-18:-12]),
        after_months=tuple(names[-6:]),
    )


def _asb() -> DisclosedMeasure:
    return measure_of(
        "p1-anti-social-behaviour",
        "Recorded anti-social behaviour",
        ASB,
        finding="Recorded anti-social behaviour is lower than a year ago.",
        change="Recorded anti-social behaviour: 323 in the last six months, 343 in the same months "
        "a year before. That is 6 % fewer; chance alone could give anything from 19 % fewer to "
        "10 % more: too few to say.",
        certainty="too few to say",
        sums=(343, 323),
    )


def _drugs() -> DisclosedMeasure:
    return measure_of(
        "p1-drugs",
        "Recorded drug offences",
        DRUGS,
        finding="More drug offences were recorded than a year ago; that may follow police activity.",
        change="Recorded drug offences: 87 in the last six months, 75 in the same months a year "
        "before. That is 16 % more, but chance alone could give anything from 16 % fewer to 60 % "
        "more: too few to say.",
        certainty="too few to say",
        sums=(75, 87),
        police_generated="These records mostly follow police activity: more patrols and searches "
        "find more offences.",
        breaks=(
            DisclosedBreak("2017-06", "The force changed its recording system on 28 May 2017."),
        ),
    )


def _robbery() -> DisclosedMeasure:
    return measure_of(
        "p2-robbery",
        "Recorded robbery",
        ROBBERY,
        finding="Recorded robbery is lower than a year ago, but the numbers are too small to be sure.",
        change="Recorded robberies: 31 in the last six months, 42 in the same months a year before. "
        "That is 26 % fewer, but chance alone could give anything from 54 % fewer to 19 % more: "
        "too few to say.",
        certainty="too few to say",
        sums=(42, 31),
        proxy="Knife-enabled robbery, which open records do not mark.",
    )


def _violence() -> DisclosedMeasure:
    return measure_of(
        "p3-violence",
        "Recorded violence and sexual offences",
        VIOLENCE,
        finding="Recorded violence is about the same as a year ago.",
        change="Recorded violence and sexual offences: 198 in the last six months, 200 in the same "
        "months a year before. That is 1 % fewer; chance alone could give anything from 19 % fewer "
        "to 21 % more: too few to say.",
        certainty="too few to say",
        sums=(200, 198),
        proxy="Violence against women and girls: open records say nothing of who was harmed.",
    )


_PLACES = (
    ("Canal Street", 640, 760, 96, "38", 11.4, "persistent", "High in most months"),
    ("Millfield Gardens", 300, 930, 71, "24", 7.9, "persistent", "High in most months"),
    ("Shopping area near Market Parade", 690, 610, 63, "29", 7.2, "intensifying", "Rising"),
    ("Basin Walk", 820, 820, 44, "12", 3.9, "diminishing", "Falling"),
    ("Tanner's Yard", 420, 480, 39, "14", 3.6, "sporadic", "High now and then"),
    ("Parking area near Old Wharf Estate", 250, 360, 31, "15", 3.4, "new", "New in the last year"),
    ("Chapel Street", 560, 1080, 27, "6", 1.8, "diminishing", "Falling"),
    ("Station Approach", 900, 1010, 22, "fewer than 5", None, "historical", "High in the past"),
)  # fmt: skip


def ranking_of(id: str, title: str) -> DisclosedRanking:  # noqa: A002
    """Eight ranked places, the last with too few recent records to say what is expected."""
    places = []
    for rank, (name, east, north, records, recent, expected, persistence, words) in enumerate(
        _PLACES, start=1
    ):
        range_words = f" ({expected // 2:.0f} to {expected * 1.6:.0f})" if expected else ""
        places.append(
            DisclosedPlace(
                rank=rank,
                place_id=f"{name.lower().replace(' ', '-').replace(chr(39), '')}-a{rank}",
                name=name,
                easting=WEST + east,
                northing=SOUTH + north,
                longitude=round(-0.1340 + east * 1.443e-5, 6),
                latitude=round(51.5270 + north * 8.99e-6, 6),
                records=count_of(records),
                recent=count_of(int(recent) if recent.isdigit() else "few"),
                expected=expected,
                expected_text=f"{expected:.0f} expected in three months{range_words}"
                if expected
                else "Too few recent records to say what to expect",
                persistence=persistence,
                persistence_words=words,
                why=(
                    f"{recent.capitalize()} of the ward's 716 records in the twelve months to "
                    "March 2018.",
                    f"{records} records in the 26 months held.",
                ),
            )
        )
    return DisclosedRanking(
        id=id,
        title=title,
        subtitle="Places in order of records expected in the next three months",
        places=tuple(places),
        not_listed="23 further places had fewer than 5 records each.",
        edge="12 % of the records lie within 10 m of the ward's line: a line drawn a little "
        "differently would count them elsewhere.",
        how=how_of("places.csv"),
    )


_STATUS_WORDS: dict[CommitmentStatus, str] = {
    "planned": "Planned",
    "in_progress": "Reported in words, no evidence attached",
    "done": "Done",
    "not_done": "Not done",
    "no_evidence": "No evidence yet",
}
_PROMISES: tuple[tuple[str, str, CommitmentStatus], ...] = (
    ("p1", "Regular patrols at hot spots", "in_progress"),
    ("p1", "Use stop and search powers at hot spots", "in_progress"),
    ("p1", "Build a fuller picture of drug supply in the ward", "in_progress"),
    ("p1", "Act on what residents tell the team", "no_evidence"),
    ("p1", "Work with housing, youth services and outreach teams", "planned"),
    ("p1", "Visit every school in the ward before the summer", "done"),
    ("p2", "Measure success by the number of knife-enabled robberies reported", "no_evidence"),
    ("p2", "Operations at places with most robbery", "in_progress"),
    ("p2", "Foot patrols that people can see", "in_progress"),
    ("p2", "Cycle patrols", "no_evidence"),
    ("p2", "Targeted stop and search against robbery", "no_evidence"),
    ("p2", "Crime prevention advice in the streets by the stations", "no_evidence"),
    ("p2", "Talk with residents on social media every week", "not_done"),
    ("p3", "Make sure that streets and public places are well lit at night", "no_evidence"),
    ("p3", "More late shifts", "no_evidence"),
    ("p3", "Workshops with the youth assembly", "planned"),
    ("p3", "A walk through the ward with residents after dark", "done"),
    ("p3", "High-visibility patrols throughout the ward", "in_progress"),
)


def commitments_of(priority_id: str = "") -> tuple[DisclosedCommitment, ...]:
    """The eighteen promises, or those of one priority."""
    made = []
    for number, (owner, text, status) in enumerate(_PROMISES, start=1):
        evidence = (
            (
                Evidence(
                    text="Minutes of the ward panel",
                    date="2018-02-14",
                    url="https://example.org/minutes",
                ),
            )
            if status == "done"
            else ()
        )
        made.append(
            DisclosedCommitment(
                id=f"{owner}-c{number}",
                priority_id=owner,
                text=text,
                said_in="issue" if number % 2 else "action",
                status=status,
                status_words=_STATUS_WORDS[status],
                reported="Officers have increased patrols in this area."
                if status == "in_progress"
                else "",
                owner="PC A. Sample" if status == "planned" else "",
                due="30 June 2018" if status == "planned" else "",
                evidence=evidence,
            )
        )
    return tuple(c for c in made if priority_id in ("", c.priority_id))


def _claims() -> dict[str, tuple[DisclosedClaim, ...]]:
    return {
        "p1": (
            DisclosedClaim(
                "p1-k1", "Drug use has seen a rise in our ward.", "not_supported",
                "Not supported by the records",
                "Recorded drug offences: 87 in the last six months, 75 a year before. The interval "
                "runs from 16 % fewer to 60 % more, so it includes no change.",
            ),
            DisclosedClaim(
                "p1-k2", "Anti-social behaviour has fallen around Millfield Gardens.", "supported",
                "Supported by the records",
                "Within 50 m of the gardens: 24 in the last twelve months, 47 in the twelve before. "
                "That is 49 % fewer; chance alone could give 70 % to 15 % fewer.",
            ),
            DisclosedClaim(
                "p1-k3", "Residents tell us that they feel safer in the evenings.",
                "cannot_be_measured", "Cannot be measured with these data",
                "Crime records do not say how safe people feel. A survey could.",
            ),
        ),
        "p2": (
            DisclosedClaim(
                "p2-k1", "The operation led to a drop in the number of robberies in that area.",
                "cannot_be_measured", "Cannot be measured with these data",
                "The page does not say which area, or from when to when.",
            ),
            DisclosedClaim(
                "p2-k2", "Robbery is down in the ward.", "not_supported",
                "Not supported by the records",
                "31 in the last six months, 42 a year before; the interval includes no change.",
            ),
            DisclosedClaim(
                "p2-k3", "Visible patrols have increased.", "no_evidence_yet", "No evidence yet",
                "Nothing on the page records patrols, and open records do not hold them.",
            ),
        ),
        "p3": (
            DisclosedClaim(
                "p3-k1", "There has been an increase in high-visibility patrols.",
                "no_evidence_yet", "No evidence yet",
                "Nothing on the page records patrols, and open records do not hold them.",
            ),
            DisclosedClaim(
                "p3-k2", "Streets are better lit than they were.", "cannot_be_measured",
                "Cannot be measured with these data",
                "Street lamps are the council's records, not the police's.",
            ),
        ),
    }  # fmt: skip


def _priorities() -> tuple[DisclosedPriority, ...]:
    claims = _claims()
    return (
        DisclosedPriority(
            id="p1",
            title="Drug use and the anti-social behaviour that comes with it",
            issue=(
                "Drug use and its associated anti-social behaviour have seen a rise in our ward. "
                "Regular patrols will take place at hot spots. The team will also build a fuller "
                "picture of drug supply in the ward.",
            ),
            action=(
                "Over the past six months our ward has seen a rise in drug-related activity. The "
                "team has taken a firm approach: patrols at hot spots, targeted searches, and work "
                "with partners.",
                "One such area is Canal Street, which borders Millfield Gardens. We have increased "
                "patrols through and around the gardens, on foot.",
                "Anti-social behaviour has fallen around Millfield Gardens. Residents tell us that "
                "they feel safer in the evenings.",
                "In the months ahead we will:\n• continue regular patrols;\n• act on what residents "
                "tell us;\n• work with housing, youth services and outreach teams.",
            ),
            withheld=(
                "One paragraph names a street, one search and what the person searched told "
                "officers. It is not repeated here, because that person could be recognised.",
            ),
            dates="Issue of 20 September 2017. Action of 2 February 2018.",
            review_due="20 June 2018",
            state="Recorded anti-social behaviour: 323 in the last six months, 343 a year before. "
            "Too few to say that it fell.",
            measures=(_asb(), _drugs()),
            ranking=ranking_of("p1-places", "Where anti-social behaviour was recorded"),
            corridor=(),
            corridor_rule="",
            claims=claims["p1"],
            commitments=commitments_of("p1"),
            cannot_know=(
                "Open records give a month, never a day or an hour: they cannot say when to patrol.",
                "Drug offences are recorded mostly when police look for them.",
            ),
        ),
        DisclosedPriority(
            id="p2",
            title="Knife-enabled robbery in the streets between Quayside and Millfield stations",
            issue=(
                "To reduce knife-enabled robberies in the streets between Quayside and Millfield "
                "stations. This can be measured by the number of such crimes reported to police.",
                "This will be achieved by operations at robbery hot spots, foot and cycle patrols, "
                "targeted stop and search, and crime prevention advice.",
            ),
            action=(
                "Officers have also targeted an area of high robbery. The operation led to a drop in "
                "the number of robberies in that area.",
            ),
            withheld=(),
            dates="The team's page gives no dates.",
            review_due="",
            state="Recorded robbery: 31 in the last six months, 42 a year before. Too few to say "
            "that it fell. Knife-enabled robbery cannot be told apart in open records.",
            measures=(_robbery(),),
            ranking=ranking_of("p2-places", "Where robbery was recorded"),
            corridor=(
                moved(
                    (
                        (230, 560),
                        (560, 640),
                        (930, 960),
                        (900, 1060),
                        (520, 770),
                        (210, 660),
                        (230, 560),
                    )
                ),
            ),
            corridor_rule="The corridor is every street on a shortest walk between the two stations "
            "and 60 m to each side, as far as it lies in the ward.",
            claims=claims["p2"],
            commitments=commitments_of("p2"),
            cannot_know=("Open records do not say whether a knife was used.",),
        ),
        DisclosedPriority(
            id="p3",
            title="A ward that is safe for women and girls",
            issue=(
                "Creating a safe environment for women and girls is a priority for the team. We "
                "want streets and public places that are well lit at night, and more late shifts.",
            ),
            action=(
                "Officers attended the youth assembly. There has been an increase in high-visibility "
                "patrols throughout the ward.",
            ),
            withheld=(),
            dates="The team's page gives no dates.",
            review_due="",
            state="Recorded violence: 198 in the last six months, 200 a year before. About the same.",
            measures=(_violence(),),
            ranking=ranking_of("p3-places", "Where violence was recorded"),
            corridor=(),
            corridor_rule="",
            claims=claims["p3"],
            commitments=commitments_of("p3"),
            cannot_know=("Open records say nothing of who was harmed.",),
        ),
    )


def sample_page() -> DisclosedWardPage:
    """A ward page with everything on it: 27 months, three priorities, 18 promises, 8 claims."""
    return DisclosedWardPage(
        ward_code="E05999901",
        ward_name="Quayside and Millfield",
        operator="Made Town Police",
        address="https://example.org/quayside-and-millfield",
        force="made-town",
        neighbourhood="E05999901N",
        state="Three priorities. Recorded robbery is lower than a year ago, but the numbers are too "
        "small to be sure. 7 of 18 commitments have no evidence yet.",
        snapshot_date="31 March 2018",
        last_month="March 2018",
        population="11,204 residents (census 2021)",
        channels=(
            Channel(kind="twitter", value="https://example.org/@quayside"),
            Channel(kind="telephone", value="020 7946 0000"),
            Channel(kind="email", note="The page hides the address: ask the team for it."),
            Channel(kind="website", value="https://example.org/quayside-and-millfield"),
        ),
        team=(
            TeamMember(name="A. Sample", rank="PC", role="Dedicated ward officer"),
            TeamMember(name="B. Example", rank="PCSO"),
        ),
        priorities=_priorities(),
        commitments=commitments_of(),
        public_reported=measure_of(
            "all-records",
            "All records that the public reported",
            ALL,
            finding="About 155 records a month were reported by the public.",
            change="All records: 897 in the last six months, 915 in the same months a year before. "
            "That is 2 % fewer; chance alone could give anything from 11 % fewer to 8 % more.",
            certainty="too few to say",
            sums=(915, 897),
        ),
        by_type=(
            DisclosedType("Anti-social behaviour", count_of(765), police_generated=False),
            DisclosedType("Violence and sexual offences", count_of(446), police_generated=False),
            DisclosedType("Drugs", count_of(181), police_generated=True),
            DisclosedType("Robbery", count_of(74), police_generated=False),
            DisclosedType("Possession of weapons", count_of("few"), police_generated=True),
        ),
        totals="4,163 records at 50 snap points, January 2016 to March 2018.",
        stops=measure_of(
            "stops",
            "Stop and search records",
            STOPS,
            finding="About 28 people or vehicles were searched in a month.",
            change="Searches: 131 in the last six months, 168 in the same months a year before. "
            "That is 22 % fewer; allowing for chance, from 38 % fewer to 1 % fewer: a fall is likely.",
            certainty="likely",
            sums=(168, 131),
            police_generated="Searches follow where police go and whom they stop.",
        ),
        edge="949 records lie within 10 m of the ward's line.",
        place_names=(
            "“Millfield Gdns” is read as Millfield Gardens, which Canal Street borders.",
            "“Old Warf Estate” is not known; Old Wharf Estate is suggested and nobody has confirmed it.",
        ),
        cannot_know=(
            "Police.uk moves every record to one of a fixed set of points: distances between points "
            "mean nothing below their spacing.",
            "Crimes that nobody reported are not here.",
        ),
        map=made_map(),
        sources=(
            DisclosedSource(
                "Street-level crime", "police.uk", "Made Town Police", "26 of 27 months", "4,163",
                "9f2c4e0b7a6d5c1388aa0b1c2d3e4f5061728394a5b6c7d8e9f00112233445566", "OGL v3.0",
            ),
            DisclosedSource(
                "Ward boundaries", "made_wards_2022", "", "", "20",
                "1b2c4e0b7a6d5c1388aa0b1c2d3e4f5061728394a5b6c7d8e9f00112233445566", "OGL v3.0",
            ),
        ),
        licence="Contains public sector information licensed under the Open Government Licence v3.0.",
        code_version="0.1.0",
        seed=20180331,
    )  # fmt: skip


def _with_counts(measure: DisclosedMeasure, counts: Sequence[int | str | None]) -> DisclosedMeasure:
    return replace(measure, months=months_of(counts), breaks=(), compared=None)


def page_with_counts(
    counts: Sequence[int | str | None], *, finding: str, change: str
) -> DisclosedWardPage:
    """The sample page with every chart showing these months, and no place ranked."""
    page = sample_page()

    def changed(measure: DisclosedMeasure) -> DisclosedMeasure:
        return replace(_with_counts(measure, counts), finding=finding, change=change, certainty="")

    return replace(
        page,
        priorities=tuple(
            replace(p, measures=tuple(changed(m) for m in p.measures), ranking=None, corridor=())
            for p in page.priorities
        ),
        public_reported=changed(page.public_reported),
        stops=None if page.stops is None else changed(page.stops),
    )


def page_without_data() -> DisclosedWardPage:
    """No month is held and nobody has published a priority, a member or a way to reach the team."""
    bare = page_with_counts(
        (), finding="No records are held for this ward.", change="There is nothing to compare."
    )
    return replace(
        bare, priorities=(), commitments=(), channels=(), team=(), by_type=(), sources=(),
        place_names=(), stops=None, totals="No records are held for this ward.", population="", last_month="",
        state="No priorities are published and no records are held.",
    )  # fmt: skip


def page_with_one_month() -> DisclosedWardPage:
    return page_with_counts(
        (31,), finding="31 records in January 2016.",
        change="Fewer than twelve months are held: there is no comparison.",
    )  # fmt: skip


def page_with_a_missing_year() -> DisclosedWardPage:
    return page_with_counts(
        (*ASB[:8], *(None,) * 12, *ASB[20:]),
        finding="A whole year is missing, so nothing can be compared.",
        change="No month is held in both years: there is no comparison.",
    )


def page_with_everything_held_back() -> DisclosedWardPage:
    return page_with_counts(
        ("few",) * 27, finding="Fewer than 5 records in every month.",
        change="The counts are too small to show or to compare.",
    )  # fmt: skip


def page_with_a_long_name() -> DisclosedWardPage:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwll and Saint Bartholomew"
    assert len(name) >= 60
    return replace(sample_page(), ward_name=name)


def page_with_200_commitments() -> DisclosedWardPage:
    page = sample_page()
    many = tuple(
        replace(c, id=f"{c.priority_id}-c{i}")
        for i, c in enumerate((page.commitments * 12)[:200], start=1)
    )
    return replace(
        page,
        commitments=many,
        priorities=tuple(
            replace(p, commitments=tuple(c for c in many if c.priority_id == p.id))
            for p in page.priorities
        ),
    )


def page_with_40_places() -> DisclosedWardPage:
    page = sample_page()
    ranking = page.priorities[0].ranking
    assert ranking is not None
    many = tuple(
        replace(
            ranking.places[n % 8], rank=n + 1, easting=ranking.places[n % 8].easting + 30 * (n // 8)
        )
        for n in range(40)
    )
    first = replace(page.priorities[0], ranking=replace(ranking, places=many))
    return replace(page, priorities=(first, *page.priorities[1:]))


def page_without_streets() -> DisclosedWardPage:
    page = sample_page()
    return replace(page, map=replace(page.map, streets=(), grounds=(), attribution=""))


EDGE_PAGES = {
    "no data": page_without_data,
    "one month": page_with_one_month,
    "a missing year": page_with_a_missing_year,
    "everything held back": page_with_everything_held_back,
    "a long name": page_with_a_long_name,
    "200 commitments": page_with_200_commitments,
    "40 places": page_with_40_places,
    "no streets": page_without_streets,
}
