from __future__ import annotations

import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from peelian import __version__
from peelian.cli.app import run
from peelian.core import errors


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["--help"])

    printed = capsys.readouterr().out
    assert code == 0
    for command in ("ingest", "fetch", "import-page", "publish", "verify", "where-is", "serve"):
        assert command in printed


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["publish", "E05013669", "--store", "nowhere"], 3, "there is none at"),
        (["ingest", "nowhere.zip", "--store", "made"], 2, "nowhere.zip does not"),
        (["verify", "nowhere", "--store", "made"], 3, "there is none at"),
        (["export-page", "nowhere.toml"], 2, "nowhere.toml"),
        (["serve", "nowhere"], 2, "peelian publish"),
        (["where-is", "Pratt Street", "--ward", "x", "--store", "nowhere"], 3, "none at"),
    ],
)
def test_a_mistake_is_told_in_words_with_its_own_exit_code(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    ended = run(arguments)

    printed = capsys.readouterr().err
    assert ended == code
    assert words in printed
    assert "Traceback" not in printed


def test_a_mistake_shows_no_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from peelian.cli import main; main()", "verify", "x"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == errors.StoreError.exit_code
    assert done.stderr.startswith("peelian: ")
    assert "Traceback" not in done.stderr


def test_every_class_of_error_has_the_exit_code_its_tree_says() -> None:
    drawn = dict(
        line.split()[1:3]
        for line in (errors.__doc__ or "").splitlines()
        if line.startswith(("├", "└")) and line.split()[-1] != ""
    )

    for name, code in drawn.items():
        assert getattr(errors, name).exit_code == int(code), name


def test_a_site_is_served_on_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from http.server import ThreadingHTTPServer

    (tmp_path / "index.html").write_text("<title>Wards</title>")
    served: list[bytes] = []
    real = ThreadingHTTPServer.serve_forever

    def serve_once(server: ThreadingHTTPServer) -> None:
        thread = threading.Thread(target=real, args=(server,))
        thread.start()
        assert server.server_address[0] == "127.0.0.1"
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
            served.append(answer.read())
        server.shutdown()
        thread.join()

    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", serve_once)

    assert run(["serve", str(tmp_path), "--port", "0"]) == 0
    assert served == [b"<title>Wards</title>"]
