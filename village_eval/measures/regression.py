"""Dose regressions on the listed villages, refitted without each township.

Counts: y_i with mean μ_i = E_i exp(x_i'γ), E_i what history led to expect; the estimating equation

    Σ_i x_i (y_i − μ_i) / (1 + c μ_i) = 0

is that of a negative binomial with squared coefficient of variation c; any c is consistent, and the
jackknife needs none (Liang & Zeger 1986; MacKinnon, Nielsen & Webb 2023). Income: log(y / E),
winsorised, by least squares among villages that earn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from village_eval.expectation.headline import WINSOR
from village_eval.expectation.refits import Refits

DISPERSION = 0.25
RIDGE = 1e-4
"""On standardised controls and doses: keeps a refit finite when a township held all that varied."""


@dataclass(frozen=True, eq=False)
class Regression:
    """Coefficients [R, K] of the doses, in units of a dose.

    All villages first, then each township left out.
    """

    values: np.ndarray
    df: int

    @property
    def value(self) -> np.ndarray:
        """The coefficients of the full sample [K]."""
        return self.values[0]

    @property
    def covariance(self) -> np.ndarray:
        """Their covariance by the jackknife [K, K]."""
        return Refits(self.values.T).covariance

    def combined(self, weights: np.ndarray) -> tuple[float, float, float]:
        """Value, standard error and two-sided p value of ``weights`` @ coefficients."""
        refits = Refits(self.values.T).combine(weights)
        value, se = float(refits.value), float(refits.se)
        return value, se, refits.error(self.df).p_value(value) if se > 0 else 1.0

    def joint_p(self) -> float:
        """p value against no effect at all, by the clearest one (Bonferroni).

        A joint F test holds no level with few townships.
        """
        k = len(self.value)
        return min(1.0, k * min(self.combined(one)[2] for one in np.eye(k)))


def regress(
    y: np.ndarray,
    expected: np.ndarray,
    doses: np.ndarray,
    controls: np.ndarray,
    keep: np.ndarray,
    counts: bool = True,
) -> Regression:
    """Regress y [L] given ``expected`` [R, L] on doses [L, K] and controls [L, C].

    Controls come without a constant; ``keep`` is bool [R, L].
    """
    x, scale = _standardised(np.column_stack([doses, controls]))
    design = np.column_stack([np.ones(len(y)), x])
    fit = _poisson if counts else _least_squares
    gamma = fit(y, expected, design, keep.astype(float))
    used = len({tuple(row) for row in keep.T.tolist()})
    k = doses.shape[1]
    return Regression(gamma[:, 1 : 1 + k] / scale[:k], used - 1)


def fitted_rate(y: np.ndarray, expected: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Fitted means [L] of the count regression on the full sample; ``design`` with its constant."""
    gamma = _poisson(y, expected[None, :], design, np.ones((1, len(y))))[0]
    return expected * np.exp(design @ gamma)


def _poisson(
    y: np.ndarray, expected: np.ndarray, design: np.ndarray, keep: np.ndarray, iterations: int = 40
) -> np.ndarray:
    r, p = len(keep), design.shape[1]
    gamma = np.zeros((r, p))
    gamma[:, 0] = np.log(np.maximum(keep @ y, 0.5) / (keep * expected).sum(1))
    penalty = RIDGE * len(y) * np.diag(np.r_[0.0, np.ones(p - 1)])
    outer = (design[:, :, None] * design[:, None, :]).reshape(len(y), p * p)
    for _ in range(iterations):
        mu = expected * np.exp(np.clip(gamma @ design.T, -6, 6))
        variance = 1 + DISPERSION * mu
        score = (keep * (y - mu) / variance) @ design - gamma @ penalty
        information = ((keep * mu / variance) @ outer).reshape(r, p, p) + penalty + 1e-9 * np.eye(p)
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        step *= np.minimum(1, 1 / np.maximum(np.abs(step).max(1, keepdims=True), 1e-12))
        gamma += step
        if np.abs(step).max() < 1e-9:
            break
    return gamma


def _least_squares(
    y: np.ndarray, expected: np.ndarray, design: np.ndarray, keep: np.ndarray
) -> np.ndarray:
    p = design.shape[1]
    z, earns = log_change(y, expected)
    weight = keep * earns
    outer = (design[:, :, None] * design[:, None, :]).reshape(len(y), p * p)
    penalty = RIDGE * len(y) * np.diag(np.r_[0.0, np.ones(p - 1)]) + 1e-9 * np.eye(p)
    gram = (weight @ outer).reshape(-1, p, p) + penalty
    return np.linalg.solve(gram, ((weight * z) @ design)[:, :, None])[:, :, 0]


def log_change(y: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Winsorised log(y / E) [R, L], 0 where a village earns nothing, and which villages earn."""
    earns = (np.nan_to_num(y) > 0) & (np.nan_to_num(expected) > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(earns, np.log(np.where(earns, y, 1) / np.where(earns, expected, 1)), 0.0)
    centre = np.median(z[0][earns[0]]) if earns[0].any() else 0.0
    return np.where(earns, np.clip(z, centre - WINSOR, centre + WINSOR), 0.0), earns


def _standardised(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = x.std(0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    return (x - x.mean(0)) / scale, scale
