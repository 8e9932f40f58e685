"""The ward page that the made team publishes, with the merits and slips of real ones.

Nobody said any of this. What records can show of it is planted in `rates`: reports around
the estate did fall; robberies between the stations did not, and anti-social behaviour in the
whole ward did not rise, because it rose in one place as it fell in another.
"""

from __future__ import annotations

from dataclasses import dataclass

WARD_ADDRESS = "https://made-town.example/area/made-town/larkfield"
NEIGHBOURHOOD = "E05999901N"


@dataclass(frozen=True)
class MadePriority:
    """One Issue and its Action, as the page prints them."""

    issue: str
    action: str
    issue_date: str
    action_date: str


PRIORITIES = (
    MadePriority(
        issue=(
            "Anti-social behaviour and drug use around Coopers Field Estate and Larkfield Gardens "
            "have been raised by residents at every one of our street briefings this year. Regular "
            "foot patrols will take place at the places that matter most. The team will work with "
            "Made Town Council to repair the broken entry doors on the estate, and will hold a "
            "monthly surgery at Larkfield Market so that residents can tell us what they see."
        ),
        action=(
            "Over the past 6 months our ward has seen a noticeable rise in anti-social behaviour. "
            "We know how tiring this is for people who live beside it, and we have acted on it.\n"
            "1) Patrols where they are needed\n"
            "Officers have patrolled Coopers Field Estate and Pinder Street, which borders "
            "Larkfield Gardens, on foot on most evenings. Reports of anti-social behaviour in and "
            "around Coopers Field Estate have decreased significantly over the past six months.\n"
            "2) Stop and search\n"
            "We have used stop and search powers with care, and not only to find drugs but also to "
            "reassure people who use the gardens. One evening last month a search on Pinder Street "
            "was a good example: cannabis was found and seized, and the male who was stopped gave "
            "officers valuable information about who supplies drugs nearby.\n"
            "\n"
            "In the coming months we will:\n"
            "• Continue foot patrols on the estate and in the gardens.\n"
            "• Visit every shop on Larkfield High Street with crime prevention advice.\n"
            "• Work with youth services to offer activities in the school holidays."
        ),
        issue_date="2025-03-10T00:00:00",
        action_date="2025-12-15T00:00:00",
    ),
    MadePriority(
        issue=(
            "To reduce robberies in the streets between Priory Gate and Wharf Lane stations within "
            "the Larkfield ward.\n"
            "This can be measured by the number of robberies reported to police.\n"
            "This will be achieved by high-visibility foot and cycle patrols, operations with the "
            "town robbery team, crime prevention advice at both stations and engagement via social "
            "media."
        ),
        action=(
            "Officers have run a joint operation with the town robbery team along Station Road. "
            "This led to the arrest of three offenders and a drop in the number of robberies in "
            "the streets between the stations over the past six months.\n"
            "\n"
            "The team have given talks on personal safety to students at Larkfield School, and "
            "will return in the spring."
        ),
        issue_date="2025-03-10T00:00:00",
        action_date="2025-12-15T00:00:00",
    ),
    MadePriority(
        issue=(
            "Everyone should feel safe walking home after dark. We will press for better lighting "
            "along the Larkfield Cut Towpath and for more late shifts, and we will walk the routes "
            "with the Made Town Women's Forum."
        ),
        action=(
            "Officers have joined two evening walks with the Made Town Women's Forum and noted the "
            "places where people feel uneasy. Residents tell us that they feel much safer walking "
            "home in the evenings than they did a year ago. There has been an increase in "
            "high-visibility patrols across the ward."
        ),
        issue_date="2025-06-02T00:00:00",
        action_date="2025-12-15T00:00:00",
    ),
)


def page_text() -> str:
    """The page as a reader would copy it: contacts, then Issue and Action pairs."""
    pairs = "\n\n".join(
        f"Issue\n\n{priority.issue}\n\nAction\n\n{priority.action}" for priority in PRIORITIES
    )
    return (
        "Operated by: Made Town Police\n\n"
        f"{WARD_ADDRESS}\n\n"
        "Contact Details\n\n"
        "Twitter: https://twitter.example/MadeTownLarkfield\n\n"
        "Facebook: https://facebook.example/MadeTownLarkfield\n\n"
        # As page protection leaves it, where an address stood.
        "Email: [email\N{NO-BREAK SPACE}protected]\n\n"
        "Current Priorities\n\n"
        f"{pairs}\n"
    )
