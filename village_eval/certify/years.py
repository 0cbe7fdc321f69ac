"""The headline where quiet years are unlike the campaign's, beside what it was without correction.

Petitions of the first year; a county that says which months were unusual beside the same one that
does not. What is found is graded and told as in a report: every check is asked of it, and of the
year after, which stands beside it in the order of questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.rates import unusual_months
from village_eval.certify.runs import examined, holds, monte_carlo_error
from village_eval.certify.scenarios import DECLARED, SCENARIOS, UNLIKE
from village_eval.certify.simulate import simulate
from village_eval.checks import Case, ask
from village_eval.designs import quiet_year_did
from village_eval.expectation.outcomes import PETITIONS, Question
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.setting import Setting
from village_eval.findings.caps import caps
from village_eval.findings.grading import findings_of
from village_eval.findings.order import LEVEL

ALIKE = ("plain", "null", "years", "null_years", "rare", "serial", "trends", "quotas")
"""Counties whose years are alike, or differ as registers do: what the correction costs there."""
EXAMINED = tuple(n for n in (*UNLIKE, *ALIKE) if not n.endswith(DECLARED))
TOLD = ("A", "B")


def _one(job: tuple[str, int]) -> pd.DataFrame:
    name, seed = job
    county = simulate(SCENARIOS[name], seed)
    given = setting(county.panel, county.campaign)
    rows = [_row(given, name, county.truth)]
    if name + DECLARED in SCENARIOS:
        known = replace(county.campaign, unusual=unusual_months())
        rows.append(_row(replace(given, campaign=known), name + DECLARED, county.truth))
    return pd.DataFrame(rows).assign(county=name, seed=seed)


def _row(given: Setting, scenario: str, truth: dict[str, float]) -> dict:
    panel, campaign = given.panel, given.campaign
    e, plain = (quiet_year_did(panel, campaign, given=given, correct=c) for c in (True, False))
    told, true, found = e.reversion, truth[Question(PETITIONS).id], None
    if e.p_value is not None and e.p_value < LEVEL:
        # In the order of questions a first year is told at 4 %, at 5 % beside a found year after.
        after = quiet_year_did(panel, campaign, window="after", given=given)
        cap = partial(caps, panel, campaign, found_share=given.rule.found)
        found, _ = findings_of([(x, ask(Case(given, x)), cap(x)) for x in (e, after)])
    return {
        "scenario": scenario,
        "truth": true,
        "uncorrected": plain.value,
        "uncorrected_covered": holds(plain, true),
        "uncorrected_fell": plain.ends[1] < 0,
        "uncorrected_rose": plain.ends[0] > 0,
        "value": e.value,
        "covered": holds(e, true),
        "half": (e.ends[1] - e.ends[0]) / 2,
        "fell": e.ends[1] < 0,
        "rose": e.ends[0] > 0,
        "weight": told.weight if told else np.nan,
        "t": told.t if told else np.nan,
        "grade": found.grade if found else "",
        "conclusion": found.conclusion if found else "",
    }


def certify_years(
    counties: int = 100,
    *,
    scenarios: Iterable[str] | None = None,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per county, and one more where it also says which months were unusual."""
    jobs = [(name, k) for k in range(seed, seed + counties) for name in scenarios or EXAMINED]
    return examined(_one, jobs, ("county", "seed"), file=file, workers=workers)


def summarise_years(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per scenario: without correction, and with it.

    bias, sd, coverage of the 95 % interval and the shares that are told as a fall or a rise (of
    what is not corrected beside it, before any grade); half the interval's width; ``told``: the
    share told as a fall at grade A or B, ``told_mc`` its Monte-Carlo error; ``weight``: the mean
    share of the years' difference that is taken off; ``full``: how often all of it.
    """
    order, rows = {name: k for k, name in enumerate(SCENARIOS)}, []
    for scenario, g in sorted(runs.groupby("scenario"), key=lambda item: order[item[0]]):
        error, before = g["value"] - g["truth"], g["uncorrected"] - g["truth"]
        told = (g["conclusion"] == "fell") & g["grade"].isin(TOLD)
        rows.append(
            {
                "scenario": scenario,
                "counties": len(g),
                "truth": g["truth"].mean(),
                "bias_before": before.mean(),
                "sd_before": before.std(),
                "coverage_before": g["uncorrected_covered"].mean(),
                "fell_before": g["uncorrected_fell"].mean(),
                "rose_before": g["uncorrected_rose"].mean(),
                "bias": error.mean(),
                "sd": error.std(),
                "coverage": g["covered"].mean(),
                "coverage_mc": monte_carlo_error(g["covered"]),
                "half": g["half"].mean(),
                "fell": g["fell"].mean(),
                "rose": g["rose"].mean(),
                "told": told.mean(),
                "told_mc": monte_carlo_error(told),
                "weight": g["weight"].mean(),
                "full": (g["weight"] == 1).mean(),
            }
        )
    return pd.DataFrame(rows)
