"""The rows of pooled.json on measures: within counties, between them, and in earlier years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from village_eval.expectation.between_years import NORMAL, t_error
from village_eval.many import dose_algebra as algebra
from village_eval.many.association import between_counties, robustness_value, times_severity
from village_eval.many.doses import FEWEST, WIDEST, Pooled, Scores, pool_doses, table
from village_eval.many.doubts import LEVEL, Doubts, doubts
from village_eval.many.results import Result, followed, scores_of
from village_eval.measures.attribute import OUTCOMES
from village_eval.measures.doses import GROUP
from village_eval.report.findings_json import plain

FOUND = 0.05
WITH = {-1: "went_with_fewer", 1: "went_with_more"}
COLUMNS_HELD = 8
"""Columns held fixed beside the doses, in every county."""


def pool_measures(results: Sequence[Result]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows for each outcome, level and measure, and what stands beside them by outcome."""
    rows: list[dict[str, Any]] = []
    beside: dict[str, Any] = {}
    for outcome in OUTCOMES:
        scores = scores_of(results, outcome)
        if scores is None or len(np.unique(scores.county)) < FEWEST:
            continue
        earlier = scores_of(results, outcome, earlier=True)
        doubt = doubts(earlier, followed(results) if outcome == "petitions" else np.zeros((0, 2)))
        found = pool_doses(scores)
        of = table(scores, found, outcome)
        of = _with_spread(of, scores, found)
        of = _with_between(of, results, outcome, scores)
        of = _with_doubts(of, scores, results, outcome, doubt)
        of["level_of_doses"] = "observed"
        of["conclusion"] = [conclusion(row.estimate, row.p_adjusted) for row in of.itertuples()]
        rows += [plain(row) for row in of.to_dict("records")]
        beside[outcome] = plain(_beside(scores, found, doubt))
    return rows, beside


def conclusion(estimate: float, p_adjusted: float) -> str:
    """went_with_fewer, went_with_more, or cannot_be_told."""
    if np.isfinite(p_adjusted) and p_adjusted < FOUND:
        return WITH[int(np.sign(estimate))]
    return "cannot_be_told"


def _with_spread(of: pd.DataFrame, scores: Scores, found: Pooled) -> pd.DataFrame:
    """τ between counties and the prediction interval.

    One τ per group of measures; of a sum that of its parts.
    """
    tau = algebra.heterogeneity(scores.precision, scores.score, GROUP)
    spread = np.sqrt((scores.contrasts**2) @ tau**2)
    half = np.array([2 if not e.sd else e.half / e.sd for e in found.errors])
    wide = half * np.sqrt(spread**2 + found.se**2)
    given = of["estimate"].notna()
    return of.assign(
        tau=np.where(given, spread, np.nan),
        prediction_low=of["estimate"] - wide,
        prediction_high=of["estimate"] + wide,
    )


def _with_between(
    of: pd.DataFrame, results: Sequence[Result], outcome: str, scores: Scores
) -> pd.DataFrame:
    """The association between counties and by how much that within them differs from it."""
    value, error = between_counties(results, outcome, scores)
    apart = of["estimate"] - value
    se = np.sqrt(of["se"] ** 2 + error**2)
    p = [t_error(s, NORMAL).p_value(d) if s > 0 else np.nan for d, s in zip(apart, se, strict=True)]
    return of.assign(
        between_counties=value,
        between_se=error,
        within_less_between=apart,
        within_less_between_se=se,
        within_less_between_p=p,
    )


def _with_doubts(
    of: pd.DataFrame, scores: Scores, results: Sequence[Result], outcome: str, doubt: Doubts
) -> pd.DataFrame:
    """Placebo years, robustness, and whether what is told is told with a warning."""
    n = len(of)
    nothing = np.full(n, np.nan)
    placebo, placebo_se = nothing, nothing
    if doubt.placebo is not None:
        placebo_se = np.where(doubt.placebo.se < WIDEST, doubt.placebo.se, np.nan)
        placebo = np.where(np.isfinite(placebo_se), doubt.placebo.values, np.nan)
    times: list[float | None] = [None] * n
    without = scores_of(results, outcome, severity=False)
    if without is not None:
        values = without.contrasts @ algebra.pooled(without.precision.sum(0), without.score.sum(0))
        times = [
            times_severity(e, w) if np.isfinite(e) else None
            for e, w in zip(of["estimate"], values, strict=True)
        ]
    df = max(float(scores.villages.sum()) - COLUMNS_HELD * len(scores.villages), 1.0)
    return of.assign(
        placebo=placebo,
        placebo_se=placebo_se,
        robustness_value=[robustness_value(t, df) for t in of["estimate"] / of["se"]],
        times_severity=times,
        warned=doubt.doubtful,
    )


def _beside(scores: Scores, found: Pooled, doubt: Doubts) -> dict[str, Any]:
    """What holds of all measures of an outcome."""
    from village_eval.expectation.between_years import GRID

    return {
        "assigned": "not_by_lot",
        "doubtful": doubt.doubtful,
        "follows_trouble": {"estimate": doubt.follows, "p_value": doubt.follows_p},
        "follows": doubt.follows_p < LEVEL,
        "earlier_years_p_value": doubt.earlier_p,
        "earlier": doubt.earlier_p < LEVEL,
        "counties": len(np.unique(scores.county)),
        "villages": int(scores.villages.sum()),
        "years": int(scores.year.max()) + 1,
        "left_out_at_a_time": "cell" if scores.unit is scores.cell else "county",
        "common_shock": float(np.sqrt(found.shock @ GRID**2)),
    }
