"""Expected from history: what a village's own past, discounted and shrunk, leads to expect.

A gamma-Poisson with discounted history (Hauer 1997; Harvey & Fernandes 1989): a village's level is
its past, discounted by age with factor d, shrunk with strength a to what its population, to the
power g, leads to expect. The equation is headline.expected; here its three constants are fitted.
Strength a, discount d and elasticity g maximise the one-year-ahead predictive likelihood (negative
binomial) on the years before the campaign. Income has no count distribution; there they minimise
the Poisson deviance, which bears zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, xlogy

from village_eval.expectation.headline import expected

CENTRE, WIDTH = np.array([np.log(2.0), 1.4, 0.5]), np.array([2.0, 1.5, 0.5])
"""A weak normal prior on log a, logit d and g: what registers show."""

EXACT = {"ftol": 1e-12, "gtol": 1e-7}
"""The optimiser's own limits leave a relative 1e-5 in the estimate where the likelihood is flat."""


@dataclass(frozen=True, eq=False)
class Past:
    """History of a target year.

    ``blocks`` float [V, S], latest first, NaN unknown; ``target`` float [V] or None.
    """

    blocks: np.ndarray
    target: np.ndarray | None = None


@dataclass(frozen=True)
class History:
    """Fitted strength ``a``, discount ``d`` and elasticity ``g``."""

    a: float
    d: float
    g: float

    def shares(
        self, past: Past, population: np.ndarray, keep: np.ndarray | None = None
    ) -> np.ndarray:
        """Expected share of each village in the next total, up to a constant.

        [V], or [R, V] for refits ``keep`` [R, V].
        """
        rows = np.ones((1, len(population))) if keep is None else keep.astype(float)
        shares = expected(past.blocks, population, rows, self.a, self.d, self.g)
        return shares[0] if keep is None else shares


class TargetYear(NamedTuple):
    """A year to predict, with its history.

    Of the history ``known`` bool [V, S] and ``blocks`` [V, S] (0 unknown); of the year itself
    ``here`` bool [V] and ``target`` [V].
    """

    known: np.ndarray
    blocks: np.ndarray
    here: np.ndarray
    target: np.ndarray

    @classmethod
    def of(cls, blocks: np.ndarray, target: np.ndarray) -> TargetYear:
        """From values that are NaN where unknown."""
        return cls(np.isfinite(blocks), np.nan_to_num(blocks), np.isfinite(target), target)


UNFITTED = History(a=2.0, d=0.8, g=0.5)
"""Near the prior's centre: where no year before the campaign has a history to learn from."""


def fit_history(pasts: list[Past], population: np.ndarray, counts: bool = True) -> History:
    """Fit a, d, g on target years with known history.

    ``counts`` chooses the negative binomial likelihood, else the deviance.
    """
    from scipy.optimize import minimize

    usable = [
        (past.blocks, past.target)
        for past in pasts
        if past.target is not None and past.blocks.shape[1] > 0 and np.nansum(past.target) > 0
    ]
    if not usable:
        return UNFITTED
    scale = 1.0
    if not counts:
        scale = float(np.nanmean(np.concatenate([target for _, target in usable])))
        usable = [
            (np.maximum(blocks, 0) / scale, np.maximum(target, 0) / scale)
            for blocks, target in usable
        ]
    years = [TargetYear.of(blocks, target) for blocks, target in usable]
    given, bounds = (years, np.log(population), counts), [(-4, 6), (-3, 6), (-0.5, 1.5)]
    best = minimize(_loss, CENTRE, given, jac=True, method="L-BFGS-B", bounds=bounds, options=EXACT)
    a, d, g = np.exp(best.x[0]) * scale, 1 / (1 + np.exp(-best.x[1])), best.x[2]
    return History(float(a), float(d), float(g))


def _loss(
    parameters: np.ndarray,
    years: list[TargetYear],
    log_pop: np.ndarray,
    counts: bool,
) -> tuple[float, np.ndarray]:
    """Minus the log likelihood and its gradient in log a, logit d and g.

    A trailing _ marks derivatives in (a, d, g) [3, V].
    """
    a, d, g = np.exp(parameters[0]), 1 / (1 + np.exp(-parameters[1])), parameters[2]
    weight = np.exp(g * log_pop)
    total, slope = 0.0, np.zeros(3)
    for known, blocks, here, target in years:
        age = np.arange(blocks.shape[1])
        discount, discount_d = d**age, age * d ** np.maximum(age - 1.0, 0)
        by_pop = weight @ known
        rate = blocks.sum(0) / by_pop
        rate_g = -rate * ((weight * log_pop) @ known) / by_pop
        seen = known @ np.column_stack([rate * discount, rate * discount_d, rate_g * discount])
        y, w = target[here], weight[here]
        s, b = (a + blocks @ discount)[here], (a + weight * seen[:, 0])[here]
        one, none = np.ones(len(y)), np.zeros(len(y))
        s_, b_ = np.array([one, (blocks @ discount_d)[here], none]), np.array([one, none, none])
        b_[1:] = w * np.array([seen[here, 1], log_pop[here] * seen[here, 0] + seen[here, 2]])
        theta = s / b
        theta_ = (s_ - theta * b_) / b
        grown = w @ theta
        e = w * y.sum() / grown  # total of the year is given: it cancels in every contrast
        e_ = e * (
            np.array([none, none, log_pop[here]])
            - ((theta_ @ w + [0, 0, (w * log_pop[here]) @ theta]) / grown)[:, None]
        )
        if counts:
            some = y > 0  # the others' terms in y are 0, and gammaln and digamma are what costs
            few, more = s[some], s[some] + y[some]
            total -= (gammaln(more) - gammaln(few)).sum()
            log_b = np.log1p(e / b)
            total -= (y * np.log(e / (b + e)) - s * log_b).sum()
            by_s = -log_b
            by_s[some] += digamma(more) - digamma(few)
            slope -= s_ @ by_s + b_ @ ((s * e / b - y) / (b + e))
            slope -= e_ @ (y / e - (s + y) / (b + e))
        else:
            mean = e * theta
            total += (xlogy(y, y / mean) - y + mean).sum()
            slope += (e_ * theta + e * theta_) @ (1 - y / mean)
    # A weak prior keeps flat directions (one short history, say) near what registers show.
    off = (parameters - CENTRE) / WIDTH
    return total + 0.5 * off @ off, slope * [a, d * (1 - d), 1.0] + off / WIDTH
