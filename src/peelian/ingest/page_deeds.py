"""What neighbourhood teams do, as pages word it: deeds, the parties to them, their tactic."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """A kind of work. `general` deeds say less than any other that is named beside them."""

    name: str
    pattern: re.Pattern[str]
    tactic: str
    general: bool = False


def _deed(name: str, tactic: str, pattern: str, *, general: bool = False) -> Deed:
    return Deed(name, re.compile(rf"\b(?:{pattern})\b", re.I), tactic, general)


DEEDS = (
    _deed("stop and search", "stop_search",
          r"stops?[- ](?:and|&)[- ]search\w*|search(?:ing)? powers|section 60|stop search"),
    _deed("weapon sweeps", "enforcement", r"(?:weapons?|knife|knives) sweeps?|sweeps?"),
    _deed("crime prevention advice", "target_hardening",
          r"target[- ]harden\w*|crime[- ]prevention|prevention advice|"
          r"(?:home |bike |vehicle )?security (?:advice|surveys?|checks?|kits?)|safety advice"),
    _deed("marking", "target_hardening",
          r"(?:property|bike|bicycle|cycle|phone|tool)[- ]mark\w*|smartwater|bike ?register\w*|"
          r"mark (?:bikes|bicycles|phones|tools|property)|faraday pouch\w*|steering locks?"),
    _deed("social media", "engagement", r"social media|twitter|facebook|nextdoor|met engage|"
          r"whatsapp|newsletters?"),
    _deed("lighting", "design_out", r"(?:well[- ]|better |brighter )?lit|light(?:s|ing)?|lamps?"),
    _deed("cctv", "design_out", r"cctv|cameras?"),
    _deed("environment", "design_out",
          r"cut(?:ting)? back|overgrown|gat(?:es|ing)|bollards?|barriers?|fenc(?:es|ing)|"
          r"signs|signage|door entry|entry (?:doors?|systems?)|secure (?:doors?|entrances?)"),
    _deed("shifts", "visibility", r"shifts?"),
    _deed("on foot", "visibility", r"(?:on )?foot"),
    _deed("by cycle", "visibility", r"cycle(?= patrol| team)|on (?:bikes?|bicycles?|cycles?)|"
          r"bike patrols?"),
    _deed("plain clothes", "enforcement", r"plain[- ]?clothe[sd]|covert|unmarked"),
    _deed("patrol", "visibility", r"patrol\w*|walkabouts?"),
    _deed("visibility", "visibility", r"(?:high[- ])?visib\w+|presence", general=True),
    _deed("operation", "enforcement", r"operations?|days? of action|action days?"),
    _deed("warrants", "enforcement", r"warrants?"),
    _deed("arrest", "enforcement", r"arrest\w*"),
    _deed("seizure", "enforcement", r"seiz\w+"),
    _deed("dispersal", "enforcement", r"dispersals?|disperse|section 3[45]"),
    _deed("orders and notices", "enforcement",
          r"closure(?: orders?| notices?)?|community protection \w+|CP[NW]s?|PSPOs?|injunctions?|"
          r"behaviour (?:contracts?|orders?)|banning orders?|fixed penalty \w+|fines|tickets"),
    _deed("speed checks", "enforcement", r"speed(?:ing)? (?:checks?|enforcement|guns?|operations?)|"
          r"speed ?watch"),
    _deed("enforcement", "enforcement", r"enforcement|enforced|enforcing|prosecut\w+",
          general=True),
    _deed("intelligence", "disruption", r"intelligence(?![- ](?:led|driven))"),
    _deed("disruption", "disruption", r"disrupt\w*|dismantl\w+", general=True),
    _deed("youth work", "diversion", r"youth (?:work|outreach|engagement|clubs?|provision)|"
          r"mentor\w*|diversion\w*|boxing|sports? sessions?"),
    _deed("support", "diversion", r"(?:holistic |specialist |victim )?support(?: services?)?|"
          r"referr?(?:ed|als?|ing)?|outreach|safeguard\w*|treatment"),
    _deed("schools", "engagement", r"schools?|assembl(?:y|ies)|pupils|students"),
    _deed("workshops", "engagement", r"workshops?|seminars?|presentations?|talks|lessons?"),
    _deed("meetings", "engagement", r"meetings?|surger(?:y|ies)|drop[- ]ins?|coffee|cuppa|"
          r"street briefings?|stalls?|walk and talks?|ward panels?|forums?"),
    _deed("survey", "engagement", r"surveys?|questionnaires?|consult\w*"),
    _deed("visits", "engagement", r"visit(?:s|ed|ing)?|door[- ]to[- ]door|door[- ]knock\w*|"
          r"leaflet\w*|home visits?"),
    _deed("community information", "engagement", r"community information"),
    _deed("engagement", "engagement", r"engag\w+|speak\w*|spoken?|listen\w*|liais\w+",
          general=True),
)  # fmt: skip

PARTIES = (
    _deed("council", "partner", r"councils?|local authorit(?:y|ies)|noise team|wardens?"),
    _deed("housing", "partner", r"housing|landlords?|housing associations?"),
    _deed("transport", "partner", r"TfL|transport for london|BTP|british transport police"),
    _deed("partners", "partner",
          r"partner\w*|agenc(?:y|ies)|multi-agency|collaborat\w+|in tandem|jointly"),
    _deed("businesses", "engagement", r"business\w*|shops?|stores?|retailers?|licensees?|pubs?"),
    _deed("residents", "engagement", r"residents?|community|communities|neighbours"),
    _deed("young people", "diversion", r"young people|youths?|DYT|CYA"),
)  # fmt: skip

# The bare verbs that open a further promise after "and" or a comma. Where the same word is
# also a noun ("patrol", "work", "target"), what must follow it stands beside it.
_VERBS = (
    r"patrol(?= )(?! (?:plan|strategy|hours))|conduct|carry out|speak|"
    r"work (?:with|closely|together|alongside)|use(?! of)|utilise|hold|host|run|visit|engage|"
    r"deploy|target(?! harden)|provide|"
    r"offer|issue|seize|attend|review|share|monitor|arrest|identify|gather|build|develop|deliver|"
    r"enforce|disrupt|educate|encourage|liaise|meet|ask|press|lobby|apply|seek|execute|increase|"
    r"improve|install|keep|remove|report(?: back)?|respond|update|publish|stop|check|mark|give|"
    r"take|support (?:the|our|those|local|victims|residents|young)|refer|reassure|tackle|prevent|"
    r"reduce|act|post|set up|introduce|secure|ensure|continue|maintain|focus|look|make|put|test|"
    r"leaflet (?:the|local|all)|return|follow up|feed back|hand out|distribute|advise|challenge|"
    r"disperse|survey|push|ticket|fit|travel"
)
_GERUNDS = (
    r"patrolling|conducting|carrying out|speaking|working|using|utilising|holding|hosting|running|"
    r"visiting|engaging|deploying|providing|offering|issuing|seizing|attending|reviewing|sharing|"
    r"monitoring|arresting|identifying|gathering|building|developing|delivering|enforcing|"
    r"disrupting|educating|encouraging|liaising|meeting with|pressing|lobbying|executing|"
    r"increasing|improving|installing|removing|marking|giving|referring|pushing|stopping"
)
OPENS_A_DEED = re.compile(
    rf"^(?:also |then |to |continue to |regularly |actively |"
    rf"(?:we |officers |they |the team )?will (?:also |then |continue to )?)*"
    rf"(?:{_VERBS}|{_GERUNDS})\b",
    re.I,
)

_URGING = re.compile(r"\b(?:press|push|ask|call|lobby|campaign)(?:ing)? for\b", re.I)
_EXAMPLES = re.compile(r"\b(?:including|such as|particularly|especially)\b", re.I)
_ASIDE = re.compile(r"^(?:including|such as|particularly|especially|which|who|where|to|as) ", re.I)


def deeds_named(text: str) -> frozenset[str]:
    """The deeds a text names. A general one counts only where no other is named."""
    named = [deed for deed in DEEDS if deed.pattern.search(text)]
    special = frozenset(deed.name for deed in named if not deed.general)
    return special or frozenset(deed.name for deed in named)


def parties_named(text: str) -> frozenset[str]:
    """The parties a text names: council, housing, schools' pupils and the like."""
    return frozenset(party.name for party in PARTIES if party.pattern.search(text))


