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
from village_eval.expectation.beyond import beyond_quiet_years
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn

WEAK = 0.05
"""As it moves no grade it may see more than the tests that do."""


def ask(case: Case) -> Check:
    """The difference of slopes, per cent for each standard deviation of a village's level.

    ``detectable`` is the difference that would have been seen in four of five counties.
    """
    told, setting, window = case.estimate.reversion, case.setting, case.estimate.window
    if told is None or told.delta is None:
        return case.answer()
    quiet = case.estimate.years
    here = np.mean([setting.slope(0, window, setting.depth(q)) for q in quiet], axis=0)
    found = beyond_quiet_years(here, [setting.slope(q, window) for q in quiet], told.df)
    if found is None:
        return case.answer()
    numbers = {
        "slope": Number(100 * float(np.expm1(found.value)), "percent"),
        "p_value": Number(found.p_value, "p_value"),
        "detectable": Number(
            100 * float(np.expm1(found.half + found.error.quantile(0.8))), "percent"
        ),
        "share": Number(told.weight, "share"),
        "uncorrected": change(told.uncorrected, case.estimate.scale),
        "corrected": change(told.corrected, case.estimate.scale),
    }
    seen = found.p_value < WEAK or told.full
    cause = "declared" if told.declared else None
    answer = case.answer("weak" if seen else "pass", numbers, cause=cause)
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
