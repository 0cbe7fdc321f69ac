"""What is assumed of an estimate's error, by the kind of its outcome.

Counts of petitions, amounts of income, shares: each constant was chosen by certification where it
applies, and nothing is assumed where none was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from village_eval.expectation.between_years import COUNTS_SCALE, PRIOR_SCALE, SEVERAL
from village_eval.expectation.listing import unknown_lists

if TYPE_CHECKING:
    from village_eval.expectation.setting import Setting

VOTE = 0.25
"""Degrees of freedom that a quiet year adds to a moderated variance, in the jackknife's: with four
of them its root varies by 0.14 of itself among plain counties, the jackknife's by 0.23."""
LEFT_IN_HISTORY = 0.05
"""Standard error of what campaigns of every year, on lists that nobody knows, leave in history, of
counts: chosen by certification where each takes a fifth off."""
INCOME_SCALE = 0.02
"""Of the prior on how much years differ, for amounts of income. Chosen on simulated counties whose
years differ as much against a village's yearly changes as those of the poorest differ in registers
of personal income: 0.03 covers 98 to 99 % and finds fewer, 0.01 covers too little."""
INCOME_ERROR = 0.015
"""No standard error within years of an amount of income is believed to be smaller. In registers of
personal income the poorest drift by as much against what quiet years show, in part because who was
poor per head is judged by today's population; amounts that hardly vary by chance make that
significant. Chosen on counties of 200,000 people and more, with smaller ones in view;
villages' incomes vary more and are not touched by it."""


def of_income(given: Setting) -> bool:
    """Whether it is of an amount of income, not of the share that earns."""
    return given.series.outcome.family == "income" and given.series.statistic != "share_earning"


def moderated(given: Setting) -> bool:
    """Whether the jackknife's variance is moderated (moderation.py): of counts.

    Of amounts and shares it is not, since nothing certifies it there.
    """
    return given.series.counts and given.series.statistic == "total"


def error_df(given: Setting, n_quiet: int) -> int:
    """Degrees of freedom of an estimate's error; if moderated each quiet year adds VOTE."""
    return int(given.df * (1 + VOTE * n_quiet * moderated(given)))


def prior_scale(given: Setting, n_quiet: int) -> float:
    """Scale of the prior on how much years differ (between_years.py)."""
    if of_income(given):
        return INCOME_SCALE
    return COUNTS_SCALE if moderated(given) and n_quiet >= SEVERAL else PRIOR_SCALE


def left_in_history(given: Setting, n_quiet: int) -> float:
    """The variance of what campaigns on unknown lists left in history.

    Where there is no quiet year because of them.
    """
    known = n_quiet or not given.series.counts or not unknown_lists(given.panel, given.campaign)
    return 0.0 if known else LEFT_IN_HISTORY**2


def binomial_error(some: int, whole: int) -> float:
    """Standard error of a share ``some`` of ``whole``, not 0 where all or none are."""
    p = (some + 1) / (whole + 2)
    return float(np.sqrt(p * (1 - p) / max(whole, 1)))
