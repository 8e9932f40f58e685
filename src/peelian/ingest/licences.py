"""The licences of what is ingested, as the page names them: one spelling for each."""

from __future__ import annotations

OPEN_GOVERNMENT_LICENCE = "Open Government Licence v3.0"
OPENSTREETMAP_LICENCE = "Open Database Licence 1.0, © OpenStreetMap contributors"
