"""A county's own lottery: its analysis, and what is kept of it for pooling over counties.

Of each factor a score S and with the others a precision P, so that exp(S'b − b'P b / 2) is the
likelihood of the factors' log effects b, by intention to treat: what the lot gave counts, never
what was done. With w = μ / (1 + μ/4), residuals z = (y − μ) / μ from the expectation scaled to the
outcome, and X the factors less their weighted means,

    P = X'wX / φ,   S = X'wz / φ,

φ the variance of X'wz over lotteries that could have been drawn, relative to X'wX: the design's own
variance (Freedman 2008; Imbens & Rubin 2015, chapter 7). The same of as many months before the
start are the placebo: no lot changes the past.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from village_eval.county.county import County
from village_eval.county.panel import Panel, row_of_code
from village_eval.county.plan import Plan
from village_eval.next_round.analysis import Analysis, Observed, analyse, observed, rows_in
from village_eval.next_round.randomisation import weights
from village_eval.words.vocabulary import MEASURE_GROUPS

FACTORS = ("start", *MEASURE_GROUPS)
"""Of all designs: an early start, and priority for each group of measures."""
ABOUT = ["outcome", "years_before", "design", "months", "year", "province", "villages"]
COLUMNS = [*ABOUT, "factor", "score", *FACTORS]
FEWEST = 12
"""Villages without which a lottery is not pooled: its own variance cannot be told."""
REPEATS = 999
PRIOR_DF = 8
"""The design's variance counts against the working model's (φ = 1) like so many villages: of few
villages it would now and then be next to nothing."""


@dataclass(frozen=True, eq=False)
class Lottery:
    """A plan, what it showed, COLUMNS for pooling, and the villages that left by merging."""

    plan: Plan
    analysis: Analysis
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    lost: tuple[str, ...] = ()


def lottery(county: County, panel: Panel, draws: int, seed: int = 1) -> Lottery | None:
    """The lottery of a county that has a plan, as far as its data go.

    Raises ValueError that names the plan's villages which the county does not have.
    """
    plan = county.plan
    if plan is None:
        return None
    campaign, row_of = county.campaign, dict(row_of_code(county, panel.villages))
    analysis = analyse(plan, panel, campaign, draws, seed, row_of)
    rows = rows_in(plan, row_of)
    lost = tuple(plan.codes[rows < 0].tolist())
    if analysis.reason or (rows >= 0).sum() < FEWEST:
        return Lottery(plan, analysis, lost=lost)
    first, kept = panel.month_index(plan.start_month), []
    for before in (0, 1):
        start = first - before * plan.design.months
        of = observed(plan, panel, campaign, rows, start, REPEATS, seed)
        if of is not None and start > 0:
            kept.append(scores(plan, of, before))
    about = {"province": str(panel.villages["village_code"].iloc[0])[:2]}
    return Lottery(plan, analysis, pd.concat(kept, ignore_index=True).assign(**about), lost)


def scores(plan: Plan, of: Observed, before: int = 0) -> pd.DataFrame:
    """COLUMNS of one window, a row for each factor; ``province`` is left empty."""
    precision, score = likelihood(of.held, of.lotteries, of.y, of.expected)
    design = plan.design
    name = design.name.removesuffix("_full")
    about = ("petitions", before, name, design.months, plan.start.year, "", len(of.y))
    kept = pd.DataFrame([about] * len(design.factors), columns=ABOUT)
    kept = kept.assign(factor=design.factors, score=score)
    return kept.join(pd.DataFrame(precision, columns=list(design.factors))).reindex(
        columns=COLUMNS, fill_value=0.0
    )


def likelihood(
    held: np.ndarray, lotteries: np.ndarray, y: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Precision P [K, K] and score S [K] of the log effects of factors.

    held bool [n, K], lotteries bool [D, n, K], y and expected [n].
    """
    mu = expected * (y.sum() / expected.sum())
    w, z = mu * weights(mu), (y - mu) / mu
    x = held - (w @ held) / w.sum()
    information, pull = (x * w[:, None]).T @ x, x.T @ (w * z)
    rest = z - x @ np.linalg.lstsq(information, pull, rcond=None)[0]
    rest = w * (rest - (w @ rest) / w.sum())
    drawn = np.einsum("dnk,n->dk", lotteries, rest)
    # Of lotteries the centre does not matter: Σ w rest = 0.
    own = float(np.mean(drawn.var(0) / np.maximum(np.diag(information), 1e-12)))
    df = max(len(y) - held.shape[1] - 1, 1)
    phi = (df * own + PRIOR_DF) / (df + PRIOR_DF)
    return information / phi, pull / phi
