"""Villages of the same kind that were not listed: did they show the effect too?

Threat: something else happened that year to villages like the listed ones (another programme, a
season, a change of recording), and would be credited to the campaign. Unlisted villages are
weighted by the learned probability p of being listed against the other unlisted ones by 1 − p; in
quiet years the weights are p (1 − p) and (1 − p)², what a list drawn with p leaves over. A fail
means that near-misses moved as well. A pass does not prove that the listed were spared such events:
near-misses are fewer and milder than they.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from village_eval.checks.declared import Case, DeclaredCheck, Threat, asked_of_headlines
from village_eval.checks.levels import BEYOND_FAIL, BEYOND_WEAK, detectable, verdict
from village_eval.checks.placebo_time import programme
from village_eval.expectation.beyond import beyond_quiet_years, change_of
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.results import Check, Drawn


def ask(case: Case) -> Check:
    """The effect on near-misses in the campaign year beyond quiet years, two-sided."""
    setting, estimate = case.setting, case.estimate
    quiet = estimate.years
    if not quiet:
        return case.answer()
    window = estimate.window

    def moved(q: int, depth: int) -> np.ndarray:
        p, unlisted = setting.probabilities(q), setting.control(q)
        return change_of(setting, q, window, p * unlisted, (1 - p) * unlisted, depth)

    campaign = np.mean([moved(0, setting.depth(q)) for q in quiet], axis=0)
    years = [moved(q, setting.depth(q)) for q in quiet]
    found = beyond_quiet_years(campaign, years, setting.df)
    if found is None:
        return case.answer()
    numbers = {
        "p_value": Number(found.p_value, "p_value"),
        "change": change(found.value, estimate.scale),
        "change_low": change(found.value - found.half, estimate.scale),
        "change_high": change(found.value + found.half, estimate.scale),
    }
    return case.answer(
        verdict(found.p_value, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        could_see=change(detectable(found.error, BEYOND_WEAK), estimate.scale),
    )


placebo_space = DeclaredCheck(
    "placebo_space",
    ask,
    asked_of_headlines,
    (
        Threat(
            "another programme that year",
            (0.15, 0.3, 0.5),
            base={"effect": 0.0},
            change=partial(programme, years_before=0),
        ),
    ),
    Drawn((("change", "change_low", "change_high"),)),
)
