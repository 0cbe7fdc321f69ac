"""HonestDiD bounds (Rambachan & Roth 2023): what is left of DiD if trends were not parallel by as much as they were not before.

The yearly event study of log group totals has the listing year as base. Relative magnitudes: after the start the change in the
difference of trends is at most M times the largest seen between earlier years, so the identified set of the first year's
effect is θ ± M · max |δ_t − δ_{t−1}|; the interval adds the jackknife's critical value and takes the largest change as known,
which is not their conditional interval. On a list of the worst the largest earlier change is the rise into the listing year
itself, so that bounds at M = 1 are wide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from village_eval.campaign import Campaign
from village_eval.effects.setting import Setting, setting
from village_eval.effects.yearly import yearly_frame
from village_eval.outcomes import Outcome
from village_eval.panel import Panel
from village_eval.results import Estimate

REFERENCE = "Rambachan & Roth 2023"
MAGNITUDES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def honest_did(panel: Panel, campaign: Campaign, *, outcome: str | Outcome = "petitions", window: str = "first_year",
               seed: int = 1, given: Setting | None = None) -> Estimate:  # fmt: skip
    """DiD on the listing year with ``extra["bounds"]`` (M, low, high, ci_low, ci_high) and ``extra["breakdown"]``.

    ``breakdown`` is the M at which the interval first holds zero; 0 where it does already.
    """
    s, design = given or setting(panel, campaign, outcome), "honest_did"
    refused = s.refusal(window, design)
    if refused:
        return refused
    y = yearly_frame(s).pivot(index="unit", columns="time", values="y")
    if window != "first_year" or s.outcome.statistic != "total" or y.shape[1] < 4:
        return s.blank(window, design, reason="yearly_design")
    on, off = s.treated(0) * 1.0, s.control(0) * 1.0
    values = np.nan_to_num(y.to_numpy(float))
    with np.errstate(divide="ignore"):
        path = np.log(on @ values) - np.log(off @ values)  # [R, years]
    estimate = s.from_refits(path[:, -1] - path[:, -2], window, design, REFERENCE)
    if estimate.value is None:
        return estimate
    largest = float(np.abs(np.diff(path[0, :-1])).max())
    half = stats.t.ppf(0.975, estimate.df) * estimate.se
    bounds = pd.DataFrame({"M": MAGNITUDES})
    bounds["low"], bounds["high"] = estimate.value - bounds["M"] * largest, estimate.value + bounds["M"] * largest
    bounds["ci_low"], bounds["ci_high"] = bounds["low"] - half, bounds["high"] + half
    breakdown = max(0.0, (abs(estimate.value) - half) / largest) if largest > 0 else None
    return replace(estimate, extra={"bounds": bounds, "largest_change": largest, "breakdown": breakdown})
