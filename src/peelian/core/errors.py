"""Everything that can go wrong, as a tree. Each class carries the exit code of the command line.

PeelianError                       1
├── InputError                     2   a file or a text cannot be used as it is
│   ├── LayoutError                    a file is not in the layout it should have
│   ├── ShapeError                     a geometry cannot be read or repaired
│   └── SchemaError                    a ward file, a measure or a column map breaks its schema
├── StoreError                     3   the store is not whole, or not there
│   ├── StoreBusyError                 another process is writing
│   └── ShrinkingReplacementError      a newer file would lose records that are held
├── CoverageError                  4   months, areas or types are not held
│   └── MonthOnlyError                 records are known to the month, and the question needs more
├── UnknownPlaceError              5   no such ward, street, park or estate is known
├── PublisherError                 6   the live service did not answer, or not as it should
├── MissingExtraError              7   a part of the package that the job needs is not installed
└── VerificationError              8   a published number cannot be recomputed

A message says the rule, what was found, and what to do next.
"""


class PeelianError(Exception):
    """Something a person can act on; shown without a traceback."""

    exit_code = 1


class InputError(PeelianError):
    """A file or a text cannot be used as it is."""

    exit_code = 2


class LayoutError(InputError):
    """A file is not in the layout it should have."""


class ShapeError(InputError):
    """A geometry cannot be read or repaired."""


class SchemaError(InputError):
    """A ward file, a measure or a column map breaks its schema."""


class StoreError(PeelianError):
    """The store is not whole, or not there."""

    exit_code = 3


class StoreBusyError(StoreError):
    """Another process is writing to the store."""


class ShrinkingReplacementError(StoreError):
    """A newer file would lose records that the store holds."""


class CoverageError(PeelianError):
    """Months, areas or types are not held."""

    exit_code = 4


class MonthOnlyError(CoverageError):
    """Records are known to the month, and the question needs the day or the hour."""


class UnknownPlaceError(PeelianError):
    """No such ward, street, park or estate is known."""

    exit_code = 5


class PublisherError(PeelianError):
    """The live service did not answer, or answered something it should not."""

    exit_code = 6


class MissingExtraError(PeelianError):
    """A part of the package that the job needs is not installed."""

    exit_code = 7


class VerificationError(PeelianError):
    """A published number cannot be recomputed."""

    exit_code = 8
