"""Read the promises of an Issue and an Action, and which of them the Action reports on.

The rules are about language (modal verbs, "can be measured by", "look to", lists under "we
will:"), not about any one page. They miss promises made without such words, and a person
corrects the ward file; tests/ingest/test_ward_page_rules.py measures how well they do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peelian.core.wards import Commitment
from peelian.ingest.page_claims import changes_in
from peelian.ingest.page_deeds import (
    DEEDS,
    PARTIES,
    deeds_named,
    parties_named,
    split_deeds,
    tactic_of,
)
from peelian.ingest.page_measures import topic_of
from peelian.ingest.page_sentences import PageSentence

_FUTURE = re.compile(
    r"\b(?:"
    r"(?:will|shall)(?: (?:also|now|then|soon|all|both|always))*"
    r"|(?:is|are|be) (?:also |now )?going to"
    r"|(?:is|are) (?:also )?(?:planning|hoping|aiming|looking)(?: to)?"
    r"|(?:is|are) (?:also |actively )?(?:considering|exploring)"
    r"|(?:intends?|plans?|aims?|hopes?|proposes?|looks?|expects?|undertakes?|pledges?|promises?) to"
    r"|(?:has|have) (?:promised|pledged|undertaken)(?: to)?|(?:has|have) agreed to"
    r"|it is hoped (?:that|to)"
    r"|(?:is|are|remains?) (?:fully |also )?committed to"
    r"|(?:plan|aim|objective|goal|intention|commitment) (?:is|will be|remains) to"
    r"|(?:is|are) to (?!date\b|blame\b)"
    r")\b|(?<=\w)[’']ll\b",
    re.I,
)
_SCHEDULED = re.compile(
    r"\b(?:is|are) (?:also )?(?:planned|proposed|scheduled|booked|due)\b"
    r"|\b(?:starts?|begins?) (?:this|next|on|in)\b",
    re.I,
)
_ANNOUNCED = re.compile(r"^(?:next|coming up|planned|to come)\s*:\s*", re.I)
_URGED = re.compile(r"\b(?:pressing|pushing|lobbying|calling|campaigning|asking) for\b", re.I)
_WORKING_TO = re.compile(r"\b(?:is|are) (?:also )?working (?:closely )?with\b.+\bto\b", re.I)
_OBJECTIVE = re.compile(
    r"^(?:to (?:further |also )?|our (?:aim|objective|goal) is to )?"
    r"(?P<verb>reduc|tackl|prevent|cut|stop|address|deter|combat|lower|increas|improv|mak|creat|"
    r"disrupt|target|eradicat|minimis|provid|ensur|work|identif|build|engag|promot|educat|"
    r"support|decreas|dismantl|continu|address|eliminat)(?:e|y)?\b",
    re.I,
)
_MEASURED = re.compile(r"\bmeasured (?:by|through|against|using|with)\b", re.I)
_BY_LIST = re.compile(
    r"\b(?:(?:achieved|delivered|done|addressed|tackled|met)|(?:tackle|address|achieve|do|deliver|"
    r"reduce|meet|prevent) (?:this|it|these|the (?:issue|problem)))"
    r" (?:by|through|with|via|using)\s+(?:means of\s+)?(?P<list>.+)$",
    re.I,
)
_WHETHER = re.compile(
    r"^whether (?:it |this |that |is )*(?P<first>.+?),? or (?P<second>.+?), (?:we|our|the)\b", re.I
)
_PROMISING_LEAD = re.compile(
    r"\b(?:will(?: be)?|shall|next steps?|plans?|aims?|going to|intend to|commit to)\b"
    r"|[’']ll\b|\bcoming (?:weeks|months)\b",
    re.I,
)
_PROMISING_HEADING = re.compile(
    r"\b(?:next steps?|what we will|our plans?|coming (?:weeks|months)|going forward)\b", re.I
)

# "which will help", "residents will have noticed": something is foretold, nobody undertakes it.
_FORETOLD = re.compile(
    r"\b(?:which|that|this|it|these) (?:in turn |also )?will (?:also )?"
    r"(?:help|allow|enable|mean|make|give|send|have|lead|improve|deter|reassure)\b"
    r"|\b(?:you|many|some|everyone|people|readers|residents|members|locals)(?: of you)? "
    r"(?:will|may|might) (?:all |already |also )?"
    r"(?:be aware|be pleased|have|know|notice|see|remember|recall|agree|appreciate)\b"
    r"|\b(?:will|shall) (?:not|never)\b|\bwon[’']t\b",
    re.I,
)
_WHOLE_CLAUSE = re.compile(
    r"^\s*(?:be (?!\w+ing\b)|have \w+|take place|begin|start|happen|continue(?! to\b| our\b| with\b"
    r"| the\b| regular\b| high\b| patrol)|remain|always be)",
    re.I,
)
_OUR_SUBJECT = re.compile(
    r"\b(?:we|our (?!council|partner|landlord|school)[\w ]+|i|officers?|teams?|police|PCSOs?|PCs?|"
    r"Sgt|sergeant|inspector|SNT|NPT|it)\b|^(?:and|also|then|to|who|which)?$",
    re.I,
)
_NEW_CLAUSE = re.compile(
    r"(?:[;:]\s+|,\s+(?:and|but|so|while)\s+|\s+and\s+|,\s+)(?=(?:[\w’'-]+ ){0,8}?"
    r"(?:will|shall|(?:hope|plan|intend|aim|look)s? to|(?:are|is) (?:going to|planning to|to be))\b"
    r"(?! (?:help|allow|enable)\b))"
)
_TRAILING = re.compile(r",? (?:which|but|although|though|because|so that)\b.*$", re.I)
_CONTENT = re.compile(r"[a-z][a-z’'-]{3,}", re.I)
_VAGUE = frozenset(
    {"this", "that", "these", "those", "with", "work", "working", "effort", "efforts",
     "sustaining", "adapting", "needed", "need", "continue", "ongoing", "priority",
     "priorities", "issue", "issues", "problem", "area", "support", "keep", "making", "make",
     "committed", "remain", "team", "ward", "safe", "safer", "here", "their", "them", "will",
     "time", "possible", "approach"}
)  # fmt: skip

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


@dataclass(frozen=True)
class Promise:
    """A promise in the page's own words, and the sentence that makes it."""

    text: str
    sentence: str
    kind: str = "deed"  # or "objective", "measure"


