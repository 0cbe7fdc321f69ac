"""Were the listed villages already on another path before the listing window?

Compares the last year before the listing window with the year before that, listed against unlisted,
with the same change in quiet years: a list of the worst rises towards its window by itself. A pass
is weak comfort (Roth 2022), so its power is shown.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks.declared import (
    Case,
    DeclaredCheck,
    Simulated,
    Threat,
    asked_of_income_and_petitions,
    edited,
)
from village_eval.checks.levels import WEAK, detectable, verdict
from village_eval.county.panel import Panel
from village_eval.expectation.headline import tau
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.refits import Refits, less_their_mean
from village_eval.expectation.results import Check, Drawn


def ask(case: Case) -> Check:
    """Log change between the two years before the listing window, beyond that of quiet years.

    Two-sided t test.
    """
    setting = case.setting
    first = setting.campaign.listing_offsets[0] if setting.series.per_year == 12 else -1
    changes, kept = [], []
    for q in [0, *setting.series.quiet["first_year"]]:
        end = (
            setting.series.start - q * 12
            if setting.series.per_year == 12
            else setting.series.history_end(q)
        ) + first
        year = setting.series.per_year
        if end - 2 * year < 0:
            continue
        y, base = (
            setting.series.values[:, end - year : end].sum(1),
            setting.series.values[:, end - 2 * year : end - year].sum(1),
        )
        changes.append(tau(y, base, setting.treated(q), setting.control(q)))
        kept.append(q)
    if not kept or kept[0] != 0:
        return case.answer()
    n = len(kept) - 1
    refits = Refits.of(changes).combine(less_their_mean(n))
    value, se = float(refits.value), float(refits.se)
    if not np.isfinite(se) or se == 0:
        return case.answer()
    error = refits.error(setting.df)
    p = error.p_value(value)
    least = detectable(error, WEAK)
    result = verdict(p)
    if n == 0 and result == "fail":
        result = (
            "weak"  # without quiet years the rise towards the window cannot be told from a trend
        )
    numbers = {
        "change": Number(value, "log_ratio"),
        "p_value": Number(p, "p_value"),
        "minimum_detectable_percent": Number(float(100 * np.expm1(least)), "percent"),
    }
    return case.answer(result, numbers, could_see=Number(least, "log_ratio"))


def _of(question: Question) -> bool:
    return asked_of_income_and_petitions(question) and question.total


def another_path(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """Listed villages had ``size`` fewer petitions in the year before the listing window.

    They were on their way up.
    """

    def change(y: np.ndarray, start: int) -> None:
        rows = np.flatnonzero(made.panel.listed)[:, None], np.arange(start - 24, start - 12)
        y[rows] = rng.binomial(y[rows], 1 - size)

    return edited(made, change)


pre_trend = DeclaredCheck(
    "pre_trend",
    ask,
    _of,
    (Threat("another path before", (0.2, 0.4, 0.6), change=another_path),),
    Drawn((("change",),)),
)
