"""How far a list that foresees trouble moves the headline, by how well the rule knows the list.

Assessors who know where trouble is brewing list villages whose next year would have been worse
anyway, and no register can show it. What bounds the harm is how much of the list the register
explains: the share of the listed that the learned rule finds. Simulated counties in which nothing
is done, whose assessment correlates by FORESIGHT with the coming year's own shocks and weighs from
little to most, say what to expect at each share found (findings/caps.py, FORESEEN).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.runs import examined, monte_carlo_error
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.panel_settings import setting

FORESIGHT = 0.8
WEIGHTS = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5)
"""Of the assessment, against one of petitions and 0.3 of income."""
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Of the classes of shares found."""


def _one(job: tuple[float, int]) -> pd.DataFrame:
    weight, seed = job
    scenario = replace(PLAIN, effect=0.0, foresight=FORESIGHT, assessment_weight=weight)
    county = simulate(scenario, seed, parts=False)
    rule = learn_rule(county.panel, county.campaign)
    s = setting(county.panel, county.campaign, "petitions", rule)
    e = quiet_year_did(county.panel, county.campaign, given=s)
    row = (weight, seed, rule.found, e.value, e.ci_low, e.ci_high)
    return pd.DataFrame([row], columns=["weight", "seed", "found", "value", "ci_low", "ci_high"])


def certify_foresight(
    counties: int = 100, *, seed: int = 1, workers: int | None = None, file: Path | None = None
) -> pd.DataFrame:
    """One row per county: weight of the assessment, share found, the headline and its interval."""
    jobs = [(weight, k) for k in range(seed, seed + counties) for weight in WEIGHTS]
    return examined(_one, jobs, ("weight", "seed"), file=file, workers=workers)


def summarise_foresight(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per class of shares found.

    Columns: low and high end of the class, found (mean), counties, shift (mean of the headline
    where nothing was done) with its Monte-Carlo error, sd, rose: how often a rise is significant.
    """
    rows = []
    for edge, g in runs.groupby(pd.cut(runs["found"], EDGES, include_lowest=True), observed=True):
        rows.append(
            {
                "low": max(edge.left, 0.0),
                "high": edge.right,
                "found": g["found"].mean(),
                "counties": len(g),
                "shift": g["value"].mean(),
                "shift_mc": monte_carlo_error(g["value"]),
                "sd": g["value"].std(),
                "rose": float(np.mean(g["ci_low"] > 0)),
            }
        )
    return pd.DataFrame(rows)
