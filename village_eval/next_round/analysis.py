"""The analysis that fits the plan, fixed before the round begins.

One window, one statistic, the plan's own lottery.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.county.plan import Plan
from village_eval.next_round.quiet import expectation
from village_eval.next_round.randomisation import Effect, effects

DRAWS = 9999


@dataclass(frozen=True)
class Analysis:
    """Effects of a plan's factors, or the ``reason`` why there is none yet.

    Reasons are window_not_observed, nothing_recorded, and drawn_late where the lot was drawn when
    the round had begun.
    """

    effects: list[Effect]
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Observed:
    """The villages of a lottery over a window.

    Outcome y [n], what history led to expect [n], held bool [n, K], other lotteries bool [D, n, K].
    """

    y: np.ndarray
    expected: np.ndarray
    held: np.ndarray
    lotteries: np.ndarray


def rows_in(plan: Plan, row_of: dict[str, int]) -> np.ndarray:
    """Panel row of each village of a plan [n], −1 where it is no longer one of its own.

    That is where it was merged with another of the plan, whose lot was another. ``row_of``: rows by
    village code, old codes included. Raises ValueError that names codes which are not there.
    """
    codes = plan.codes
    if missing := [code for code in codes if code not in row_of]:
        raise ValueError(", ".join(missing))
    rows = np.array([row_of[code] for code in codes], int)
    _, at, times = np.unique(rows, return_inverse=True, return_counts=True)
    return np.where(times[at] > 1, -1, rows)


def observed(
    plan: Plan,
    panel: Panel,
    campaign: Campaign,
    rows: np.ndarray,
    first: int,
    draws: int,
    seed: int,
) -> Observed | None:
    """The plan's villages over its months from the panel's column ``first``.

    ``rows`` are ``rows_in``. None where nothing was recorded, then or before.
    """
    there, last = rows >= 0, first + plan.design.months
    shares = expectation(panel, campaign)(first) if first > 0 else None
    y = panel.petitions[rows[there], first:last].sum(1).astype(float)
    if shares is None or not y.sum():
        return None
    expected = shares[rows[there]] * panel.petitions[:, first:last].sum()
    return Observed(y, expected, plan.held[there], plan.lotteries(draws, seed)[:, there])


def analyse(
    plan: Plan,
    panel: Panel,
    campaign: Campaign,
    draws: int = DRAWS,
    seed: int = 1,
    row_of: dict[str, int] | None = None,
) -> Analysis:
    """Randomisation inference for a plan once its window is observed.

    ``panel`` must hold the villages of the plan (ValueError names missing codes) up to the plan's
    last month; ``campaign`` says which earlier years are quiet. What is expected comes from the
    years before the start, as for every design here. ``row_of``: as of ``rows_in``; by default the
    panel's own codes.
    """
    own = panel.villages["village_code"].astype(str)
    rows = rows_in(plan, row_of or dict(zip(own, range(len(own)), strict=True)))
    if reason := not_yet(plan, panel, campaign):
        return Analysis([], reason)
    first = panel.month_index(plan.start_month)
    found = observed(plan, panel, campaign, rows, first, draws, seed)
    if found is None:
        return Analysis([], "nothing_recorded")
    try:
        return Analysis(
            effects(plan.design.factors, found.held, found.lotteries, found.y, found.expected)
        )
    except ValueError:
        return Analysis([], "nothing_recorded")


def not_yet(plan: Plan, panel: Panel, campaign: Campaign) -> str | None:
    """Why a plan is not analysed on these data, or None.

    In a simulated county nobody's calendar tells when the lot was drawn.
    """
    first, last = panel.month_index(plan.start_month), panel.month_index(plan.last_month)
    if last >= len(panel.months) or first <= 0:
        return "window_not_observed"
    if plan.made is not None and plan.made >= plan.start and not campaign.synthetic:
        return "drawn_late"
    return None
