"""The analysis that fits the plan, fixed before the round begins.

One window, one statistic, the plan's own lottery.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.next_round.plan import Plan
from village_eval.next_round.quiet import expectation
from village_eval.next_round.randomisation import Effect, effects

DRAWS = 9999


@dataclass(frozen=True)
class Analysis:
    """Effects of a plan's factors, or the ``reason`` why there is none yet.

    Reasons are window_not_observed and nothing_recorded.
    """

    effects: list[Effect]
    reason: str | None = None


def analyse(
    plan: Plan, panel: Panel, campaign: Campaign, draws: int = DRAWS, seed: int = 1
) -> Analysis:
    """Randomisation inference for a plan once its window is observed.

    ``panel`` must hold the villages of the plan (ValueError names missing codes) up to the plan's
    last month; ``campaign`` says which earlier years are quiet. What is expected comes from the
    years before the start, as for every design here.
    """
    row = pd.Series(np.arange(len(panel.villages)), panel.villages["village_code"].astype(str))
    codes = plan.assignment["village_code"].astype(str)
    if missing := [code for code in codes if code not in row.index]:
        raise ValueError(", ".join(missing))
    first, last = panel.month_index(plan.start_month), panel.month_index(plan.last_month)
    if last >= len(panel.months) or first <= 0:
        return Analysis([], "window_not_observed")
    expected = expectation(panel, campaign)(first)
    rows = row[codes].to_numpy()
    y = panel.petitions[rows, first : last + 1].sum(1).astype(float)
    if expected is None or not y.sum():
        return Analysis([], "nothing_recorded")
    total = panel.petitions[:, first : last + 1].sum()
    try:
        return Analysis(
            effects(
                plan.design.factors,
                plan.held,
                plan.lotteries(draws, seed),
                y,
                expected[rows] * total,
            )
        )
    except ValueError:
        return Analysis([], "nothing_recorded")
