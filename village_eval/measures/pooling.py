"""Partial pooling without sampling.

Effects shrunk to their kind's mean as far as the data do not tell them apart.

b ~ N(β, V) with V known; β ~ N(0, S0² 11' + τ_g² B + τ² I), B one for pairs of one group. The
scales have half-t priors and are integrated on a grid, weighted by the marginal likelihood of b
(Efron & Morris 1975; Röver et al. 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from village_eval.expectation.between_years import half_t

SCALE, DF = 0.05, 3
"""Half-t prior of how much effects of a full dose differ (log): real ones are 0.05 to 0.2."""
COMMON = 0.5
"""Standard deviation of the common mean: wide, so that the overall effect is hardly shrunk."""
GRID = np.array([0.0, 0.02, 0.04, 0.07, 0.12, 0.2, 0.35])


@dataclass(frozen=True, eq=False)
class Pooled:
    """Posterior mean [K] and covariance [K, K] of effects."""

    mean: np.ndarray
    covariance: np.ndarray

    def of(self, weights: np.ndarray) -> tuple[float, float]:
        """Mean and standard deviation of ``weights`` @ effects."""
        return float(weights @ self.mean), float(np.sqrt(weights @ self.covariance @ weights))


def pool(precision: np.ndarray, score: np.ndarray, group: np.ndarray | None = None) -> Pooled:
    """Pool effects with likelihood exp(score'β − β' precision β / 2): score = V⁻¹ b.

    ``group`` [K] numbers a level between.
    """
    k = len(score)
    same = np.zeros((k, k)) if group is None else (group[:, None] == group).astype(float)
    prior = half_t(GRID, SCALE, DF)
    means, covariances, logs = [], [], []
    for (i, between), (j, within) in product(
        enumerate(GRID if group is not None else GRID[:1]), enumerate(GRID)
    ):
        sigma = COMMON**2 + between**2 * same + (within**2 + 1e-6) * np.eye(k)
        posterior = np.linalg.inv(precision + np.linalg.inv(sigma))
        mean = posterior @ score
        fit = 0.5 * (score @ mean + np.linalg.slogdet(posterior)[1] - np.linalg.slogdet(sigma)[1])
        logs.append(fit + np.log(prior[i] if group is not None else 1.0) + np.log(prior[j]))
        means.append(mean)
        covariances.append(posterior)
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    centres = np.array(means)
    mean = weight @ centres
    covariance = np.einsum("g,gij->ij", weight, covariances) + np.einsum(
        "g,gi,gj->ij", weight, centres - mean, centres - mean
    )
    return Pooled(mean, covariance)
