"""Did income rise, or did the campaign pay it? Subsidies are the campaign's own money."""

from __future__ import annotations

import numpy as np

from village_eval.checks.declared import Case, DeclaredCheck, Threat
from village_eval.checks.levels import detectable
from village_eval.designs.quiet_year_did import quiet_year_did
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import TOTAL_INCOME, Question
from village_eval.expectation.results import Check, Drawn

FAIL, WEAK = 0.01, 0.05
MOST, SOME = 0.5, 0.2
"""Shares of the change in total income that subsidies may make up."""


def ask(case: Case) -> Check:
    """Fails, and misleads, when subsidies are most of the change in total income.

    They must also have risen beyond quiet years.
    """
    setting, total, earned = case.setting, case.estimate, case.earned
    subsidies = setting.beside("subsidy_income")
    paid = quiet_year_did(
        setting.panel,
        setting.campaign,
        outcome="subsidy_income",
        window=total.window,
        given=subsidies,
    )
    # Yuan per listed village beyond what history and quiet years lead to expect.
    extra = paid.absolute
    if paid.value is None or paid.error is None or paid.p_value is None or extra is None:
        return case.answer()
    share = extra / total.absolute if total.absolute and total.absolute > 0 else None
    rose = paid.value > 0 and (share is None or share > SOME)
    result = (
        "fail"
        if rose and paid.p_value < FAIL and (share is None or share > MOST)
        else "weak"
        if rose and paid.p_value < WEAK
        else "pass"
    )
    numbers = {
        "subsidy_yuan": Number(extra, "yuan"),
        "subsidy_share": Number(share, "share"),
        "p_value": Number(paid.p_value, "p_value"),
        "total_percent": Number(total.percent, "percent"),
        "earned_percent": Number(None if earned is None else earned.percent, "percent"),
        "earned_ci_low_percent": Number(_percent(earned.ci_low if earned else None), "percent"),
        "earned_ci_high_percent": Number(_percent(earned.ci_high if earned else None), "percent"),
    }
    cause = None if share is None else "share"
    # Yuan of a rise by that much from what history leads to expect: E (exp(d) − 1).
    least = detectable(paid.error, WEAK)
    yuan = subsidies.absolute(least, total.window)
    enough = None if yuan is None else yuan * float(np.exp(least - paid.value))
    return case.answer(
        result,
        numbers,
        misleads=True,
        cause=cause,
        could_see=None if enough is None else Number(enough, "yuan"),
    )


def _percent(log_change: float | None) -> float | None:
    return None if log_change is None else float(100 * np.expm1(log_change))


def _of(question: Question) -> bool:
    return question.outcome == TOTAL_INCOME


subsidy = DeclaredCheck(
    "subsidy",
    ask,
    _of,
    (Threat("subsidy", (20_000, 40_000, 80_000), "total_income.first_year", field="subsidy"),),
    Drawn((("earned_percent", "earned_ci_low_percent", "earned_ci_high_percent"),)),
)
