"""Which of many tests to believe, when some would look striking by chance alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def discoveries(p_values: NDArray[np.float64], *, rate: float) -> NDArray[np.bool_]:
    """Which tests are discoveries, of which at most a share `rate` is expected to be false.

    Benjamini and Hochberg's step-up rule (1995, doi:10.1111/j.2517-6161.1995.tb02031.x), the
    paper's formula. It holds for tests that are independent or depend positively, as
    neighbours do. No tests give an empty answer.
    """
    order = np.sort(p_values)
    passed = order <= rate * np.arange(1, len(order) + 1) / len(order)
    limit = order[passed].max() if passed.any() else -1.0
    return p_values <= limit
