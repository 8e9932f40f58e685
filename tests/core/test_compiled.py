"""Compiled loops are kept on disk, and never outlive what they call."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CALLED = (
    "from peelian.core.compiled import compiled\n\n@compiled\ndef step(x):\n    return x + {}\n"
)
CALLER = (
    "from called import step\nfrom peelian.core.compiled import compiled\n\n"
    "@compiled\ndef twice(x):\n    return step(step(x))\n"
)


def answer(folder: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", "import caller; print(caller.twice(0))"],
        cwd=folder, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )  # fmt: skip
    return int(done.stdout)


def test_a_changed_function_is_compiled_into_its_callers_anew(tmp_path: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "called.py").write_text(CALLED.format(10))
    first = answer(tmp_path)

    (tmp_path / "called.py").write_text(CALLED.format(505))

    assert (first, answer(tmp_path)) == (20, 1010)


def test_what_is_compiled_is_kept_for_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "called.py").write_text(CALLED.format(10))
    answer(tmp_path)
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nbc")}

    answer(tmp_path)

    assert kept
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nbc")} == kept
