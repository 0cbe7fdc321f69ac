"""Synthetic difference-in-differences (Arkhangelsky et al. 2021): weights on donors and on years that make pasts parallel.

The listed villages are one unit, their mean by year; donors are the unlisted villages in groups by township and third of past
petitions (single villages are too noisy and too many to weigh). The additive effect is put as log ratio to the mean without it.
Assumes that donors weighted to run parallel in past years would have run parallel in the campaign year: the listing year's peak
is in the past it fits, and no group of ordinary villages has such a peak to fall from. Standard error by placebo donors.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
from diff_diff import SyntheticDiD

from village_eval.campaign import Campaign
from village_eval.effects.setting import Setting, setting
from village_eval.effects.yearly import as_log_ratio, yearly_frame
from village_eval.outcomes import Outcome
from village_eval.panel import Panel
from village_eval.results import Estimate

REFERENCE = "Arkhangelsky, Athey, Hirshberg, Imbens & Wager 2021"
THIRDS = 3


def synthetic_did(panel: Panel, campaign: Campaign, *, outcome: str | Outcome = "petitions", window: str = "first_year",
                  seed: int = 1, given: Setting | None = None) -> Estimate:  # fmt: skip
    """Log ratio for the first year; null for other windows (the design is yearly) and with fewer than three earlier years."""
    s, design = given or setting(panel, campaign, outcome), "synthetic_did"
    refused = s.refusal(window, design)
    if refused:
        return refused
    frame = yearly_frame(s)
    if window != "first_year" or s.outcome.statistic != "total" or frame["time"].min() > -3:
        return s.blank(window, design, reason="yearly_design")
    before = frame[frame["time"] < 0].groupby("unit")["y"].sum()
    third = pd.qcut(before.rank(method="first"), THIRDS, labels=False)
    group = frame["cluster"].astype(str) + "-" + frame["unit"].map(third).astype(str)
    grouped = frame.assign(group=np.where(frame["listed"] == 1, "listed", group))
    means = grouped.groupby(["group", "time", "listed"], as_index=False)["y"].mean()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = SyntheticDiD(variance_method="placebo", n_bootstrap=100, seed=seed)
        fit = model.fit(means, outcome="y", treatment="listed", unit="group", time="time", post_periods=[0])
    mean = float(means.loc[(means["listed"] == 1) & (means["time"] == 0), "y"].iloc[0])
    value = as_log_ratio(float(fit.att), mean)
    se = float(fit.se) / max(mean - float(fit.att), 1e-12)
    if not np.isfinite(value) or not np.isfinite(se):
        return s.blank(window, design, reason="nothing_recorded")
    blank = s.blank(window, design, reference=REFERENCE)
    numbers = {"value": value, "se": se, "ci_low": value - 1.96 * se, "ci_high": value + 1.96 * se, "p_value": float(fit.p_value)}
    return replace(blank, **numbers, absolute=s.absolute(value, window))
