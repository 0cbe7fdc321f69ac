"""Expected from history: what a village's own past, discounted and shrunk, leads to expect.

A gamma-Poisson with discounted history (Hauer 1997; Harvey & Fernandes 1989): a village's level is
its past, discounted by age with factor d, shrunk with strength a to what its population, to the
power g, leads to expect. The equation is headline.expected; here its three constants are fitted.
Strength a, discount d and elasticity g maximise the one-year-ahead predictive likelihood (negative
binomial) on the quiet years (panel_settings.fit). Income has no count distribution; there they
minimise the Poisson deviance, which bears zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, xlogy

from village_eval.expectation.headline import expected
from village_eval.words.card import Brief

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


@dataclass(frozen=True, repr=False)
class History(Brief):
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


class TargetYears(NamedTuple):
    """T years to predict, with S years of history at most, side by side.

    Of the histories ``known`` [T, S, V], 1 or 0, and ``blocks`` [T, S, V], 0 where unknown or
    beyond a year's own history; of the years themselves ``here`` [T, V], 1 or 0, and ``target``
    [T, V], 0 where unknown.
    """

    known: np.ndarray
    blocks: np.ndarray
    here: np.ndarray
    target: np.ndarray

    @classmethod
    def of(cls, pasts: list[tuple[np.ndarray, np.ndarray]]) -> TargetYears:
        """From pairs of blocks [V, S] and target [V] that are NaN where unknown."""
        longest = max(blocks.shape[1] for blocks, _ in pasts)
        blocks = np.full((len(pasts), longest, len(pasts[0][1])), np.nan)
        for padded, (past, _) in zip(blocks, pasts, strict=True):
            padded[: past.shape[1]] = past.T
        target = np.array([target for _, target in pasts])
        known, here = np.isfinite(blocks), np.isfinite(target)
        return cls(known * 1.0, np.nan_to_num(blocks), here * 1.0, np.nan_to_num(target))


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
    given = (TargetYears.of(usable), np.log(population), counts)
    bounds = [(-4, 6), (-3, 6), (-0.5, 1.5)]
    best = minimize(_loss, CENTRE, given, jac=True, method="L-BFGS-B", bounds=bounds, options=EXACT)
    a, d, g = np.exp(best.x[0]) * scale, 1 / (1 + np.exp(-best.x[1])), best.x[2]
    return History(float(a), float(d), float(g))


def _loss(
    parameters: np.ndarray,
    years: TargetYears,
    log_pop: np.ndarray,
    counts: bool,
) -> tuple[float, np.ndarray]:
    """Minus the log likelihood and its gradient in log a, logit d and g.

    Arrays are [T, V]: all years at once. _a, _d, _g mark derivatives.
    """
    a, d, g = np.exp(parameters[0]), 1 / (1 + np.exp(-parameters[1])), parameters[2]
    known, blocks, here, y = years
    weight, age = np.exp(g * log_pop), np.arange(blocks.shape[1])
    discount, discount_d = d**age, age * d ** np.maximum(age - 1.0, 0)
    by_pop = np.maximum(known @ weight, 1e-300)  # [T, S]
    rate = blocks.sum(2) / by_pop
    rate_g = -rate * (known @ (weight * log_pop)) / by_pop
    rates = np.stack([rate * discount, rate * discount_d, rate_g * discount], 1)
    seen, seen_d, seen_g = np.moveaxis(rates @ known, 1, 0)
    past, past_d = np.moveaxis(np.stack([discount, discount_d]) @ blocks, 1, 0)
    s, b = a + past, a + weight * seen
    b_d, b_g = weight * seen_d, weight * (log_pop * seen + seen_g)
    theta = s / b
    theta_a, theta_d, theta_g = (1 - theta) / b, (past_d - theta * b_d) / b, -theta * b_g / b
    # The total of a year is given: it cancels in every contrast. e and y are 0 where unknown.
    w = weight * here
    grown = (w * theta).sum(1)
    e = w * (y.sum(1) / grown)[:, None]
    if counts:
        some = y > 0  # the others' terms in y are 0, and gammaln and digamma are what costs
        few, more = s[some], s[some] + y[some]
        by_s = np.log1p(e / b)
        loss = (gammaln(few) - gammaln(more)).sum() + (s * by_s - xlogy(y, e / (b + e))).sum()
        by_s[some] -= digamma(more) - digamma(few)
        by_b, by_e = (y - s * e / b) / (b + e), e * (s + y) / (b + e) - y
        own = [by_s + by_b, past_d * by_s + b_d * by_b, b_g * by_b + log_pop * by_e]
    else:
        mean = e * theta
        loss = (xlogy(y, y) - xlogy(y, mean) - y + mean).sum()
        by_theta, by_e = e - y / theta, mean - y
        own = [theta_a * by_theta, theta_d * by_theta, theta_g * by_theta + log_pop * by_e]
    # What the constants change in a year's sum is taken off every village.
    of_sum = [w * theta_a, w * theta_d, w * (log_pop * theta + theta_g)]
    slope = np.sum(own, (1, 2)) - np.sum(of_sum, 2) @ (by_e.sum(1) / grown)
    # A weak prior keeps flat directions (one short history, say) near what registers show.
    off = (parameters - CENTRE) / WIDTH
    return loss + 0.5 * off @ off, slope * [a, d * (1 - d), 1.0] + off / WIDTH
