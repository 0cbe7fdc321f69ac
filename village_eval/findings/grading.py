"""Finding = estimate + checks -> grade, place in the order of questions, precision, conclusion.

Two words on every number. The grade is of the design: can the number mislead, whatever its sign?
The precision is of the data: how small an effect would they have shown? (methods.md's rules.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

from village_eval.expectation.between_years import Mixture
from village_eval.expectation.outcomes import Family
from village_eval.expectation.results import Check, Estimate, Finding
from village_eval.findings.order import BELIEVED, LEVEL, OPEN, in_order

HEADLINE = "quiet_year_did"
POWER = 0.80
EXCLUDED: dict[Family, int] = {"petitions": 25, "income": 15, "other": 25}
EXCLUDED_POINTS = 5
"""The hoped-for change (per cent; of shares points) that a range must exclude for ``none_seen``: a
rule on the detectable effect would let through ranges that still hold it (Hoenig & Heisey 2001)."""
FINE, MIDDLING = 20, 30
"""The minimum detectable effect (per cent) up to which a finding's precision is called so."""


def findings_of(
    answers: Iterable[tuple[Estimate, Sequence[Check], dict[str, str]]],
) -> list[Finding]:
    """The findings of a county from its estimates, each with its checks and caps.

    All are graded, then asked in order (order.py), then concluded.
    """
    answers = list(answers)
    places = in_order(
        [e for e, _, _ in answers],
        [grade_of(e, checks, len(e.years), best(caps)) for e, checks, caps in answers],
    )
    return [
        finding(
            e,
            checks,
            places[e.id].p_adjusted,
            caps,
            gate=places[e.id].gate,
            gate_reason=places[e.id].why,
        )
        for e, checks, caps in answers
    ]


def finding(
    estimate: Estimate,
    checks: Sequence[Check],
    p_adjusted: float | None,
    caps: dict[str, str] | None = None,
    *,
    gate: str = OPEN,
    gate_reason: str | None = None,
) -> Finding:
    """The finding that an estimate and its checks come to, graded.

    ``caps`` are the best grades that the county's history allows, by reason (caps.py); ``gate`` and
    ``gate_reason`` are those of its place in the order of questions (order.py).
    """
    caps = caps or {}
    n_quiet, favourable = len(estimate.years), estimate.question.outcome.favourable
    if estimate.value is None or estimate.error is None:
        return Finding(
            estimate,
            tuple(checks),
            "D",
            None,
            None,
            n_quiet,
            None,
            None,
            estimate.reason,
            gate=gate,
            gate_reason=gate_reason,
        )
    detectable = minimum_detectable(estimate.error)
    least = favourable * detectable
    percent = float(100 * (np.expm1(least) if estimate.scale == "log_ratio" else least))
    grade = grade_of(estimate, checks, n_quiet, best(caps))
    capped = tuple(name for name, best in caps.items() if grade not in "DX" and best >= grade)
    enlarged = exaggeration(estimate.error, detectable / 2)
    compared = n_quiet > 0 and "earlier_campaigns" not in caps
    return Finding(
        estimate,
        tuple(checks),
        grade,
        conclusion_of(estimate, grade, p_adjusted, gate, compared),
        p_adjusted,
        n_quiet,
        percent,
        enlarged,
        capped=capped,
        precision=precision_of(percent) if estimate.scale == "log_ratio" else None,
        gate=gate,
        gate_reason=gate_reason,
    )


def conclusion_of(
    estimate: Estimate,
    grade: str,
    p_adjusted: float | None,
    gate: str = OPEN,
    compared: bool = True,
) -> str:
    """What an estimate with an interval says.

    misleading (grade X), not_asked (its gate is shut), fell or rose (found), none_seen (the 95 %
    interval holds zero and excludes the hoped-for change of EXCLUDED), unclear. ``compared``:
    whether what would have happened anyway was taken off, by quiet years and without earlier
    campaigns whose lists are unknown; else nothing can be ruled out.
    """
    if grade == "X":
        return "misleading"
    if gate != OPEN:
        return "not_asked"
    if grade in BELIEVED and p_adjusted is not None and p_adjusted < LEVEL:
        return "fell" if estimate.answer < 0 else "rose"
    low, high = estimate.ends
    ruled_out = compared and low < 0 < high and excludes_the_hoped_for(estimate)
    return "none_seen" if ruled_out else "unclear"


def excludes_the_hoped_for(estimate: Estimate) -> bool:
    """Whether the 95 % interval excludes the change of EXCLUDED in the favourable direction."""
    asked = estimate.question.outcome
    end = estimate.ends[asked.favourable > 0]
    change = 100 * float(np.expm1(end) if estimate.scale == "log_ratio" else end)
    return asked.favourable * change < hoped_for(estimate)


def hoped_for(estimate: Estimate) -> int:
    """The change, in per cent or points, that ``none_seen`` must exclude."""
    if estimate.scale == "share":
        return EXCLUDED_POINTS
    return EXCLUDED[estimate.question.outcome.family]


def precision_of(minimum_detectable_percent: float) -> str:
    """fine, middling or coarse; of log ratios only, as points of a share mean nothing alone."""
    least = abs(minimum_detectable_percent)
    return "fine" if least <= FINE else "middling" if least <= MIDDLING else "coarse"


def best(caps: Mapping[str, str]) -> str:
    """The best grade that caps leave."""
    return max(caps.values(), default="A")


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


@lru_cache(maxsize=64)
def _draws(df: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of Student's t on a grid, and their running sums."""
    z = stdtrit(df, (np.arange(4000) + 0.5) / 4000)
    return z, np.r_[0.0, np.cumsum(z)]


def exaggeration(error: Mixture, truth: float) -> float:
    """How much larger than ``truth`` (log) an estimate reads on average when significant.

    After Gelman & Carlin (2014).
    """
    critical = error.quantile(1 - LEVEL / 2)
    # Deterministic draws of the error: truth + scale · z for each component of the mixture, z on
    # one grid of quantiles, so that sums over the significant ones are running sums of z.
    z, total = _draws(error.df)
    low = np.searchsorted(z, (-critical - truth) / error.scales, "left")
    high = np.searchsorted(z, (critical - truth) / error.scales, "right")
    above = (len(z) - high) * truth + error.scales * (total[-1] - total[high])
    below = -low * truth - error.scales * total[low]
    significant = error.weights @ (len(z) - high + low)
    return float(error.weights @ (above + below) / significant / truth)
