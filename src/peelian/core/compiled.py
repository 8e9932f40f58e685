"""Loops that run as machine code. Import a module that uses this only where its job begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from peelian.core.extras import require_extra

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a function of numbers and arrays with numba, once; the result is kept on disk.

    It runs without Python's lock, so that threads can share the work. Sums must not depend on
    how it is shared: one thread, one replicate. A MissingExtraError where numba is absent.
    """
    require_extra("statistics", to="run this method")
    import numba

    return cast(_Function, numba.njit(cache=True, nogil=True)(function))
