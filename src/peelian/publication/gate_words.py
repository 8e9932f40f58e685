"""Words by which the gate knows a claim: of change, of cause, of a test passed, of a base."""

from __future__ import annotations

import re

from peelian.core.page_words import DOWN, UP, has_figure
from peelian.core.results import Direction
from peelian.ingest.page_measures import topic_of

_HARM = (
    r"(?:crimes?|disorder|violence|offend\w*|anti-?social|asb|litter|thefts?|robber\w*|burglar\w*|"
    r"break-?ins?|deal(?:ing|ers)|drug\w*|cannabis|cocaine|thie(?:f|ves)|criminals|vandal\w*|"
    r"incidents?|offences?|motorbikes|bikes|meets|drinkers|drinking|begg\w+|nuisance|nois\w+|"
    r"knife|knives|trouble\w*|youths|gangs?|raids?|shoplift\w*|calls|complaints|reports)"
)
# Words of change that newsletters use and `core.page_words` does not know.
_SEEN = r"\b(?:see|seen|saw|seeing|watched) (?:[\w-]+ ){1,4}"
FURTHER_UP = re.compile(
    r"\b(?:soared|climbed|jumped|rocketed|mushroomed|escalated|crept up|shot up|picked up|"
    r"on the (?:rise|up|increase)|(?:all-time|record) high|"
    r"(?:rising|increasing|climbing) from (?=\d))"
    rf"|{_SEEN}(?:rise|increase|grow|climb|go up)\b",
    re.I,
)
FURTHER_DOWN = re.compile(
    r"\b(?:plummet\w*|tumbled|slumped|plunged|nosedived|dwindled|subsided|eased|shrunk|shrank|"
    r"(?:tailed|fallen|fell) (?:off|away)|died (?:down|away)|dried up|(?:all-time|record) low|"
    r"(?:dropping|falling|decreasing) from (?=\d)|"
    r"(?:has|have) (?:all but )?(?:stopped|ceased|ended) (?:completely|altogether|entirely)|"
    r"(?:has|have) (?:all but )?(?:disappeared|vanished)"
    rf"|less (?=(?:[\w-]+ ){{0,2}}{_HARM}))\b"
    rf"|{_SEEN}(?:fall|drop|decrease|decline|go down|come down)\b",
    re.I,
)
_OTHER_SENSE = re.compile(
    r"\b(?:leaflet|letter|card|poster)[- ]drops?\b|\b(?:cannabis|a) grow\b"
    r"|\b(?:fewer|less|more|lower) than (?=\d)|\bdown to (?!\d|its |their |the lowest )",
    re.I,
)
_SECTION = re.compile(r"\b(?:sections?|s\.|schedule|rule|unit|route|the) ?\d+[A-Z]?\b", re.I)

# A text that says what cannot be known makes no claim.
UNSURE = re.compile(
    r"\b(?:cannot|can[’']t|can not|could not|do not|don[’']t|does not|not possible to|nobody can|"
    r"no one can)\s+(?:\w+\s+)?(?:tell|say|know|claim|be sure|show|prove)\b"
    r"|\btoo (?:few|small)(?: [\w-]+){0,2} to (?:say|be sure|tell)\b|\bchance (?:could|alone|can)\b"
    r"|\bwhat chance could\b|\bmay owe nothing\b",
    re.I,
)
# The fixed scale of `publication.wording`: "A rise is very likely."
_SCALE = re.compile(
    r"\b(?:a|real) (?:real )?(?:rise|fall) is (?:almost certain|very likely|likely)\b", re.I
)
# "the drop was caused by", "this fall": said of a change that another sentence claims.
_MENTION = re.compile(
    r"\b(?:the|this|that) (?:rise|fall|drop|increase|decrease|decline|reduction|spike)s? "
    r"(?:is|was|may|might|could|came|has been)\b",
    re.I,
)

SIGNIFICANCE = re.compile(
    r"\bstatistically significant\w*"
    rf"|\bsignificant(?:ly)?\s+(?:[\w-]+\s+){{0,2}}?(?:{UP}|{DOWN}|impact|effect|difference|"
    r"results?|improve\w*|success|progress|quieter|safer|better)\b"
    rf"|\b(?:{UP}|{DOWN}|improved|changed)\s+(?:[\w-]+\s+){{0,3}}?significantly\b",
    re.I,
)

