"""A reader whose extra is not installed says so before it reads, and names the extra."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from peelian.cli.app import run
from peelian.core.errors import MissingExtraError
from peelian.ingest.police_service import PoliceService


@pytest.mark.parametrize(
    ("module", "name"), [("pyogrio", "wards.geojson"), ("osmium", "map.osm.pbf")]
)
def test_a_file_that_needs_an_extra_ends_the_command_in_plain_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    name: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    file = tmp_path / name
    file.write_text("{}", encoding="utf-8")

    code = run(["ingest", str(file), "--store", str(tmp_path / "store")])

    assert code == 7
    said = capsys.readouterr().err
    assert f"the extra `places` is needed; {module} of it is not installed" in said
    assert "pip install 'peelian[places]'" in said
    assert "Traceback" not in said


def test_the_service_is_not_asked_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)

    with pytest.raises(MissingExtraError, match=r"peelian\[fetch\]"):
        PoliceService()
