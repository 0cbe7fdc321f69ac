"""The headline design for shares.

Resolved petitions of all petitions, those settled locally, scores out of full marks.

A share is a ratio of sums, Σ w part / Σ w whole. With S_L, S_U the shares of the listed and of the
unlisted,

    τ_q = (S_L now − S_L before) − (S_U now − S_U before),

before being the same villages' share over as many years of history as both years have; the ATT is
mean_q (τ_c − τ_q) as in quiet_year_did, which runs on this setting as it stands. In differences of
shares, not of log odds: readers think in points, and a list drawn by counts says little of shares,
so that there is little return to the mean to be multiplied.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from village_eval.expectation.error_rules import binomial_error
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting


@dataclass(frozen=True, eq=False)
class ShareSetting(Setting):
    """A setting whose ``outcome`` is a part of ``whole`` (statistic ``share``).

    Village-years without a whole are NaN in both.

    Where a whole is one per village and year (a score), villages count that are known both now and
    before.
    """

    whole: Series = field(kw_only=True)

    def change(
        self, q: int, window: str, kind: str, control: bool = True, depth: int | None = None
    ) -> np.ndarray:
        """τ_q in differences of shares: [R], NaN when unobserved; ``kind`` as in Setting.base."""
        pair = self.series, self.whole
        now = [series.target(q, window) for series in pair]
        before = [self._before(series, q, window, kind, depth) for series in pair]
        known = [np.nan_to_num(x) for x in (*now, *before) if x is not None]
        if len(known) < 4:
            return np.full(len(self.rule.keep), np.nan)
        part, of, part_before, of_before = known
        if self.series.per_year == 1:
            both = (of > 0) & (of_before > 0)
            part, of, part_before, of_before = (x * both for x in known)

        def moved(weight: np.ndarray) -> np.ndarray:
            with np.errstate(divide="ignore", invalid="ignore"):
                share = weight @ part / (weight @ of)
                return np.asarray(share - weight @ part_before / (weight @ of_before))

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
            int(np.nansum(series.observed(0, window)[self.panel.listed]))
            for series in (self.series, self.whole)
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
