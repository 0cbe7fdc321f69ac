"""Matching with difference-in-differences.

The matched villages of ``matching``, changes on last year instead of levels.

ATT = log (Σ_L y / Σ_L y_last) − log (Σ w y / Σ w y_last). Matching on the past and differencing err
in opposite directions on lists of the worst under conditions (Ding & Li 2019; Park & Sasaki 2026 on
hybrids). Neither assumption is enough for the hybrid: matched on last year, differenced outcomes
return to the mean too (Daw & Hatfield 2018). In our simulations it lay between the two.
"""

from __future__ import annotations

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.designs.matching import _refusal, comparable, match_weights
from village_eval.expectation.headline import tau
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting

REFERENCE = "Heckman, Ichimura & Todd 1997; Ding & Li 2019; Park & Sasaki 2026"


@described
def hybrid(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """DiD of log sums on the matched villages, same calendar months of last year as base.

    Jackknife with the matching redone.
    """
    s = given or setting(panel, campaign, outcome)
    refused = s.refusal(window, "hybrid") or _refusal(s, window, "hybrid")
    if refused:
        return refused
    y, base = s.series.observed(0, window), s.series.last_year(0, window)
    if base is None:
        return s.blank(window, "hybrid", reason="window_not_observed")
    known = comparable(s, window)
    values = tau(y, base, s.treated(0) * known, match_weights(s, known))
    return s.from_refits(values, window, "hybrid", REFERENCE)


HYBRID = DeclaredDesign("hybrid", hybrid, ("matched", "returns"), beside="primary")