_GAIN = (
    rf"(?:{UP}|{DOWN}|improve\w*|results?|success|safer|quieter|less|"
    r"no (?:more |further )?(?:reports|complaints|incidents|crimes?|offences))"
)
_WORK = (
    r"(?:patrols?|work|leaflets?|posters?|schemes?|plans?|operations?|presence|approach|visits?|"
    r"cameras?|strateg(?:y|ies)|signs|tactics?|they)"
)
# First comes the cause, then what it is said to have done.
_CAUSE_FIRST = (
    r"\b(?:led|leads?|leading|contribut(?:ed|ing)) to\b|\bresult(?:ed|ing|s) in\b|"
    r"\b(?:caused|brought about|achieved|produced)\b(?! by)"
)
FORWARD = re.compile(rf"(?:{_CAUSE_FIRST})(?=[^.;]{{0,60}}?\b{_GAIN}\b)", re.I)
# First comes what happened, then what is said to have done it; or "As a result, …".
BACKWARD = re.compile(
    r"\bdue to\b(?! (?:be|start|begin|open|end|take|meet|report)\b)|\bas a (?:direct )?result\b|"
    r"\bthanks to\b|\bbecause\b|\bowing to\b|\btestament to\b|\bas a (?:direct )?consequence\b|"
    r"\b(?:in|a) (?:\w+ )?(?:consequence|result) of\b|\bdown to (?!\d)|\bcaused by\b|"
    r"\bthe reason (?:for|is)\b",
    re.I,
)
# "We believe this is due to …": what happened stands in the sentence before.
SAID_BEFORE = re.compile(
    r"\b(?:this|that|which|it) (?:is|was|may be|could be|may have been) (?:\w+ )?"
    r"(?:due to|because|down to|thanks to|owing to|as a result of|caused by|"
    r"(?:a|the) (?:\w+ )?(?:result|consequence|effect) of)\b",
    re.I,
)
# What happened may also be that nothing did.
NOTHING_CAME = re.compile(
    r"\bno (?:\w+ ){0,2}"
    r"(?:reports?|complaints?|incidents?|crimes?|offences?|burglaries|robberies|thefts?|"
    r"assaults?)\b",
    re.I,
)
DIRECT = re.compile(
    r"\battribut(?:e|ed|able|es) (?:[\w’']+ ){0,4}?to\b"
    r"|\b(?:put|puts|putting) (?:this|that|it) down to\b"
    rf"|\b(?:kept|keeps?) (?:\w+ ){{0,2}}{_HARM} (?:away|out|down|at bay|off)\b"
    r"|\b(?:discouraged|dissuaded|thwarted|eradicated|stamped out|disrupted) (?:\w+ ){0,2}"
    rf"{_HARM}"
    r"|\b(?:put a stop|brought an end|put an end) to\b"
    r"|\b(?:proved|proven|proving|been|is|are|was|were) (?:\w+ly |very |so |really )?effective\b"
    r"|\b(?:paid|paying|pays) off\b|\b(?:bearing|borne) fruit\b|\binstrumental in\b"
    r"|\b(?:play(?:ed|s|ing)) an? (?:\w+ )?(?:part|role) in (?:\w+ ){0,2}"
    r"(?:reduc|cut|lower|fall|drop|bring|driv)\w*"
    rf"|\bdeter(?:red|s)\b|\bact(?:s|ed|ing)? as an? (?:\w+ ){{0,2}}deterrent\b"
    r"|\b(?:is|are|was|were|been|be|provid\w+) an? (?:\w+ ){0,2}deterrent\b"
    rf"|\bprevent(?:ed|s) (?:\w+ ){{0,2}}{_HARM}"
    rf"|\b(?:has|have) (?:\w+ly )?stopped (?:\w+ ){{0,2}}{_HARM}"
    rf"|\b(?:drove|(?:has|have) driven) (?:\w+ ){{0,2}}{_HARM}"
    r"|\bhelp(?:ed|s|ing) (?:to )?(?:reduce|cut|lower|bring down|prevent|drive down)\b"
    r"|\b(?:had|has had|have had|having|made|makes|making)"
    r" (?:an?|all the|the) (?:\w+ ){0,2}"
    r"(?:impact|effect|difference)\b"
    r"|\bthe (?:impact|effect|results?|benefits?) of (?:this|these|our|that|those) (?:[\w-]+ ){1,4}"
    r"(?:has|have|is|are|was|were|can) (?:\w+ ){0,3}(?:seen|felt|clear|noticed|plain|showing)\b"
    r"|\b(?:shows?|proves?|evidence|proof|confirms?)(?: that)? (?:the|our|these|this)? ?"
    rf"(?:\w+ )?{_WORK} (?:works?|worked|(?:is|are) working)\b"
    rf"|\b{_WORK} (?:works?(?=[:.!,])|appears? to be working|(?:has|have) worked)"
    r"|\b(?:has|have) improved (?:\w+ ){0,2}(?:safety|confidence|trust)\b"
    r"|\b(?:has|have) (?:made|kept) (?:[\w’']+ ){1,4}safer\b",
    re.I,
)

_WISH = re.compile(
    r"\b(?:to|will|would|should|hope(?:s|d)?(?: that)?|whether|if|not(?! only| just)|without)\s+"
    r"(?:\w+\s+){0,3}$",
    re.I,
)

