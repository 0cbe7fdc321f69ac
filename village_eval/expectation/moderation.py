"""A steadier variance within years: the jackknife moderated by villages and quiet years.

The jackknife over eighteen townships is right on average and off by a quarter of itself in a single
county (standard error 0.07 here, 0.12 there, in counties that are alike). Villages are many, so
that what each adds to the estimate says more, if nothing of what villages of a township share; and
how much that is, the quiet years' own jackknives say. V villages, Q quiet years, J a jackknife's
variance of the full sample:

1. What village i adds (``influence``), ψ_i: to τ_c(q) and to τ_q, the lists and E held fixed;

       ψ_i = w_i (y_i − r E_i) / Σ w y  of the listed, less the same of the others,

   with r = Σ w y / Σ w E.

2. Were villages independent, the estimate's variance would be N = Σ_i [mean_q (ψ_i,c(q) − ψ_i,q)]²,
   and that of a quiet year N_q = Σ_i ψ_i,q².
3. What the quiet years lead to expect of the jackknife: S = N · Σ_q J_q / Σ_q N_q.
4. One vote for it by each quiet year and one for the estimate's own jackknife, on the log scale as
   variances err: log s² = (log J + Q log S) / (1 + Q). Each vote adds a quarter of the jackknife's
   degrees of freedom (error_rules.VOTE): they are of the same townships and villages.

In the manner of moderated variances (Smyth 2004), where many estimates of about the same thing
steady each; the votes are fixed, since four or five variances do not tell how much they differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from village_eval.expectation.refits import Refits

if TYPE_CHECKING:
    from village_eval.expectation.setting import Setting


class Villages(NamedTuple):
    """Variances as if villages were independent: of τ_c − τ_q [..., Q, Q], of τ_q [..., Q]."""

    gaps: np.ndarray
    quiet: np.ndarray

    @classmethod
    def of(cls, campaign: np.ndarray, quiet: np.ndarray) -> Villages:
        """From ψ [..., Q, V] of τ_c beside each quiet year and of τ_q."""
        apart = campaign - quiet
        return cls(apart @ np.swapaxes(apart, -1, -2), (quiet * quiet).sum(-1))

    def among(self, years: list[int]) -> Villages:
        """Those of some of the quiet years, by their places."""
        return Villages(self.gaps[..., years, :][..., years], self.quiet[..., years])


def influence(y: np.ndarray, E: np.ndarray, listed: np.ndarray, others: np.ndarray) -> np.ndarray:
    """ψ [..., V] of a log ratio of sums: y, E [V], NaN unknown; weights [..., V]."""
    known = np.isfinite(y) & np.isfinite(E)
    y, E = np.where(known, y, 0.0), np.where(known, E, 0.0)
    return np.asarray(_part(y, E, listed) - _part(y, E, others))


def _part(y: np.ndarray, E: np.ndarray, weight: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        total = (weight @ y)[..., None]
        return np.asarray(weight * (y - total / (weight @ E)[..., None] * E) / total)


def villages(given: Setting, quiet: list[int], window: str, kind: str) -> Villages:
    """What single villages add to the gaps between the campaign's year and quiet ones [Q]."""
    depths = [given.depth(q) if kind == "history" else None for q in quiet]
    campaign = np.stack([added(given, 0, window, kind, depth) for depth in depths])
    years = zip(quiet, depths, strict=True)
    return Villages.of(campaign, np.stack([added(given, q, window, kind, d) for q, d in years]))


def added(given: Setting, q: int, window: str, kind: str, depth: int | None) -> np.ndarray:
    """What single villages add to τ of the year q [V]; NaN where it is not observed."""
    y, base = given.series.target(q, window), given.base(q, window, kind, depth)
    if y is None or base is None:
        return np.full(len(given.panel.villages), np.nan)
    E = base if base.ndim == 1 else base[0]
    return influence(y, E, given.treated(q)[0], given.control(q)[0])


def moderated(gaps: Refits, quiet: Refits, villages: Villages) -> np.ndarray:
    """s² over the jackknife's variance [...]: gaps τ_c − τ_q and τ_q [..., Q, R].

    1 where one of the variances is none.
    """
    own = gaps.covariance.mean((-1, -2))
    jackknife, n = quiet.se**2, quiet.values.shape[-2]
    with np.errstate(divide="ignore", invalid="ignore"):
        shared = jackknife.sum(-1) / villages.quiet.sum(-1)
        ratio = (villages.gaps.mean((-1, -2)) * shared / own) ** (n / (1 + n))
    return np.where(np.isfinite(ratio) & (ratio > 0), ratio, 1.0)
