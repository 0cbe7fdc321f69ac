"""Doses are no experiment: what the counties' own data say against taking them for one.

Did counties do more where trouble was seen? And do today's doses go with petitions of years before
anybody had given any? Over a hundred counties both are seen where one county sees neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from village_eval.expectation.refits import Refits
from village_eval.many.doses import Pooled, Scores, pool_doses

LEVEL = 0.025
"""Of each of the two questions."""


@dataclass(frozen=True, eq=False)
class Doubts:
    """``follows``: rise of the overall dose, in sd, with an sd of trouble seen, and its p value.

    One-sided: the trouble seen includes the first weeks, which doses that work make calmer.
    ``placebo``: today's doses on earlier years, None without any; ``earlier_p``: its smallest p
    value times their number.
    """

    follows: float
    follows_p: float
    placebo: Pooled | None
    earlier_p: float

    @property
    def doubtful(self) -> bool:
        """Whether doses may have followed trouble instead of changing it."""
        return self.follows_p < LEVEL or self.earlier_p < LEVEL


def doubts(earlier: Scores | None, follows: np.ndarray) -> Doubts:
    """From scores of the placebo years and from score and precision [C, 2] of following trouble."""
    value, p = _followed(follows)
    if earlier is None:
        return Doubts(value, p, None, 1.0)
    placebo = pool_doses(earlier, shocks=False)
    given = earlier.contrasts @ np.diag(earlier.precision.sum(0)) > 0
    smallest = float(placebo.p_values[given].min()) * int(given.sum())
    return Doubts(value, p, placebo, min(smallest, 1.0))


def _followed(follows: np.ndarray) -> tuple[float, float]:
    """The pooled rise with its error from leaving one county out."""
    score, precision = follows[follows[:, 1] > 0].T
    if len(score) < 2:
        return 0.0, 1.0
    without = (score.sum() - score) / (precision.sum() - precision)
    refits = Refits(np.r_[score.sum() / precision.sum(), without])
    n = precision.sum() ** 2 / (precision**2).sum()
    t = float(refits.value) / max(float(refits.se), 1e-12)
    return float(refits.value), float(stdtr(max(n - 1, 1), -t))
