"""The command line: parse, call, print; the exit code says which class of error it was.

No rule, number or wording is decided here. Each command imports what it needs when it runs,
so that `peelian --help` answers at once.
"""


def main() -> None:
    """Run the command line; a person's mistakes show without a traceback."""
    import sys

    from peelian.cli.app import run

    sys.exit(run(sys.argv[1:]))
