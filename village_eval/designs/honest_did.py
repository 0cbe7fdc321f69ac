"""HonestDiD bounds (Rambachan & Roth 2023).

What is left of DiD if trends were not parallel by as much as they were not before.

The yearly event study of log group totals has the listing year as base; δ_t is how far the trends
of listed and unlisted would have parted without a campaign, δ = 0 in the base year, and β_1 the DiD
of the first year. Relative magnitudes: |δ_1| ≤ M · max_s |δ_{s+1} − δ_s| over earlier years, so the
effect lies within β_1 ± M · max_s |Δ_s|. Smoothness: |δ_1 − 2δ_0 + δ_{−1}| ≤ M, so it lies within
β_1 + β_{−1} ± M (M in log points; M = 0 goes on in a straight line). Intervals hold the whole set
with 95 %: the union over s and over both signs of the jackknife's intervals for β_1 ± M · Δ_s,
which knows that the largest earlier change is estimated too. That is a conservative stand-in for
their conditional intervals.

On a list of the worst the largest earlier change is the rise into the listing year itself: bounds
at M = 1 are honest and wide, and smoothness, which takes that rise to go on, credits the campaign
with even more than DiD does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.designs.display import honest_did_card
from village_eval.designs.yearly import yearly_frame
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting
from village_eval.words.card import Card, Shown

REFERENCE = "Rambachan & Roth 2023"
MAGNITUDES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
BENDS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
MOST = 10.0
"""Breakdown values are not looked for beyond this."""


@dataclass(frozen=True, eq=False, repr=False)
class HonestDid(Shown):
    """DiD with what is left of it by how far trends may have parted.

    ``bounds`` by relative magnitude and ``smoothness`` by bend have columns M, low, high, ci_low,
    ci_high; ``breakdown`` is the relative magnitude at which the interval first holds zero (0 where
    DiD's does, at most MOST).
    """

    estimate: Estimate
    bounds: pd.DataFrame | None = None
    smoothness: pd.DataFrame | None = None
    breakdown: float | None = None

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return honest_did_card(self, lang)


@described
def honest_did(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> HonestDid:
    """DiD on the listing year and its bounds. Villages count that are known in all these years."""
    s, design = given or setting(panel, campaign, outcome), "honest_did"
    refused = s.refusal(window, design)
    if refused:
        return HonestDid(refused)
    y = yearly_frame(s).pivot(index="unit", columns="time", values="y")
    if window != "first_year" or s.series.statistic != "total" or y.shape[1] < 4:
        return HonestDid(s.blank(window, design, reason="yearly_design"))
    known = (
        y.notna().all(axis=1).to_numpy()
    )  # a village that did not report a year would count as zero in it
    on, off = s.treated(0) * known * 1.0, (s.rule.keep * 1.0 - s.treated(0)) * known
    values = np.where(known[:, None], y.to_numpy(float), 0.0)
    with np.errstate(divide="ignore"):
        path = np.log(on @ values) - np.log(off @ values)  # [R, years]
    estimate = s.from_refits(path[:, -1] - path[:, -2], window, design, REFERENCE)
    if estimate.value is None or not np.isfinite(path).all():
        return HonestDid(estimate)
    bounds = pd.DataFrame([relative_magnitudes(path, m, s.df) for m in MAGNITUDES])
    smooth = pd.DataFrame([smoothness(path, m, s.df) for m in BENDS])
    return HonestDid(estimate, bounds, smooth, breakdown(path, s.df))


def relative_magnitudes(path: np.ndarray, m: float, df: int) -> dict[str, float]:
    """{M, low, high, ci_low, ci_high} from the log differences of listed and unlisted.

    Differences are [R, years], refits below the full sample.
    """
    effect, earlier = path[:, [-1]] - path[:, [-2]], np.diff(path[:, :-1], axis=1)
    return {"M": m, **_union(np.hstack([effect - m * earlier, effect + m * earlier]), df)}


def smoothness(path: np.ndarray, m: float, df: int) -> dict[str, float]:
    """The same for a straight line through the last two earlier years that may bend by ``m``."""
    straight = (path[:, -1] - path[:, -2]) - (path[:, -2] - path[:, -3])
    return {"M": m, **_union(np.column_stack([straight - m, straight + m]), df)}


def breakdown(path: np.ndarray, df: int) -> float:
    """The least M at which the relative-magnitudes interval holds zero, at most MOST."""
    from scipy import optimize

    def margin(m: float) -> float:
        bound = relative_magnitudes(path, m, df)
        return max(bound["ci_low"], -bound["ci_high"])  # positive while zero lies outside

    if margin(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(margin, 0.0, MOST)) if margin(MOST) < 0 else MOST


def _union(ends: np.ndarray, df: int) -> dict[str, float]:
    """Least and greatest of the values [R, K], and the union of their jackknife intervals."""
    half = stdtrit(df, 0.975) * Refits(ends.T).se
    low, high = (ends[0] - half).min(), (ends[0] + half).max()
    return {
        "low": float(ends[0].min()),
        "high": float(ends[0].max()),
        "ci_low": float(low),
        "ci_high": float(high),
    }


HONEST_DID = DeclaredDesign("honest_did", honest_did, ("returns",), yearly=True, beside="none")
