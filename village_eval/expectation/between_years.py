"""The between-year part: villages like these come back more in one year than in another.

Against each quiet year the campaign year shows τ_c − τ_q = μ − δ_q + noise, δ_q ~ N(0, σ²), noise
with the jackknife's covariance; flat prior on μ, half-t prior on σ (3 degrees of freedom; Röver et
al. 2021), updated on a grid by the spread over the county's own quiet years. Their mean over n
quiet years has between-year variance σ² (1 + 1/n), since the campaign year has a δ of its own; its
distribution is the mixture over the posterior. Years are taken as independent. The outcome of one
is the history of the next, so that neighbours lean against each other a little, which this leaves
out: where bad years for the bottom are two and four times those on registers (hard_years,
harder_years) intervals of 95 % hold the truth in 95 and 79 %
(data/certification.csv).

Arrays have free leading axes [...], so that many questions go through at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, stdtrit

from village_eval.expectation.students_t import t_cdf
from village_eval.words.card import Brief

PRIOR_SCALE = 0.03
"""Of amounts and shares, and where no two quiet years tell how much years differ. Chosen by
certification: the scales 0.05 and 0.02 cover as well and worse, and see fewer and more real
effects."""
COUNTS_SCALE, SEVERAL = 0.025, 2
"""That of counts from so many quiet years on: with the moderated variance (moderation.py) it covers
as 0.03 does without; 0.02 finds a little more and covers less where lists follow the level."""
PRIOR_DF = 3
GRID = np.concatenate([np.linspace(0, 0.3, 61), np.linspace(0.31, 1.0, 70)])
STEPS = 60


@dataclass(frozen=True, eq=False, repr=False)
class Mixture(Brief):
    """The sampling distribution of an error.

    A mixture of scaled t's with scales [K] and weights [K]; a t is a mixture of one.
    """

    scales: np.ndarray
    weights: np.ndarray
    df: float

    @property
    def sd(self) -> float:
        """Root mean squared scale."""
        return float(root_mean_square(self.scales, self.weights))

    def cdf(self, x: float) -> float:
        """Probability of an error of at most ``x``."""
        return float(mixed_cdf(np.asarray(x), self.scales, self.weights, self.df))

    def quantile(self, level: float) -> float:
        """The error that is not exceeded with probability ``level``."""
        return float(mixed_quantile(level, self.scales, self.weights, self.df))

    @property
    def half(self) -> float:
        """Half the width of the 95 % interval."""
        return self.quantile(0.975)

    def p_value(self, estimate: float) -> float:
        """Two-sided p for a true value of zero."""
        return 2 * self.cdf(-abs(estimate))


NORMAL = 1e6
"""Degrees of freedom from which an error is normal."""


def t_error(se: float, df: float = NORMAL) -> Mixture:
    """The error of one standard error, a t with ``df`` degrees of freedom or a normal."""
    return Mixture(np.array([se]), np.ones(1), df)


def t_density(z: np.ndarray, df: float) -> np.ndarray:
    """Of Student's t."""
    at_zero = np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi)
    return np.asarray(at_zero * np.exp(-0.5 * (df + 1) * np.log1p(z * z / df)))


def half_t(grid: np.ndarray, scale: float, df: int) -> np.ndarray:
    """Prior weights of a half-t on a grid that begins at zero.

    Its density times the trapezoids' widths.
    """
    width = np.gradient(grid)
    width[[0, -1]] /= 2
    return np.asarray(t_density(grid / scale, df) * width)


@lru_cache
def prior(scale: float) -> np.ndarray:
    """The prior's weights on ``GRID`` [K]."""
    return half_t(GRID, scale, PRIOR_DF)


def between_posterior(
    gaps: np.ndarray, covariance: np.ndarray, scale: float = PRIOR_SCALE
) -> np.ndarray:
    """Posterior weights on ``GRID`` of the between-year standard deviation: [..., K].

    ``gaps``: τ_c − τ_q by quiet year [..., Q], or anything else that the years' δ_q spread;
    ``covariance``: within years [..., Q, Q]; ``scale``: of the prior. Fewer than two years say
    nothing of their spread.
    """
    weights = np.broadcast_to(prior(scale), (*gaps.shape[:-1], len(GRID)))
    if gaps.shape[-1] >= 2:
        # In the eigenbasis of the covariance, covariance + σ² I is diagonal for every σ.
        variance, basis = np.linalg.eigh(covariance)
        precision = 1 / (np.maximum(variance, 0)[..., None, :] + GRID[:, None] ** 2 + 1e-10)
        ones = basis.sum(-2)[..., None, :]
        y = np.einsum("...qj,...q->...j", basis, gaps)[..., None, :]
        total = (precision * ones**2).sum(-1)
        mean = (precision * ones * y).sum(-1) / total
        squares = (precision * (y - mean[..., None] * ones) ** 2).sum(-1)
        loglik = -0.5 * (-np.log(precision).sum(-1) + np.log(total) + squares)
        weights = weights * np.exp(loglik - loglik.max(-1, keepdims=True))
    return np.asarray(weights / weights.sum(-1, keepdims=True))


def total_scales(within_se: np.ndarray | float, n_quiet: int) -> np.ndarray:
    """Scales [..., K] of the error of an estimate, by the between-year σ on ``GRID``.

    The estimate subtracts the mean of ``n_quiet`` quiet years.

    Without any, what such villages return in an ordinary year is taken to be as unknown as the
    year's own part, as after one quiet year. That is an assumption: where a list is of all years,
    or of a few serial petitioners, history alone errs by more.
    """
    within = np.asarray(within_se)[..., None] ** 2
    return np.asarray(np.sqrt(within + (1 + 1 / max(n_quiet, 1)) * GRID**2))


def root_mean_square(scales: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """sd of mixtures [...] from scales and weights [..., K]."""
    return np.asarray(np.sqrt((weights * scales**2).sum(-1)))


def mixed_cdf(x: np.ndarray, scales: np.ndarray, weights: np.ndarray, df: float) -> np.ndarray:
    """Distribution functions of mixtures of scaled t's at ``x`` [...]: scales, weights [..., K]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((weights * t_cdf(x[..., None] / scales, df)).sum(-1))


def mixed_quantile(level: float, scales: np.ndarray, weights: np.ndarray, df: float) -> np.ndarray:
    """Quantiles [...] of mixtures of scaled t's [..., K], all at one level.

    Halley's method above zero, where the distribution function is concave; below by symmetry. NaN
    where a scale is zero: a jackknife that sees no error at all has no interval.
    """
    if scales.shape[-1] > 1 and not np.all(scales > 0):
        scales = np.where(np.all(scales > 0, axis=-1, keepdims=True), scales, np.nan)
    upper = max(level, 1 - level)
    x = stdtrit(df, upper) * root_mean_square(scales, weights)
    for _ in range(STEPS if scales.shape[-1] > 1 else 0):
        z = x[..., None] / scales
        missing = upper - (weights * t_cdf(z, df)).sum(-1)
        density = weights / scales * t_density(z, df)
        first = density.sum(-1)
        second = -(density * (df + 1) * z / (df + z * z) / scales).sum(-1)
        newton = missing / first
        step = newton / (1 + 0.5 * newton * second / first)
        x = np.maximum(x + step, 0)
        if (np.abs(step) <= 1e-6 * (x + 1e-3)).all():  # the next would be far below rounding
            break
    return np.asarray(x if level >= 0.5 else -x)
