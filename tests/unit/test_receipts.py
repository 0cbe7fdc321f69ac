"""One-off receipts are told from a few rich villages and from zeros that come and go."""

from dataclasses import replace

import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.expectation.outcomes import question
from village_eval.expectation.results import Estimate
from village_eval.findings.caps import on_receipts


@pytest.mark.parametrize(
    ("scenario", "capped"),
    [("plain", False), ("concentrated", False), ("zeros", False), ("one_off", True)],
)
def test_only_one_off_receipts_cap_the_grade(scenario, capped):
    earned = Estimate(question("earned_income.first_year"), "quiet_year_did", 0.1)
    for seed in range(3):
        panel = simulate(SCENARIOS[scenario], seed, parts=False).panel
        assert on_receipts(panel, earned) == capped
        assert not on_receipts(
            panel, replace(earned, question=question("earned_income.first_year.typical"))
        )
        assert not on_receipts(panel, replace(earned, question=question("petitions.first_year")))
