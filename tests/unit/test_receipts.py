"""One-off receipts are told from a few rich villages and from zeros that come and go."""

from dataclasses import replace

import pytest

from village_eval.assessment import receipts_cap
from village_eval.results import Estimate
from village_eval.scenarios import SCENARIOS
from village_eval.simulate import simulate


@pytest.mark.parametrize(("scenario", "cap"), [("plain", "A"), ("concentrated", "A"), ("zeros", "A"), ("one_off", "C")])
def test_only_one_off_receipts_cap_the_grade(scenario, cap):
    earned = Estimate("earned_income", "first_year", "quiet_year_did", 0.1)
    for seed in range(3):
        panel = simulate(SCENARIOS[scenario], seed, parts=False).panel
        assert receipts_cap(panel, earned) == cap
        assert receipts_cap(panel, replace(earned, window="first_year.typical")) == "A"
        assert receipts_cap(panel, replace(earned, outcome="petitions")) == "A"
