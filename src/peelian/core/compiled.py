"""Loops that run as machine code. Import a module that uses this only where its job begins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
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

    # numba compiles anew when the function's own file changes, and not when a file does that
    # the function calls into: so the folder is named by the contents of all of them.
    own = Path(function.__code__.co_filename)
    stamp = hashlib.sha256()
    for file in sorted(_files_under(own, function.__globals__)):
        stamp.update(file.read_bytes())
    config: Any = numba.config
    before = config.CACHE_DIR
    base = Path(before) if before else own.parent / "__pycache__"
    config.CACHE_DIR = str(base / f"compiled-{stamp.hexdigest()[:12]}")
    try:
        return cast(_Function, numba.njit(cache=True, nogil=True)(function))
    finally:
        config.CACHE_DIR = before


def _files_under(own: Path, names: dict[str, Any]) -> set[Path]:
    """A module's file, and those of the compiled functions that it has imported, and they."""
    found, waiting = {own}, [names]
    while waiting:
        for value in waiting.pop().values():
            original = getattr(value, "py_func", None)
            if original is not None and (file := Path(original.__code__.co_filename)) not in found:
                found.add(file)
                waiting.append(original.__globals__)
    return found
