"""The command line: parse, call, print; the exit code says which class of error it was.

No rule, number or wording is decided here. Each command imports what it needs when it runs,
so that `peelian --help` answers at once.
"""


def main() -> None:
    """Run the command line; a person's mistakes show without a traceback."""
    import sys
    from io import TextIOWrapper

    from peelian.cli.app import run

    # A name may hold letters that the terminal's or the pipe's encoding does not have.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
