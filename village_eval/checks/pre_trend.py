"""Were the listed villages already on another path before the listing window?

Compares the last year before the listing window with the year before that, listed against unlisted,
with the same change in quiet years: a list of the worst rises towards its window by itself. A pass
is weak comfort (Roth 2022), so its power is shown.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks import verdict
from village_eval.expectation.kernel import tau
from village_eval.expectation.outcomes import Question
from village_eval.expectation.refits import Refits, less_their_mean
from village_eval.expectation.results import Check, Number
from village_eval.expectation.setting import Setting


def pre_trend(s: Setting, question: Question) -> Check:
    """Log change between the two years before the listing window, beyond that of quiet years;
    two-sided t test."""
    first = s.campaign.listing_offsets[0] if s.series.per_year == 12 else -1
    changes, kept = [], []
    for q in [0, *s.series.quiet["first_year"]]:
        end = (
            s.series.start - q * 12 if s.series.per_year == 12 else s.series.history_end(q)
        ) + first
        year = s.series.per_year
        if end - 2 * year < 0:
            continue
        y, base = (
            s.series.values[:, end - year : end].sum(1),
            s.series.values[:, end - 2 * year : end - year].sum(1),
        )
        changes.append(tau(y, base, s.treated(q), s.control(q)))
        kept.append(q)
    if not kept or kept[0] != 0:
        return Check("pre_trend", question, "not_applicable")
    n = len(kept) - 1
    refits = Refits.of(changes).combine(less_their_mean(n))
    value, se = float(refits.value), float(refits.se)
    if not np.isfinite(se) or se == 0:
        return Check("pre_trend", question, "not_applicable")
    error = refits.error(s.df)
    p = error.p_value(value)
    detectable = error.half + error.quantile(0.8)
    result = verdict(p)
    if n == 0 and result == "fail":
        result = (
            "weak"  # without quiet years the rise towards the window cannot be told from a trend
        )
    numbers = {
        "change": Number(value, "log_ratio"),
        "p_value": Number(p, "p_value"),
        "minimum_detectable_percent": Number(float(100 * np.expm1(detectable)), "percent"),
    }
    return Check("pre_trend", question, result, numbers)
