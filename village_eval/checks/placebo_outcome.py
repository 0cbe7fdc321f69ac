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

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.expectation.beyond import Beyond, beyond_quiet_years, change_of, together
from village_eval.expectation.history import fit_history
from village_eval.expectation.kernel import tau
from village_eval.expectation.results import Check, Estimate, Number
from village_eval.expectation.setting import Setting
from village_eval.words.vocabulary import INCOME_SOURCES

SETTLED = ("investment", "other")
LEAST_VILLAGES = 10
"""Listed villages with such income in the year, without which it says nothing."""


def placebo_outcome(s: Setting, estimate: Estimate) -> Check:
    """The year before and, for income, what was settled before: each beyond quiet years,
    two-sided."""
    if estimate.value is None:
        return Check("placebo_outcome", estimate.question, "not_applicable")
    before = _year_before(s)
    settled = None if s.series.counts else _settled(s, estimate.window)
    p = together(*(b.p_value for b in (before, settled) if b is not None))
    numbers = {
        "p_value": Number(p, "p_value"),
        "before": Number(None if before is None else before.value, "log_ratio"),
        "settled": Number(None if settled is None else settled.value, "log_ratio"),
    }
    return Check(
        "placebo_outcome", estimate.question, verdict(p, BEYOND_WEAK, BEYOND_FAIL), numbers
    )


def _year_before(s: Setting) -> Beyond | None:
    """The last year before the start against what history led to expect of it."""
    year = s.series.per_year
    depth = {
        q: min(s.series.history_end(q + 1), 3 * year) for q in [0, *s.series.quiet["first_year"]]
    }
    quiet = [q for q in depth if q and depth[q] >= year]
    if not quiet or depth[0] < year:
        return None
    campaign = np.mean([_before(s, 0, depth[q]) for q in quiet], axis=0)
    return beyond_quiet_years(campaign, [_before(s, q, depth[q]) for q in quiet], s.df)


def _before(s: Setting, q: int, depth: int) -> np.ndarray:
    y = s.series.past(q).blocks[:, 0]
    base = s.history.shares(s.series.past(q, skip=1, length=depth), s.panel.population, s.rule.keep)
    return tau(y, base, s.treated(q), s.control(q))


def _settled(s: Setting, window: str) -> Beyond | None:
    """Investment and other income of the same year."""
    income = s.panel.annual_income[1][:, :, [INCOME_SOURCES.index(name) for name in SETTLED]].sum(2)
    outcome = replace(s.series, values=income)
    y = outcome.target(0, window)
    if y is None or (y[s.panel.listed] > 0).sum() < LEAST_VILLAGES:
        return None
    pasts = [outcome.past(q, window) for q in outcome.quiet[window]]
    s = replace(s, series=outcome, history=fit_history(pasts, s.panel.population, counts=False))
    quiet = outcome.quiet[window]

    def change(q: int, depth: int) -> np.ndarray:
        return change_of(s, q, window, s.treated(q), s.control(q), depth)

    if not quiet:
        return None
    campaign = np.mean([change(0, s.depth(q)) for q in quiet], axis=0)
    return beyond_quiet_years(campaign, [change(q, s.depth(q)) for q in quiet], s.df)
