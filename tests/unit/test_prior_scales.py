"""The interval under other priors on how much years differ: the same as computing it anew."""

from dataclasses import replace

import numpy as np
import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.designs import before_after, quiet_year_did
from village_eval.expectation import error_rules
from village_eval.findings.prior_scales import SCALES, prior_scales

SMALL = {"n_villages": 300, "n_townships": 9, "n_listed": 24}


@pytest.fixture(scope="module")
def county():
    return simulate(replace(SCENARIOS["years"], **SMALL), 3, parts=False)


@pytest.mark.parametrize("outcome", ["petitions", "earned_income"])
def test_each_row_is_the_headline_with_that_prior(county, outcome, monkeypatch):
    e = quiet_year_did(county.panel, county.campaign, outcome=outcome)
    table = prior_scales(e).set_index("scale")
    assert set(SCALES) <= set(table.index) and table["used"].sum() == 1
    used = table[table["used"]].iloc[0]
    assert used[["ci_low", "ci_high", "p_value"]].tolist() == pytest.approx(
        [e.ci_low, e.ci_high, e.p_value], abs=1e-9
    )
    monkeypatch.setattr(error_rules, "COUNTS_SCALE", 0.05)
    monkeypatch.setattr(error_rules, "INCOME_SCALE", 0.05)
    anew = quiet_year_did(county.panel, county.campaign, outcome=outcome)
    assert table.loc[0.05, ["ci_low", "ci_high"]].tolist() == pytest.approx(
        [anew.ci_low, anew.ci_high], abs=1e-7
    )


def test_a_wider_prior_gives_a_wider_interval_and_a_larger_part_between_years(county):
    table = prior_scales(quiet_year_did(county.panel, county.campaign))
    assert (np.diff(table["ci_high"] - table["ci_low"]) > 0).all()
    assert (np.diff(table["between_sd"]) > 0).all()


def test_a_design_without_a_part_between_years_has_no_table(county):
    assert prior_scales(before_after(county.panel, county.campaign)).empty
