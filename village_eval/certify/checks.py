"""Checks on clean counties and on counties with one thing wrong.

How often any raises an alarm, and how often the thing is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from village_eval.certify.runs import examined, monte_carlo_error
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.threats import THREATS, county
from village_eval.checks import Case, ask
from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs import quiet_year_did
from village_eval.expectation.outcomes import EARNED_INCOME, question
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.results import Check

CLEAN = "nothing wrong"
TOGETHER = "all together"
OF = ("petitions.first_year", "earned_income.first_year", "total_income.first_year")
"""The findings that a county asks about, over whose checks alarms are counted."""


def asked(
    panel: Panel,
    campaign: Campaign,
    findings: Iterable[str] = OF,
    changes: pd.DataFrame | None = None,
) -> list[Check]:
    """Every check of some findings, ids of first-year totals, without an assessment."""
    settings, checks, earned = Settings(panel, campaign), list[Check](), None
    for ident in findings:
        asks = question(ident)
        setting = settings.of(asks.series)
        estimate = quiet_year_did(panel, campaign, window=asks.window, given=setting)
        if estimate.value is None:
            continue
        earned = estimate if asks.outcome == EARNED_INCOME else earned
        checks += ask(Case(setting, estimate, changes, earned))
    return checks


def _one(job: tuple[str, float, int]) -> pd.DataFrame:
    """The verdicts of checks on one county.

    Of every check where nothing is wrong, of the check that it is for where something is.
    """
    name, size, seed = job
    if name == CLEAN:
        made = county(PLAIN, seed)
        checks = asked(made.panel, made.campaign)
    else:
        threat = THREATS[name]
        made = threat.make(size, seed)
        checks = [
            c for c in asked(made.panel, made.campaign, [threat.finding]) if c.name == threat.check
        ]
    rows = [
        (c.name, c.finding, c.verdict, c.misleads, c.value("p_value"), c.grades) for c in checks
    ]
    columns = ["check", "finding", "verdict", "misleads", "p_value", "grades"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(threat=name, size=size, seed=seed)


def certify_checks(
    counties: int = 40,
    *,
    seed: int = 1,
    threats: Iterable[str] | None = None,
    clean: int | None = None,
    workers: int | None = None,
    file: Path | None = None,
) -> pd.DataFrame:
    """One row per county and check.

    Columns: threat, size, seed, check, finding, verdict, misleads, p_value, grades (whether the
    verdict counts).

    ``counties`` of each size of each threat, and ``clean`` ones where nothing is wrong (default
    five times as many: alarms are rare). Raises ValueError for an unknown threat.
    """
    names = list(THREATS if threats is None else threats)
    if unknown := [n for n in names if n not in THREATS]:
        raise ValueError(f"unknown threat {', '.join(unknown)}; known: {', '.join(THREATS)}")
    jobs = [(CLEAN, 0.0, k) for k in range(seed, seed + (5 * counties if clean is None else clean))]
    jobs += [
        (n, float(size), k)
        for n in names
        for size in THREATS[n].sizes
        for k in range(seed, seed + counties)
    ]
    return examined(_one, jobs, ("threat", "size", "seed"), file=file, workers=workers)


def summarise_checks(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per threat, size, check and finding.

    Columns: counties, weak, fail (shares) and the Monte-Carlo error of their sum, alarm.

    The rows ``all together`` say in how many clean counties any check of the findings OF that moves
    grades is weak, and in how many any fails.
    """
    runs = runs.assign(weak=runs["verdict"] == "weak", fail=runs["verdict"] == "fail")
    clean = runs[runs["threat"] == CLEAN]
    rows = (
        [_row(CLEAN, 0.0, TOGETHER, "", _any(clean[clean["grades"].astype(bool)]))]
        if len(clean)
        else []
    )
    order = {name: k for k, name in enumerate([CLEAN, *THREATS])}
    groups = sorted(
        runs.groupby(["threat", "size", "check", "finding"]),
        key=lambda item: (order[item[0][0]], *item[0][1:]),
    )
    for (threat, size, check, of), g in groups:
        rows.append(_row(threat, size, check, of, g))
    return pd.DataFrame(rows)


def _any(runs: pd.DataFrame) -> pd.DataFrame:
    """By county, whether any check is weak and whether any fails."""
    return runs.groupby("seed")[["weak", "fail"]].any()


def _row(threat: str, size: float, check: str, finding: str, g: pd.DataFrame) -> dict:
    alarm = g["weak"] | g["fail"]
    return {
        "threat": threat,
        "size": size,
        "check": check,
        "finding": finding,
        "counties": len(g),
        "weak": g["weak"].mean(),
        "fail": g["fail"].mean(),
        "alarm": alarm.mean(),
        "alarm_mc": monte_carlo_error(alarm),
    }
