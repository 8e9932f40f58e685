"""What the publisher's service would answer about the pilot ward, in its own JSON shapes."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import shapely

from peelian.core.grid import to_degrees
from peelian.town import names, page, plan
from peelian.town.truth import Town


def answers(town: Town) -> dict[str, Any]:
    """File name to answer: neighbourhood, priorities, people, events and boundary.

    As the service gives them: coordinates and population are text, texts are HTML, keys of
    priorities have hyphens.
    """
    return {
        "neighbourhood.json": _neighbourhood(town),
        "priorities.json": [_priority(priority) for priority in page.PRIORITIES],
        "people.json": _people(),
        "events.json": _events(),
        "boundary.json": _boundary(town),
    }


def _neighbourhood(town: Town) -> dict[str, Any]:
    middle = town.streets.wards[0].centroid
    longitude, latitude = to_degrees(middle.x + plan.ORIGIN[0], middle.y + plan.ORIGIN[1])
    return {
        "id": page.NEIGHBOURHOOD,
        "name": plan.WARDS[0].name,
        "url_force": page.WARD_ADDRESS,
        "centre": {"latitude": f"{float(latitude):.6f}", "longitude": f"{float(longitude):.6f}"},
        "population": str(town.residents[0]),
        "description": f"<p>{html.escape(names.NOTE)}</p>",
        "contact_details": {
            "email": "larkfield@made-town.example",
            "telephone": "101",
            "twitter": "https://twitter.example/MadeTownLarkfield",
        },
        "links": [{"title": "Made Town Council", "url": "https://council.made-town.example/",
                   "description": None}],
        "locations": [{"type": "station", "name": "Made Town police office", "description": None,
                       "address": "Market Street, Made Town", "postcode": "ZZ99 9ZZ",
                       "latitude": None, "longitude": None}],
    }  # fmt: skip


def _priority(priority: page.MadePriority) -> dict[str, str]:
    return {
        "issue": _as_html(priority.issue),
        "issue-date": priority.issue_date,
        "action": _as_html(priority.action),
        "action-date": priority.action_date,
    }


def _as_html(text: str) -> str:
    """Each line a paragraph, each run of bullets a list."""
    parts: list[str] = []
    for line in filter(None, text.split("\n")):
        if line.startswith("• "):
            item = f"<li>{html.escape(line[2:], quote=False)}</li>"
            if parts and parts[-1].endswith("</ul>"):
                parts[-1] = f"{parts[-1].removesuffix('</ul>')}{item}</ul>"
            else:
                parts.append(f"<ul>{item}</ul>")
        else:
            parts.append(f"<p>{html.escape(line, quote=False)}</p>")
    return "\n".join(parts)


def _people() -> list[dict[str, Any]]:
    # No made name could be sure to be nobody's, so officers are called by what they are.
    team = (
        ("Sample Sergeant", "Sergeant", None),
        ("Sample Officer One", "PC", "<p>Dedicated ward officer of a made town.</p>"),
        ("Sample Officer Two", "PCSO", None),
    )
    return [
        {"name": name, "rank": rank, "bio": bio, "contact_details": {}} for name, rank, bio in team
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "title": "Larkfield ward panel",
            "type": "meeting",
            "description": "<p>The panel reviews the priorities.</p>",
            "address": "Larkfield School, Market Street, Made Town",
            "start_date": "2026-01-21T18:30:00",
            "end_date": "2026-01-21T20:00:00",
            "contact_details": {},
        },
        {
            "title": "Street briefing",
            "type": "meeting",
            "description": None,
            "address": "Larkfield Market Hall, Market Street, Made Town",
            "start_date": "2026-02-04T12:00:00",
            "end_date": "2026-02-04T13:00:00",
            "contact_details": {},
        },
    ]


def _boundary(town: Town) -> list[dict[str, str]]:
    ring = shapely.get_coordinates(town.streets.wards[0].exterior) + np.array(plan.ORIGIN)
    longitude, latitude = to_degrees(ring[:, 0], ring[:, 1])
    return [
        {"latitude": f"{lat:.10f}", "longitude": f"{lon:.10f}"}
        for lon, lat in zip(longitude, latitude, strict=True)
    ]
