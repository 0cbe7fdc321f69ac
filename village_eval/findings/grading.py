"""Finding = estimate + checks -> grade and conclusion.

Grades are trust in the number, whatever its sign (methods.md's rules).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import stdtrit

from village_eval.expectation.between_years import Mixture
from village_eval.expectation.multiplicity import holm
from village_eval.expectation.outcomes import PRIMARY, Question
from village_eval.expectation.results import Check, Estimate, Finding

HEADLINE = "quiet_year_did"
POWER, LEVEL = 0.80, 0.05
NONE_SEEN_PERCENT = 30
"""A null with at most this minimum detectable effect is ``none_seen``; a blunter one is
``unclear``."""


def finding(
    estimate: Estimate,
    checks: Sequence[Check],
    p_adjusted: float | None,
    caps: dict[str, str] | None = None,
) -> Finding:
    """The finding that an estimate and its checks come to, graded.

    ``caps`` are the best grades that the county's history allows, by reason (caps.py).
    """
    caps = caps or {}
    n_quiet, favourable = len(estimate.years), estimate.question.outcome.favourable
    if estimate.value is None or estimate.error is None:
        return Finding(
            estimate, tuple(checks), "D", None, None, n_quiet, None, None, estimate.reason
        )
    detectable = minimum_detectable(estimate.error)
    least = favourable * detectable
    percent = float(100 * (np.expm1(least) if estimate.scale == "log_ratio" else least))
    grade = grade_of(estimate, checks, n_quiet, max(caps.values(), default="A"))
    if grade == "X":
        conclusion = "misleading"
    elif p_adjusted is not None and p_adjusted < LEVEL:
        conclusion = "fell" if estimate.value < 0 else "rose"
    else:
        conclusion = "none_seen" if abs(percent) <= NONE_SEEN_PERCENT else "unclear"
    capped = tuple(name for name, best in caps.items() if grade not in "DX" and best >= grade)
    enlarged = exaggeration(estimate.error, detectable / 2)
    return Finding(
        estimate,
        tuple(checks),
        grade,
        conclusion,
        p_adjusted,
        n_quiet,
        percent,
        enlarged,
        capped=capped,
    )


def grade_of(estimate: Estimate, checks: Sequence[Check], n_quiet: int, cap: str = "A") -> str:
    """A to D by the number of weak and failed checks and of quiet years.

    X when a failed check misleads.
    """
    failed = [c for c in checks if c.verdict == "fail" and c.grades]
    weak = [c for c in checks if c.verdict == "weak" and c.grades]
    if any(c.misleads for c in failed):
        return "X"
    if estimate.value is None:
        return "D"
    if estimate.design != HEADLINE or n_quiet < 2 or failed or len(weak) >= 2:
        grade = "C"
    elif weak or n_quiet == 2:
        grade = "B"
    else:
        grade = "A"
    return max(grade, cap)


def minimum_detectable(error: Mixture) -> float:
    """The true effect that a test would find in four of five campaigns.

    Log, positive; the test is two-sided at 5 %.
    """
    return error.quantile(1 - LEVEL / 2) + error.quantile(POWER)


def exaggeration(error: Mixture, truth: float) -> float:
    """How much larger than ``truth`` (log) an estimate reads on average when significant.

    After Gelman & Carlin (2014).
    """
    critical = error.quantile(1 - LEVEL / 2)
    levels = (np.arange(4000) + 0.5) / 4000
    # Deterministic draws of the error: truth + scale · z for each component of the mixture, z on
    # one grid of quantiles, so that sums over the significant ones are running sums of z.
    z = stdtrit(error.df, levels)
    total = np.r_[0.0, np.cumsum(z)]
    low = np.searchsorted(z, (-critical - truth) / error.scales, "left")
    high = np.searchsorted(z, (critical - truth) / error.scales, "right")
    above = (len(z) - high) * truth + error.scales * (total[-1] - total[high])
    below = -low * truth - error.scales * total[low]
    significant = error.weights @ (len(z) - high + low)
    return float(error.weights @ (above + below) / significant / truth)


def adjust(p_values: Mapping[Question, float | None]) -> dict[Question, float | None]:
    """P values adjusted for how many questions are asked.

    The primary questions' stand: they are asked beforehand and success is one-sided, so that each
    announces a success that is none in at most 2.5 % and both together in at most 5 %. Everything
    else is corrected for everything (Holm).
    """
    corrected = holm({k: p for k, p in p_values.items() if p is not None})
    return {k: p if k in PRIMARY or p is None else corrected[k] for k, p in p_values.items()}
