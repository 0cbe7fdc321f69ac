"""Checks catch what they are for and leave clean counties alone."""

from dataclasses import replace

import numpy as np
import pytest

from village_eval.assessment import assess
from village_eval.parallel import each
from village_eval.scenarios import PLAIN
from village_eval.simulate import simulate

THREATS = {
    "clean": PLAIN,
    "suppression": replace(PLAIN, effect=0.0, suppression=0.35),
    "subsidy": replace(PLAIN, subsidy=80_000),
}
PRIMARY = ("petitions.first_year", "earned_income.first_year", "total_income.first_year")


def verdicts(job: tuple[str, int]) -> dict:
    scenario, seed = job
    county = simulate(THREATS[scenario], seed)
    findings = {f.id: f for f in assess(county.panel, county.campaign).findings}
    checks = [c for key in PRIMARY for c in findings[key].checks]
    return {
        "scenario": scenario,
        "suppression": findings["petitions.first_year"].grade == "X",
        "subsidy": findings["total_income.first_year"].grade == "X",
        "fail": any(c.verdict == "fail" for c in checks),
        "weak": any(c.verdict == "weak" for c in checks),
        "names": [c.name for c in checks if c.verdict == "fail"],
    }


def share(scenario: str, seeds: range) -> dict[str, float]:
    rows = [row for _, row in each(verdicts, [(scenario, seed) for seed in seeds], workers=2)]
    return {key: float(np.mean([row[key] for row in rows])) for key in ("suppression", "subsidy", "fail", "weak")}


def test_suppression_and_subsidy_are_caught():
    assert share("suppression", range(100, 106))["suppression"] >= 0.6
    assert share("subsidy", range(100, 104))["subsidy"] >= 0.75


@pytest.mark.slow
def test_suppression_of_a_third_is_caught_in_four_of_five():
    assert share("suppression", range(200, 260))["suppression"] >= 0.8


@pytest.mark.slow
def test_a_subsidy_of_80000_yuan_is_caught():
    assert share("subsidy", range(200, 260))["subsidy"] >= 0.95


@pytest.mark.slow
def test_clean_counties_raise_few_alarms():
    result = share("clean", range(300, 400))
    assert result["fail"] <= 0.09, result  # 5 % with two Monte-Carlo errors
    assert result["weak"] <= 0.28, result  # 20 % with two
    assert result["suppression"] <= 0.03, result
