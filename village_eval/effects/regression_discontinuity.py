"""Regression discontinuity at the listing cut-off, where the county published the score that it listed by.

Villages just above the cut-off against villages just below it, actual over expected from history as outcome (so that the
jump is a ratio and history takes out noise), local linear with robust bias-corrected intervals (Calonico, Cattaneo & Titiunik 2014)
by the library diff-diff. Assumes that nobody moved a village across the cut-off; the density test in ``extra`` asks that. It
speaks of villages at the cut-off only, which are the least bad of the listed. The score is never used by any other design.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
from diff_diff import RDDensityTest, RegressionDiscontinuity

from village_eval.campaign import Campaign
from village_eval.effects.setting import Setting, setting
from village_eval.outcomes import Outcome
from village_eval.panel import Panel
from village_eval.results import Estimate

REFERENCE = "Calonico, Cattaneo & Titiunik 2014; Cattaneo, Jansson & Ma 2020"
FOLLOWS = 0.98
"""Share of villages on the side of the cut-off where the list puts them; below it the list did not follow the score."""


def regression_discontinuity(panel: Panel, campaign: Campaign, *, outcome: str | Outcome = "petitions", window: str = "first_year",
                             seed: int = 1, given: Setting | None = None) -> Estimate:  # fmt: skip
    """Log ratio at the cut-off; null without a score, or where the list did not follow it."""
    s, design = given or setting(panel, campaign, outcome), "regression_discontinuity"
    refused = s.refusal(window, design)
    if refused:
        return refused
    if "listing_score" not in panel.villages or s.outcome.statistic != "total":
        return s.blank(window, design, reason="no_listing_score")
    score, listed = pd.to_numeric(panel.villages["listing_score"], errors="coerce").to_numpy(float), panel.listed
    y, share = s.outcome.target(0, window), s.base(0, window, "history")[0]
    use = np.isfinite(score) & np.isfinite(y)
    if not (listed & use).any():
        return s.blank(window, design, reason="no_listing_score")
    ranked = np.sort(score[use])[::-1]
    cut = (ranked[(listed & use).sum() - 1] + ranked[min((listed & use).sum(), use.sum() - 1)]) / 2
    if np.mean((score[use] >= cut) == listed[use]) < FOLLOWS:
        return s.blank(window, design, reason="list_not_by_score")
    expected = share * y[use & ~listed].sum() / share[use & ~listed].sum()
    frame = pd.DataFrame({"ratio": (y / np.maximum(expected, 1e-9))[use], "score": score[use] - cut})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = RegressionDiscontinuity(cutoff=0.0).fit(frame, outcome="ratio", running="score")
            density = RDDensityTest(cutoff=0.0).fit(frame, running="score")
    except (ValueError, TypeError, np.linalg.LinAlgError):  # TypeError: many ties make the library's bandwidths complex
        return s.blank(window, design, reason="too_few_at_cutoff")
    below = float(fit.beta_p_left[0])  # the fitted ratio of villages that just missed the list
    if not below > 0:
        return s.blank(window, design, reason="too_few_at_cutoff")
    value, *ends = (float(np.log1p(max(effect / below, -0.999))) for effect in (fit.att, *fit.conf_int))
    if not np.isfinite(value):
        return s.blank(window, design, reason="too_few_at_cutoff")
    blank = s.blank(window, design, reference=REFERENCE)
    extra = {"density_p_value": float(density.p_value), "cutoff": float(cut)}
    return replace(blank, value=value, se=(ends[1] - ends[0]) / 3.92, ci_low=ends[0], ci_high=ends[1],
                   p_value=float(fit.p_value), extra=extra)  # fmt: skip