def read_commitments(
    issue: Sequence[PageSentence], action: Sequence[PageSentence], *, priority: str, due: str = ""
) -> tuple[Commitment, ...]:
    """List what an Issue and its Action promise, numbered "p2-c1", "p2-c2" in reading order.

    What the Issue promises and the Action reports on is "in_progress", and `reported` holds
    the sentence: words are no evidence, so it is never "done". What the Action says nothing
    about is "no_evidence". What the Action itself promises lies ahead of it, and no text
    reports on it yet: "planned".
    """
    commitments: list[Commitment] = []
    for promise in promises_in(issue, in_issue=True):
        reported = report_on(promise, action)
        commitments.append(
            Commitment(
                id=f"{priority}-c{len(commitments) + 1}",
                text=promise.text,
                sentence=promise.sentence,
                said_in="issue",
                tactic=tactic_of(promise.text) if promise.kind == "deed" else "",
                status="in_progress" if reported else "no_evidence",
                reported=reported,
                due=due,
            )
        )
    for promise in promises_in(action, in_issue=False):
        commitments.append(
            Commitment(
                id=f"{priority}-c{len(commitments) + 1}",
                text=promise.text,
                sentence=promise.sentence,
                said_in="action",
                tactic=tactic_of(promise.text),
                status="planned",
            )
        )
    return tuple(commitments)


