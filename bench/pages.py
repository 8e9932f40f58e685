"""How long wards' pages take once their records are in the store: one ward, a whole borough.

Real records are used where they lie beside the project, otherwise the made town's five
wards. Each run is a process of its own, started like a person would; the goals of the issue
stand beside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PEELIAN_SHARED", PROJECT.parent / "shared"))
STREET = "street_camden+5neighbours_api-derived_2016-01_2018-03.zip"
STOPS = "stop-and-search_met_original_2016-01_2018-03+2021-06_2023-05.zip"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if (SHARED / "data" / "MANIFEST.md").is_file():
            _real(work)
        else:
            _made(work)


def _real(work: Path) -> None:
    data = SHARED / "data"
    police = data / "police.uk"
    places = [data / name for name in ("boundaries", "network", "population")]
    store = work / "store"
    _timed("ingest of 1.2 M real rows", "ingest", police / STREET, police / STOPS, *places,
           "--store", store)  # fmt: skip
    ward_file = work / "E05013669.toml"
    page = next((SHARED / "seeds").glob("*.txt"))
    _timed("import of a published page", "import-page", page, "--ward", "E05013669",
           "--to", ward_file, "--store", store)  # fmt: skip
    one = ("publish", "E05013669", "--store", store, "--ward-file", ward_file)
    for run in ("first", "second"):
        shutil.rmtree(work / "site", ignore_errors=True)
        _timed(f"one ward's page, {run} run (goal: 3 s)", *one, "--site", work / "site")
    _timed("its verification", "verify", work / "site" / "E05013669", "--store", store)
    # Every ward gets the pilot's three priorities, so that every page is a full one.
    written = ward_file.read_text(encoding="utf-8")
    for number in range(13652, 13672):
        code = f"E050{number}"
        (work / f"{code}.toml").write_text(written.replace("E05013669", code), encoding="utf-8")
    _timed("pages of Camden's 20 wards (goal: 60 s)", "publish", "E09000007", "--store", store,
           "--boundary-set", "camden_wards_2022", "--ward-files", work,
           "--site", work / "borough")  # fmt: skip


def _made(work: Path) -> None:
    _timed("the made town, from seed to verified page", "demo", "--to", work / "demo")
    store = work / "demo" / "store"
    wards = [f"E0599990{number}" for number in range(1, 6)]
    _timed("one ward's page (goal: 3 s)", "publish", wards[0], "--store", store,
           "--site", work / "site")  # fmt: skip
    _timed("five wards' pages", "publish", *wards, "--store", store, "--site", work / "all")


def _timed(what: str, *arguments: object) -> None:
    peelian = Path(sys.executable).with_name("peelian")
    started = time.perf_counter()
    done = subprocess.run(
        [peelian, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{what}: ended with {done.returncode}\n{done.stderr}")
    print(f"{what}: {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
