"""Checks catch what they are for and leave clean counties alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from village_eval.certify.checks import CLEAN, TOGETHER, certify_checks, summarise_checks
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.certify.threats import THREATS
from village_eval.findings.assessment import assess
from village_eval.words.parallel import each

GROWING = ("displacement", "spillover", "bunching", "pre_trend", "placebo_space", "placebo_outcome")
"""Checks whose largest threat is seen more often than not."""
MISLED = {
    "suppression": (replace(PLAIN, effect=0.0, suppression=0.35), "petitions.first_year"),
    "subsidy": (replace(PLAIN, subsidy=80_000), "total_income.first_year"),
}


def grade(job: tuple[str, int]) -> str:
    """The grade that a whole assessment gives to the finding that is misled."""
    (scenario, finding), seed = MISLED[job[0]], job[1]
    county = simulate(scenario, seed)
    return next(f.grade for f in assess(county.panel, county.campaign).findings if f.id == finding)


def share_x(name: str, seeds: range) -> float:
    return float(
        np.mean([g == "X" for _, g in each(grade, [(name, seed) for seed in seeds], workers=2)])
    )


@pytest.mark.slow
@pytest.mark.ci
def test_suppression_and_subsidy_are_caught():
    assert share_x("suppression", range(100, 106)) >= 0.6
    assert share_x("subsidy", range(100, 104)) >= 0.75


@pytest.mark.slow
@pytest.mark.parametrize(
    ("threat", "size", "least"), [("suppression", 0.35, 0.80), ("subsidy", 80_000, 0.95)]
)
def test_what_misleads_is_caught(threat, size, least):
    runs = certify_checks(60, threats=[threat], clean=0, seed=200)
    caught = runs.loc[runs["size"] == size, "verdict"] == "fail"
    assert len(caught) == 60
    assert caught.mean() >= least - 2 * np.sqrt(least * (1 - least) / 60), (
        caught.mean()
    )  # two Monte-Carlo errors


@pytest.mark.slow
@pytest.mark.parametrize("threat", [name for name, t in THREATS.items() if t.check in GROWING])
def test_a_larger_threat_is_seen_more_often(threat):
    table = summarise_checks(certify_checks(20, threats=[threat], clean=0, seed=200)).sort_values(
        "size"
    )
    assert table["alarm"].iloc[-1] >= table["alarm"].iloc[0]
    assert table["alarm"].iloc[-1] > 0.4, table


@pytest.mark.slow
def test_clean_counties_raise_few_alarms():
    runs = certify_checks(1, threats=[], clean=200, seed=300)
    assert summarise_checks(runs).iloc[0]["fail"] <= 0.05 + 0.031  # two Monte-Carlo errors
    others = summarise_checks(runs[runs["check"] != "leave_one_township_out"]).iloc[0]
    assert others["weak"] <= 0.15 + 0.05, others


def test_the_committed_table_says_what_is_claimed():
    table = pd.read_csv(Path(__file__).parents[2] / "data" / "certification_checks.csv")
    together = table[(table["threat"] == CLEAN) & (table["check"] == TOGETHER)].iloc[0]
    assert together["counties"] >= 200
    assert together["fail"] <= 0.05
    caught = table.set_index(["threat", "size"])["fail"]
    assert caught["suppression", 0.35] >= 0.80
    assert caught["subsidy", 80_000] >= 0.95


def test_the_committed_table_shows_few_weak():
    table = pd.read_csv(Path(__file__).parents[2] / "data" / "certification_checks.csv")
    assert table[(table["threat"] == CLEAN) & (table["check"] == TOGETHER)].iloc[0]["weak"] <= 0.20
