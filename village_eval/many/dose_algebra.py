"""Pooling dose scores: sums of precisions P [C, K, K] and scores S [C, K] over C counties.

b = (ΣP)⁻¹ ΣS is the precision-weighted mean of the counties' effects. Leaving out one county at a
time gives its error, which holds the effects' differences between counties already. With
T = diag(τ²) the restricted likelihood of these differences needs no county's inverse:

    W_c = P_c (I + T P_c)⁻¹,  U_c = (I + P_c T)⁻¹ S_c,  b_T = (ΣW)⁻¹ ΣU

    −2 log L(T) = Σ log|I + T P_c| + log|ΣW| − Σ S_c' T (I + P_c T)⁻¹ S_c − (ΣU)' (ΣW)⁻¹ (ΣU)

(Gasparrini, Armstrong & Kenward 2012, rewritten for scores; constants left out.) With years in the
place of counties it is the likelihood of a shock that all counties of a year share.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from village_eval.expectation.between_years import GRID, prior

RIDGE = 1e-8
"""Of the mean precision, on the diagonal: measures that came together everywhere get a wide error
instead of none."""
SHOCK_SCALE, SHOCK_SCALE_SEVERAL = 0.025, 0.05
"""Half-t prior of a shock common to a measure and a year: where all counties are of one year, as of
years between (between_years.py; its root mean square is 0.043); where several years can tell, one
that lets them. Chosen on provinces of seeds from 30001."""
TAU_START, TAU_LARGEST = 0.05, 1.0


def pooled(precision: np.ndarray, score: np.ndarray) -> np.ndarray:
    """b [..., K] from summed precision [..., K, K] and score [..., K]."""
    return np.asarray(np.linalg.solve(ridged(precision), score[..., None])[..., 0])


def ridged(precision: np.ndarray) -> np.ndarray:
    """A precision that has an inverse."""
    k = precision.shape[-1]
    mean = np.trace(precision, axis1=-2, axis2=-1)[..., None, None] / k
    return np.asarray(precision + (RIDGE * mean + 1e-12) * np.eye(k))


def refits(precision: np.ndarray, score: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """b of all, then with each unit left out [K, 1 + G]; ``unit`` [C] numbers them from 0."""
    p, s = summed(precision, unit), summed(score, unit)
    everything = pooled(p.sum(0), s.sum(0))
    return np.column_stack([everything, pooled(p.sum(0) - p, s.sum(0) - s).T])


def summed(values: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Sums over the counties of each unit [G, ...]; units are numbered from 0, none is missing."""
    order = np.argsort(unit, kind="stable")
    first = np.searchsorted(unit[order], np.arange(int(unit.max()) + 1))
    return np.asarray(np.add.reduceat(values[order], first))


def effective(precision: np.ndarray, unit: np.ndarray, weights: np.ndarray) -> float:
    """Units that carry a contrast ``weights`` [K], (Σp)² / Σp², p the precision of each along it.

    As many as there are where all are alike.
    """
    p = np.einsum("k,ckl,l->c", weights, summed(precision, unit), weights)
    return float(p.sum() ** 2 / max(float((p**2).sum()), 1e-300))


def loss(tau2: np.ndarray, precision: np.ndarray, score: np.ndarray) -> float:
    """−2 log L of T = diag(``tau2`` [K]) (restricted)."""
    k = len(tau2)
    inner = np.eye(k) + precision * tau2  # I + P T: T scales columns
    u = np.linalg.solve(inner, score[:, :, None])[:, :, 0]
    w = np.linalg.solve(inner, precision)
    total, pull = ridged(w.sum(0)), u.sum(0)
    return float(
        np.linalg.slogdet(inner)[1].sum()
        + np.linalg.slogdet(total)[1]
        - np.einsum("ck,k,ck->", score, tau2, u)
        - pull @ np.linalg.solve(total, pull)
    )


def heterogeneity(precision: np.ndarray, score: np.ndarray, group: np.ndarray) -> np.ndarray:
    """τ [K] of the effects between counties by REML, one for each group of effects."""
    n = int(group.max()) + 1

    def at(tau: np.ndarray) -> float:
        return loss((tau**2)[group], precision, score)

    start = np.full(n, TAU_START)
    found = minimize(at, start, method="L-BFGS-B", bounds=[(0.0, TAU_LARGEST)] * n)
    return np.asarray(found.x[group])


def shock_posterior(
    precision: np.ndarray, score: np.ndarray, year: np.ndarray, inflation: float
) -> np.ndarray:
    """Weights on ``GRID`` of the standard deviation of a shock common to a measure and a year.

    ``inflation``: by how much the variance of b is above (ΣP)⁻¹, or below. With one year the prior
    stays.
    """
    weights = prior(SHOCK_SCALE)
    if year.max() > 0:
        weights = prior(SHOCK_SCALE_SEVERAL)
        p, s = summed(precision, year) / inflation, summed(score, year) / inflation
        k = score.shape[1]
        logs = np.array([-0.5 * loss(np.full(k, sd**2), p, s) for sd in GRID])
        weights = weights * np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def shock_share(precision: np.ndarray, year: np.ndarray, contrasts: np.ndarray) -> np.ndarray:
    """By how much a shock's variance enters each contrast [K', K]: Σ_y |w'(ΣP)⁻¹ P_y|² [K']."""
    p = summed(precision, year)
    pulls = contrasts @ np.linalg.solve(ridged(p.sum(0)), p)  # [Y, K', K]
    return np.asarray((pulls**2).sum((0, 2)))
