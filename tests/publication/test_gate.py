"""What the language gate finds in a text, and what an assessment lets through.

The sentences are made by hand. The seed page's paragraph is the published one.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.assessment.effect import Check, Difference, Effect
from peelian.core.published_text import paragraphs_of
from peelian.core.wards import Commitment
from peelian.ingest.ward_page import read_ward_page
from peelian.publication.gate import pass_through_gate
from peelian.publication.gate_finding import Assessed

ROBBERY_FELL = "Robbery fell significantly, due to the patrols."
EFFECT = Effect(
    estimate=0.5,
    low=0.3,
    high=0.8,
    level=0.95,
    p_value=0.004,
    treated=20,
    untreated=40,
    design="before and after beside a comparison",
    maryland_level=3,
    assumptions=("The comparison would have moved alike.",),
)
SAFE_REWRITE = (
    "From January 2024 to March 2024, officers searched 46 people in the ward for drugs, and "
    "found some on 14 of them."
)


def kinds(text: str) -> set[str]:
    return {finding.kind for finding in pass_through_gate(text).findings}


def severities(assessed: Assessed) -> dict[str, str]:
    report = pass_through_gate(ROBBERY_FELL, assessed=[assessed])
    return {finding.kind: finding.severity for finding in report.findings}


@pytest.fixture(scope="module")
def informant_paragraph(seed_page: str) -> str:
    action = read_ward_page(seed_page, ward="E05013669").priorities[0].action
    return next(p for p in paragraphs_of(action) if p.startswith("A notable example occurred"))


def test_the_seeds_informant_paragraph_is_blocked_with_its_reasons(
    informant_paragraph: str,
) -> None:
    report = pass_through_gate(informant_paragraph)

    (source,) = report.of("source_protection")
    assert report.blocks
    assert source.severity == "blocks"
    assert source.words == informant_paragraph
    assert "could tell who informed the police" in source.rule
    assert source.to_do.startswith("Take the information out")
    assert "people were searched in the ward" in source.form


def test_a_safe_rewrite_of_the_informant_paragraph_passes() -> None:
    report = pass_through_gate(SAFE_REWRITE)

    assert not report.blocks
    assert report.findings == ()


def test_the_seeds_two_claims_are_found_with_the_words_that_are_not_earned(seed_page: str) -> None:
    report = pass_through_gate(seed_page)

    (significant,) = report.of("significance")
    causes = {finding.words for finding in report.of("cause")}
    claims = [finding.words for finding in report.of("direction")]
    assert significant.words == "decreased significantly"
    assert "acted as a deterrent" in causes
    assert any("drop in the number of robberies in that area" in words for words in claims)
    assert [f.words for f in report.of("before_conviction")] == ["offenders"]


def test_a_span_says_where_its_words_stand(seed_page: str) -> None:
    report = pass_through_gate(seed_page)

    assert len(report.findings) > 30
    for finding in report.findings:
        assert report.text[finding.start : finding.end] == finding.words


def test_words_of_cause_are_blocked_where_nothing_was_assessed() -> None:
    report = pass_through_gate(ROBBERY_FELL)

    assert {f.kind for f in report.findings if f.severity == "blocks"} == {"significance", "cause"}
    assert "No assessment was given." in report.of("cause")[0].to_do


def test_a_passed_test_at_level_three_lets_the_words_through_with_its_figures() -> None:
    report = pass_through_gate(ROBBERY_FELL, assessed=[Assessed("robbery", "", EFFECT)])

    assert not report.blocks
    assert report.of("cause")[0].proposed == (
        "0.50 times the records, 95% interval 0.30 to 0.80, p = 0.004, design level 3 of 5 "
        "(before and after beside a comparison)."
    )


def test_a_difference_in_records_lets_the_words_through_as_well() -> None:
    fewer = Difference(-12.0, -20.0, -4.0, 0.95, 0.003, "with a comparison", 3, ())

    assert severities(Assessed("robbery", "", fewer))["cause"] == "asks"


@pytest.mark.parametrize(
    ("assessed", "why"),
    [
        (Assessed("robbery", "", replace(EFFECT, maryland_level=2)), "below level 3"),
        (Assessed("robbery", "", replace(EFFECT, high=1.1)), "include no change"),
        (Assessed("robbery", "", replace(EFFECT, p_value=0.06)), "include no change"),
        (
            Assessed(
                "robbery", "", replace(EFFECT, checks=(Check("window", "Three months.", True),))
            ),
            "another look changed",
        ),
        (Assessed("burglary", "", EFFECT), "another measure, place or direction"),
        (Assessed("robbery", "Mill Lane", EFFECT), "another measure, place or direction"),
        (Assessed("robbery", "", replace(EFFECT, low=1.2, high=2.0)), "another measure, place"),
    ],
)
def test_what_is_no_such_test_lets_nothing_through(assessed: Assessed, why: str) -> None:
    report = pass_through_gate(ROBBERY_FELL, assessed=[assessed])

    assert report.blocks
    assert why in report.of("cause")[0].to_do


def test_a_test_of_one_place_lets_through_a_sentence_about_that_place_only() -> None:
    assessed = [Assessed("robbery", "Mill Lane", EFFECT)]

    assert not pass_through_gate(
        "Thanks to the patrols, robbery on Mill Lane has fallen.", assessed=assessed
    ).blocks
    assert pass_through_gate(
        "Thanks to the patrols, robbery on Oak Road has fallen.", assessed=assessed
    ).blocks


@pytest.mark.parametrize(
    ("text", "is_cause"),
    [
        ("Our patrols led to a fall in burglary.", True),
        ("The patrols deterred burglars.", True),
        ("Burglary has fallen as a result.", True),
        ("No burglaries were reported thanks to the scheme.", True),
        ("The warrant led to the arrest of two people.", False),
        ("As a result of your concerns we moved the surgery.", False),
        ("The meeting is due to take place on 4 May 2025.", False),
        ("Patrols will deter burglars.", False),
        ("We cannot tell whether the patrols led to a fall in burglary.", False),
        ("This led to an increase in patrols.", False),
    ],
)
def test_cause_is_what_is_said_to_change_crime(text: str, is_cause: bool) -> None:
    assert ("cause" in kinds(text)) is is_cause


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Burglary fell significantly.", True),
        ("There was a statistically significant change in burglary.", True),
        ("A significant amount of time went into patrols.", False),
        ("The market is a significant event.", False),
    ],
)
def test_significant_is_a_tests_word_where_it_is_said_of_a_change(text: str, found: bool) -> None:
    assert ("significance" in kinds(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Burglary has fallen by 20%.", True),
        ("Burglary has halved.", True),
        ("Burglary has fallen by 20%, from 50 to 40.", False),
        ("There were 40 burglaries, and 50 before. That is a fall of 20%.", False),
        ("To reduce burglary by 20%.", False),
        ("Burglary has fallen.", False),
    ],
)
def test_a_share_needs_the_counts_that_it_is_of(text: str, found: bool) -> None:
    assert ("number_without_base" in kinds(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Burglary has fallen from 23 to 14.", True),
        ("Burglary is lower than before.", True),
        ("Burglary has fallen from 23 in May 2023 to 14 in May 2024.", False),
        ("Burglary has fallen.", False),
    ],
)
def test_a_comparison_needs_its_periods(text: str, found: bool) -> None:
    assert ("comparison_without_period" in kinds(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two burglaries took place on Mill Lane.", True),
        ("One victim lost her savings.", True),
        ("12 burglaries took place on Mill Lane.", False),
        ("Two patrols took place on Mill Lane.", False),
        ("Two burglaries took place in the ward.", False),
    ],
)
def test_a_few_crimes_at_a_named_place_are_a_small_count(text: str, found: bool) -> None:
    assert ("small_count" in kinds(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two pupils from Oak Hill Academy were spoken to.", True),
        ("A girl at St Mary’s School was robbed.", True),
        ("We gave a talk to the pupils of Oak Hill Academy.", False),
        ("The victim works at a bakery.", True),
        ("A man in his 30s was arrested.", True),
        ("A man known as T.B. was arrested.", True),
    ],
)
def test_pupils_victims_and_bands_of_age_point_to_a_person(text: str, found: bool) -> None:
    assert ("identification" in kinds(text)) is found


def test_a_court_in_the_next_sentence_lets_guilt_be_named() -> None:
    assert "before_conviction" in kinds("A burglar was arrested. He was bailed.")
    assert "before_conviction" not in kinds("A burglar was arrested. He was jailed in May 2024.")


@pytest.mark.parametrize(
    "text",
    [
        "Robbery: 14 in January to March 2025, 15 in the same months of 2024. A rise is likely.",
        "There are too few burglaries to say whether they fell because of the patrols.",
        "Whether one led to the other was not tested.",
    ],
)
def test_saying_that_it_cannot_be_known_is_no_claim(text: str) -> None:
    assert kinds(text) <= {"vague_period"}


def test_an_issues_promise_is_unreported_until_its_action_reports_on_it() -> None:
    issue = "Issue\nWe will run foot patrols.\nAction\n"

    silent = pass_through_gate(f"{issue}The weather was good.")
    reported = pass_through_gate(f"{issue}We ran foot patrols on nine days in May 2024.")

    assert [f.words for f in silent.of("promise_unreported")] == ["run foot patrols"]
    assert reported.of("promise_unreported") == ()


def test_a_draft_is_asked_about_each_earlier_promise_that_is_not_settled() -> None:
    def promise(key: str, text: str, status: str) -> Commitment:
        return Commitment(id=key, text=text, sentence=text, said_in="issue", status=status)  # type: ignore[arg-type]

    promised = [
        promise("p1-c1", "Run foot patrols", "no_evidence"),
        promise("p1-c2", "Hold a surgery", "no_evidence"),
        promise("p1-c3", "Mark bicycles", "not_done"),
    ]
    report = pass_through_gate("We held a surgery on 4 May 2024.", promised=promised)

    (unreported,) = report.of("promise_unreported")
    assert unreported.words == "Run foot patrols"
    assert unreported.start == unreported.end == len(report.text)


def test_an_empty_text_holds_nothing() -> None:
    assert pass_through_gate("").findings == ()


def test_markup_is_read_as_its_words() -> None:
    plain = pass_through_gate("Burglary has fallen.\nA burglar was arrested.")

    assert pass_through_gate("<p>Burglary has fallen.</p><p>A burglar was arrested.</p>") == plain


@given(
    st.lists(
        st.sampled_from(
            [
                "Burglary fell significantly, thanks to our patrols.",
                "We will run patrols on Mill Lane.",
                "Recently two offenders were arrested at 12 Mill Lane.",
                "Robbery has halved.",
                "The hall was cold.",
            ]
        ),
        max_size=6,
    )
)
def test_a_text_has_the_findings_of_its_paragraphs_where_none_leans_on_another(
    paragraphs: list[str],
) -> None:
    whole = pass_through_gate("\n".join(paragraphs))
    apart = [f for paragraph in paragraphs for f in pass_through_gate(paragraph).findings]

    assert sorted((f.kind, f.words) for f in whole.findings) == sorted(
        (f.kind, f.words) for f in apart
    )
