"""Were figures nudged over a threshold? Threat: 30, 50 and 100 thousand yuan decide whether a
village counts as 薄弱村.

Among villages within WIDTH of a threshold, as many should stand just above it as did before the
campaign and do elsewhere. Fisher's exact test (one-sided, the three thresholds pooled) compares
listed villages of the campaign year with unlisted villages of that year and all villages of earlier
years (in the spirit of McCrary 2008, with a comparison in place of smoothness). A fail misleads
when villages that stand just above a threshold make up most of the rise. A pass does not prove
honest books: figures raised far beyond a threshold, or raised in every village alike, are not seen.
"""

from __future__ import annotations

import numpy as np

from village_eval.checks import BEYOND_FAIL, BEYOND_WEAK, verdict
from village_eval.expectation.results import Check, Estimate, Number
from village_eval.expectation.setting import Setting

THRESHOLDS = (30_000, 50_000, 100_000)
"""Yuan a year."""
WIDTH = 0.10
LEAST = 3
"""Listed villages within WIDTH of a threshold without which nothing can be said."""
MOST = 0.5
"""Share of a rise that makes it the work of villages just above a threshold."""


def bunching(s: Setting, estimate: Estimate) -> Check:
    """Just above against just below, listed against the others; ``estimate`` is that of an income
    total by year."""
    y = s.series.target(0, estimate.window)
    if estimate.value is None or y is None:
        return Check("bunching", estimate.question, "not_applicable")
    listed, start = s.panel.listed, s.series.start
    above, below = _near(y)
    earlier = [_near(s.series.values[:, t]) for t in range(min(start, s.series.values.shape[1]))]
    now = above[listed].sum(), below[listed].sum()
    others = (
        above[~listed].sum() + sum(a.sum() for a, _ in earlier),
        below[~listed].sum() + sum(b.sum() for _, b in earlier),
    )
    if sum(now) < LEAST or min(others) < LEAST:
        return Check("bunching", estimate.question, "not_applicable")
    from scipy.stats import fisher_exact

    p = float(fisher_exact([now, others], alternative="greater").pvalue)
    usual = others[0] / sum(others)
    explained = _explained(s, estimate, y, above & listed)
    numbers = {
        "p_value": Number(p, "p_value"),
        "above": Number(int(now[0]), "count"),
        "below": Number(int(now[1]), "count"),
        "above_share": Number(float(now[0] / sum(now)), "share"),
        "usual_share": Number(float(usual), "share"),
        "explained": Number(explained, "share"),
    }
    misleads = estimate.value > 0 and explained is not None and explained > MOST
    return Check(
        "bunching",
        estimate.question,
        verdict(p, BEYOND_WEAK, BEYOND_FAIL),
        numbers,
        misleads=misleads,
    )


def _near(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which villages stand just above, and which just below, one of the thresholds: bool [V] twice;
    NaN is neither."""
    above = np.any([(y >= t) & (y < t * (1 + WIDTH)) for t in THRESHOLDS], axis=0)
    return above, np.any([(y >= t * (1 - WIDTH)) & (y < t) for t in THRESHOLDS], axis=0)


def _explained(s: Setting, estimate: Estimate, y: np.ndarray, above: np.ndarray) -> float | None:
    """Share of the listed villages' rise that lies in those just above a threshold; None without a
    rise."""
    rise = (estimate.absolute or 0) * s.panel.listed.sum()
    if rise <= 0:
        return None
    base = s.base(0, estimate.window, "history")[0]
    known = s.panel.listed & np.isfinite(y) & np.isfinite(base)
    expected = base * (y[known].sum() - rise) / base[known].sum()
    return float((y - expected)[above & known].sum() / rise)
