"""Figures that others have published, computed again: every row of LEDGER.csv.

What computes them stands in the modules `figures_….py` beside, one a kind of method, each
with a table COMPUTED: (method, input) of the row to a function that gives our value. A row
without a function, or a function without a row, is an error. Rows that need data under
validation/ skip where it is absent.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

LEDGER = Path(__file__).with_name("LEDGER.csv")
COLUMNS = ["method", "source", "input", "published value", "tolerance and why", "our value"]
Computed = Callable[[pytest.FixtureRequest], float]

COMPUTED: dict[tuple[str, str], Computed] = {}
for _file in sorted(Path(__file__).parent.glob("figures_*.py")):
    COMPUTED.update(import_module(_file.stem).COMPUTED)


def rows() -> list[dict[str, str]]:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_ledger_has_its_columns_and_no_empty_cell() -> None:
    for row in rows():
        assert list(row) == COLUMNS
        assert all(cell.strip() for cell in row.values())
        assert ":" in row["tolerance and why"]


def test_every_row_is_computed_and_every_computation_has_a_row() -> None:
    listed = [(row["method"], row["input"]) for row in rows()]

    assert len(set(listed)) == len(listed)
    assert set(listed) == set(COMPUTED)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']}, {row['input'][:40]}")
def test_the_published_figure_is_reproduced(
    row: dict[str, str], request: pytest.FixtureRequest
) -> None:
    ours = COMPUTED[row["method"], row["input"]](request)

    tolerance = float(row["tolerance and why"].partition(":")[0])
    decimals = len(row["our value"].partition(".")[2])
    assert ours == pytest.approx(float(row["published value"]), abs=tolerance, rel=0)
    assert f"{ours:.{decimals}f}" == row["our value"]