def promises_in(sentences: Sequence[PageSentence], *, in_issue: bool) -> tuple[Promise, ...]:
    """The promises of a text in reading order; a sentence may hold several, or none."""
    return tuple(
        promise
        for sentence in sentences
        for promise in _promises_of(sentence, in_issue=in_issue)
        if not _is_vague(promise.text)
    )


def _promises_of(sentence: PageSentence, *, in_issue: bool) -> Iterator[Promise]:
    text = sentence.text.rstrip()
    bare = text.rstrip(" .;,")
    if sentence.is_bullet and (
        _PROMISING_LEAD.search(sentence.lead)
        or (not sentence.lead and _PROMISING_HEADING.search(sentence.heading))
    ):
        # A bullet is one promise: its author cut the list.
        yield Promise(_capitalised(bare), text)
    elif text.endswith(":"):
        return
    elif announced := _ANNOUNCED.match(text):
        yield Promise(_capitalised(bare[announced.end() :]), text)
    elif sentence.part == "M" or _MEASURED.search(text):
        yield Promise(_capitalised(bare), text, "measure")
    elif sentence.part == "A" or _BY_LIST.search(text):
        match = _BY_LIST.search(text)
        items = (
            match["list"] if match else re.sub(r"^(?:by|through|using)\s+", "", bare, flags=re.I)
        )
        for item in split_deeds(items, is_list=True):
            yield Promise(_capitalised(item), text)
    elif sentence.part in ("R", "T"):
        return
    elif in_issue and (sentence.part == "S" or _is_objective(text)):
        yield Promise(_capitalised(bare), text, "objective")
    elif in_issue and (whether := _WHETHER.match(text)):
        for words in (whether["first"], whether["second"]):
            yield Promise(_capitalised(words.strip()), text)
    else:
        yield from _undertakings(text, in_issue=in_issue)


def _is_objective(text: str) -> bool:
    """The whole sentence is an infinitive: "To reduce burglary in the ward."."""
    return (
        text.lower().startswith(("to ", "our aim is to", "our objective is to", "our goal is to"))
        and _OBJECTIVE.match(text) is not None
        and not re.search(r", (?:we|officers|the|patrols|our|you|please)\b", text)
    )


def _undertakings(text: str, *, in_issue: bool) -> Iterator[Promise]:
    for clause in _NEW_CLAUSE.split(text):
        cue = _FUTURE.search(clause)
        words = clause.rstrip(" .;")
        if _FORETOLD.search(clause):
            continue
        if cue is not None:
            after = words[cue.end() :]
            whole = _WHOLE_CLAUSE.match(after) is not None or not _is_ours(words[: cue.start()])
            kept = words if whole else re.sub(r"^\s*be (?=\w+ing\b)", "", after)
            kept = _TRAILING.sub("", kept.strip(" ,"))
            for deed in split_deeds(kept, is_list=False):
                yield Promise(_capitalised(deed), text)
        elif _SCHEDULED.search(clause):
            yield Promise(_capitalised(words), text)
        elif (urged := _URGED.search(clause)) or (in_issue and _WORKING_TO.search(clause)):
            yield Promise(_capitalised(words[urged.start() :] if urged else words), text)


def _is_ours(before: str) -> bool:
    """The team undertakes it. What others undertake keeps its subject: "The council will …"."""
    subject = before.rpartition(",")[2].strip() or before
    return not subject or _OUR_SUBJECT.search(subject) is not None


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _is_vague(text: str) -> bool:
    """Nothing in it could be checked: "sustaining this effort and adapting as needed"."""
    if deeds_named(text) or parties_named(text):
        return False
    return not {word.lower() for word in _CONTENT.findall(text)} - _VAGUE


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
        if list(_promises_of(sentence, in_issue=False)):
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
    return frozenset(
        word.lower()[:6] for word in _CONTENT.findall(text) if word.lower() not in _VAGUE
    )
