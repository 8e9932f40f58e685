"""What each extra of the package brings, and plain words where one is not installed.

`pip install peelian` alone stays light. What only some jobs need is imported where the job
begins, and there the job asks for its extra first.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal

from peelian.core.errors import MissingExtraError

Extra = Literal["places", "fetch", "publish", "statistics", "notebook"]

MODULES_OF: Mapping[Extra, tuple[str, ...]] = {
    "places": ("osmium", "pyogrio"),
    "fetch": ("httpx",),
    "publish": ("icalendar", "jinja2", "segno", "typst"),
    "statistics": ("numba", "sklearn"),
    "notebook": ("geopandas",),
}


def require_extra(extra: Extra, *, to: str) -> None:
    """Nothing where the extra is installed; a MissingExtraError that says how, where it is not.

    to: what it is needed for, after "to": "read boundary files".
    """
    missing = [module for module in MODULES_OF[extra] if find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"To {to}, the extra `{extra}` is needed; {', '.join(missing)} of it "
            f"{'is' if len(missing) == 1 else 'are'} not installed. "
            f"Install it: pip install 'peelian[{extra}]'"
        )
