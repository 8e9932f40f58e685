from __future__ import annotations

import json
import re

from peelian.town import Town, TownFiles
from peelian.town.page import page_text


def pairs_of(text: str) -> list[tuple[str, str]]:
    blocks = re.split(r"^(Issue|Action)$", text, flags=re.M)[1:]
    titles, texts = blocks[::2], [block.strip() for block in blocks[1::2]]
    assert titles == ["Issue", "Action"] * (len(titles) // 2)
    return list(zip(texts[::2], texts[1::2], strict=True))


def test_the_page_has_three_pairs_of_issue_and_action() -> None:
    pairs = pairs_of(page_text())

    assert len(pairs) == 3
    assert all(len(issue) > 80 and len(action) > 80 for issue, action in pairs)


def test_the_page_has_the_headings_of_the_published_one(seed_page: str) -> None:
    headings = ("Operated by:", "Contact Details", "Twitter:", "Facebook:", "Email:",
                "Current Priorities")  # fmt: skip

    places = [page_text().index(heading) for heading in headings]

    assert places == sorted(places)
    assert all(heading in seed_page for heading in headings)


def test_the_page_repeats_no_sentence_of_the_published_one(seed_page: str) -> None:
    sentences = {s.strip() for s in re.split(r"[.\n]", page_text()) if len(s.split()) > 4}

    assert [sentence for sentence in sentences if sentence in seed_page] == []


def test_the_page_has_the_slips_that_checks_must_find() -> None:
    text = page_text()

    assert "[email\N{NO-BREAK SPACE}protected]" in text
    assert re.search(r"search on Pinder Street.+gave officers valuable information", text)
    assert "three offenders" in text
    assert "reassure" in text


def test_everything_that_the_page_names_is_on_the_map(town: Town) -> None:
    named = {edge.name for edge in town.streets.edges}
    named |= {plot.name for plot in town.streets.plots}

    for name in ("Coopers Field Estate", "Larkfield Gardens", "Pinder Street", "Station Road",
                 "Larkfield High Street", "Larkfield School", "Larkfield Cut Towpath"):  # fmt: skip
        assert name in page_text()
        assert name in named


def test_the_services_answers_have_its_keys_and_its_text_coordinates(files: TownFiles) -> None:
    answers = {path.stem: json.loads(path.read_bytes()) for path in files.api_json.iterdir()}

    assert set(answers) == {"neighbourhood", "priorities", "people", "events", "boundary"}
    assert [set(p) for p in answers["priorities"]] == [
        {"issue", "issue-date", "action", "action-date"}
    ] * 3
    assert isinstance(answers["neighbourhood"]["population"], str)
    first, last = answers["boundary"][0], answers["boundary"][-1]
    assert first == last
    assert re.fullmatch(r"52\.\d{10}", first["latitude"])


def test_the_priorities_as_html_say_what_the_page_says(files: TownFiles) -> None:
    answered = json.loads((files.api_json / "priorities.json").read_bytes())

    for priority, (issue, action) in zip(answered, pairs_of(page_text()), strict=True):
        for html, text in ((priority["issue"], issue), (priority["action"], action)):
            plain = re.sub(r"<li>", "• ", html)
            plain = re.sub(r"<[^>]+>", " ", plain)
            assert " ".join(plain.split()) == " ".join(text.split())
