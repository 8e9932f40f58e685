"""Which sentence of an Action reports on a promise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from peelian.ingest.page_claims import changes_in
from peelian.ingest.page_deeds import DEEDS, PARTIES, deeds_named, parties_named
from peelian.ingest.page_measures import topic_of
from peelian.ingest.page_promises import Promise, content_words, promises_of
from peelian.ingest.page_sentences import PageSentence

_REPORTS = re.compile(
    r"\b(?:have|has|had|was|were|took|held|made|met|ran|gave|spoke|led|lead to|saw|did|went|"
    r"found)\b"
    r"|\b(?:we|i|they|it|team|police|council|which|who|\w+s)\s+(?:\w+ly\s+|also\s+)*\w{3,}ed\b",
    re.I,
)
_MENTIONED_ONLY = re.compile(r"^(?:alongside|as well as|in addition to)\b[^,]*,", re.I)
# A report is about the work. A sentence about one person is never quoted as one.
_ONE_PERSON = re.compile(
    r"\b(?:the|an?|one|this|that) (?:\w+ )?(?:subject|suspect|male|female|man|woman|person|"
    r"individual|interaction|driver|youth|boy|girl|teenager|victim|resident)\b",
    re.I,
)
_NUMBER = (
    r"\d[\d,]*|(?<!\w)(?:no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty)"
)
_COUNTED_CRIMES = re.compile(
    rf"\b(?:{_NUMBER})\s+(?:[\w-]+\s+){{0,2}}"
    r"(?:\w*robber\w*|burglar\w*|thefts?|offences?|crimes?|incidents?|reports?|calls?|"
    r"complaints?|assaults?|snatch\w*)\b|\b\d+(?:\.\d+)?\s?(?:%|per cent|percent)"
    r"|\bfrom \d+ (?:\w+ )?to \d+|\bby (?:a )?(?:half|third|quarter|fifth)\b|\bhalved\b",
    re.I,
)


def report_on(promise: Promise, action: Sequence[PageSentence]) -> str:
    """The sentence of an Action that reports on a promise; "" where none does.

    A sentence reports on a deed where it names every deed of the promise in a past tense
    ("high visibility patrols" says nothing of "foot and cycle patrols"); on an objective
    where it says that the count went up or down; on a measure only where it gives a count.
    """
    best, best_score = "", 0.0
    for sentence in action:
        text = _MENTIONED_ONLY.sub("", sentence.text)
        if not _REPORTS.search(text) or _ONE_PERSON.search(text):
            continue
        if list(promises_of(sentence, in_issue=False)):
            continue
        score = _report_score(promise, text, sentence.heading)
        if score > best_score:
            best, best_score = sentence.text, score
    return best


def _report_score(promise: Promise, text: str, heading: str) -> float:
    shared = len(_stems(promise.text) & _stems(text))
    if promise.kind == "measure":
        return 1.0 if _COUNTED_CRIMES.search(text) else 0.0
    if promise.kind == "objective":
        return float(shared + 1) if _tells_of(promise.text, text) else 0.0
    wanted = deeds_named(promise.text) or parties_named(promise.text)
    if not wanted:
        stems = _stems(promise.text)
        return float(shared) if shared >= max(2, len(stems) / 2) else 0.0
    held = _all_named(text)
    if wanted <= held:
        return 1.0 + shared
    # A heading says what the sentences below it are about.
    return 0.5 if wanted <= held | _all_named(heading) else 0.0


def _tells_of(objective: str, text: str) -> bool:
    """The sentence says that what the objective is about went up or down."""
    topic = topic_of(objective)
    abouts = [change.about for change in changes_in(text)]
    if topic is None or not topic.measures:
        return any(_stems(objective) & _stems(about) for about in abouts)
    found = [topic_of(about) for about in abouts]
    return any(other and set(other.measures) & set(topic.measures) for other in found)


def _all_named(text: str) -> frozenset[str]:
    return frozenset(deed.name for deed in (*DEEDS, *PARTIES) if deed.pattern.search(text))


def _stems(text: str) -> frozenset[str]:
    """Content words cut to six letters: enough to join "robberies" and "robbery"."""
    return frozenset(word[:6] for word in content_words(text))
