"""When: did petitions move as measures began, and did they move before?

Listed villages' monthly petitions, from two months before the start to the end of the campaign, on
the share of their doses under way, with village expectations as offset and a level for every month;
villages start at different dates, so later ones stand for those that have begun. The share that
begins in the next two months is the placebo: what moves before its cause is no effect.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.staggered import Staggered, callaway_santanna
from village_eval.expectation.setting import Setting
from village_eval.measures.doses import FEWEST, active_share, months_of
from village_eval.measures.regression import regress

AROUND = 12
"""Months on either side of the start that the staggered estimator sees."""
BEFORE, AHEAD = 2, 2
"""Months before the start that take part, and months that the placebo looks ahead."""


def started(s: Setting, measures: pd.DataFrame) -> dict | None:
    """How much more changed where all doses were under way, and the placebo.

    Keys: effect, ci_low, ci_high, p_value, before, before_p_value. Log effect of having all doses
    under way, and the placebo's.

    None when all villages began alike, or months are not observed.
    """
    first, last = -BEFORE, s.campaign.months_touched
    start, listed = s.series.start, s.panel.listed
    if start + first < 0 or start + last > s.series.values.shape[1]:
        return None
    share = active_share(measures, s.panel, months_of(s.campaign, first, last + AHEAD))
    now, ahead = share[:, : last - first], share[:, AHEAD:] - share[:, : last - first]
    varies = now - now.mean(0)
    if varies.std() < 0.02:
        return None
    y = s.series.values[listed, start + first : start + last].ravel()
    home = np.r_[0, 1 + np.unique(s.panel.township[listed])]
    months = last - first
    expected = np.repeat(s.expectation(0, "first_year")[home][:, listed], months, axis=1)
    expected = expected * y.sum() / expected[0].sum()
    keep = np.repeat(s.rule.keep[home][:, listed], months, axis=1)
    month = np.tile(np.eye(months)[:, 1:], (listed.sum(), 1))
    fit = regress(y, expected, np.column_stack([now.ravel(), ahead.ravel()]), month, keep)
    effect, se, p = fit.combined(np.array([1.0, 0.0]))
    before, _, before_p = fit.combined(np.array([0.0, 1.0]))
    half = stdtrit(fit.df, 0.975) * se
    return {
        "effect": effect,
        "ci_low": effect - half,
        "ci_high": effect + half,
        "p_value": p,
        "before": before,
        "before_p_value": before_p,
    }


def by_start(panel: Panel, campaign: Campaign, measures: pd.DataFrame | None) -> Staggered | None:
    """Callaway-Sant'Anna by month of a village's first measure.

    Additive in petitions a village and month; exploratory only.

    It compares with never-listed villages on the month before, and so credits the listed villages'
    return to the mean. None when fewer than two months have FEWEST villages that began, or a year
    around the start is not observed.
    """
    start = panel.month_index(campaign.start_month)
    if measures is None or start < AROUND or start + AROUND > len(panel.months):
        return None
    begun = measures[measures["start_date"].notna()]
    if begun.empty:  # planned measures only
        return None
    first = begun.groupby("village_code")["start_date"].min().dt.to_period("M")
    began = panel.villages["village_code"].map(first.map(panel.month_index)).where(panel.listed)
    counts = began.value_counts()
    kept = counts.index[
        (counts >= FEWEST)
        & (counts.index >= start)
        & (counts.index < start + campaign.months_touched)
    ]
    if len(kept) < 2:
        return None
    use = (~panel.listed) | began.isin(kept).to_numpy()
    months = np.arange(start - AROUND, start + AROUND)
    n = int(use.sum())
    frame = pd.DataFrame(
        {
            "village": np.repeat(np.flatnonzero(use), len(months)),
            "month": np.tile(months, n),
            "petitions": panel.petitions[use][:, months].ravel().astype(float),
            "began": np.repeat(began[use].fillna(0).to_numpy(int), len(months)),
        }
    )
    return callaway_santanna(
        frame, outcome="petitions", unit="village", time="month", cohort="began"
    )
