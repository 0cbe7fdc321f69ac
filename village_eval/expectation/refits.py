"""Refits: one number, or several, of the whole county and again without each township.

Leaving one township out gives errors that hold with few, unequal clusters (the jackknife CV3;
MacKinnon, Nielsen & Webb 2023). Everything that has such an error in this package is a Refits, so
that covariance, combination and error distribution are written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from village_eval.expectation.between_years import Mixture
from village_eval.words.card import Brief


@dataclass(frozen=True, eq=False, repr=False)
class Refits(Brief):
    """``values`` float [..., R]: the full sample first, then each of R − 1 townships left out.

    Leading axes are free; the last of them, K, is that of quantities that have a covariance. A
    left-out value that cannot be computed (no listed village remains) makes its covariances NaN.
    """

    values: np.ndarray

    @classmethod
    def of(cls, quantities: Sequence[np.ndarray]) -> Refits:
        """Several quantities [R] side by side: values [K, R]."""
        return cls(np.stack(quantities))

    @property
    def value(self) -> np.ndarray:
        """Of the full sample [...]."""
        return np.asarray(self.values[..., 0])

    @property
    def without(self) -> np.ndarray:
        """With each township left out [..., G]."""
        return np.asarray(self.values[..., 1:])

    @property
    def moves(self) -> np.ndarray:
        """How far leaving each township out moves the value [..., G]."""
        return np.asarray(self.values[..., 1:] - self.values[..., :1])

    @property
    def covariance(self) -> np.ndarray:
        """Of K quantities [..., K, K]."""
        away, g = self.moves, self.values.shape[-1] - 1
        return np.asarray((g - 1) / g * (away @ np.swapaxes(away, -1, -2)))

    @property
    def se(self) -> np.ndarray:
        """Standard error of each value [...]."""
        away, g = self.moves, self.values.shape[-1] - 1
        return np.asarray(np.sqrt((g - 1) / g * (away * away).sum(-1)))

    def combine(self, weights: np.ndarray) -> Refits:
        """``weights`` [K] @ quantities: values [..., R]."""
        return Refits(np.einsum("k,...kr->...r", weights, self.values))

    def error(self, df: float) -> Mixture:
        """The distribution of one value's error: a t with ``df`` degrees of freedom."""
        return Mixture(np.array([float(self.se)]), np.ones(1), df)


def less_their_mean(n: int) -> np.ndarray:
    """Weights [1 + n] of the first of 1 + n quantities less the mean of the others.

    Of the first alone if n is 0.
    """
    return np.concatenate([[1.0], np.full(n, -1 / max(n, 1))])
