"""Regression discontinuity at the listing cut-off.

Where the county published the score that it listed by.

Villages just above the cut-off against villages just below it, actual over expected from history as
outcome (so that history takes out noise), local linear with robust bias correction (Calonico,
Cattaneo & Titiunik 2014) by the library diff-diff. With R and L the limits from above and below,
ATT = log R − log L with the error √(V_R/R² + V_L/L²): a second fit at the same bandwidths with
zeros below gives R and V_R, and the first gave R − L and V_R + V_L. Assumes that nobody moved a
village across the cut-off; the density test asks that. It speaks of villages at the
cut-off only, which are the least bad of the listed. The score is never used by any other design. A
list that does not follow the score is refused: what would be fuzzy is who overruled it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.designs.display import discontinuity_card
from village_eval.expectation.between_years import t_error
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting
from village_eval.words.card import Card, Shown

REFERENCE = "Calonico, Cattaneo & Titiunik 2014; Cattaneo, Jansson & Ma 2020"
FOLLOWS = 0.98
"""Share of villages on the side where the list puts them, within the bandwidth and among the 2 ·
FEWEST closest to the cut-off; below it the list did not follow the score."""
FEWEST = 10
"""Villages within the bandwidth on either side; a line through fewer is a line through noise."""


@dataclass(frozen=True, eq=False, repr=False)
class Discontinuity(Shown):
    """The jump at the cut-off with what tells whether to believe it.

    A small ``density_p_value`` says that villages bunch on one side; ``n_above`` and ``n_below``
    lie within ``bandwidth`` (in units of the score).
    """

    estimate: Estimate
    density_p_value: float | None = None
    bandwidth: float | None = None
    n_above: int = 0
    n_below: int = 0

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return discontinuity_card(self, lang)


@described
def regression_discontinuity(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Discontinuity:
    """Log ratio at the cut-off.

    Null without a score, where the list did not follow it, or with few villages near it.
    """
    s, design = given or setting(panel, campaign, outcome), "regression_discontinuity"
    refused = s.refusal(window, design)
    if refused:
        return Discontinuity(refused)
    if "listing_score" not in panel.villages or s.series.statistic != "total":
        return Discontinuity(s.blank(window, design, reason="no_listing_score"))
    score, listed = (
        pd.to_numeric(panel.villages["listing_score"], errors="coerce").to_numpy(float),
        panel.listed,
    )
    y, share = s.series.observed(0, window), s.expectation(0, window)[0]
    use = np.isfinite(score) & np.isfinite(y)
    if not (listed & use).any():
        return Discontinuity(s.blank(window, design, reason="no_listing_score"))
    ranked = np.sort(score[use])[::-1]
    cut = (ranked[(listed & use).sum() - 1] + ranked[min((listed & use).sum(), use.sum() - 1)]) / 2
    expected = share * y[use & ~listed].sum() / share[use & ~listed].sum()
    limits = limits_at_cutoff((y / np.maximum(expected, 1e-9))[use], score[use] - cut)
    near = use & (np.abs(score - cut) <= (np.inf if limits is None else limits["bandwidth"]))
    follows, closest = (
        (score >= cut) == listed,
        np.argsort(np.where(use, np.abs(score - cut), np.inf))[: 2 * FEWEST],
    )
    if min(follows[near].mean(), follows[closest].mean()) < FOLLOWS:
        return Discontinuity(s.blank(window, design, reason="list_not_by_score"))
    if limits is None or min(limits["above"], limits["below"]) <= 0:
        return Discontinuity(s.blank(window, design, reason="too_few_at_cutoff"))
    value = float(np.log(limits["above"] / limits["below"]))
    se = float(np.hypot(limits["above_se"] / limits["above"], limits["below_se"] / limits["below"]))
    blank = s.blank(window, design, reference=REFERENCE)
    return Discontinuity(
        replace(blank, value=value, error=t_error(se)),
        density_p_value=limits["density_p_value"],
        bandwidth=limits["bandwidth"],
        n_above=int(limits["n_above"]),
        n_below=int(limits["n_below"]),
    )


def limits_at_cutoff(y: np.ndarray, score: np.ndarray) -> dict[str, float] | None:
    """Bias-corrected limits of E[y | score] at zero from above and below.

    With robust errors, bandwidth and density test.

    y, score [N]; None where the library cannot fit or fewer than FEWEST units are within the
    bandwidth on a side.
    """
    from diff_diff import RDDensityTest, RegressionDiscontinuity

    frame = pd.DataFrame({"y": y, "score": score, "y_above": np.where(score >= 0, y, 0.0)})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ties and small samples: counted below instead
            jump = RegressionDiscontinuity(cutoff=0.0).fit(frame, outcome="y", running="score")
            same = RegressionDiscontinuity(cutoff=0.0, h=jump.h_left, b=jump.b_left)
            above = same.fit(frame, outcome="y_above", running="score")
            density = RDDensityTest(cutoff=0.0).fit(frame, running="score")
    except (
        ValueError,
        TypeError,
        np.linalg.LinAlgError,
    ):  # TypeError: many ties make the bandwidths complex
        return None
    numbers = [jump.att, jump.se, above.att, above.se]
    if min(jump.n_h_left, jump.n_h_right) < FEWEST or not np.isfinite(numbers).all():
        return None
    return {
        "above": float(above.att),
        "below": float(above.att - jump.att),
        "above_se": float(above.se),
        "below_se": float(np.sqrt(max(jump.se**2 - above.se**2, 0.0))),
        "density_p_value": float(density.p_value),
        "bandwidth": float(jump.h_left),
        "n_above": int(jump.n_h_right),
        "n_below": int(jump.n_h_left),
    }


REGRESSION_DISCONTINUITY = DeclaredDesign(
    "regression_discontinuity", regression_discontinuity, ("cut_off",), beside="primary"
)
