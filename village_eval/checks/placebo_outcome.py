"""Outcomes that cannot respond: does the campaign seem to have changed what it could not touch?

- *The year before*: what villages showed in the year that the list was drawn from was over when the
  campaign began. The listed will have had a bad year; beyond what quiet years show for villages
  that the rule would have listed, there should be nothing. If there is, the list picked villages in
  another way than the rule knows, and their return is another than the one subtracted.
- *Income that was settled before* (investment, other receipts), beside earned income: dividends of
  a year follow from investments of earlier years.

The smaller p value counts, times their number. A pass does not prove that nothing else differed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from village_eval.checks.declared import (
    Case,
    DeclaredCheck,
    Simulated,
    Threat,
    asked_of_headlines,
    edited,
)
from village_eval.checks.levels import BEYOND_FAIL, BEYOND_WEAK, detectable_of, verdict
from village_eval.county.panel import Panel
from village_eval.expectation.beyond import Beyond, beyond_quiet_years, change_of, together
from village_eval.expectation.headline import tau
from village_eval.expectation.history import fit_history
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn
from village_eval.expectation.setting import Setting
from village_eval.words.vocabulary import INCOME_SOURCES

SETTLED = ("investment", "other")
LEAST_VILLAGES = 10
"""Listed villages with such income in the year, without which it says nothing."""


def ask(case: Case) -> Check:
    """The year before and, for income, what was settled before.

    Each beyond quiet years, two-sided.
    """
    setting, estimate = case.setting, case.estimate
    before = _year_before(setting)
    settled = None
    if not setting.series.counts:
        # One answer for all incomes, but for what earlier campaigns are taken to have done to each.
        key = "settled", estimate.window, setting.series.lift
        settled = setting.once(key, lambda: _settled(setting, estimate.window))
    p = together(*(b.p_value for b in (before, settled) if b is not None))
    numbers = {
        "p_value": Number(p, "p_value"),
        "before": Number(None if before is None else before.value, "log_ratio"),
        "settled": Number(None if settled is None else settled.value, "log_ratio"),
    }
    least = detectable_of([b.error for b in (before, settled) if b is not None], BEYOND_WEAK)
    return case.answer(
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        could_see=None if least is None else Number(least, "log_ratio"),
    )


def _year_before(setting: Setting) -> Beyond | None:
    """The last year before the start against what history led to expect of it."""
    year = setting.series.per_year
    depth = {
        q: min(setting.series.history_end(q + 1), 3 * year)
        for q in [0, *setting.series.quiet["first_year"]]
    }
    quiet = [q for q in depth if q and depth[q] >= year]
    if not quiet or depth[0] < year:
        return None
    campaign = np.mean([_before(setting, 0, depth[q]) for q in quiet], axis=0)
    return beyond_quiet_years(campaign, [_before(setting, q, depth[q]) for q in quiet], setting.df)


def _before(setting: Setting, q: int, depth: int) -> np.ndarray:
    y = setting.series.past(q).blocks[:, 0]
    base = setting.history.shares(
        setting.series.past(q, skip=1, length=depth), setting.panel.population, setting.rule.keep
    )
    return tau(y, base, setting.treated(q), setting.control(q))


def _settled(setting: Setting, window: str) -> Beyond | None:
    """Investment and other income of the same year."""
    income = setting.panel.annual_income[1][
        :, :, [INCOME_SOURCES.index(name) for name in SETTLED]
    ].sum(2)
    outcome = replace(setting.series, values=income)
    y = outcome.target(0, window)
    if y is None or (y[setting.panel.listed] > 0).sum() < LEAST_VILLAGES:
        return None
    pasts = [outcome.past(q, window) for q in outcome.quiet[window]]
    setting = replace(
        setting, series=outcome, history=fit_history(pasts, setting.panel.population, counts=False)
    )
    quiet = outcome.quiet[window]

    def change(q: int, depth: int) -> np.ndarray:
        return change_of(setting, q, window, setting.treated(q), setting.control(q), depth)

    if not quiet:
        return None
    campaign = np.mean([change(0, setting.depth(q)) for q in quiet], axis=0)
    return beyond_quiet_years(campaign, [change(q, setting.depth(q)) for q in quiet], setting.df)


def _of(question: Question) -> bool:
    return asked_of_headlines(question) and question.total


def listed_for_something_else(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """The year before was worse by ``size`` in the listed villages than their rank shows."""

    def change(y: np.ndarray, start: int) -> None:
        rows = made.panel.listed, slice(start - 12, start)
        y[rows] += rng.poisson(size * y[rows]).astype(np.int32)

    return edited(made, change)


placebo_outcome = DeclaredCheck(
    "placebo_outcome",
    ask,
    _of,
    (Threat("listed for something else", (0.25, 0.5, 1.0), change=listed_for_something_else),),
    Drawn((("before",), ("settled",))),
)
