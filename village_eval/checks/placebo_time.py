"""Campaigns that never were: would the same method have found an effect where nothing happened?

Threat: the “effect” was there before. Every quiet year, and for petitions every date half a year
from one, is treated as if the campaign had begun then: the learned rule draws its list (as
probabilities), the other quiet years that it does not overlap correct it, on as much history as
both have. The smallest p value counts, times the number of dates. A fail means that the method sees
effects in this county that no campaign made. A pass cannot prove that the campaign year was like
the others, and with three or four dates it has little power.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.expectation.beyond import Beyond, beyond_quiet_years, together
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.outcomes import PETITIONS
from village_eval.expectation.results import Check, Estimate, Number, change
from village_eval.expectation.series import petition_series
from village_eval.expectation.setting import Setting

HALF_YEAR = 6


def placebo_time(s: Setting, estimate: Estimate) -> Check:
    """Effects of placebo dates with their errors; ``frame`` has one row a date: date, estimate,
    ci_low, ci_high."""
    quiet = estimate.years
    if len(quiet) < 2 or estimate.value is None:
        return Check("placebo_time", estimate.question, "not_applicable")
    dates: list[tuple[pd.Period, Beyond | None]] = [
        (
            s.campaign.start_month - 12 * q,
            _placebo(s, s, q, [k for k in quiet if k != q], estimate.window),
        )
        for q in quiet
    ]
    if s.series.per_year == 12 and s.series.outcome == PETITIONS:
        half = _half_a_year_earlier(s)
        for q in half.series.quiet[estimate.window]:
            others = [k for k in quiet if k not in (q, q + 1)]
            dates.append(
                (half.campaign.start_month - 12 * q, _placebo(half, s, q, others, estimate.window))
            )
    rows = [(date, b) for date, b in sorted(dates, key=lambda row: row[0]) if b is not None]
    if not rows:
        return Check("placebo_time", estimate.question, "not_applicable")
    values = np.array([b.value for _, b in rows])
    p = together(*(b.p_value for _, b in rows))
    numbers = {
        "p_value": Number(p, "p_value"),
        "dates": Number(len(rows), "count"),
        "min": change(float(values.min()), estimate.scale),
        "max": change(float(values.max()), estimate.scale),
        "as_large": Number(int((np.abs(values) >= abs(estimate.value)).sum()), "count"),
    }
    frame = pd.DataFrame(
        [(str(d), b.value, b.value - b.half, b.value + b.half) for d, b in rows],
        columns=["date", "estimate", "ci_low", "ci_high"],
    )
    return Check(
        "placebo_time",
        estimate.question,
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        frame=frame,
    )


def _placebo(at: Setting, s: Setting, q: int, others: list[int], window: str) -> Beyond | None:
    """The year q of ``at`` against the quiet years ``others`` of ``s``, each pair on the history
    that both have."""
    here, there = [], []
    for k in others:
        depth = min(at.depth(q), s.depth(k))
        a, b = (
            at.change(q, window, "history", depth=depth),
            s.change(k, window, "history", depth=depth),
        )
        if np.isfinite(a).all() and np.isfinite(b).all():
            here.append(a)
            there.append(b)
    return beyond_quiet_years(np.mean(here, axis=0), there, s.df) if here else None


def _half_a_year_earlier(s: Setting) -> Setting:
    """The same county, rule and history, with every date moved back by half a year."""
    first, last = (m - HALF_YEAR for m in s.campaign.listing_window)
    start = (s.campaign.start_month - HALF_YEAR).start_time.date()
    campaign = replace(
        s.campaign,
        start=start.replace(day=min(s.campaign.start.day, 28)),
        listing_window=(first, last),
    )
    rule = ListingRule(s.panel, campaign, s.rule.keep, s.rule.coefficients, s.rule.features)
    return replace(s, campaign=campaign, rule=rule, series=petition_series(s.panel, campaign))
