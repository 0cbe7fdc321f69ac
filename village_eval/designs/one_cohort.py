"""The staggered estimators on the campaign itself.

One cohort that starts together, villages by year.

With one cohort Callaway-Sant'Anna (2021) is the DiD of means on the listing year, and imputation
(Borusyak, Jaravel & Spiess 2024) the DiD of means on all earlier years: closed forms, which tests
hold to the library's answers. Both assume additive parallel trends, and both credit a campaign that
did nothing with the return to the mean. They stand here because they are what a careful analyst
reaches for. The additive ATT is put as log (Y_L / (Y_L − ATT)) of the listed mean; errors by
leaving one township out on that scale, since Y_L is estimated too (a clustered error of the ATT
over a fixed mean is a third too small).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.designs.yearly import as_log_ratio, yearly_frame
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting

ERRORS = "MacKinnon, Nielsen & Webb 2023"


@described
def callaway_santanna_cohort(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """Callaway & Sant'Anna (2021), never-treated controls, for the first year.

    Null for other windows (the design is yearly).
    """
    reference = f"Callaway & Sant'Anna 2021; {ERRORS}"
    return _one_cohort(
        given or setting(panel, campaign, outcome),
        window,
        "callaway_santanna",
        reference,
        earlier=1,
    )


@described
def imputation_cohort(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """Imputation (Borusyak, Jaravel & Spiess 2024) for the first year.

    Null for other windows (the design is yearly).
    """
    reference = f"Borusyak, Jaravel & Spiess 2024; {ERRORS}"
    return _one_cohort(
        given or setting(panel, campaign, outcome), window, "imputation", reference, earlier=None
    )


def additive_att(y: np.ndarray, on: np.ndarray, off: np.ndarray) -> np.ndarray:
    """DiD of means of the last year on the mean of the years before.

    Y [V, years], weights on and off [R, V] -> [R].
    """
    change = y[:, -1] - y[:, :-1].mean(1)
    return np.asarray(on @ change / on.sum(1) - off @ change / off.sum(1))


def _one_cohort(
    s: Setting, window: str, design: str, reference: str, earlier: int | None
) -> Estimate:
    """``earlier`` years before the start as base, None for all.

    Villages with an unknown year among them carry no weight.
    """
    refused = s.refusal(window, design)
    if refused:
        return refused
    y = yearly_frame(s).pivot(index="unit", columns="time", values="y").to_numpy(float)
    if window != "first_year" or s.series.statistic != "total" or y.shape[1] < 3:
        return s.blank(window, design, reason="yearly_design")
    y = y if earlier is None else y[:, -1 - earlier :]
    known = np.isfinite(y).all(1)
    on = s.treated(0) * known
    off = s.rule.keep * known - on * 1.0
    y = np.where(known[:, None], y, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, means = additive_att(y, on * 1.0, off), on @ y[:, -1] / on.sum(1)
    values = np.array(
        [as_log_ratio(effect, mean) for effect, mean in zip(effects, means, strict=True)]
    )
    if not np.isfinite(values).all():
        return s.blank(window, design, reason="nothing_recorded")
    return s.from_refits(values, window, design, reference)


CALLAWAY_SANTANNA = DeclaredDesign(
    "callaway_santanna",
    callaway_santanna_cohort,
    ("returns", "additive"),
    yearly=True,
    beside="primary",
)
IMPUTATION = DeclaredDesign(
    "imputation",
    imputation_cohort,
    ("additive", "listing_year_in_base"),
    yearly=True,
    beside="primary",
)