_PERCENT = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:%|per cent\b|percent\b)|\b(?:halved|doubled|trebled|tripled)\b"
    r"|\b(?:by|down|up) (?:more than |over |nearly |almost )?(?:a )?"
    r"(?:half|(?:one |two |three )?(?:thirds?|quarters?|fifths?))\b",
    re.I,
)
_TARGET = re.compile(
    r"\b(?:to|will|aim|target|goal)\b(?: \w+){0,3} (?:reduce|cut|lower|increase|raise|improve)\b"
    r"|\b(?:reduction|increase) target\b|^(?:reduce|cut|lower|increase)\b",
    re.I,
)
_NOT_A_COUNT = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:%|per cent\b|percent\b)|\b(?:19|20)\d\d(?:[/–-]\d\d)?\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b|\b\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm)\b"
    r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b(?:last|past|next|previous) \d+\b|^\d+[).] |\bQ[1-4]\b",
    re.I,
)
_COUNT = re.compile(
    r"(?<![\w.])\d[\d,]*(?![\w%])(?! (?:[\w-]+ )?(?:arrests?|officers?|patrols?|visits?|hours?|"
    r"minutes|leaflets?|searches|stops|dates|nights|evenings|occasions|events?|homes|shops)\b)"
)

_THAN_BEFORE = re.compile(r"\b(?:than|as) (?:before|previously|ever|usual)\b", re.I)
_NAMES_TIME = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b(?:days?|weeks?|fortnights?|months?|years?)\b(?! old)|\b(?:since|last|previous) \w+"
)
VAGUE_PERIOD = re.compile(
    r"\b(?:last|this|over the|during the|in the past) (?:spring|summer|autumn|winter|season)\b"
    r"|\bthis (?:week|month|quarter|year)\b|\bsince (?:Christmas|Easter|the new year)\b"
    r"|\bin recent (?:days|weeks|months|times|years)\b",
    re.I,
)

_CRIMES = (
    r"(?:robber(?:y|ies)|burglar(?:y|ies)|thefts?|assaults?|offences?|crimes?|stabbings?|rapes?|"
    r"break-ins?)"
)
SMALL_COUNT = re.compile(
    rf"(?<![\d,.-])\b(?:one|two|three|four|[1-4])\s+(?:[a-z-]+\s+){{0,2}}?{_CRIMES}\b", re.I
)
ONE_VICTIM = re.compile(r"\b(?:one|a single) victim\b(?! support)", re.I)


# A part of an Issue in SMART form: a target, not a claim.
_SMART_PART = re.compile(r"^[SMART]\s?[-–—:=]\s")


def claims_nothing(sentence: str) -> bool:
    """The sentence says what cannot be known, is a target, or uses the fixed scale of certainty."""
    return any(words.search(sentence) for words in (UNSURE, _SCALE, _SMART_PART))


def only_mentions(sentence: str) -> bool:
    """The change is one that another sentence claims: "this fall may be chance"."""
    return _MENTION.search(sentence) is not None


def is_wish(sentence: str, cause: re.Match[str]) -> bool:
    """What stands before the words of cause makes them a wish, a plan or a question."""
    return _WISH.search(sentence[: cause.start()]) is not None


def further_change(sentence: str) -> Direction | None:
    """Which way a sentence says something went, in words that the page reader does not know."""
    if FURTHER_UP.search(sentence):
        return "up"
    return "down" if FURTHER_DOWN.search(sentence) else None


def share_without_base(sentence: str, before: str) -> re.Match[str] | None:
    """The percentage or share of a sentence that no count goes with, here or just before.

    before: the sentence before it in its paragraph. Targets are no claims.
    """
    share = _PERCENT.search(sentence)
    if share is None or _TARGET.search(sentence) or _counts(sentence):
        return None
    topic = topic_of(sentence)
    goes_on = topic is None or topic is topic_of(before)
    return None if goes_on and _counts(before) > 1 else share


def _counts(sentence: str) -> int:
    """How many counts a sentence gives that could be a base: not those of police work."""
    return len(_COUNT.findall(_NOT_A_COUNT.sub(" ", sentence)))


def gives_figure(sentence: str) -> bool:
    """The sentence gives a figure; the number of a law's section is none."""
    return has_figure(_SECTION.sub(" ", sentence)) or _PERCENT.search(sentence) is not None


def in_plain_sense(sentence: str) -> str:
    """The sentence without words of change that claim none: leaflet drops, "down to" a cause.

    A change that is only mentioned ("the drop was caused by") is claimed by another sentence.
    """
    return _MENTION.sub("it was ", _OTHER_SENSE.sub("deliveries ", sentence))


def says_than_before(sentence: str) -> bool:
    """The sentence compares with a time that it does not name: "than before"."""
    return _THAN_BEFORE.search(sentence) is not None


def names_time(sentence: str) -> bool:
    """The sentence names some month, year or stretch of time, dated or not."""
    return _NAMES_TIME.search(sentence) is not None
