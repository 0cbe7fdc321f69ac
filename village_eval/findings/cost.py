"""What it cost: yuan of funds per petition averted and per yuan of income earned in the first year.

Funds F are an account, the benefit B(b) = actual · (e^−b − 1), b the log effect, is an estimate; F
/ B is monotone in b, so the interval of b gives that of the ratio, as Fieller (1954) would. Where
it includes b = 0 the ratio has no upper end: “at least F / B(most favourable end)” is all that can
be said, never a plain ratio. All funds are set against one benefit at a time; working hours are not
in the account.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from village_eval.expectation.outcomes import PRIMARY, Question
from village_eval.expectation.results import Finding

OF = PRIMARY
"""Questions whose answers funds are set against."""


@dataclass(frozen=True)
class Cost:
    """Yuan of funds per unit of a finding's benefit, with a 95 % interval.

    A unit is a petition averted or a yuan earned.

    ``verdict``: known (value, low and high), at_least (low only), none (no benefit seen: nothing to
    divide by), refused (``reason``, a key of the words).
    """

    question: Question
    verdict: str
    funds: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    @property
    def finding(self) -> str:
        """The id of the finding."""
        return self.question.id


def costs(measures: pd.DataFrame | None, findings: list[Finding]) -> list[Cost]:
    """One Cost for each finding of OF that is there."""
    funds = 0.0 if measures is None else float(measures["funds"].sum())
    by_question = {f.question: f for f in findings}
    return [cost(funds, by_question[q]) for q in OF if q in by_question]


def cost(funds: float, finding: Finding) -> Cost:
    """The funds (yuan) over the benefit of one finding."""
    e = finding.estimate
    if funds <= 0:
        return Cost(finding.question, "refused", reason="no_funds")
    if e.value is None or e.amounts is None or e.ci_low is None or e.ci_high is None:
        return Cost(
            finding.question, "refused", funds, reason=finding.reason or e.reason or "unknown"
        )
    if finding.grade in "DX":
        return Cost(
            finding.question,
            "refused",
            funds,
            reason="misleading" if finding.grade == "X" else "unknown",
        )
    gain = e.question.outcome.favourable * e.amounts.actual
    benefit = [gain * -np.expm1(-b) for b in (e.value, e.ci_low, e.ci_high)]
    least, most = sorted(benefit[1:])
    if most <= 0:
        return Cost(finding.question, "none", funds)
    if least <= 0:
        return Cost(finding.question, "at_least", funds, low=funds / most)
    return Cost(finding.question, "known", funds, funds / benefit[0], funds / most, funds / least)
