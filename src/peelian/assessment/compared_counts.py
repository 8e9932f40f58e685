"""Records of one place against those of comparison places, before and after: what is beyond chance.

The rule that a design is planned with: quick enough to be simulated thousands of times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ComparedCounts:
    """Four counts a comparison, arrays of one shape: the place and its comparison places.

    The place and the comparison places must have the same months before, and the same after.
    is_known: the comparison is a rate known without error, and its numbers are exposures.
    """

    before: Numbers
    after: Numbers
    comparison_before: Numbers
    comparison_after: Numbers
    is_known: bool = False

    @classmethod
    def against_itself(
        cls, before: Numbers, after: Numbers, *, months_before: int, months_after: int
    ) -> ComparedCounts:
        """Records that nothing but their own past is compared with: a rate known without error."""
        alike = np.ones(np.shape(before))
        return cls(before, after, alike * months_before, alike * months_after, is_known=True)

    @property
    def expected(self) -> Numbers:
        """Records after, had the place moved as its comparison places did; NaN without any."""
        return self.before * self._growth

    @property
    def variance(self) -> Numbers:
        """Of records after less expected, if all four were Poisson counts (delta method)."""
        growth = self._growth
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = 1 / self.comparison_before + 1 / np.maximum(self.comparison_after, 1)
        own: Numbers = self.after + self.before * growth**2
        if self.is_known:
            return own
        return own + (self.before * growth) ** 2 * relative

    @property
    def _growth(self) -> Numbers:
        none = np.full(np.shape(self.comparison_before), np.nan)
        growth: Numbers = np.divide(
            self.comparison_after,
            self.comparison_before,
            out=none,
            where=self.comparison_before > 0,
        )
        return growth

    def tails(self, *, variation: float) -> tuple[Numbers, Numbers]:
        """Chances of so few records after, and of so many, if the place moved as the others did.

        Fisher's exact test (1935, doi:10.2307/2342435), one-sided each, after every count is
        divided by how much more than Poisson counts they vary: a variation, exact where
        `variation` is 0; against a known rate it is the binomial test. variation: standard
        deviation of the place's rate about what the others lead one to expect, as a share of
        it. A place without a record has 1 for both.
        """
        from scipy.stats import binom, hypergeom

        spread = self._spread(variation)
        if self.is_known:
            share = self.comparison_after / (self.comparison_before + self.comparison_after)
            after, before = np.rint(self.after / spread), np.rint(self.before / spread)
            few = binom.cdf(after, before + after, share)
            return few, binom.sf(after - 1, before + after, share)
        parts = (self.before, self.after, self.comparison_before, self.comparison_after)
        before, after, other_before, other_after = (np.rint(part / spread) for part in parts)
        total = before + after + other_before + other_after
        came_after, of_place = after + other_after, before + after
        few = hypergeom.cdf(after, total, came_after, of_place)
        many = hypergeom.sf(after - 1, total, came_after, of_place)
        return np.where(of_place > 0, few, 1.0), np.where(of_place > 0, many, 1.0)

    def _spread(self, variation: float) -> Numbers:
        """How many times as much as Poisson counts the difference varies; 1 or more."""
        # By what was to be expected over both spans, so that a fall does not look surer than
        # a rise: the place's records shared out as those of the comparison places were.
        other = self.comparison_before + self.comparison_after
        records = self.before + self.after
        share = np.divide(
            self.comparison_after, other, out=np.full(other.shape, 0.5), where=other > 0
        )
        expected = records * share
        even = ComparedCounts(
            records * (1 - share), expected, self.comparison_before, self.comparison_after,
            is_known=self.is_known,
        )  # fmt: skip
        ratio = np.divide(
            (variation * expected) ** 2, even.variance, out=np.zeros(other.shape),
            where=np.nan_to_num(even.variance) > 0,
        )  # fmt: skip
        spread: Numbers = 1 + ratio
        return spread
