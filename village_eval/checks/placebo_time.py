"""Campaigns that never were: would the same method have found an effect where nothing happened?

Threat: the “effect” was there before. Every quiet year, and for petitions every date half a year
from one, is treated as if the campaign had begun then: the learned rule draws its list (as
probabilities), the other quiet years that it does not overlap correct it, on as much history as
both have. The smallest p value counts, times the number of dates. A fail means that the method sees
effects in this county that no campaign made. A pass cannot prove that the campaign year was like
the others, and with three or four dates it has little power.

Nothing is taken off for years that return to the mean otherwise (expectation/reversion.py): whether
quiet years differ is what is asked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

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
from village_eval.expectation.beyond import Beyond, beyond_quiet_years, together
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.outcomes import PETITIONS
from village_eval.expectation.results import Check, Drawn
from village_eval.expectation.series import petition_series
from village_eval.expectation.setting import Setting

HALF_YEAR = 6


def ask(case: Case) -> Check:
    """Effects of placebo dates with their errors.

    ``frame`` has one row a date: date, estimate, ci_low, ci_high.
    """
    setting, estimate = case.setting, case.estimate
    quiet = estimate.years
    if len(quiet) < 2:
        return case.answer()
    dates: list[tuple[pd.Period, Beyond | None]] = [
        (
            setting.campaign.start_month - 12 * q,
            _placebo(setting, setting, q, [k for k in quiet if k != q], estimate.window),
        )
        for q in quiet
    ]
    if setting.series.per_year == 12 and setting.series.outcome == PETITIONS:
        half = _half_a_year_earlier(setting)
        for q in half.series.quiet[estimate.window]:
            others = [k for k in quiet if k not in (q, q + 1)]
            dates.append(
                (
                    half.campaign.start_month - 12 * q,
                    _placebo(half, setting, q, others, estimate.window),
                )
            )
    rows = [(date, b) for date, b in sorted(dates, key=lambda row: row[0]) if b is not None]
    if not rows:
        return case.answer()
    values = np.array([b.value for _, b in rows])
    p = together(*(b.p_value for _, b in rows))
    numbers = {
        "p_value": Number(p, "p_value"),
        "dates": Number(len(rows), "count"),
        "min": change(float(values.min()), estimate.scale),
        "max": change(float(values.max()), estimate.scale),
        "as_large": Number(int((np.abs(values) >= abs(case.value)).sum()), "count"),
    }
    frame = pd.DataFrame(
        [(str(d), b.value, b.value - b.half, b.value + b.half) for d, b in rows],
        columns=["date", "estimate", "ci_low", "ci_high"],
    )
    least = detectable_of((b.error for _, b in rows), BEYOND_WEAK)
    return case.answer(
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        frame=frame,
        could_see=change(least, estimate.scale),
    )


def _placebo(
    at: Setting, setting: Setting, q: int, others: list[int], window: str
) -> Beyond | None:
    """The year q of ``at`` against the quiet years ``others`` of ``setting``.

    Each pair on the history that both have.
    """
    here, there = [], []
    for k in others:
        depth = min(at.depth(q), setting.depth(k))
        a, b = (
            at.change(q, window, "history", depth=depth),
            setting.change(k, window, "history", depth=depth),
        )
        if np.isfinite(a).all() and np.isfinite(b).all():
            here.append(a)
            there.append(b)
    return beyond_quiet_years(np.mean(here, axis=0), there, setting.df) if here else None


def _half_a_year_earlier(setting: Setting) -> Setting:
    """The same county, rule and history, with every date moved back by half a year."""
    first, last = (m - HALF_YEAR for m in setting.campaign.listing_window)
    start = (setting.campaign.start_month - HALF_YEAR).start_time.date()
    campaign = replace(
        setting.campaign,
        start=start.replace(day=min(setting.campaign.start.day, 28)),
        listing_window=(first, last),
    )
    rule = ListingRule(
        setting.panel, campaign, setting.rule.keep, setting.rule.coefficients, setting.rule.features
    )
    return replace(
        setting, campaign=campaign, rule=rule, series=petition_series(setting.panel, campaign)
    )


def programme(made: Simulated, size: float, rng: np.random.Generator, years_before: int) -> Panel:
    """Something else takes ``size`` of a year's petitions.

    Of those of the fifth of villages with the most in the year before it.
    """

    def change(y: np.ndarray, start: int) -> None:
        first = start - 12 * years_before
        last = y[:, first - 12 : first].sum(1)
        most = np.flatnonzero(last >= np.quantile(last, 0.8))[:, None]
        rows = most, np.arange(first, first + 12)
        y[rows] = rng.binomial(y[rows], 1 - size)

    return edited(made, change)


placebo_time = DeclaredCheck(
    "placebo_time",
    ask,
    asked_of_headlines,
    (
        Threat(
            "a programme in a quiet year",
            (0.3, 0.5, 0.8),
            base={"effect": 0.0},
            change=partial(programme, years_before=2),
        ),
    ),
    Drawn(label="date"),
)
