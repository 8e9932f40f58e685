"""What each extra of the package brings, and plain words where one is not installed.

`pip install peelian` alone stays light. What only some jobs need is imported where the job
begins, and there the job asks for its extra first.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal

from peelian.core.errors import MissingExtraError

Extra = Literal["places", "fetch", "publish", "statistics", "optimise", "notebook"]

MODULES_OF: Mapping[Extra, tuple[str, ...]] = {
    "places": ("osmium", "pyogrio"),
    "fetch": ("httpx",),
    "publish": ("icalendar", "jinja2", "segno", "typst"),
    "statistics": ("joblib", "numba", "sklearn"),
    "optimise": ("ortools",),
    "notebook": ("geopandas",),
}


def require_extra(*extras: Extra, to: str) -> None:
    """Nothing where the extras are installed; a MissingExtraError that says how, where one is not.

    to: what they are needed for, after "to": "read boundary files". A job that needs several
    asks for all at once, so that they are installed at once.
    """
    missing = {
        extra: absent
        for extra in extras
        if (absent := [module for module in MODULES_OF[extra] if find_spec(module) is None])
    }
    if missing:
        modules = [module for absent in missing.values() for module in absent]
        one = len(missing) == 1
        raise MissingExtraError(
            f"To {to}, the extra{'' if one else 's'} {' and '.join(f'`{e}`' for e in missing)} "
            f"{'is' if one else 'are'} needed; {', '.join(modules)} of {'it' if one else 'them'} "
            f"{'is' if len(modules) == 1 else 'are'} not installed. "
            f"Install {'it' if one else 'them'}: pip install 'peelian[{','.join(missing)}]'"
        )
