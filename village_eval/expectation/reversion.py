"""The reversion slope: did villages return to the mean this year as in quiet years?

The headline takes what villages like the listed return in quiet years off what the listed return in
the campaign's. Where quiet years were unlike it (an epidemic drove the busiest villages up, or held
them down) that is the wrong amount, and no contrast of listed and others within a year shows it.
The unlisted do: nothing was done to them in any year, so how their actual over expected leans on
their level says how that year's villages returned.

V villages, Q quiet years, R refits. E is what history leads to expect, θ = E / n^g the level of a
village by it (headline.py), u the weights of the unlisted: their probability of not being listed
(in quiet years squared, as not being listed is itself one). Of a village that was nearly listed and
was not, those who drew the list may know why, and campaigns move what they see next door: with
weights of 1 and 1 − p both tilt the slope more (docs/evidence.md).

1. The slope β of a year (``slopes``), by Poisson regression with E as offset and weights u:

       log E[y_i] = log E_i + α + β z_i,   z_i = log θ_i, standardised (``levels``).

2. What it is worth to the headline. P_q = τ_c − τ_q is the gap to a quiet year; L_q the same with
   E_i exp(β z_i) in place of E_i, in each year its own slope taken out; C_q = P_q − L_q.
3. How much of it to believe. b_q = β_c − β_q, with the jackknife's covariance S; δ is
   their mean and s its error. Slopes differ between years with standard deviation φ:

       b ~ N(0, S + φ² (I + 11')),   φ ~ half-t,   k = φ² (1 + 1/Q),   w = E[k / (k + s²)],

   the mean over φ's posterior of the share of δ that is not noise. w = 1 where |δ| / s is beyond
   its quantile (LEVEL), or where the county says that its quiet years were unlike the campaign's.
4. The gaps are P_q − w C_q (``correct``), their error the jackknife's. Given φ the slope's own
   posterior has the variance w s²; of it the jackknife of P − w C knows w² s². What is missing,
   and what φ adds, is

       (w − w²) · jackknife variance of mean_q C_q  +  Var(k / (k + s²)) · (mean_q C_q)².

The slope corrects and never selects: of counties that pass a test on it, the uncorrected headline
errs as before (Roth 2022). Sources: Hauer (1997) on return to the mean; Wooldridge (2023) on
Poisson regression as quasi-likelihood; Efron & Morris (1975) on shrinkage; Röver et al. (2021) on
half-t priors.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from village_eval.expectation.between_years import GRID, half_t
from village_eval.expectation.refits import Refits

SCALE = 0.02
"""Of the prior on φ, a little under what registers show in which nothing was done."""
PRIOR = half_t(GRID, SCALE, 3)
LEVEL = 0.15
"""Two-sided level from which a difference of slopes is believed in full. Both are chosen by
certification: at 0.05 a campaign that did nothing is told as a success in 5 % of counties whose
quiet years drove the busiest villages up, where only what passes LEVEL is taken off in 6 % of those
with a break of 5 %; a wider prior costs a point of power and gains half a point there."""
STEPS, EXACT, LONGEST = 60, 1e-6, 2.0


def levels(E: np.ndarray, population: np.ndarray, g: float, keep: np.ndarray) -> np.ndarray:
    """z [R, V]: log E / n^g standardised over the villages of each refit, ``keep`` [R, V].

    0 throughout where all villages have one level.
    """
    there = keep & (E > 0)
    level = np.log(np.where(there, E, 1.0)) - there * g * np.log(population)
    count = np.maximum(there.sum(1, keepdims=True), 1)
    centred = there * (level - level.sum(1, keepdims=True) / count)
    sd = np.sqrt((centred**2).sum(1, keepdims=True) / count)
    return np.asarray(centred / np.where(sd > 1e-9, sd, np.inf))


def slopes(y: np.ndarray, E: np.ndarray, z: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """β [R] of y [V] on z [R, V] with offset log E and weights [R, V]; NaN where there is none.

    The intercept is profiled out: Newton's method on the tilt of E that brings the mean of z among
    the expected to that among the actual. The whole county's goes first, the refits start there.
    """
    known = np.isfinite(y)
    y, weight = np.where(known, y, 0.0), weight * known
    whole = _tilt(y, E[:1], z[:1], weight[:1], np.zeros(1))
    if not np.isfinite(whole).all():
        return np.full(len(E), np.nan)
    return np.concatenate([whole, _tilt(y, E[1:], z[1:], weight[1:], np.repeat(whole, len(E) - 1))])


def _tilt(
    y: np.ndarray, E: np.ndarray, z: np.ndarray, weight: np.ndarray, beta: np.ndarray
) -> np.ndarray:
    wE, beta = weight * E, beta.copy()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wanted = np.einsum("rv,rv,v->r", weight, z, y) / (weight @ y)
        for _ in range(STEPS):
            tilted = wE * np.exp(beta[:, None] * z)
            total = tilted.sum(1)
            mean = np.einsum("rv,rv->r", tilted, z) / total
            variance = np.einsum("rv,rv,rv->r", tilted, z, z) / total - mean**2
            step = (wanted - mean) / np.where(variance > 1e-9, variance, np.nan)
            beta += np.clip(step, -LONGEST, LONGEST)
            if not np.nanmax(np.abs(step), initial=0) > EXACT:
                break
    return np.where(np.abs(step) <= EXACT, beta, np.nan)


class Correction(NamedTuple):
    """What is taken off gaps P for years that returned otherwise; leading axes [...].

    ``delta`` δ and its error ``se``; ``spread``, the root mean square of φ's posterior; ``weight``
    w; ``gaps`` w C [..., Q, R]; ``unseen``, the variance of their mean that the refits do not know
    of.
    """

    delta: np.ndarray
    se: np.ndarray
    spread: np.ndarray
    weight: np.ndarray
    gaps: np.ndarray
    unseen: np.ndarray


def correct(
    P: np.ndarray, L: np.ndarray, b: np.ndarray, unlike: bool | np.ndarray = False
) -> Correction:
    """From gaps with the years' slopes left in and taken out, and β_c − β_q, each [..., Q, R].

    ``unlike`` [...] says that the county calls its years so. Nothing is taken off, weight 0, where
    a slope is missing or its error is unknown.
    """
    C, slope = P - L, Refits(b)
    n, df = b.shape[-2], b.shape[-1] - 2
    S, delta = slope.covariance, slope.value.mean(-1)
    known = np.isfinite(b).all((-1, -2)) & np.isfinite(L).all((-1, -2)) & (df >= 1)
    known = known & (np.where(known, S.mean((-1, -2)), 0) > 0)
    S, variance = np.where(known[..., None, None], S, 1.0), np.where(known, S.mean((-1, -2)), 1.0)
    posterior = slope_posterior(np.where(known[..., None], slope.value, 0.0), S)
    k = GRID**2 * (1 + 1 / n)
    share = k / (k + variance[..., None])
    weight = (posterior * share).sum(-1)
    doubt = np.maximum((posterior * share**2).sum(-1) - weight**2, 0)
    sure = np.abs(delta) > stdtrit(max(df, 1), 1 - LEVEL / 2) * np.sqrt(variance)
    full = known & (sure | unlike)
    weight, doubt = np.where(full, 1.0, known * weight), np.where(full, 0.0, known * doubt)
    mean = Refits(C.mean(-2, keepdims=True))
    mean_se, mean_C = mean.se[..., 0], mean.value[..., 0]
    unseen = (weight - weight**2) * mean_se**2 + doubt * mean_C**2
    gaps = np.where(known[..., None, None], weight[..., None, None] * C, 0.0)
    spread = np.sqrt((posterior * GRID**2).sum(-1))
    nothing = np.where(known, 1.0, np.nan)
    return Correction(
        delta * nothing,
        np.sqrt(variance) * nothing,
        spread * nothing,
        weight,
        gaps,
        np.where(known, unseen, 0.0),
    )


def slope_posterior(b: np.ndarray, S: np.ndarray) -> np.ndarray:
    """Posterior weights on GRID of φ [..., K], from b [..., Q] with covariance S [..., Q, Q].

    S is turned so that I + 11' is the identity; then S + φ² (I + 11') is diagonal for every φ.
    """
    n = b.shape[-1]
    root = np.eye(n) + (1 / np.sqrt(1 + n) - 1) / n  # (I + 11')^(−1/2)
    variance, basis = np.linalg.eigh(root @ S @ root)
    y = np.einsum("...qj,...q->...j", basis, b @ root)[..., None, :]
    total = np.maximum(variance, 0)[..., None, :] + GRID[:, None] ** 2 + 1e-10
    loglik = -0.5 * (np.log(total) + y**2 / total).sum(-1)
    weights = PRIOR * np.exp(loglik - loglik.max(-1, keepdims=True))
    return np.asarray(weights / weights.sum(-1, keepdims=True))
