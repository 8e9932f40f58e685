"""The commands by name, and what happens when one fails."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from peelian import __version__
from peelian.cli import (
    back_test,
    cover,
    demo,
    dosage,
    fairness,
    hot_spots,
    lint,
    options,
    pages,
    places,
    plan,
    profile,
    records,
    watch,
)
from peelian.core.errors import InputError, PeelianError

_STOPPED = 130  # what Typer ends with after Ctrl-C

app = typer.Typer(
    help="From published police records to a ward page that anyone can check.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("ingest")(records.ingest)
app.command("fetch")(records.fetch)
app.command("quality")(records.quality)
app.command("import-page")(pages.import_page)
app.command("export-page")(pages.export_page)
app.command("publish")(pages.publish)
app.command("verify")(pages.verify)
app.command("lint")(lint.lint)
app.command("where-is")(places.where_is)
app.command("rank")(places.rank)
app.command("back-test")(back_test.back_test)
app.command("emerging")(hot_spots.emerging)
app.command("clusters")(hot_spots.clusters)
app.command("watch")(watch.watch)
app.command("profile", short_help="Write what the records say about one priority.")(profile.profile)
app.command("plan", short_help="Plan a week's patrols in wards.")(plan.plan)
app.command("options")(options.options)
app.command("cover")(cover.cover)
app.command("fairness")(fairness.fairness)
app.command("dosage")(dosage.dosage)
app.command("demo")(demo.demo)
app.command("serve")(demo.serve)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _peelian(
    _version: bool = typer.Option(
        False, "--version", help="Show the version.", is_eager=True, callback=_show_version
    ),
) -> None:
    """From published police records to a ward page that anyone can check."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code (`core/errors.py` says which class has which)."""
    try:
        app(list(arguments), standalone_mode=True)
    except SystemExit as ended:
        if ended.code == _STOPPED:
            _say("stopped; what was finished is kept")
        return ended.code if isinstance(ended.code, int) else 1
    except PeelianError as error:
        _say(str(error))
        return error.exit_code
    except OSError as error:
        where = f" {error.filename}:" if error.filename else ""
        _say(
            f"Files are read and written where the system lets it; it says{where} "
            f"{error.strerror or error}. Check the path, who may write there, and the disk's room."
        )
        return InputError.exit_code
    return 0


def _say(what: str) -> None:
    print(f"peelian: {what}", file=sys.stderr)  # noqa: T201
