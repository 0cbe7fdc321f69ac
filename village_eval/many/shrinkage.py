"""What many counties give to each: a county's effect from its own data and from the others'.

K counties with headlines y_k, errors s_k within years, and what quiet years showed, τ_kt with
covariance C_k. A county's effect θ_k is one of many; its year has a part that all counties share,
and that no number of them averages out:

    y_k = θ_k + (c − mean_t c_t) + (u_k − mean_t u_kt) + e_k,
    θ_k ~ N(μ, τ²),  c ~ N(0, κ²),  u ~ N(0, σ²),  e_k ~ N(0, s_k²).

1. ``own_years``: σ from how far a county's quiet years stand apart from those of all counties;
   alone a county hardly knows it, together they do.
2. ``common_years``: κ from the quiet years of all counties together. They are few, so that the
   prior counts.
3. ``shrunk``: given τ, the posterior of θ_k is normal, precision-weighted between y_k and μ
   (Efron & Morris 1975; Gelman et al. 2013, ch. 5), with v_k = s_k² + σ² (1 + 1/Q) and
   B_k = τ² / (τ² + v_k):

       E θ_k = μ̂ + B_k (y_k − μ̂),   Var θ_k = B_k v_k + (1 − B_k)² Var μ̂,

   averaged over τ's posterior (flat prior on τ), κ² (1 + 1/Q) added in full: the common year is in
   every county's number and in their mean.

The half-t priors on σ and κ are those of one county (expectation/between_years.py). What is
sharper is the interval of a county among counties like it: over many of them 95 % hold the truth,
of a county that is unlike the others fewer. Where a campaign worked in most counties, one in five
of those where it did not is told that it did. So it says how effects lie over a province, and is
no county's own verdict: that stays with its own report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from village_eval.expectation.between_years import (
    COUNTS_SCALE,
    GRID,
    NORMAL,
    Mixture,
    between_posterior,
    prior,
)

FEWEST = 5
"""Counties from which on they say something of each other."""


class Headline(NamedTuple):
    """What a county brings: y and s, and what its quiet years showed.

    ``years`` the calendar years [Q], ``quiet`` τ [Q] with ``covariance`` [Q, Q].
    """

    value: float
    within_se: float
    years: Sequence[int]
    quiet: np.ndarray
    covariance: np.ndarray


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Of K counties: ``value`` and the ``error`` of each.

    ``mean`` μ, ``tau`` the sd of effects, ``own_years`` σ and ``common_years`` κ: posterior means
    (of variances, rooted, of the latter two).
    """

    value: np.ndarray
    error: tuple[Mixture, ...]
    mean: float
    tau: float
    own_years: float
    common_years: float

    @property
    def interval(self) -> np.ndarray:
        """95 % intervals [K, 2]."""
        half = np.array([error.half for error in self.error])
        return np.column_stack([self.value - half, self.value + half])


def shrunk(headlines: Sequence[Headline]) -> Shrunk:
    """Each county's effect, from its own data and the others'.

    Raises ValueError with fewer than FEWEST, or one without a number or a quiet year.
    """
    if len(headlines) < FEWEST:
        raise ValueError(f"{FEWEST} counties are needed, there are {len(headlines)}")
    y = np.array([h.value for h in headlines], float)
    within = np.array([h.within_se for h in headlines], float) ** 2
    if not np.isfinite(y + within).all() or not all(len(h.years) for h in headlines):
        raise ValueError("a county has no value, no error within years or no quiet year")
    n_quiet = np.array([len(h.years) for h in headlines])
    quiet, covariance = _shared_years(headlines)
    weight = 1 / (within + y.var())
    weight /= weight.sum()
    own = own_years(quiet, covariance, weight)
    own_variance = float(own @ GRID**2)
    common = common_years(quiet, covariance, weight, own_variance)
    more = 1 + 1 / n_quiet
    v = within + own_variance * more
    # One row for each τ on the grid.
    precision = 1 / (v + GRID[:, None] ** 2)
    of_mean = 1 / precision.sum(1)
    mean = (precision * y).sum(1) * of_mean
    log_posterior = 0.5 * (
        np.log(of_mean) + np.log(precision).sum(1) - (precision * (y - mean[:, None]) ** 2).sum(1)
    )
    posterior = np.gradient(GRID) * np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    B = GRID[:, None] ** 2 * precision
    theta = mean[:, None] + B * (y - mean[:, None])
    variance = B * v + (1 - B) ** 2 * of_mean[:, None]
    value = posterior @ theta
    spread = posterior @ (variance + theta**2) - value**2
    scales = np.sqrt(spread[:, None] + GRID**2 * more[:, None])
    return Shrunk(
        value,
        tuple(Mixture(row, common, NORMAL) for row in scales),
        float(posterior @ mean),
        float(posterior @ GRID),
        float(np.sqrt(own_variance)),
        float(np.sqrt(common @ GRID**2)),
    )


def own_years(quiet: np.ndarray, covariance: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Posterior weights on GRID of σ from τ [K, Q] with covariances [K, Q, Q].

    ``weight`` [K] are those of the counties in the mean that each is set against.
    """
    at_start = prior(COUNTS_SCALE)
    apart = between_posterior(quiet - weight @ quiet, covariance, COUNTS_SCALE)
    log_posterior = np.log(np.maximum(apart, 1e-300)).sum(0) - (len(quiet) - 1) * np.log(at_start)
    posterior = np.exp(log_posterior - log_posterior.max())
    return np.asarray(posterior / posterior.sum())


def common_years(
    quiet: np.ndarray, covariance: np.ndarray, weight: np.ndarray, own_variance: float
) -> np.ndarray:
    """Posterior weights on GRID of κ, from the weighted mean of the counties' τ [K, Q]."""
    error = np.einsum("k,kqr->qr", weight**2, covariance)
    error = error + own_variance * (weight**2).sum() * np.eye(quiet.shape[1])
    return between_posterior(weight @ quiet, error, COUNTS_SCALE)


def _shared_years(headlines: Sequence[Headline]) -> tuple[np.ndarray, np.ndarray]:
    """τ [K, Q] and its covariances [K, Q, Q] of the calendar years that all counties have."""
    shared = sorted(set.intersection(*(set(h.years) for h in headlines)))
    at = [[list(h.years).index(year) for year in shared] for h in headlines]
    quiet = [np.asarray(h.quiet)[k] for h, k in zip(headlines, at, strict=True)]
    covariance = [
        np.asarray(h.covariance)[np.ix_(k, k)] for h, k in zip(headlines, at, strict=True)
    ]
    return np.array(quiet, float).reshape(len(headlines), -1), np.array(covariance, float)
