"""Did villages return to the mean this year as in quiet years?

Threat: quiet years unlike the campaign's. What an epidemic drove up, or held down, most where most
was filed comes back (or up) afterwards by itself, and the headline takes it for the campaign's.
Asked of the unlisted, to whom nothing was done: the slope of actual over expected on a village's
level (expectation/reversion.py), this year beyond that of quiet years, with the errors of both
within years and between them. The headline corrects for it whatever is said here; so this is weak
at most and moves no grade, and passing is no evidence that the years were alike (Roth 2022). It
cannot see what happened to the very worst villages only, trouble that assessors foresaw, nor what
moved to villages next to the list or was done for them: that looks like a slope of this year.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from village_eval.checks.declared import (
    HEADLINE_WINDOWS,
    Case,
    DeclaredCheck,
    Threat,
    asked_of_petitions,
)
from village_eval.checks.levels import detectable
from village_eval.expectation.between_years import t_error
from village_eval.expectation.beyond import beyond_quiet_years
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn
from village_eval.expectation.reversion import LEVEL


def ask(case: Case) -> Check:
    """The difference of slopes, per cent for each standard deviation of a village's level.

    Weak where it is taken off in full. The p value counts that slopes differ between quiet years
    too; ``detectable`` is the difference that would have been taken off in full in four of five
    counties.
    """
    told, setting, window = case.estimate.reversion, case.setting, case.estimate.window
    if told is None or told.delta is None or told.se is None:
        return case.answer()
    quiet = case.estimate.years
    here = np.mean([setting.slope(0, window, setting.depth(q)) for q in quiet], axis=0)
    found = beyond_quiet_years(here, [setting.slope(q, window) for q in quiet], told.df)
    least = detectable(t_error(told.se, told.df), LEVEL)
    numbers = {
        "slope": Number(100 * float(np.expm1(told.delta)), "percent"),
        "p_value": Number(None if found is None else found.p_value, "p_value"),
        "detectable": Number(100 * float(np.expm1(least)), "percent"),
        "share": Number(told.weight, "share"),
        "uncorrected": change(told.uncorrected, case.estimate.scale),
        "corrected": change(told.corrected, case.estimate.scale),
    }
    answer = case.answer(
        "weak" if told.full else "pass",
        numbers,
        cause="declared" if told.declared else None,
        could_see=Number(least, "log_ratio"),
    )
    return replace(answer, grades=False)


def _of(question: Question) -> bool:
    return asked_of_petitions(question) and question.window in HEADLINE_WINDOWS


reversion_slope = DeclaredCheck(
    "reversion_slope",
    ask,
    _of,
    (
        Threat(
            "quiet years drove the busiest villages up",
            (0.05, 0.10, 0.15),
            base={"effect": 0.0},
            field="unlike_slope",
        ),
    ),
    Drawn((("uncorrected",), ("corrected",))),
)
