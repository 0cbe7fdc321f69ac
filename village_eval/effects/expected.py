"""Expected from history: what a village's own past, discounted and shrunk, leads to expect.

A gamma-Poisson with discounted history (Hauer 1997; Harvey & Fernandes 1989). Village i has level θ_i around what its
population leads to expect; in year s it shows e_is = T_s · pop_i^g / Σ pop^g of the county's total T_s if θ_i = 1. After the
years s of age k(s) (0 for the latest),

    θ_i | past  =  (a + Σ_s d^k(s) y_is) / (a + Σ_s d^k(s) e_is),      expected share of the next total ∝ pop_i^g · θ_i.

Strength a, discount d and elasticity g maximise the one-year-ahead predictive likelihood (negative binomial) on the years
before the campaign. Income has no count distribution; there they minimise the Poisson deviance, which bears zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, xlogy


@dataclass(frozen=True)
class Past:
    """History of a target year: ``blocks`` float [V, S] (latest first, NaN unknown), ``target`` float [V] or None."""

    blocks: np.ndarray
    target: np.ndarray | None = None


@dataclass(frozen=True)
class History:
    """Fitted strength ``a``, discount ``d`` and elasticity ``g``."""

    a: float
    d: float
    g: float

    def shares(self, past: Past, population: np.ndarray, keep: np.ndarray | None = None) -> np.ndarray:
        """Expected share of each village in the next total, up to a constant: [V], or [R, V] for refits ``keep`` [R, V]."""
        weight = population**self.g
        discount = self.d ** np.arange(past.blocks.shape[1])
        known = np.isfinite(past.blocks)
        blocks = np.where(known, past.blocks, 0)
        seen = blocks @ discount
        rows = np.ones((1, len(population))) if keep is None else keep.astype(float)
        rate = (rows @ blocks) / np.maximum(rows @ (weight[:, None] * known), 1e-300)  # [R, S]: T_s / Σ pop^g over who reported
        exposure = weight * ((rate * discount) @ known.T)  # [R, V]: Σ_s d^k e_is
        shares = weight * (self.a + np.maximum(seen, 0)) / (self.a + exposure)
        return shares[0] if keep is None else shares


def fit_history(pasts: list[Past], population: np.ndarray, counts: bool = True) -> History:
    """Fit a, d, g on target years with known history; ``counts`` chooses the negative binomial likelihood, else the deviance."""
    usable = [p for p in pasts if p.target is not None and p.blocks.shape[1] > 0]
    if not usable:
        return History(a=2.0, d=0.8, g=0.5)
    log_pop = np.log(population)

    def loss(parameters: np.ndarray) -> float:
        a, d, g = np.exp(parameters[0]), 1 / (1 + np.exp(-parameters[1])), parameters[2]
        weight = np.exp(g * log_pop)
        total = 0.0
        for past in usable:
            discount = d ** np.arange(past.blocks.shape[1])
            known = np.isfinite(past.blocks)
            blocks = np.where(known, past.blocks, 0)
            rate = blocks.sum(0) / (weight @ known)
            shape = a + blocks @ discount
            exposure = a + weight * (known @ (rate * discount))
            here = np.isfinite(past.target)
            y, theta = past.target[here], (shape / exposure)[here]
            e = weight[here] * y.sum() / (weight[here] @ theta)  # total of the year is given: it cancels in every contrast
            if counts:
                s, b = shape[here], exposure[here]
                total -= (gammaln(s + y) - gammaln(s) - s * np.log1p(e / b) + y * np.log(e / (b + e))).sum()
            else:
                total += (xlogy(y, y / (e * theta)) - y + e * theta).sum()
        # A weak prior keeps flat directions (one short history, say) near what registers show.
        return total + 0.5 * ((parameters - centre) / width) ** 2 @ np.ones(3)

    scale = 1.0 if counts else np.nanmean(np.concatenate([p.target for p in usable]))
    centre = np.array([np.log(2.0), 1.4, 0.5])
    width = np.array([2.0, 1.5, 0.5])
    if not counts:
        usable = [Past(np.maximum(p.blocks, 0) / scale, np.maximum(p.target, 0) / scale) for p in usable]
    best = minimize(loss, centre, method="L-BFGS-B", bounds=[(-4, 6), (-3, 6), (-0.5, 1.5)])
    a, d, g = np.exp(best.x[0]) * scale, 1 / (1 + np.exp(-best.x[1])), best.x[2]
    return History(float(a), float(d), float(g))
