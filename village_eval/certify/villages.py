"""Villages against simulated counties: of those called improved with a probability, how many are.

Is the count honest?
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.runs import examined, monte_carlo_error
from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import Simulated, simulate
from village_eval.designs import quiet_year_did
from village_eval.expectation.panel_settings import setting
from village_eval.findings.villages import IMPROVED, SURE, turnaround, village_table

EXAMINED = ("plain", "null", "null_years", "rare", "persistent", "serial")
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


def true_ratio(county: Simulated, share: np.ndarray, done: bool = True) -> np.ndarray:
    """The underlying ratio of each village [V].

    A village's first-year rate with the campaign (not ``done``: without it) over what history leads
    to expect.

    ``share`` [V]: the villages' expected shares by history. Their level is the truth's: the listed
    villages' expectations add up to their rates without the campaign.
    """
    start = county.panel.month_index(county.campaign.start_month)
    rate, quiet = (a[:, start : start + 12].sum(1) for a in (county.rate, county.quiet_rate))
    listed = county.panel.listed
    level = share * quiet[listed].sum() / share[listed].sum()
    return (rate if done else quiet) / level


def _one(job: tuple[str, int]) -> pd.DataFrame:
    name, seed = job
    county = simulate(SCENARIOS[name], seed, parts=False)
    s = setting(county.panel, county.campaign)
    estimate = quiet_year_did(county.panel, county.campaign, given=s)
    table, count = village_table(s, estimate), turnaround(s, estimate)
    share = s.base(0, estimate.window, "history")
    assert share is not None and count is not None  # a simulated county has a history
    ratio = pd.Series(true_ratio(county, share[0]), county.panel.villages["village_code"])
    table["true_ratio"] = ratio.reindex(table["village_code"]).to_numpy()
    listed = county.panel.listed
    without = int((true_ratio(county, share[0], done=False) < IMPROVED)[listed].sum())
    assert count.excess is not None
    about = {
        "scenario": name,
        "seed": seed,
        "without": without,
        "excess": count.excess[0],
        "excess_low": count.excess[1],
        "excess_high": count.excess[2],
        "low": count.low,
        "high": count.high,
        "announced": count.before_after,
    }
    return table.assign(
        **about, quiet=count.quiet["improved"].mean(), quiet_sure=count.quiet["sure"].mean()
    )


def certify_villages(
    counties: int = 200,
    *,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per listed village of every county of EXAMINED.

    What is told of it, and its true ratio.
    """
    jobs = [(name, k) for k in range(seed, seed + counties) for name in EXAMINED]
    return examined(_one, jobs, ("scenario", "seed"), file=file, workers=workers)


def summarise_villages(runs: pd.DataFrame) -> pd.DataFrame:
    """Per scenario: a row per probability told, one for SURE and more, the count, the excess.

    ``said`` is the mean probability (the mean count), ``true`` the share that is truly improved
    (their mean number); its Monte-Carlo error knows that villages of one county share the
    headline's error. ``covered``: how often the count's interval holds the true number, and the 90
    % intervals of the ratios the true ratio. ``announced``: by a plain comparison; ``quiet``: the
    same computation in quiet years. The excess is set against the villages improved less those that
    would have been without the campaign; ``told``: how often “more” is said.
    """
    runs = runs.assign(improved=runs["true_ratio"] < IMPROVED)
    rows = []
    for name in EXAMINED:
        g = runs[runs["scenario"] == name]
        p = g["probability_improved"]
        levels = [
            (f"{a:g} to {b:g}", g[(p >= a) & (p < b if b < 1 else p <= b)])
            for a, b in pairwise(BINS)
        ]
        for label, part in [*levels, (f"at least {SURE:g}", g[p >= SURE])]:
            if len(part):
                inside = (part["ratio_low"] <= part["true_ratio"]) & (
                    part["true_ratio"] <= part["ratio_high"]
                )
                rows.append(
                    {
                        "scenario": name,
                        "probability": label,
                        "villages": len(part),
                        "said": part["probability_improved"].mean(),
                        "true": part["improved"].mean(),
                        "true_mc": monte_carlo_error(part["improved"], part["seed"]),
                        "covered": inside.mean(),
                    }
                )
        by = g.groupby("seed").agg(
            said=("probability_improved", "sum"),
            true=("improved", "sum"),
            low=("low", "first"),
            high=("high", "first"),
            announced=("announced", "first"),
            quiet=("quiet", "first"),
            without=("without", "first"),
            excess=("excess", "first"),
            excess_low=("excess_low", "first"),
            excess_high=("excess_high", "first"),
        )
        beyond = by["true"] - by["without"]
        held = (by["excess_low"] <= beyond) & (beyond <= by["excess_high"])
        covered = ((by["low"] <= by["true"]) & (by["true"] <= by["high"])).mean()
        rows.append(
            {
                "scenario": name,
                "probability": "count in a county",
                "villages": len(by),
                "said": by["said"].mean(),
                "true": by["true"].mean(),
                "true_mc": monte_carlo_error(by["true"]),
                "covered": covered,
                "announced": by["announced"].mean(),
                "quiet": by["quiet"].mean(),
            }
        )
        rows.append(
            {
                "scenario": name,
                "probability": "excess over quiet years",
                "villages": len(by),
                "said": by["excess"].mean(),
                "true": beyond.mean(),
                "true_mc": monte_carlo_error(beyond),
                "covered": held.mean(),
                "told": (by["excess_low"] >= 0.5).mean(),
            }
        )
    return pd.DataFrame(rows)
