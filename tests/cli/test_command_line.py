from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from peelian import __version__
from peelian.cli.app import run
from peelian.core import errors
from peelian.store import Store


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["--help"])

    printed = capsys.readouterr().out
    assert code == 0
    for command in (
        "ingest", "fetch", "import-page", "publish", "verify", "where-is", "serve",
        "profile", "watch", "back-test",
    ):  # fmt: skip
        assert command in printed


def test_help_says_in_a_whole_sentence_what_each_command_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    run(["--help"])

    listed = capsys.readouterr().out.partition("Commands:\n")[2].splitlines()
    cut = [line.split()[0] for line in listed if not line.endswith(".") or line.endswith("...")]
    assert len(listed) >= 14
    assert cut == []


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
        (["ingest", "nowhere.csv", "--map", "camden-open-data"], 2, "nowhere.csv does not"),
        (["ingest", ".", "--dry-run"], 2, "without --map nothing can be tried"),
        (["ingest", ".", "--map", "camden-open-data", "--no-btp"], 2, "is taken whole"),
        (["import-page", "nowhere.txt", "--ward", "E05013669"], 2, "nowhere.txt does not"),
        (["import-page", ".", "--ward", "E05013669"], 2, "is a folder"),
        (["import-page", "nowhere.txt", "--ward", "../out"], 2, "found '../out'"),
        (["publish", "E05013669", "--date", "2025-2-30"], 2, "found '2025-2-30'"),
        (["publish", "E05013669", "--date", "20250203"], 2, "found '20250203'"),
        (["export-page", "."], 2, "is a folder"),
        (["serve", ".", "--port", "65536"], 2, "--port"),
        (["demo", "--to", "made", "--seed", "-1"], 2, "--seed"),
        (["back-test", "--store", "nowhere"], 3, "there is none at"),
        (["back-test", "--seed", "-1"], 2, "--seed"),
        (["back-test", "--keep", "--type", "robbery"], 2, "Leave them out with --keep"),
        (["watch", "E05013669", "--store", "nowhere"], 3, "there is none at"),
        (["watch", "E05013669", "--false-alarms", "nan"], 2, "number above 0"),
        (["watch", "E05013669", "--false-alarms", "inf"], 2, "number above 0"),
        (["watch", "E05013669", "--false-alarms", "-3"], 2, "found -3"),
        (["rank", "E05013669", "robbery", "--store", "nowhere"], 3, "there is none at"),
        (["profile", "E05013669", "--measure", "robbery", "--date", "1"], 2, "found '1'"),
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


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PermissionError(13, "Permission denied", "/site/E05013669"), "/site/E05013669: Permi"),
        (OSError(28, "No space left on device"), "it says No space left on device. Check"),
    ],
)
def test_what_the_system_refuses_is_told_without_a_traceback(
    fault: OSError,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(_: object) -> None:
        raise fault

    monkeypatch.setattr("peelian.cli.app.app", lambda *_, **__: refuse(None))

    assert run(["quality"]) == 2
    assert words in capsys.readouterr().err


def test_a_command_that_is_stopped_says_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "notes.txt").write_text("")
    monkeypatch.setattr("peelian.ingest.intake.take_in", stop)

    ended = run(["ingest", str(tmp_path), "--store", str(tmp_path / "store")])

    assert ended == 130
    assert "stopped; what was finished is kept" in capsys.readouterr().err


def test_a_broken_boundary_file_stops_a_page_from_being_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wards.geojson").write_text("{")

    ended = run(
        ["publish", "E05013669", "--boundaries", str(tmp_path / "wards.geojson"),
         "--store", str(tmp_path / "store"), "--site", str(tmp_path / "site")]
    )  # fmt: skip

    printed = capsys.readouterr()
    assert ended == 2
    assert "nothing was taken from wards.geojson" in printed.err
    assert "cut off, or not what its name says" in printed.out
    assert not (tmp_path / "site").exists()


def test_a_mistake_shows_no_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from peelian.cli import main; main()", "verify", "x"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == errors.StoreError.exit_code
    assert done.stderr.startswith("peelian: ")
    assert "Traceback" not in done.stderr


def test_the_demo_asks_for_its_extras_before_it_makes_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("pyogrio", "segno"):
        monkeypatch.setitem(sys.modules, module, None)

    ended = run(["demo", "--to", str(tmp_path / "made")])

    assert ended == errors.MissingExtraError.exit_code
    assert "pip install 'peelian[places,publish]'" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_a_profile_for_the_team_never_takes_the_place_of_a_published_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Store.create(tmp_path / "store")
    (tmp_path / "index.html").write_text("<title>Wards</title>")

    ended = run(
        ["profile", "E05013669", "--measure", "robbery", "--to", str(tmp_path),
         "--store", str(tmp_path / "store")]
    )  # fmt: skip

    assert ended == errors.InputError.exit_code
    assert "has the index.html of something else" in capsys.readouterr().err
    assert (tmp_path / "index.html").read_text() == "<title>Wards</title>"


def test_letters_that_an_encoding_lacks_are_written_by_their_number(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Issue\n\nWe will patrol Lantern Row.\n")

    done = subprocess.run(
        [sys.executable, "-c", "from peelian.cli import main; main()",
         "import-page", "page.txt", "--ward", "E05999901", "--store", "Tŷ"],
        cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert b"No boundaries are held in T\\u0177," in done.stdout


def test_a_page_is_imported_before_any_boundary_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Current Priorities\n\nIssue\n\nWe will patrol Lantern Row.\n")
    Store.create(tmp_path / "store")

    code = run(
        ["import-page", str(page), "--ward", "E05999901", "--to", str(tmp_path / "w.toml"),
         "--store", str(tmp_path / "store")]
    )  # fmt: skip

    assert code == 0
    assert "were not looked up" in capsys.readouterr().out
    assert (tmp_path / "w.toml").is_file()


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
