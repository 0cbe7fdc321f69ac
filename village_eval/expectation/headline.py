"""The headline's mathematics on one page.

Quiet-year difference-in-differences on what history leads to expect.

V villages, S years of history (latest first), Q quiet years, R refits: the whole county, then
without each township. Leading axes [...] are free: a curve of specifications goes through in one
call. The numbers that a, d, g and b are fitted with stand in history.py and listing.py, those of
the between-year part in between_years.py, and all of them in docs/designs.md.

1. What history leads to expect (``expected``), up to a constant that cancels in 3:

       E_i = n_i^g · θ_i,  θ_i = (a + Σ_s d^s y_is) / (a + Σ_s d^s e_is),  e_is = T_s n_i^g / Σ n^g,

   with n the population, y_is what village i showed s years before the last, T_s the county's
   total of that year.
2. Who would have been listed in a quiet year (``probabilities``): p_i = logistic(c + x_i'b), c such
   that as many are listed as in the campaign's.
3. What the listed show beyond it, less what the unlisted show (``tau``):

       campaign year   τ_c = log(Σ_L y / Σ_L E) − log(Σ_U y / Σ_U E),
       quiet year      τ_q = log(Σ p y / Σ p E) − log(Σ (1−p) y / Σ (1−p) E).

4. The effect on the listed (``quiet_year_did``): mean_q (τ_c − τ_q), its error within years from
   the refits (steadied: moderation.py) and between years from the spread of τ_c − τ_q. Where quiet
   years returned otherwise than the campaign's, that is taken off the gaps first (reversion.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from village_eval.county.door import one_of
from village_eval.expectation.between_years import (
    PRIOR_SCALE,
    Mixture,
    between_posterior,
    total_scales,
)
from village_eval.expectation.refits import Refits

STATISTICS = ("total", "typical", "share_earning")
WINSOR = np.log(5)
"""Log changes of single villages beyond a factor of five count as a factor of five."""


def expected(
    blocks: np.ndarray, population: np.ndarray, keep: np.ndarray, a: float, d: float, g: float
) -> np.ndarray:
    """E up to a constant [R, V] from blocks [V, S] of a year each, NaN unknown; keep [R, V]."""
    weight = population**g
    discount = d ** np.arange(blocks.shape[1])
    known = np.isfinite(blocks)
    y = np.where(known, blocks, 0.0)
    # T_s / Σ n^g over the villages of the refit that reported.
    rate = (keep @ y) / np.maximum(keep @ (weight[:, None] * known), 1e-300)
    exposure = weight * ((rate * discount) @ known.T)
    return np.asarray(weight * (a + np.maximum(y @ discount, 0)) / (a + exposure))


def probabilities(score: np.ndarray, keep: np.ndarray, n_listed: np.ndarray) -> np.ndarray:
    """p [R, V] from scores x'b [R, V]: rows sum to ``n_listed`` [R]; 0 where left out.

    Newton's method on the log of the sum, whose slope lies between 0 and 1.
    """
    kept = keep.sum(1)
    c = np.log(n_listed / np.maximum(kept - n_listed, 0.5)) - (keep * score).sum(1) / kept
    for _ in range(100):
        p = keep / (1 + np.exp(-np.clip(score + c[:, None], -60, 60)))
        total = p.sum(1)
        slope = np.maximum((p * (1 - p)).sum(1) / total, 1e-3)
        step = np.clip((np.log(n_listed) - np.log(total)) / slope, -3, 3)
        c += step
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(keep / (1 + np.exp(-np.clip(score + c[:, None], -60, 60))))


def tau(
    Y: np.ndarray,
    E: np.ndarray,
    listed: np.ndarray,
    unlisted: np.ndarray | None = None,
    statistic: str = "total",
) -> np.ndarray:
    """τ [..., R]: the listed's change from E to Y, less that of the unlisted if these are given.

    Parameters
    ----------
    Y, E
        float [V] or [..., R, V]; NaN unknown: the village then carries no weight.
    listed, unlisted
        weights [..., R, V].
    statistic
        ``total``: log ratio of sums (E up to a constant). ``typical``: mean log change of the
        villages that earn before and after, winsorised around the listed and unlisted's common
        median. ``share_earning``: mean difference.
    """
    known = np.isfinite(Y) & np.isfinite(E)
    if not known.all():
        Y, E = np.where(known, Y, 0.0), np.where(known, E, 0.0)
    if statistic == "total":
        moved = total_change(Y, E, listed)
        return moved if unlisted is None else moved - total_change(Y, E, unlisted)
    if one_of(statistic, STATISTICS, "statistic") == "share_earning":
        change = Y - E
    else:
        known = known & (Y > 0) & (E > 0)
        change = np.log(np.where(known, Y, 1.0) / np.where(known, E, 1.0))
        whole = (change, known) if change.ndim == 1 else (change[..., 0, :], known[..., 0, :])
        centre = np.median(whole[0][whole[1]]) if whole[1].any() else 0.0
        change = centre + np.clip(change - centre, -WINSOR, WINSOR)
    moved = mean_change(change, listed * known)
    return moved if unlisted is None else moved - mean_change(change, unlisted * known)


def total_change(Y: np.ndarray, E: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """log(Σ w Y / Σ w E) [...] over the last axis."""
    return log_ratio(weighted_sum(weight, Y), weighted_sum(weight, E))


def log_ratio(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """log(actual / expected) [...]; NaN or infinite where nothing was counted."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(actual / expected))


def mean_change(change: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Σ w change / Σ w [...] over the last axis."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weighted_sum(weight, change) / weight.sum(-1))


def weighted_sum(weight: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Σ w y [...] over the last axis."""
    if y.ndim == 1:
        return np.asarray(weight @ y)
    return np.asarray(np.einsum("...v,...v->...", weight, y))


class QuietYearDid(NamedTuple):
    """Effects [...] with their errors.

    ``gaps`` τ_c − τ_q [..., Q, R], standard error ``within`` years [...], the between-year σ's
    posterior ``weights`` and the error's ``scales`` [..., K].
    """

    gaps: Refits
    value: np.ndarray
    within: np.ndarray
    weights: np.ndarray
    scales: np.ndarray

    def error(self, df: float) -> Mixture:
        """The distribution of one effect's error."""
        return Mixture(self.scales, self.weights, df)


def quiet_year_did(
    tau_campaign: np.ndarray,
    tau_quiet: np.ndarray,
    least: float = 0.0,
    scale: float = PRIOR_SCALE,
    unseen: float | np.ndarray = 0.0,
    moderated: float | np.ndarray = 1.0,
) -> QuietYearDid:
    """mean_q (τ_c − τ_q) from τ [..., Q, R].

    τ_c is one row for each quiet year where history is matched to it, or one row for all. Without
    any quiet year τ_q is a row of zeros: nothing is subtracted, and what is not known of ordinary
    years counts as after one. ``least`` is a standard error that ``within`` does not go below,
    ``scale`` that of the prior on σ, ``unseen`` a variance that the refits do not know of,
    ``moderated`` [...] what the jackknife's variance is multiplied by.
    """
    gaps = Refits(tau_campaign - tau_quiet)
    covariance = gaps.covariance * np.asarray(moderated)[..., None, None]
    within = np.maximum(np.sqrt(covariance.mean((-1, -2)) + unseen), least)
    usable = np.where(np.isfinite(covariance), covariance, 0.0)
    weights = between_posterior(gaps.value, usable, scale)
    value, n_quiet = gaps.value.mean(-1), gaps.values.shape[-2]
    return QuietYearDid(gaps, value, within, weights, total_scales(within, n_quiet))
