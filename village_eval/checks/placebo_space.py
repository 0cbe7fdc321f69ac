"""Villages of the same kind that were not listed: did they show the effect too?

Threat: something else happened that year to villages like the listed ones (another programme, a
season, a change of recording), and would be credited to the campaign. Unlisted villages are
weighted by the learned probability p of being listed against the other unlisted ones by 1 − p; in
quiet years the weights are p (1 − p) and (1 − p)², what a list drawn with p leaves over. A fail
means that near-misses moved as well. A pass does not prove that the listed were spared such events:
near-misses are fewer and milder than they.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.expectation.beyond import beyond_quiet_years, change_of
from village_eval.expectation.results import Check, Estimate, Number, change
from village_eval.expectation.setting import Setting


def placebo_space(s: Setting, estimate: Estimate) -> Check:
    """The effect on near-misses in the campaign year beyond quiet years, two-sided."""
    quiet = estimate.years
    if not quiet:
        return Check("placebo_space", estimate.question, "not_applicable")
    window = estimate.window

    def moved(q: int, depth: int) -> np.ndarray:
        p, unlisted = s.probabilities(q), s.control(q)
        return change_of(s, q, window, p * unlisted, (1 - p) * unlisted, depth)

    campaign = np.mean([moved(0, s.depth(q)) for q in quiet], axis=0)
    years = [moved(q, s.depth(q)) for q in quiet]
    found = beyond_quiet_years(campaign, years, s.df)
    if found is None:
        return Check("placebo_space", estimate.question, "not_applicable")
    numbers = {
        "p_value": Number(found.p_value, "p_value"),
        "change": change(found.value, estimate.scale),
        "change_low": change(found.value - found.half, estimate.scale),
        "change_high": change(found.value + found.half, estimate.scale),
    }
    return Check(
        "placebo_space",
        estimate.question,
        verdict(found.p_value, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
    )
