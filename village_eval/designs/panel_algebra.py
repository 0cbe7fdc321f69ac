"""Exact closed forms on a balanced panel of villages × months with one start date.

What general regressions iterate for.

With village and month effects and a treatment D_it = listed_i · post_t, least squares and Poisson
need group × month totals only, and cluster-robust errors are sums of villages' scores. Agreement
with regression libraries to 1e-8 is tested. Notation: Y [V, M], listed L [V], post P [M], cluster
[V] (numbers 0..G-1). Errors are G/(G−1) · Σ_g s_g² / information².
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Coefficients:
    """Estimates and their cluster-robust standard errors, float arrays of one shape."""

    value: np.ndarray
    se: np.ndarray


def twoway_did(
    Y: np.ndarray, listed: np.ndarray, post: np.ndarray, cluster: np.ndarray
) -> Coefficients:
    """Least squares with village and month effects: D̃ = (L − L̄)(P − P̄), β = Σ D̃ Y / Σ D̃²."""
    L, P = listed - listed.mean(), post - post.mean()
    v = Y @ P  # each village's change, post against pre
    information = (L @ L) * (P @ P)
    beta = L @ v / information
    scores = L * (v - v.mean() - beta * L * (P @ P))
    return Coefficients(np.asarray(beta), _clustered(scores[:, None], cluster)[0] / information)


def twoway_event_study(
    Y: np.ndarray, listed: np.ndarray, base: int, cluster: np.ndarray
) -> Coefficients:
    """Least squares with village and month effects and one coefficient a month: [M].

    Relative to column ``base``.
    """
    n1, n0 = listed.sum(), (~listed).sum()
    change = Y - Y[:, [base]]
    sums = np.vstack([listed, ~listed]).astype(float) @ change
    mean1, mean0 = sums[0] / n1, sums[1] / n0
    weight = np.where(listed, 1 / n1, -1 / n0)
    scores = weight[:, None] * (change - np.where(listed[:, None], mean1, mean0))
    return Coefficients(mean1 - mean0, _clustered(scores, cluster))


def poisson_did(
    Y: np.ndarray, listed: np.ndarray, post: np.ndarray, cluster: np.ndarray
) -> Coefficients:
    """Poisson (PPML) with village and month effects.

    β = log (Y_L,post / Y_L,pre) − log (Y_U,post / Y_U,pre).

    Fitted totals: in month t the listed hold the share π_t of Y_t, one π before and one after; the
    treatment net of both effects is D̃ = (P − c)(L − π_t), c the share of Σ Y_t π_t (1 − π_t) that
    falls after the start.
    """
    Y, L, P = np.asarray(Y, float), listed.astype(float), post.astype(float)
    on, total = L @ Y, np.ones(len(Y)) @ Y
    share = np.array([on[m].sum() / total[m].sum() for m in (P == 0, P == 1)])
    beta = np.log(share[1] / (1 - share[1])) - np.log(share[0] / (1 - share[0]))
    pi = share[P.astype(int)]
    weight = total * pi * (1 - pi)
    c = weight @ P / weight.sum()
    information = weight @ (P - c) ** 2
    # Scores Σ_t D̃ (y − μ): D̃ has one row for the listed and one for the others, and a village's
    # fitted level is its share of its group's total, so one product with Y gives Σ_t D̃ y in either
    # group and the village's total.
    D = np.array([1 - pi, -pi]) * (P - c)
    moment = (D * np.array([pi, 1 - pi]) * total).sum(1) / np.array([on.sum(), (total - on).sum()])
    by_group = Y @ np.column_stack([D.T, np.ones(len(P))])
    scores = np.where(
        listed,
        by_group[:, 0] - by_group[:, 2] * moment[0],
        by_group[:, 1] - by_group[:, 2] * moment[1],
    )
    return Coefficients(np.asarray(beta), _clustered(scores[:, None], cluster)[0] / information)


def _clustered(scores: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Root of G/(G−1) times the summed squares of cluster totals of scores [V, K]: [K]."""
    g = cluster.max() + 1
    totals = np.column_stack(
        [np.bincount(cluster, scores[:, k], minlength=g) for k in range(scores.shape[1])]
    )
    return np.asarray(np.sqrt(g / (g - 1) * (totals**2).sum(0)))
