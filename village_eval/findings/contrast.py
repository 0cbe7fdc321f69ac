"""Has the effect on petitions grown or faded? The year after less the first year.

    c = after − first_year        (log; below zero: petitions fell further)

The two windows share most of their villages' luck and what their years have in common, so that c is
known nearly twice as well as either. Its error is the jackknife's, leaving one township out of both
(t, townships with a listed village less one), enlarged as the windows' own errors are beyond theirs
(years that differ, a correction that is not sure), by the larger of the two: the jackknife's alone
held the truth in 93 % of 240 simulated counties, this in 97 %.

It stands behind ``petitions.first_year`` in the order of questions, either way: where no first
year's effect is found, there is nothing that could fade. The report tells fading from it and not
from a half-life; both windows' own answers stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from village_eval.expectation.between_years import t_error
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Finding
from village_eval.findings.order import AFTER, FIRST_YEAR, LEVEL, OPEN, Answered, Place, gate_of


@dataclass(frozen=True)
class Contrast:
    """``value`` after − first_year (log), standard error, 95 % interval, p value two-sided.

    ``p_adjusted``, ``gate`` and ``gate_reason`` are its place in the order (order.py).
    ``conclusion``: grew or faded (found; against the sign of the first year's effect), unclear (its
    interval stands beside it), not_asked.
    """

    value: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    p_adjusted: float
    gate: str
    gate_reason: str | None
    conclusion: str


def contrast(findings: Iterable[Finding]) -> Contrast | None:
    """The contrast from the findings of an assessment.

    None where one of the two windows has no number, is not yet known or misleads (D, X).
    """
    by_id = {f.id: f for f in findings}
    first, after = by_id.get(FIRST_YEAR), by_id.get(AFTER)
    if first is None or after is None or {first.grade, after.grade} & {"D", "X"}:
        return None
    one, other = first.estimate, after.estimate
    if one.refits is None or other.refits is None or one.df is None:
        return None
    values = Refits(other.refits.values - one.refits.values)
    pairs = (one, one.refits), (other, other.refits)
    if not all(r.se > 0 for _, r in pairs):  # a jackknife that sees no error at all
        return None
    beyond = max((e.se or 0.0) / float(r.se) for e, r in pairs)
    value = float(values.value)
    error = t_error(max(beyond, 1.0) * float(values.se), one.within_df or one.df)
    if not 0 < error.sd < np.inf:
        return None
    place = Place(first.p_adjusted, first.gate, first.gate_reason)
    gate = gate_of([(FIRST_YEAR, Answered(one, first.grade, place))])
    p_value = error.p_value(value)
    p_adjusted = max(p_value, gate.p)
    if gate.shut_by != OPEN:
        conclusion = "not_asked"
    elif p_adjusted >= LEVEL:
        conclusion = "unclear"
    else:
        conclusion = "grew" if value * one.answer > 0 else "faded"
    return Contrast(
        value,
        error.sd,
        value - error.half,
        value + error.half,
        p_value,
        p_adjusted,
        gate.shut_by,
        gate.why,
        conclusion,
    )
