"""The headline design for shares: resolved petitions of all petitions, those settled locally,
scores out of full marks.

A share is a ratio of sums, Σ w part / Σ w whole. With S_L, S_U the shares of the listed and of the
unlisted,

    τ_q = (S_L now − S_L before) − (S_U now − S_U before),

before being the same villages' share over as many years of history as both years have; the ATT is
mean_q (τ_c − τ_q) as in quiet_year_did, which runs on this setting as it stands. In differences of
shares, not of log odds: readers think in points, and a list drawn by counts says little of shares,
so that there is little return to the mean to be multiplied.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting, binomial_error


@dataclass(frozen=True, eq=False)
class ShareSetting(Setting):
    """A setting whose ``outcome`` is a part of ``whole`` (statistic ``share``); village-years
    without a whole are NaN in both.

    Where a whole is one per village and year (a score), villages count that are known both now and
    before.
    """

    whole: Series | None = None

    def change(
        self, q: int, window: str, kind: str, control: bool = True, depth: int | None = None
    ) -> np.ndarray:
        """τ_q in differences of shares: [R], NaN when unobserved; ``kind`` as in Setting.base."""
        now = [o.target(q, window) for o in (self.series, self.whole)]
        before = [self._before(o, q, window, kind, depth) for o in (self.series, self.whole)]
        if any(x is None for x in now + before):
            return np.full(len(self.rule.keep), np.nan)
        now, before = np.nan_to_num(now), np.nan_to_num(before)
        if self.series.per_year == 1:
            known = (now[1] > 0) & (before[1] > 0)
            now, before = now * known, before * known

        def moved(weight: np.ndarray) -> np.ndarray:
            with np.errstate(divide="ignore", invalid="ignore"):
                return weight @ now[0] / (weight @ now[1]) - weight @ before[0] / (
                    weight @ before[1]
                )

        return (
            moved(self.treated(q)) - moved(self.control(q)) if control else moved(self.treated(q))
        )

    def _before(
        self, outcome: Series, q: int, window: str, kind: str, depth: int | None
    ) -> np.ndarray | None:
        if kind == "last_year":
            return outcome.last_year(q, window)
        history = kind == "history"
        length = (self.depth(q) if depth is None else depth) if history else None
        blocks = outcome.past(q, skip=0 if history else 1, length=length).blocks
        return np.nansum(blocks, axis=1) if blocks.shape[1] else None

    def least_error(self, window: str) -> float:
        """As of a binomial share of all petitions of the listed; 0 of scores."""
        if self.series.per_year == 1:
            return 0.0
        some, whole = (
            int(np.nansum(o.target(0, window)[self.panel.listed]))
            for o in (self.series, self.whole)
        )
        return binomial_error(some, whole)

    def refusal(self, window: str, design: str) -> Estimate | None:
        """The null Estimate that says why nothing can be said, or None."""
        refused = super().refusal(window, design)
        if refused is not None:
            return refused
        whole, listed = self.whole.target(0, window), self.panel.listed
        if whole is None or not np.isfinite(whole).any():
            return self.blank(window, design, reason="window_not_observed")
        nobody = np.nansum(whole[listed]) <= 0 or np.nansum(whole[~listed]) <= 0
        return self.blank(window, design, reason="nothing_recorded") if nobody else None