def tactic_of(text: str) -> str:
    """The glossary's tactic for a promise: that of the first deed or party it names, or ""."""
    hits = [
        (match.start(), order, deed.tactic)
        for order, deed in enumerate((*DEEDS, *PARTIES))
        if (match := deed.pattern.search(text))
    ]
    return min(hits)[2] if hits else ""


def split_deeds(clause: str, *, is_list: bool) -> tuple[str, ...]:
    """Cut a clause into the promises it holds.

    A comma, "and" or ";" is a cut where a further verb of work follows it. In a list ("by
    patrols, sweeps and advice") every comma is one, except after "including"; "and" without
    a comma only where its two sides are of different tactics, so that "foot and cycle
    patrols" stays one.
    """
    held = re.sub(r"\b(stops?)[- ](and|&)[- ](search\w*)", r"\1_\2_\3", clause, flags=re.I)
    held = re.sub(r"\bwalk and talk", "walk_and_talk", held, flags=re.I)
    pieces = re.split(
        r"(\s*[,;]\s*(?:and\s+|as well as\s+|or\s+)?|\s+and\s+|\s+as well as\s+|\s+along with\s+)",
        held,
    )
    items = [pieces[0]]
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if _is_cut(items[-1], joint, piece, is_list=is_list):
            urging = _URGING.search(items[-1]) if piece.startswith("for ") else None
            # "press for lamps and for late shifts": the verb is said once and meant twice.
            items.append(f"{urging[0].removesuffix(' for')} {piece}" if urging else piece)
        else:
            items[-1] += joint + piece
    return tuple(item.replace("_", " ").strip(" ,;.") for item in items if item.strip(" ,;."))


def _is_cut(left: str, joint: str, right: str, *, is_list: bool) -> bool:
    left, right = left.replace("_", " "), right.replace("_", " ")
    if right.startswith("for ") and _URGING.search(left):
        return True
    if OPENS_A_DEED.match(right) or re.match(r"to (?:enable|allow)\b", right):
        return bool(left.strip())
    if not is_list or _EXAMPLES.search(left) or _ASIDE.match(right):
        return False
    if "," in joint or ";" in joint:
        return True
    named = bool(deeds_named(left) and deeds_named(right))
    return named and tactic_of(left) != tactic_of(right)
