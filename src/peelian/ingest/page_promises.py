"""Read the promises of an Issue or an Action by rules of language.

The rules know modal verbs, "can be measured by", "look to", lists under "we will:" and the
like, not any one page. They miss promises made without such words, and a person corrects
the ward file; tests/ingest/test_ward_page_rules.py measures how well they do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from peelian.ingest.page_deeds import deeds_named, parties_named, split_deeds
from peelian.ingest.page_sentences import PageSentence

_FUTURE = re.compile(
    r"\b(?:"
    r"(?<!good )(?-i:will|shall)(?: (?:also|now|then|soon|all|both|always))*"
    r"|(?:is|are|be) (?:also |now )?going to"
    r"|(?:is|are) (?:also )?(?:planning(?: to)?|(?:hoping|aiming|looking) to)"
    r"|(?:is|are) (?:also |actively )?(?:considering|exploring)"
    r"|(?:intends?|plans?|aims?|hopes?|proposes?|looks?|expects?|undertakes?|pledges?|promises?) to"
    r"|(?:has|have) (?:promised|pledged|undertaken)(?: to)?|(?:has|have) agreed to"
    r"|it is hoped (?:that|to)"
    r"|(?:is|are|remains?) (?:fully |also )?committed to"
    r"|(?:plan|aim|objective|goal|intention|commitment) (?:i[sn]|will be|remains) to"
    r"|(?:is|are) to (?!date\b|blame\b)"
    r")\b|(?<=\w)[’']ll\b",
    re.I,
)
_SCHEDULED = re.compile(
    r"\b(?:is|are) (?:also )?(?:planned|proposed|scheduled|booked|"
    r"due (?:on|in|by|to (?:be|start|begin|open|take|end)))\b"
    r"|\b(?:starts?|begins?) (?:this|next|on|in)\b"
    r"|^(?:[\w’'-]+ ){1,6}to be (?:implemented|introduced|carried out|conducted|deployed|installed|"
    r"held)\b",
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
_MEASURED = re.compile(
    r"(?:\b(?:can|will|shall|to) be |^|\bsuccess (?:is|will be) )"
    r"measured (?:by|through|against|using)\b",
    re.I,
)
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
    r"|\b(?:will|shall) (?:not|never)\b|\bwon[’']t\b"
    # that something stays a priority says nothing of what will be done about it
    r"|\bwill (?:continue|remain)(?: to be| as)? (?:an?|our|one of our) (?:\w+ )?"
    r"(?:priorit(?:y|ies)|focus|concern)\b|\bthere will be a focus\b",
    re.I,
)
_WHOLE_CLAUSE = re.compile(
    r"^\s*(?:be (?!\w+ing\b)|have \w+|take place|begin|start|happen|continue(?! to\b| our\b| with\b"
    r"| the\b| regular\b| high\b| patrol)|remain|always be)",
    re.I,
)
_OUR_SUBJECT = re.compile(
    r"\b(?:we|our (?!council|partner|landlord|school)[\w ]+|i|officers?|teams?|police|PCSOs?|PCs?|"
    r"Sgt|sergeant|inspector|SNT|NPT|it)\b|\bour$|^(?:and|also|then|to|who|which)?$",
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


@dataclass(frozen=True)
class Promise:
    """A promise in the page's own words, and the sentence that makes it."""

    text: str
    sentence: str
    kind: Literal["deed", "objective", "measure"] = "deed"


def promises_in(sentences: Sequence[PageSentence], *, in_issue: bool) -> tuple[Promise, ...]:
    """The promises of a text in reading order; a sentence may hold several, or none."""
    return tuple(
        promise
        for sentence in sentences
        for promise in promises_of(sentence, in_issue=in_issue)
        if not _is_vague(promise.text)
    )


def promises_of(sentence: PageSentence, *, in_issue: bool) -> Iterator[Promise]:
    """The promises of one sentence, vague ones too."""
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


def content_words(text: str) -> frozenset[str]:
    """The words of a text that say something, in small letters."""
    return frozenset(word.lower() for word in _CONTENT.findall(text)) - _VAGUE


def _is_vague(text: str) -> bool:
    """Nothing in it could be checked: "sustaining this effort and adapting as needed"."""
    if deeds_named(text) or parties_named(text):
        return False
    return not content_words(text)
