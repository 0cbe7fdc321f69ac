"""Before-after: the listed villages' change on the same months of the year before.

What most reports show.

Assumes that nothing else changes and that villages are not listed for a bad year; both are false
for lists of the worst.
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

REFERENCE = "Ashenfelter 1978; Daw & Hatfield 2018"


@described
def before_after(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """Log ratio of the listed villages' outcome to that of the year before.

    The same calendar months in the year before the start.
    """
    s = given or setting(panel, campaign, outcome)
    refused = s.refusal(window, "before_after")
    return refused or s.from_refits(
        s.change(0, window, "last_year", control=False), window, "before_after", REFERENCE
    )


BEFORE_AFTER = DeclaredDesign("before_after", before_after, ("returns", "no_control"))
