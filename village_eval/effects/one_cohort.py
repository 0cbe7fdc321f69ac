"""The staggered estimators on the campaign itself: one cohort that starts together, villages by year, township clusters.

With one cohort Callaway-Sant'Anna is a difference-in-differences of means on the listing year, and imputation one on all earlier
years; both assume additive parallel trends, and both credit a campaign that did nothing with the return to the mean. They stand
here because they are what a careful analyst reaches for. The additive ATT is put as log ratio to the listed mean without it.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np

from village_eval.campaign import Campaign
from village_eval.effects.setting import Setting, setting
from village_eval.effects.staggered import callaway_santanna, imputation
from village_eval.effects.yearly import as_log_ratio, yearly_frame
from village_eval.outcomes import Outcome
from village_eval.panel import Panel
from village_eval.results import Estimate


def callaway_santanna_cohort(panel: Panel, campaign: Campaign, *, outcome: str | Outcome = "petitions", window: str = "first_year",
                             seed: int = 1, given: Setting | None = None) -> Estimate:  # fmt: skip
    """Callaway & Sant'Anna (2021), never-treated controls, for the first year."""
    return _one_cohort(given or setting(panel, campaign, outcome), window, "callaway_santanna", callaway_santanna)


def imputation_cohort(panel: Panel, campaign: Campaign, *, outcome: str | Outcome = "petitions", window: str = "first_year",
                      seed: int = 1, given: Setting | None = None) -> Estimate:  # fmt: skip
    """Imputation (Borusyak, Jaravel & Spiess 2024) for the first year."""
    return _one_cohort(given or setting(panel, campaign, outcome), window, "imputation", imputation)


def _one_cohort(s: Setting, window: str, design: str, estimator) -> Estimate:
    refused = s.refusal(window, design)
    if refused:
        return refused
    if window != "first_year" or s.outcome.statistic != "total":
        return s.blank(window, design, reason="yearly_design")
    frame = yearly_frame(s).dropna(subset="y")
    first = frame["time"].min()
    if first > -2:
        return s.blank(window, design, reason="yearly_design")
    frame = frame.assign(time=frame["time"] - first + 1)
    frame["cohort"] = np.where(frame["listed"] == 1, 1 - first, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        e = estimator(frame, outcome="y", unit="unit", time="time", cohort="cohort", cluster="cluster")
    mean = frame.loc[(frame["cohort"] > 0) & (frame["time"] == 1 - first), "y"].mean()
    value, without = as_log_ratio(e.value, mean), mean - e.value
    if not np.isfinite(value):
        return s.blank(window, design, reason="nothing_recorded")
    low, high = (float(np.log1p(max(end / without, -0.999))) for end in (e.ci_low, e.ci_high))
    blank = s.blank(window, design, reference=e.reference)
    numbers = {"value": value, "se": e.se / without, "ci_low": low, "ci_high": high, "p_value": e.p_value}
    return replace(blank, **numbers, absolute=s.absolute(value, window))
