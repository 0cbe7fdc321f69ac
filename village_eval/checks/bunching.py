"""Were figures nudged over a threshold?

Threat: 30, 50 and 100 thousand yuan decide whether a village counts as 薄弱村.

Among villages within WIDTH of a threshold, as many should stand just above it as did before the
campaign and do elsewhere. Fisher's exact test (one-sided, the three thresholds pooled) compares
listed villages of the campaign year with unlisted villages of that year and all villages of earlier
years (in the spirit of McCrary 2008, with a comparison in place of smoothness). A fail misleads
when villages that stand just above a threshold make up most of the rise. A pass does not prove
honest books: figures raised far beyond a threshold, or raised in every village alike, are not seen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from village_eval.checks.declared import Case, DeclaredCheck, Simulated, Threat
from village_eval.checks.levels import BEYOND_FAIL, BEYOND_WEAK, POWER, verdict
from village_eval.county.panel import Panel
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import Question
from village_eval.expectation.results import Check, Drawn, Estimate
from village_eval.expectation.setting import Setting
from village_eval.words.vocabulary import INCOME_SOURCES

THRESHOLDS = (30_000, 50_000, 100_000)
"""Yuan a year."""
WIDTH = 0.10
LEAST = 3
"""Listed villages within WIDTH of a threshold without which nothing can be said."""
MOST = 0.5
"""Share of a rise that makes it the work of villages just above a threshold."""


def ask(case: Case) -> Check:
    """Just above against just below, listed against the others.

    ``estimate`` is that of an income total by year.
    """
    setting, estimate = case.setting, case.estimate
    y = setting.series.target(0, estimate.window)
    if estimate.value is None or y is None:
        return case.answer()
    listed, start = setting.panel.listed, setting.series.start
    above, below = _near(y)
    earlier = [
        _near(setting.series.values[:, t])
        for t in range(min(start, setting.series.values.shape[1]))
    ]
    now = above[listed].sum(), below[listed].sum()
    others = (
        above[~listed].sum() + sum(a.sum() for a, _ in earlier),
        below[~listed].sum() + sum(b.sum() for _, b in earlier),
    )
    if sum(now) < LEAST or min(others) < LEAST:
        return case.answer()
    from scipy.stats import fisher_exact

    p = float(fisher_exact([now, others], alternative="greater").pvalue)
    usual = others[0] / sum(others)
    explained = _explained(setting, estimate, y, above & listed)
    numbers = {
        "p_value": Number(p, "p_value"),
        "above": Number(int(now[0]), "count"),
        "below": Number(int(now[1]), "count"),
        "above_share": Number(float(now[0] / sum(now)), "share"),
        "usual_share": Number(float(usual), "share"),
        "explained": Number(explained, "share"),
    }
    misleads = estimate.value > 0 and explained is not None and explained > MOST
    return case.answer(
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        misleads=misleads,
        could_see=_least_share(int(sum(now)), others),
    )


def _least_share(n: int, others: tuple[int, int]) -> Number | None:
    """The share just above, of ``n`` listed, that is at least weak with POWER.

    None where even all of them just above would be no surprise.
    """
    from scipy.stats import binom, hypergeom

    # Fisher's test: so many above of the listed by chance, given all that are near.
    above, whole = others[0], sum(others)
    p = [hypergeom.sf(k - 1, whole + n, above + k, n) for k in range(n + 1)]
    enough = next((k for k in range(n + 1) if p[k] < BEYOND_WEAK), None)
    if enough is None:
        return None
    shares = np.linspace(0, 1, 101)
    return Number(float(shares[binom.sf(enough - 1, n, shares) >= POWER][0]), "share")


def _near(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which villages stand just above, and which just below, one of the thresholds: bool [V] twice.

    NaN is neither.
    """
    above = np.any([(y >= t) & (y < t * (1 + WIDTH)) for t in THRESHOLDS], axis=0)
    return above, np.any([(y >= t * (1 - WIDTH)) & (y < t) for t in THRESHOLDS], axis=0)


def _explained(
    setting: Setting, estimate: Estimate, y: np.ndarray, above: np.ndarray
) -> float | None:
    """Share of the listed villages' rise that lies in those just above a threshold.

    None without a rise.
    """
    rise = (estimate.absolute or 0) * setting.panel.listed.sum()
    if rise <= 0:
        return None
    base = setting.expectation(0, estimate.window)[0]
    known = setting.panel.listed & np.isfinite(y) & np.isfinite(base)
    expected = base * (y[known].sum() - rise) / base[known].sum()
    return float((y - expected)[above & known].sum() / rise)


def _of(question: Question) -> bool:
    return question.outcome.family == "income" and question.total


def nudged(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """Of the listed a little short of a threshold, ``size`` report a little more than it.

    Up to a fifth short.
    """
    panel = made.panel
    assert panel.income is not None  # simulated villages have an income
    income = panel.income.copy()
    year = int(np.flatnonzero(panel.annual_income[0] == made.campaign.income_year())[0])
    total = income[:, year].sum(1)
    for threshold in THRESHOLDS:
        near = (total >= 0.8 * threshold) & (total < threshold)
        short = panel.listed & near & (rng.random(len(total)) < size)
        more = (threshold * (1 + rng.uniform(0, 0.03, len(total))) - total).round()
        income[short, year, INCOME_SOURCES.index("operating")] += more[short]
    return replace(panel, income=income)


bunching = DeclaredCheck(
    "bunching",
    ask,
    _of,
    (
        Threat(
            "nudged over a threshold", (0.25, 0.5, 1.0), "total_income.first_year", change=nudged
        ),
    ),
    Drawn((("above_share",), ("usual_share",))),
)
