"""Synthetic difference-in-differences (Arkhangelsky et al. 2021).

Weights on donors and on years that make pasts parallel.

The listed villages are one unit, their mean by year; donors are the unlisted villages in groups by
township and third of past petitions (single villages are too noisy and too many to weigh). The
additive effect is put as log ratio to the mean without it. Assumes that donors weighted to run
parallel in past years would have run parallel in the campaign year: the listing year's peak is in
the past it fits, and no group of ordinary villages has such a peak to fall from. Errors by leaving
one township out, with all weights refitted: placebo donors vary less than the mean of the listed
does, and their errors are a third too small.
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

REFERENCE = "Arkhangelsky, Athey, Hirshberg, Imbens & Wager 2021; MacKinnon, Nielsen & Webb 2023"
THIRDS = 3


@described
def synthetic_did(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """Log ratio for the first year.

    Null for other windows (the design is yearly) and with fewer than three earlier years.
    """
    s, design = given or setting(panel, campaign, outcome), "synthetic_did"
    refused = s.refusal(window, design)
    if refused:
        return refused
    y = yearly_frame(s).pivot(index="unit", columns="time", values="y")
    if window != "first_year" or s.series.statistic != "total" or y.columns[0] > -3:
        return s.blank(window, design, reason="yearly_design")
    values = y.to_numpy(float)
    rank = np.argsort(np.argsort(np.nansum(values[:, :-1], axis=1), kind="stable"), kind="stable")
    group = np.where(
        panel.listed, 0, 1 + s.panel.township * THIRDS + rank * THIRDS // len(rank)
    )  # 0: the listed
    refits = np.array([_log_ratio(values[kept], group[kept]) for kept in s.rule.keep])
    if not np.isfinite(refits).all():
        return s.blank(window, design, reason="nothing_recorded")
    return s.from_refits(refits, window, design, REFERENCE)


def _log_ratio(values: np.ndarray, group: np.ndarray) -> float:
    """The listed (group 0) against weighted donor groups in the last year.

    Values [V, years], group [V].
    """
    member = np.arange(group.max() + 1)[:, None] == group
    seen = member.astype(float) @ np.isfinite(values)
    whole = (seen > 0).all(1)
    if not whole[0] or whole.sum() < 2:  # the listed, or every donor, lack a year
        return float("nan")
    means = (member.astype(float) @ np.nan_to_num(values))[whole] / seen[whole]
    return as_log_ratio(synthetic_gap(means, 1), float(means[0, -1]))


def synthetic_gap(Y: np.ndarray, after: int) -> float:
    """The synthetic DiD of one treated unit.

    Y [units, periods], the treated unit first and the periods under treatment, ``after`` of them,
    last. In units of Y, over the mean of these periods. Arkhangelsky et al. 2021, algorithm 1.
    """
    from diff_diff import utils

    # In units of the donors' spread over the periods before, as diff-diff's own fit has it.
    donors = Y[1:, :-after]
    spread = float(donors.std()) or 1.0
    before, since = ((part - donors.mean()).T / spread for part in (Y[:, :-after], Y[:, -after:]))
    # The penalties are the noise of changes from one period to the next, and nearly 0.
    noise = float(np.diff(before[:, 1:], axis=0).std(ddof=1))
    enough = 1e-5 * noise if noise > 0 else 1e-5
    on_donors = utils.compute_sdid_unit_weights(
        before[:, 1:], before[:, 0], zeta_omega=after**0.25 * noise, min_decrease=enough
    )
    on_periods = utils.compute_time_weights(
        before[:, 1:], since[:, 1:], zeta_lambda=1e-6 * noise, min_decrease=enough
    )
    gap = utils.compute_sdid_estimator(
        before[:, 1:], since[:, 1:], before[:, 0], since[:, 0], on_donors, on_periods
    )
    return float(gap) * spread


SYNTHETIC_DID = DeclaredDesign(
    "synthetic_did",
    synthetic_did,
    ("additive", "listing_year_in_base"),
    yearly=True,
    beside="primary",
)
