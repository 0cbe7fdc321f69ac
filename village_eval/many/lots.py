"""Rounds drawn by lot, pooled over the counties that drew one: the only place for “did”.

What the lot gave counts, not what was done (intention to treat); doses that officials chose never
enter. The mean over lotteries is the precision-weighted b = (ΣP)⁻¹ ΣS (dose_algebra.py). A lottery
knows its own error, so that two counties are enough; what effects differ by between counties (τ)
and years (σ) has half-t priors, updated by the likelihood of these differences, and the error is
the mixture over both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from village_eval.expectation.between_years import GRID, Mixture, prior
from village_eval.expectation.multiplicity import holm
from village_eval.many import dose_algebra as algebra
from village_eval.many.results import Result, numbered
from village_eval.next_round.lottery import FACTORS
from village_eval.report.findings_json import plain

FEWEST = 2
"""Counties without which nothing is pooled: one lottery stands in its county's report."""
DIFFER_SCALE = 0.05
"""Half-t prior of the standard deviation of effects between counties; chosen on provinces of seeds
from 30101: 0.03 covers a little less where they differ, 0.1 finds less."""
FOUND = 0.05
UNBALANCED = 0.01
"""Level at which a lot that went with petitions of the months before it is no longer believed."""
DID = {-1: "lowered", 1: "raised"}
WITH = {-1: "went_with_fewer", 1: "went_with_more"}
COARSE = GRID[GRID <= 0.5][::4]
"""Standard deviations that are told apart, of the grid's."""


@dataclass(frozen=True, eq=False)
class Lots:
    """Lotteries of one design in C counties: precision [C, K, K], score [C, K] of K factors.

    ``year`` and ``county`` [C] are numbered from 0.
    """

    factors: tuple[str, ...]
    precision: np.ndarray
    score: np.ndarray
    year: np.ndarray
    villages: int

    @property
    def county(self) -> np.ndarray:
        """Each is its own unit."""
        return np.arange(len(self.score))


@dataclass(frozen=True, eq=False)
class Pooled:
    """Effects of K factors [K] with their errors; τ and its share, the spread between counties."""

    values: np.ndarray
    errors: list[Mixture]
    tau: float

    @property
    def se(self) -> np.ndarray:
        """Root mean squared errors [K]."""
        return np.array([error.sd for error in self.errors])

    @property
    def p_values(self) -> np.ndarray:
        """Two-sided, Holm over the factors [K]."""
        each = {
            k: e.p_value(v) for k, (v, e) in enumerate(zip(self.values, self.errors, strict=True))
        }
        adjusted = holm(each)
        return np.array([adjusted[k] for k in each])


def pool_lotteries(lots: Lots, shocks: bool = True) -> Pooled:
    """Pool; with ``shocks`` the error has its part for what a year does to a factor everywhere."""
    p, s, k = lots.precision, lots.score, len(lots.factors)
    total = algebra.ridged(p.sum(0))
    within = np.diag(np.linalg.inv(total))
    differ = _posterior(p, s)
    of_county = algebra.shock_share(p, lots.county, np.eye(k))
    shock, of_year = np.ones(1), np.zeros(k)
    years = np.zeros(1)
    if shocks:
        shock, years = algebra.shock_posterior(p, s, lots.year, 1.0), GRID
        of_year = algebra.shock_share(p, lots.year, np.eye(k))
    weights = np.outer(differ, shock).ravel()
    kept = weights > 1e-9 * weights.max()
    errors = []
    for v, a, b in zip(within, of_county, of_year, strict=True):
        scales = np.sqrt(v + a * COARSE[:, None] ** 2 + b * years[None, :] ** 2).ravel()
        errors.append(Mixture(scales[kept], weights[kept] / weights[kept].sum(), _df(lots)))
    tau = float(np.sqrt(differ @ COARSE**2))
    return Pooled(algebra.pooled(p.sum(0), s.sum(0)), errors, tau)


