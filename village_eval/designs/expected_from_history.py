"""Expected from history alone.

The listed villages against what their own past leads to expect, no quiet year subtracted.

Right as far as the gamma-Poisson with discounted history describes how villages come back; the
quiet years correct for what it misses, so this stands beside the headline to show how much they
correct.
"""

from __future__ import annotations

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting

REFERENCE = "Hauer 1997; Harvey & Fernandes 1989"


@described
def expected_from_history(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """Log ratio of actual to expected among the listed, less the same among the unlisted."""
    s, design = given or setting(panel, campaign, outcome), "expected_from_history"
    return s.refusal(window, design) or s.from_refits(
        s.change(0, window, "history"), window, design, REFERENCE
    )


EXPECTED_FROM_HISTORY = DeclaredDesign(
    "expected_from_history", expected_from_history, ("quiet_years_unused",)
)
