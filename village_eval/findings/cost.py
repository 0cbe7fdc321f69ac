"""What it cost: yuan of funds per petition averted and per yuan of income earned in the first year.

Funds F are an account, the benefit B(b) = actual · (e^−b − 1), b the log effect, is an estimate; F
/ B is monotone in b, so the interval of b gives that of the ratio, as Fieller (1954) would. A ratio
is told only of an effect that was found, and refused where its range spans more than a factor of
WIDEST_COST or has no upper end. All funds are set against one benefit at a time; working hours are
not in the account. What the money also bought (BOUGHT) is listed apart: it stands, whatever it did
to petitions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from village_eval.expectation.outcomes import Question, primary
from village_eval.expectation.results import Finding
from village_eval.findings.may_say import WIDEST_COST, favourable

BOUGHT = ("infrastructure", "public_services", "online_services")
"""Measures whose funds buy what stays: roads and water, services, terminals."""


@dataclass(frozen=True)
class Cost:
    """Yuan of funds per unit of a finding's benefit, with a 95 % interval.

    A unit is a petition averted or a yuan earned.

    ``verdict``: known (value, low and high) or refused (``reason``, a key of the words: the effect
    was not found, or its range is too wide to divide by). ``detectable_percent`` and
    ``exaggeration`` are the finding's: a ratio is told with them only.
    """

    question: Question
    verdict: str
    funds: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    detectable_percent: float | None = None
    exaggeration: float | None = None
    reason: str | None = None

    @property
    def finding(self) -> str:
        """The id of the finding."""
        return self.question.id


def costs(measures: pd.DataFrame | None, findings: list[Finding]) -> list[Cost]:
    """One Cost for each of the two primary findings that is there."""
    funds = 0.0 if measures is None else float(measures["funds"].sum())
    by_question = {f.question: f for f in findings}
    asked = primary(f.id for f in findings)
    return [cost(funds, by_question[q]) for q in asked if q in by_question]


def cost(funds: float, finding: Finding) -> Cost:
    """The funds (yuan) over the benefit of one finding."""
    e = finding.estimate
    if funds <= 0:
        return Cost(finding.question, "refused", reason="no_funds")
    refused = Cost(finding.question, "refused", funds)
    if e.value is None or e.amounts is None or e.ci_low is None or e.ci_high is None:
        return replace(refused, reason=finding.reason or e.reason or "unknown")
    if finding.grade == "X":
        return replace(refused, reason="misleading")
    if not favourable(finding):
        return replace(refused, reason="not_found")
    if finding.minimum_detectable_percent is None or finding.exaggeration is None:
        return replace(refused, reason="unknown")
    gain = e.question.outcome.favourable * e.amounts.actual
    benefit = [float(gain * -np.expm1(-b)) for b in (e.value, e.ci_low, e.ci_high)]
    least, most = sorted(benefit[1:])
    if least <= 0 or most / least > WIDEST_COST:
        return replace(refused, reason="too_wide")
    return Cost(
        finding.question,
        "known",
        funds,
        funds / benefit[0],
        funds / most,
        funds / least,
        finding.minimum_detectable_percent,
        finding.exaggeration,
    )


def bought(measures: pd.DataFrame | None) -> dict[str, float]:
    """Yuan by measure of BOUGHT, those that had any, in that order."""
    if measures is None:
        return {}
    funds = measures.groupby("measure")["funds"].sum()
    return {m: float(funds[m]) for m in BOUGHT if funds.get(m, 0) > 0}
