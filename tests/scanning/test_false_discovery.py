"""Benjamini and Hochberg's rule."""

from __future__ import annotations

import numpy as np
from statsmodels.stats.multitest import multipletests

from peelian.scanning.false_discovery import discoveries

# The fifteen p-values of the paper's own example (section 3.2), in which four are rejected
# at a rate of 0.05.
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.000]  # fmt: skip


def test_the_papers_example_gives_four_discoveries() -> None:
    found = discoveries(np.array(PAPER), rate=0.05)

    assert found.tolist() == [True] * 4 + [False] * 11


def test_the_rule_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(3)
    for size in (1, 2, 50):
        p_values = rng.random(size) ** 3
        expected = multipletests(p_values, alpha=0.1, method="fdr_bh")[0]
        assert discoveries(p_values, rate=0.1).tolist() == expected.tolist()


def test_no_tests_give_no_discoveries() -> None:
    assert discoveries(np.array([]), rate=0.1).shape == (0,)
