"""What certification says of a design.

Bias, spread, coverage, claims, power, each with its Monte-Carlo error.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from village_eval.certify.runs import monte_carlo_error
from village_eval.certify.scenarios import SCENARIOS

FAVOURABLE = {"petitions": -1}
"""The sign a county hopes for; +1 where not named."""
KEYS = ["scenario", "outcome", "design"]


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per scenario, outcome and design.

    bias and its Monte-Carlo error, sd and rmse of the error; coverage of the 95 % interval with its
    error, and of the jackknife's own; width of the interval; claims: how often a favourable effect
    is significant (false where nothing happened, power else); exaggeration: mean ratio to the truth
    of significant estimates of a real effect. Of a design that gives no interval there is only
    bias, sd and rmse.
    """
    numbers = ["value", "truth", "ci_low", "ci_high", "within_se", "df"]
    runs = runs.assign(**{name: pd.to_numeric(runs[name]) for name in numbers})
    rows, order = [], {name: k for k, name in enumerate(SCENARIOS)}
    runs = runs.sort_values("scenario", key=lambda names: names.map(order), kind="stable")
    for keys, g in runs.groupby(KEYS, sort=False):
        g = g[g["value"].notna()]
        n, error = len(g), (g["value"] - g["truth"]).to_numpy()
        if n == 0:
            continue
        inside = ((g["ci_low"] <= g["truth"]) & (g["truth"] <= g["ci_high"])).to_numpy()
        interval = g["ci_low"].notna().all() and g["ci_high"].notna().all()
        within = g["within_se"].notna().all()
        jackknife = (
            np.mean(np.abs(error) <= stdtrit(g["df"], 0.975) * g["within_se"]) if within else np.nan
        )
        sign = FAVOURABLE.get(keys[1], 1)
        claimed = ((g["ci_high"] < 0) if sign < 0 else (g["ci_low"] > 0)).to_numpy()
        coverage, claims = (inside.mean(), claimed.mean()) if interval else (np.nan, np.nan)
        null = np.isclose(g["truth"].to_numpy(), 0)
        real = claimed & ~null
        rows.append(
            {
                **dict(zip(KEYS, keys, strict=True)),
                "counties": n,
                "truth": g["truth"].mean(),
                "bias": error.mean(),
                "bias_mc": monte_carlo_error(pd.Series(error)),
                "sd": error.std(ddof=1) if n > 1 else np.nan,
                "rmse": np.sqrt((error**2).mean()),
                "coverage": coverage,
                "coverage_mc": monte_carlo_error(pd.Series(inside)) if interval else np.nan,
                "coverage_jackknife": jackknife,
                "width": (g["ci_high"] - g["ci_low"]).mean(),
                "claims": claims,
                "claims_mc": monte_carlo_error(pd.Series(claimed)) if interval else np.nan,
                "exaggeration": np.mean(g["value"].to_numpy()[real] / g["truth"].to_numpy()[real])
                if real.any()
                else np.nan,
            }
        )
    return pd.DataFrame(rows)
