"""Which measure a page's words ask for, and why some words have none."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """Words of a page, and the measures that follow them.

    measures: ids, the first one leads a priority. It is counted from what the public
    reports wherever that is possible: records that police activity makes come second.
    claimed: the id that a claim in these words is held against; "" where no open record
    can, and `unmeasurable` says why.
    """

    pattern: re.Pattern[str]
    measures: tuple[str, ...]
    claimed: str
    unmeasurable: str = ""


def _topic(
    pattern: str, *measures: str, claimed: str | None = None, unmeasurable: str = ""
) -> Topic:
    if claimed is None:
        claimed = measures[0] if measures else ""
    return Topic(re.compile(rf"\b(?:{pattern})", re.I), measures, claimed, unmeasurable)


ACTIVITY_REASON = "No open record counts patrols or other police work by ward."
PERCEPTION_REASON = "No open record measures how safe people feel. A survey could."
_NO_WEAPON = (
    "Open records do not say whether a knife was used. A force extract with a knife flag could."
)
_NO_SEX = "Open records do not say against whom an offence was committed. A force extract could."
_NOT_RECORDED = "Police crime records do not count this."

# Narrow words before wide ones: the first entry that matches at the earliest place counts.
TOPICS = (
    _topic(r"knife[- ](?:enabled )?(?:point )?robber|knifepoint robber|knife[- ]enabled robber|"
           r"knife[- ]crime robber", "robbery"),
    _topic(r"knife[- ]crime|knives|stabbing|knife[- ]enabled", "violence", "weapons", "robbery",
           claimed="", unmeasurable=_NO_WEAPON),
    _topic(r"violence against women|VAWG|women and girls|safety of women|domestic abuse|"
           r"sexual(?:ly)? (?:assault|harass)|harassment|spiking", "violence",
           claimed="", unmeasurable=_NO_SEX),
    _topic(r"hate crime|hate incident", claimed="",
           unmeasurable="Open records do not mark hate crime. A force extract could."),
    _topic(r"drug|cannabis|cocaine|dealing|cuckoo", "anti-social-behaviour", "drugs",
           claimed="drugs"),
    _topic(r"phone[- ]snatch|snatch|pick[- ]?pocket|(?:phone|mobile|bag) thefts?|"
           r"thefts? from (?:the |a )?persons?|thefts? of (?:mobile )?phones?",
           "theft-from-the-person"),
    _topic(r"(?:thefts? of )?(?:bicycle|bike|cycle|pedal)s?[- ]thefts?|"
           r"thefts? of (?:bicycles?|bikes?|cycles?)", "bicycle-theft"),
    _topic(r"(?:thefts? (?:from|of) )(?:motor )?vehicles?|vehicle[- ](?:crime|theft|related)|"
           r"car (?:crime|theft)|(?:thefts? (?:from|of) )(?:cars?|vans?|motor)|"
           r"catalytic|moped theft", "vehicle-crime"),
    _topic(r"shoplift|retail (?:crime|theft)|shop theft|thefts? from shops", "shoplifting"),
    _topic(r"burglar|break-?ins?\b|breaks?\b(?= )", "burglary"),
    _topic(r"robber|mugging", "robbery"),
    _topic(r"criminal damage|vandal|graffiti|arson", "criminal-damage"),
    _topic(r"weapon|firearm", "weapons"),
    _topic(r"public order", "public-order"),
    _topic(r"violen|assault|fight", "violence"),
    _topic(r"stops? (?:and|&) search|searches\b", "stops"),
    _topic(r"speed(?:ing|s)?\b|parking|fly-?tip|litter|road safety|dog fouling|traffic", claimed="",
           unmeasurable=_NOT_RECORDED),
    _topic(r"anti-?\s?social|ASB\b|nuisance|street drink|begg(?:ing|ars?)|rough sleep|noise|"
           r"rowd|disorder|loiter|e-?scooter|moped(?!-enabled)|off-road|car meets?|fireworks|"
           r"intimidat|youths? gather|drinking", "anti-social-behaviour"),
    _topic(r"feel(?:ing)? (?:un)?safe|fear of crime|walking home", "violence", claimed="",
           unmeasurable=PERCEPTION_REASON),
    _topic(r"(?:all |overall |recorded )?crimes?\b|offences\b|offending", "all-recorded-crime"),
)  # fmt: skip

_ACTIVITY = re.compile(
    r"\b(?:patrol|visib|presence|police officers?|more officers|shifts?|operations?|warrants?|"
    r"engagement|arrests?|tickets?|checks?|attendance|workshops?)",
    re.I,
)
_PERCEPTION = re.compile(
    r"\b(?:safe\b|safer|safety|feel|felt|confidence|satisf|trust|morale|reassur|fear|concerns?\b|"
    r"worr|perception|awareness|appreciation|support\b|relationship|rapport|happier)",
    re.I,
)


def topic_of(text: str) -> Topic | None:
    """The topic whose words come first in a text; at the same place, the narrower one."""
    hit = _first_topic(text)
    return hit[0] if hit else None


def _first_topic(text: str) -> tuple[Topic, int] | None:
    """The topic named first in a text, and where its words end."""
    hits = [
        (match.start(), order, match.end())
        for order, topic in enumerate(TOPICS)
        if (match := topic.pattern.search(text))
    ]
    if not hits:
        return None
    _, order, end = min(hits)
    return TOPICS[order], end


def without_topic(name: str) -> str:
    """A place name without the subject it was read together with: "ASB Humberstone Gate"."""
    hit = _first_topic(name)
    if hit is None or not hit[0].pattern.match(name):
        return name
    return re.sub(r"^\w*\s*(?:behaviour\s+)?", "", name[hit[1] :], flags=re.I) or name


def is_activity(text: str) -> bool:
    """The words are about police work, not about what people suffer."""
    return _ACTIVITY.search(text) is not None


def is_perception(text: str) -> bool:
    """The words are about how people feel."""
    return _PERCEPTION.search(text) is not None


def reservation_on(*texts: str) -> str:
    """Why the measures of a priority only stand in for its subject; empty where they are it.

    texts: as `measures_for`.
    """
    for text in texts:
        topic = topic_of(text)
        if topic is not None and topic.measures:
            return "" if topic.claimed else topic.unmeasurable
    return ""


def measures_for(*texts: str) -> tuple[str, ...]:
    """Ids of the measures that follow a priority, the leading one first; empty where none does.

    texts: where its subject is named, the surest first: title, first sentence, whole Issue.
    The first text that names a subject with a measure decides; what else it names comes after.
    """
    for text in texts:
        found: dict[str, None] = {}
        rest = text
        while (hit := _first_topic(rest)) is not None:
            topic, end = hit
            found.update(dict.fromkeys(topic.measures))
            rest = rest[end:]
        if len(found) > 1:
            # "drug dealing and associated crime" is not about all crime.
            found.pop("all-recorded-crime", None)
        if found:
            return tuple(found)
    return ()
