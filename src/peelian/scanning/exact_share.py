"""Shares with exact intervals: how sure a part of a whole is, however few records there are."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.core.errors import InputError


@dataclass(frozen=True)
class Share:
    """A part of a whole with its exact interval. `estimate` is None where the whole is nothing."""

    part: int
    whole: int
    estimate: float | None
    low: float
    high: float
    level: float


def exact_share(part: int, whole: int, *, level: float = 0.95) -> Share:
    """A share with its exact interval (see `exact_limits`). Nothing of nothing is 0 to 1."""
    low, high = exact_limits(part, whole, level=level)
    return Share(part, whole, part / whole if whole else None, low, high, level)


def exact_limits(part: float, whole: int, *, level: float = 0.95) -> tuple[float, float]:
    """The limits of a share, both ends included, that hold the true one as often as `level` says.

    Clopper and Pearson (1934, doi:10.1093/biomet/26.4.404), the paper's formula, by quantiles
    of the beta distribution: for whole records they hold the true share at least so often.
    part: may be a sum of parts of records, such as intervals spread over hours; that is a
    variation, by the same beta distribution. Nothing out of nothing can be any share: 0 to 1. A
    part outside the whole, or a level outside 0 to 1, is an InputError.
    """
    from scipy.special import betaincinv

    # Parts of records that are all of them may add up to a rounding error more, or less.
    slack = min(1e-9 * whole, 0.5)
    if not -slack <= part <= whole + slack:
        raise InputError(
            f"A part is at least nothing and at most the whole; found {part:g} of {whole}. Count "
            f"both from the same records."
        )
    if not 0 < level < 1:
        raise InputError(
            f"A level lies between 0 and 1, as 0.95 does; found {level:g}. Write 95 % as 0.95."
        )
    tail, rest = (1 - level) / 2, whole - part
    low = float(betaincinv(part, rest + 1, tail)) if part > slack else 0.0
    high = float(betaincinv(part + 1, rest, 1 - tail)) if rest > slack else 1.0
    return low, high
