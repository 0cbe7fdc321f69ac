"""The interval holds the truth as often as it says, and a campaign that did nothing is not called a
success.

Half of the counties have the year-to-year shifts of methods.md. The quick version sees a gross
error; the slow one is the claim.
"""

import numpy as np
import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.designs import before_after, quiet_year_did
from village_eval.expectation.panel_settings import setting
from village_eval.findings.grading import findings_of
from village_eval.words.parallel import each


def examine(job: tuple[str, int]) -> dict:
    """One county: was the truth inside, and would a fall have been announced?"""
    scenario, seed = job
    county = simulate(SCENARIOS[scenario], seed, parts=False)
    panel, campaign = county.panel, county.campaign
    petitions = setting(panel, campaign)
    estimate = quiet_year_did(panel, campaign, given=petitions)
    earned = quiet_year_did(panel, campaign, outcome="earned_income")
    after = quiet_year_did(panel, campaign, window="after", given=petitions)
    announced = findings_of((e, [], {}) for e in (estimate, after, earned))[0]
    truth = county.truth["petitions.first_year"]
    plain = before_after(panel, campaign, given=petitions)
    return {
        "inside": estimate.ci_low <= truth <= estimate.ci_high,
        "earned_inside": earned.ci_low
        <= county.truth["earned_income.first_year"]
        <= earned.ci_high,
        "success": announced.conclusion == "fell" and announced.grade in "AB",
        "error": estimate.value - truth,
        "before_after_success": plain.ci_high < 0,
    }


def run(jobs: list[tuple[str, int]]) -> dict[str, float]:
    rows = [row for _, row in each(examine, jobs, workers=2)]
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


@pytest.mark.slow
@pytest.mark.ci
def test_thirty_counties():
    result = run([("plain" if seed % 2 else "years", seed) for seed in range(1000, 1030)])
    assert result["inside"] >= 0.86, (
        result
    )  # 95 % of 30 less three Monte-Carlo errors would be 83 %
    assert abs(result["error"]) < 0.07, result


def test_ten_null_counties():
    result = run([("null" if seed % 2 else "null_years", seed) for seed in range(2000, 2010)])
    assert result["success"] <= 0.1, result
    assert result["before_after_success"] >= 0.7, result  # what everybody else would have announced


@pytest.mark.slow
def test_two_hundred_counties():
    result = run([("plain" if seed % 2 else "years", seed) for seed in range(3000, 3200)])
    assert result["inside"] >= 0.93, result
    assert result["earned_inside"] >= 0.93, result
    assert abs(result["error"]) < 0.03, result


@pytest.mark.slow
def test_two_hundred_null_counties():
    result = run([("null" if seed % 2 else "null_years", seed) for seed in range(4000, 4200)])
    assert result["success"] <= 0.05, result
    assert result["inside"] >= 0.93, result
