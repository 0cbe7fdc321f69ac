"""Beside the pooled measures: between counties, in earlier years, and what unseen trouble it takes.

Within a county, villages that got more are compared with villages that got less. Between counties,
those that did more (often by decree) are compared with those that did less; where the two disagree,
neither may be what the measure did.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from village_eval.many.doses import CONTRASTS, Scores
from village_eval.many.findings import usable
from village_eval.many.results import Result
from village_eval.many.synthesis import synthesis
from village_eval.measures.doses import IN_GROUP
from village_eval.words.vocabulary import MEASURES

ENOUGH = {"overall": 10, "group": 20, "measure": 60}
"""Counties from which on the mean doses of a level are set against the counties' own findings."""
FINDING = {
    "petitions": "petitions.first_year",
    "earned_income": "earned_income.first_year.typical",
    "own_income": "own_income.first_year.typical",
}
"""The finding that the doses of an outcome belong to."""


def between_counties(
    results: Sequence[Result], outcome: str, scores: Scores
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and errors of CONTRASTS [22] from counties' means; NaN where it cannot be said.

    In the units of the contrasts: a full dose at level measure, else the mean dose given.
    """
    value, error = np.full(len(CONTRASTS), np.nan), np.full(len(CONTRASTS), np.nan)
    found = []
    for result in results:
        if result.scores is None:
            continue
        of = result.scores[(result.scores["outcome"] == outcome) & result.scores["severity"]]
        of = of[of["years_before"] == 0].set_index("measure")
        told = [f for f in result.content["findings"] if f["id"] == FINDING[outcome] and usable(f)]
        if len(of) and told:
            dose = of["mean_dose"].reindex(MEASURES).to_numpy(float)
            found.append((told[0]["estimate"], told[0]["se"] ** 2, dose))
    if not found:
        return value, error
    y, v, dose = (np.array(x) for x in zip(*found, strict=True))
    unit = scores.contrasts
    levels = np.array([level for level, _, _ in CONTRASTS])
    for level, of_level in (
        ("overall", dose.sum(1, keepdims=True)),
        ("group", dose @ IN_GROUP),
        ("measure", dose),
    ):
        rows = np.flatnonzero(levels == level)
        varies = of_level.std(0) > 1e-9
        if len(y) < ENOUGH[level] or not varies.any():
            continue
        fit = synthesis(y, v, np.column_stack([of_level[:, varies], np.ones(len(y))]))
        scale = unit[rows].sum(1) if level != "measure" else np.ones(len(rows))
        at = rows[varies]
        value[at] = fit.beta[:-1] * scale[varies]
        error[at] = np.sqrt(np.diag(fit.covariance)[:-1]) * scale[varies]
    return value, error


def robustness_value(t: float, df: float) -> float:
    """RV: the share of what is left of doses and of outcome that unseen trouble must explain.

    Of both alike, to bring an estimate with ``t`` to zero (Cinelli & Hazlett 2020, equation 18).
    """
    f2 = t * t / df
    return float((np.sqrt(f2 * f2 + 4 * f2) - f2) / 2)


def times_severity(estimate: float, without: float) -> float | None:
    """How many times the observed severity's pull an unseen trouble would need to explain all.

    ``without``: the estimate with the severity of the first weeks not held fixed. None where
    holding it fixed moves nothing.
    """
    pull = without - estimate
    return None if abs(pull) < 1e-12 else abs(estimate / pull)