def _posterior(precision: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Weights on COARSE of the standard deviation of effects between counties."""
    k = score.shape[1]
    weights = np.interp(COARSE, GRID, prior(DIFFER_SCALE))
    logs = np.array([-0.5 * algebra.loss(np.full(k, sd**2), precision, score) for sd in COARSE])
    weights = weights * np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _df(lots: Lots) -> float:
    """Of the lotteries' own variances."""
    return max(float(lots.villages - len(lots.score) * (len(lots.factors) + 1)), 1.0)


def pool_lots(results: Sequence[Result]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows for each design and factor, as those of measures, and what stands beside them."""
    drawn = [r for r in results if r.content.get("lottery")]
    rows: list[dict[str, Any]] = []
    kept = [r.lots[["design", "months"]] for r in drawn if r.lots is not None]
    kinds = set(pd.concat(kept).itertuples(index=False, name=None)) if kept else set()
    used: set[str] = set()
    for design, months in sorted(kinds):
        now, names = lots_of(drawn, design, months, 0)
        if now is None or len(now.score) < FEWEST:
            continue
        before, _ = lots_of(drawn, design, months, 1)
        rows += _rows(now, before, design, int(months), len(drawn))
        used |= names
    reasons = {r.name: r.content["lottery"]["reason"] for r in drawn if r.name not in used}
    left = [{"county": name, "reason": why or "too_few"} for name, why in reasons.items()]
    return rows, {"counties": len(used), "counties_in_all": len(drawn), "left_out": left}


def lots_of(
    results: Sequence[Result], design: str, months: int, before: int
) -> tuple[Lots | None, set[str]]:
    """Lotteries of one design and length, or their placebos; and the counties' names."""
    found, names = [], set()
    factors: tuple[str, ...] = ()
    for result in results:
        if result.lots is None:
            continue
        of = result.lots
        of = of[
            (of["design"] == design) & (of["months"] == months) & (of["years_before"] == before)
        ]
        if of.empty:
            continue
        factors = tuple(f for f in FACTORS if f in set(of["factor"]))
        of = of.set_index("factor").loc[list(factors)]
        first = of.iloc[0]
        numbers = of[list(factors)].to_numpy(float), of["score"].to_numpy(float)
        found.append((*numbers, int(first["year"]), int(first["villages"])))
        names.add(result.name)
    if not found:
        return None, names
    precision, score, years, villages = zip(*found, strict=True)
    lots = Lots(factors, np.array(precision), np.array(score), numbered(years), sum(villages))
    return lots, names


def _rows(
    now: Lots, before: Lots | None, design: str, months: int, in_all: int
) -> list[dict[str, Any]]:
    found = pool_lotteries(now)
    nothing = np.full(len(now.factors), np.nan)
    placebo, placebo_se, odd = nothing, nothing, False
    if before is not None:
        earlier = pool_lotteries(before, shocks=False)
        placebo, placebo_se = earlier.values, earlier.se
        odd = bool(earlier.p_values.min() < UNBALANCED)
    half = np.array([error.half for error in found.errors])
    wide = half / found.se * np.sqrt(found.se**2 + found.tau**2)
    of = pd.DataFrame(
        {
            "level": "overall" if design == "phased" else "group",
            "measure": None,
            "group": [None if f == "start" else f for f in now.factors],
            "outcome": "petitions",
            "level_of_doses": "assigned",
            "design": design,
            "months": months,
            "counties": len(now.score),
            "counties_in_all": in_all,
            "villages": now.villages,
            "estimate": found.values,
            "se": found.se,
            "ci_low": found.values - half,
            "ci_high": found.values + half,
            "p_adjusted": found.p_values,
            "tau": found.tau,
            "prediction_low": found.values - wide,
            "prediction_high": found.values + wide,
            "placebo": placebo,
            "placebo_se": placebo_se,
            "warned": odd,
        }
    )
    told = [plain(row) for row in of.to_dict("records")]
    for row in told:
        row["conclusion"] = conclusion(row["estimate"], row["p_adjusted"], odd)
    return told


def conclusion(estimate: float, p_adjusted: float, unbalanced: bool) -> str:
    """lowered or raised; what it went with, where the lot went with the months before it too."""
    if p_adjusted >= FOUND:
        return "cannot_be_told"
    return (WITH if unbalanced else DID)[int(np.sign(estimate))]
