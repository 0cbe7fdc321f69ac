"""Did the trouble move next door? Threat: petitions that leave the listed villages turn up in
unlisted ones around them.

Asked by neighbours.py: do unlisted villages show more than history leads to expect where more
trouble was listed around them? A fail means that what the listed villages lost was partly gained by
others; it does not make the fall in the listed villages untrue, so it lowers the grade. A pass
proves little: ``detectable`` says how many petitions, for each expected of the listed, would have
to move before this county's data show it, and that is often more than all of those averted.
Movement that is even over the whole county is invisible.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.checks.neighbours import Neighbours
from village_eval.expectation.beyond import Beyond, together
from village_eval.expectation.results import Check, Estimate


def displacement(around: Neighbours, estimate: Estimate) -> Check:
    """One-sided test that unlisted villages rise with what is listed around them, by township and
    by nearness."""
    p = together(*(b and b.p_rise for b in (around.township, around.moved)))
    return Check(
        "displacement",
        estimate.id,
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers(around.township, around.moved, estimate, p, +1),
    )


def numbers(
    township: Beyond | None, near: Beyond | None, estimate: Estimate, p: float | None, sign: int
) -> dict:
    """Slopes with their intervals, the petitions that the clearer one implies, and the least that
    would have been seen."""
    known = [b for b in (township, near) if b is not None]
    if not known:
        return {}
    sharp: Beyond = min(known, key=lambda b: b.error.sd)
    clear: Beyond = min(known, key=lambda b: b.p_rise if sign > 0 else b.p_fall)
    averted = -np.expm1(estimate.value)
    detectable = sharp.error.quantile(1 - BEYOND_WEAK / len(known)) + sharp.error.quantile(0.80)
    return {
        "p_value": p,
        "slope": clear.value,
        "slope_low": clear.value - clear.half,
        "slope_high": clear.value + clear.half,
        "moved": float(clear.value * estimate.extra["expected"])
        if "expected" in estimate.extra
        else None,
        "share_of_averted": float(clear.value / averted) if averted > 0 else None,
        "detectable": detectable
        if detectable < 1
        else None,  # more than all of it could move unseen
        "township_slope": township and township.value,
        "near_slope": near and near.value,
    }
