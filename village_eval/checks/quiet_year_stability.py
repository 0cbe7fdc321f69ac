"""Do quiet years agree with each other, and what would overturn the answer?

That is, how far off the campaign year would have to be.

The breakdown value M is in the manner of Rambachan & Roth (2023): the interval value ± (M · largest
quiet-year deviation + t · within-year error) excludes zero as long as the campaign year deviates by
less than M times that deviation.
"""

from __future__ import annotations

import numpy as np
from scipy.special import fdtrc, fdtri, stdtrit

from village_eval.checks.declared import Case, DeclaredCheck, Threat, asked_of_income_and_petitions
from village_eval.checks.levels import POWER, WEAK, verdict
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.results import Check, Drawn


def ask(case: Case) -> Check:
    """Heterogeneity of the quiet-year effects, and the breakdown value.

    Hotelling's T² with the jackknife's covariance.

    With p = n − 1 contrasts of n years and a covariance of ν degrees of freedom, T² (ν − p + 1) /
    (ν p) is F(p, ν − p + 1).
    """
    estimate = case.estimate
    quiet, n = estimate.quiet_years, len(estimate.years)
    if quiet is None or n < 2:
        return case.answer("not_applicable", {"quiet_years": Number(n, "count")})
    ones, tau = np.ones(n), quiet.table["estimate"].to_numpy()
    deviation = float(np.abs(tau - tau.mean()).max())
    inverse = np.linalg.pinv(quiet.covariance)
    weight = ones @ inverse @ ones
    if not weight > 0:  # years that know no error, as of villages that earn nothing, ever
        return case.answer("not_applicable", {"quiet_years": Number(n, "count")})
    residual = tau - ones @ inverse @ tau / weight
    df = case.df - n + 2
    statistic = residual @ inverse @ residual * df / (case.df * (n - 1))
    p = float(fdtrc(n - 1, df, statistic)) if df >= 1 else None
    margin = abs(case.value) - stdtrit(case.df, 0.975) * case.within_se
    numbers = {
        "quiet_years": Number(n, "count"),
        "p_value": Number(p, "p_value"),
        "largest_deviation": change(deviation, estimate.scale),
        "breakdown": Number(
            max(0.0, float(margin / deviation)) if deviation > 0 else None, "ratio"
        ),
    }
    return case.answer(
        verdict(p),
        numbers,
        frame=quiet.table,
        could_see=None if df < 1 else change(least_spread(quiet.covariance, df), estimate.scale),
    )


def least_spread(covariance: np.ndarray, df: float) -> float:
    """The spread of n years beyond chance that is at least weak with POWER.

    A spread s² is taken to enlarge the statistic by 1 + s² / v, with v the variance of a year less
    its covariance with another, by ``covariance`` [n, n].
    """
    n = len(covariance)
    mean = np.trace(covariance) / n
    v = max(mean - (covariance.sum() - n * mean) / (n * (n - 1)), 0.0)
    larger = fdtri(n - 1, df, 1 - WEAK) / fdtri(n - 1, df, 1 - POWER)
    return float(np.sqrt(v * (larger - 1)))


quiet_year_stability = DeclaredCheck(
    "quiet_year_stability",
    ask,
    asked_of_income_and_petitions,
    (Threat("quiet years differ", (0.2, 0.4, 0.8), field="bottom_years_sd"),),
    Drawn(label="year"),
)
