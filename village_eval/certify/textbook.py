"""A county as a textbook's regressions take it: a row a village and year, around one start.

For showing what they say of the campaign's year, and of years in which there was none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.listing import ListingRule, learn_rule, quiet_origins

if TYPE_CHECKING:
    from statsmodels.genmod.generalized_linear_model import GLMResults

YEAR = 12


def by_year(
    panel: Panel,
    campaign: Campaign,
    years_before: int = 0,
    *,
    rule: ListingRule | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """Petitions by village and year counted from the start.

    Parameters
    ----------
    years_before
        0 for the campaign; q for a placebo that begins q years before it. As many villages as were
        listed are drawn for it, by the probability that the learned rule gives them then.
    rule
        the learned rule, where there is one already.
    seed
        of that draw.

    Returns
    -------
    DataFrame
        village, township, year (0 is the first year, −1 the year before), petitions (int), listed
        and post (0/1). Whole years only, the last of them year 0.
    """
    start = panel.month_index(campaign.start_month) - YEAR * years_before
    listed = panel.listed
    if years_before:
        p = (rule or learn_rule(panel, campaign, refits=False)).in_year(years_before)[0]
        rng = np.random.default_rng([seed, years_before])
        drawn = rng.choice(len(p), int(panel.listed.sum()), replace=False, p=p / p.sum())
        listed = np.isin(np.arange(len(p)), drawn)
    years = np.arange(-(start // YEAR), 1)
    counts = np.column_stack(
        [panel.petitions[:, start + YEAR * t : start + YEAR * (t + 1)].sum(1) for t in years]
    )
    n, codes = len(years), panel.villages["village_code"].to_numpy(object)
    year = np.tile(years, len(codes))
    return pd.DataFrame(
        {
            "village": np.repeat(codes, n),
            "township": np.repeat(panel.township, n),
            "year": year,
            "petitions": counts.ravel(),
            "listed": np.repeat(listed.astype(int), n),
            "post": (year == 0).astype(int),
        }
    )


def placebo_years(panel: Panel, campaign: Campaign, least: int = 2) -> list[int]:
    """How many years before the campaign a placebo may begin, latest first.

    Years of no campaign, with at least so many whole years before them.
    """
    start = panel.month_index(campaign.start_month)
    origins = quiet_origins(panel, campaign, (0, YEAR))
    return [(start - at) // YEAR for at in origins if at // YEAR >= least]


def poisson(formula: str, frame: pd.DataFrame) -> GLMResults:
    """A Poisson regression by statsmodels' formula, fitted."""
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    return smf.glm(formula, frame, family=sm.families.Poisson()).fit()


def in_percent(frame: pd.DataFrame, effect: float) -> float:
    """An effect in petitions per village and year, in per cent of what it says would have been."""
    mean = frame.loc[(frame["listed"] == 1) & (frame["post"] == 1), "petitions"].mean()
    return float(100 * effect / (mean - effect))
