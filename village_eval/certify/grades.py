"""Grades against counties of known truth.

Does an interval hold the truth as often as its grade promises; is success claimed?

Every check is asked of the two primary findings, as in a report. A fail or a weak verdict lowers
the grade; what is left at A and B must hold. Success is told in the order of questions (order.py),
for which the year after and the typical village's income are asked too, without checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from village_eval.certify.counties import DEFAULT, INCOME_ONLY, PETITIONS_ONLY
from village_eval.certify.runs import examined, holds, monte_carlo_error
from village_eval.certify.scenarios import SCENARIOS, STRESS
from village_eval.certify.simulate import simulate
from village_eval.checks import Case, ask
from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs import quiet_year_did
from village_eval.expectation.listing import ListingRule, learn_rule
from village_eval.expectation.outcomes import PETITIONS, Question, primary
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting
from village_eval.findings.caps import caps
from village_eval.findings.grading import findings_of

MIX, STRESSED = "the declared mix", "stress"
SUCCESS = {"petitions": "fell", "earned_income": "rose"}


def _one(job: tuple[str, int]) -> pd.DataFrame:
    name, seed = job
    county = simulate(SCENARIOS[name], seed)
    panel, campaign = county.panel, county.campaign
    rule, rows = learn_rule(panel, campaign), []
    for question in primary():
        outcome = question.outcome.name
        if name in (INCOME_ONLY if outcome == "petitions" else PETITIONS_ONLY):
            continue
        s = setting(panel, campaign, outcome, rule)
        e = quiet_year_did(panel, campaign, outcome=outcome, given=s)
        beside = _beside(question, panel, campaign, s, rule)
        checks = ask(Case(s, e)) if e.value is not None else ()
        told = findings_of(
            (asked, done, caps(panel, campaign, asked, rule.found))
            for asked, done in ((beside, ()), (e, checks))
        )[1]
        truth = county.truth[question.id]
        covered = None if e.value is None else holds(e, truth)
        rows.append((name, seed, outcome, told.grade, told.conclusion, truth, e.value, covered))
    return pd.DataFrame(
        rows,
        columns=["scenario", "seed", "outcome", "grade", "conclusion", "truth", "value", "covered"],
    )


def _beside(
    question: Question, panel: Panel, campaign: Campaign, s: Setting, rule: ListingRule
) -> Estimate:
    """The question that a primary one is asked with, or behind."""
    if question.outcome == PETITIONS:
        return quiet_year_did(panel, campaign, window="after", given=s)
    typical = setting(panel, campaign, f"{question.outcome.name}:typical", rule)
    return quiet_year_did(panel, campaign, given=typical)


def certify_grades(
    counties: int = 100,
    *,
    scenarios: Iterable[str] | None = None,
    seed: int = 1,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per county and primary finding: grade, conclusion, truth, value, covered.

    All scenarios but the demo's.
    """
    jobs = [(name, k) for k in range(seed, seed + counties) for name in scenarios or DEFAULT]
    return examined(_one, jobs, ("scenario", "seed"), file=file, workers=workers)


def summarise_grades(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per scenario, outcome and grade.

    The declared mix and the stressed ones have rows of their own, all together.

    findings and their share; coverage of the 95 % interval with its Monte-Carlo error; bias;
    success: the share whose words announce the hoped-for effect at grade A or B; false_success: the
    same among counties where nothing happened.
    """
    order = [MIX, STRESSED, *SCENARIOS]
    group = np.where(runs["scenario"].isin(STRESS), STRESSED, MIX)
    told = pd.concat([runs.assign(scenario=group), runs])
    rows = []
    for (scenario, outcome, grade), g in told.groupby(["scenario", "outcome", "grade"]):
        whole = told[(told["scenario"] == scenario) & (told["outcome"] == outcome)]
        known = g[g["value"].notna()]
        covered = known["covered"].astype(float).mean()
        success = (known["conclusion"] == SUCCESS[outcome]) & known["grade"].isin(["A", "B"])
        null = np.isclose(known["truth"], 0)
        rows.append(
            {
                "scenario": scenario,
                "outcome": outcome,
                "grade": grade,
                "findings": len(g),
                "share": len(g) / len(whole),
                "coverage": covered,
                "coverage_mc": monte_carlo_error(known["covered"]),
                "bias": (known["value"] - known["truth"]).mean(),
                "success": success[~null].mean() if (~null).any() else np.nan,
                "nothing_done": int(null.sum()),
                "false_success": success[null].mean() if null.any() else np.nan,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(
        ["scenario", "outcome", "grade"],
        key=lambda c: c.map({n: k for k, n in enumerate(order)}) if c.name == "scenario" else c,
        ignore_index=True,
    )
