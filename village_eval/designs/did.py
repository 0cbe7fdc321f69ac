"""Difference-in-differences of log sums.

Equal to Poisson (PPML) DiD with two groups, in closed form.

``did`` has last year as base, and so takes the listed villages' return to the mean for an effect.
``did_without_listing_year`` has all years before the listing window as base, and so takes lasting
troubles that began in it for harm done. Both assume parallel trends, which a list of the worst
breaks.
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

REFERENCE = "Chay, McEwan & Urquiola 2005; Chen & Roth 2024; MacKinnon, Nielsen & Webb 2023"


@described
def did(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """DiD with the same calendar months of the listing year as base."""
    s = given or setting(panel, campaign, outcome)
    return s.refusal(window, "did") or s.from_refits(
        s.change(0, window, "last_year"), window, "did", REFERENCE
    )


@described
def did_without_listing_year(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """DiD with all observed months before the listing year as base."""
    s, design = given or setting(panel, campaign, outcome), "did_without_listing_year"
    return s.refusal(window, design) or s.from_refits(
        s.change(0, window, "before_listing"), window, design, REFERENCE
    )


DID = DeclaredDesign("did", did, ("returns",))
DID_WITHOUT_LISTING_YEAR = DeclaredDesign(
    "did_without_listing_year", did_without_listing_year, ("listing_year_unused",)
)
