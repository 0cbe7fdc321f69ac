"""Persistence against counties whose effect fades or stays.

Do the windows' and the half-life's intervals hold the truth?
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import fdtri

from village_eval.certify.runs import examined, holds, monte_carlo_error
from village_eval.certify.scenarios import PLAIN, Scenario
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.expectation.panel_settings import setting
from village_eval.findings.grading import findings_of
from village_eval.findings.may_say import half_life
from village_eval.findings.persistence import PIECES, WINDOWS, fit_fade, joint, persistence

SEEN = ("fading", "growing", "holds", "open")
"""Verdicts on an effect that was found in the year from the start."""
LASTING = replace(PLAIN, effect=-0.30, bottom_years_sd=0.05)
SETTINGS: dict[str, Scenario] = {
    "stays": LASTING,
    "half gone in 12 months": replace(LASTING, fade_halflife=12),
    "half gone in 6 months": replace(LASTING, fade_halflife=6),
    "half gone in 2 months": replace(LASTING, fade_halflife=2),
    "half gone in 6 months, nine townships": replace(LASTING, fade_halflife=6, n_townships=9),
    "nothing done": replace(LASTING, effect=0.0),
}


def _one(job: tuple[str, int]) -> pd.DataFrame:
    name, seed = job
    scenario = SETTINGS[name]
    county = simulate(scenario, seed, parts=False)
    s = setting(county.panel, county.campaign)
    estimates = {
        w: quiet_year_did(county.panel, county.campaign, window=w, given=s)
        for w in ("first_year", *WINDOWS)
    }
    told = persistence(
        findings_of((e, [], {}) for e in estimates.values()),
        county.panel,
        county.campaign,
    )
    path = [estimates[w] for w in PIECES]
    fade, (y, covariance, df) = fit_fade(path, county.campaign), joint(path)
    error = y - np.array([county.truth[e.id] for e in path])
    distance = error @ np.linalg.solve(covariance, error) / len(path)
    true = scenario.fade_halflife or np.inf
    row = {
        "setting": name,
        "seed": seed,
        "truth": true,
        "verdict": told.verdict,
        "half_life": fade.half_life,
        "low": fade.low,
        "high": fade.high,
        "covered": fade.low <= true <= fade.high if scenario.effect else None,
        "told": half_life(fade),
        "left": county.truth["petitions.after"] / (county.truth["petitions.first_year"] or np.nan),
        "path": distance <= fdtri(len(path), df, 0.95),
    }
    row |= {w: holds(e, county.truth[e.id]) for w, e in estimates.items()}
    return pd.DataFrame([row])


def certify_persistence(
    counties: int = 200,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per setting and county.

    The verdict, the half-life with its interval, what was covered.
    """
    jobs = [(name, k) for k in range(seed, seed + counties) for name in SETTINGS]
    return examined(_one, jobs, ("setting", "seed"), file=file, workers=workers)


def summarise_persistence(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per setting, over all counties and over those where an effect was seen.

    covered: intervals of the half-life that hold the truth, with Monte-Carlo error; told: those
    that are told (may_say.half_life); fading to not_seen: verdicts; left: the true share of the
    first year's effect left in the year after; low: median lower end; path: whether all windows
    after the end hold the truth together; then each window's own coverage.
    """
    rows = []
    for name in SETTINGS:
        for which in ("all", "effect seen"):
            g = runs[runs["setting"] == name]
            g = g if which == "all" else g[g["verdict"].isin(SEEN)]
            if g.empty:
                continue
            covered = pd.to_numeric(g["covered"])
            verdicts = {v: (g["verdict"] == v).mean() for v in (*SEEN, "later", "not_seen")}
            rows.append(
                {
                    "setting": name,
                    "which": which,
                    "counties": len(g),
                    "half_life": g["truth"].iloc[0],
                    "covered": covered.mean(),
                    "covered_mc": monte_carlo_error(covered),
                    "told": g["told"].mean(),
                    "left": g["left"].mean(),
                    **verdicts,
                    "low": g["low"].median(),
                    "path": g["path"].mean(),
                    **{w: g[w].mean() for w in ("first_year", *WINDOWS)},
                }
            )
    return pd.DataFrame(rows)
