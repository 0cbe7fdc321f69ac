"""A list that foresees trouble, and incomes that have years of their own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from village_eval.certify.runs import read_csv
from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.expectation import error_rules
from village_eval.expectation.between_years import COUNTS_SCALE, PRIOR_SCALE, t_error
from village_eval.expectation.error_rules import INCOME_ERROR, INCOME_SCALE
from village_eval.expectation.outcomes import question
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.results import Estimate
from village_eval.findings.caps import caps, could_be_foreseen, foreseen_shift

TABLE = Path(__file__).parents[2] / "data" / "certification_foresight.csv"
SMALL = {"n_villages": 240, "n_townships": 9, "n_listed": 26}


def estimate(value, asked="petitions.first_year", se=0.05):
    return Estimate(question(asked), "quiet_year_did", value, t_error(se))


@pytest.fixture(scope="module")
def county():
    return simulate(replace(SCENARIOS["plain"], **SMALL), 3)


def test_a_rise_that_a_list_with_foresight_could_have_made_is_low_at_best(county):
    given = (county.panel, county.campaign)
    assert "foreseen" not in caps(*given, estimate(0.40), 0.75)
    assert caps(*given, estimate(0.20), 0.75)["foreseen"] == "C"
    assert "foreseen" not in caps(*given, estimate(0.20), 1.0), "the register explains all of it"


def test_what_is_no_rise_of_what_should_fall_is_left_alone():
    assert could_be_foreseen(estimate(0.20), 0.75)
    assert not could_be_foreseen(estimate(0.05), 0.75), "no rise is told"
    assert not could_be_foreseen(estimate(-0.20), 0.75)
    assert not could_be_foreseen(estimate(0.20, "earned_income.first_year"), 0.75)
    assert not could_be_foreseen(Estimate(question("petitions.first_year"), "x"), 0.75)


def test_the_shift_is_what_certification_shows():
    table = read_csv(TABLE)
    room = foreseen_shift(table["found"]) - table["shift"]
    assert len(table) >= 5 and room.between(-table["shift_mc"], 0.11).all(), room


def test_foresight_lists_villages_whose_next_year_is_worse():
    def next_year(foresight):
        scenario = replace(SCENARIOS["null"], **SMALL, foresight=foresight, assessment_weight=2.0)
        made = [simulate(scenario, seed, parts=False) for seed in range(1, 6)]
        start = made[0].panel.month_index(made[0].campaign.start_month)
        before, after = slice(start - 12, start), slice(start, start + 12)
        rates = [(m.quiet_rate, m.panel.listed) for m in made]
        return np.mean([np.log(r[on, after].sum() / r[on, before].sum()) for r, on in rates]), made[
            0
        ]

    (blind, plain), (seeing, told) = next_year(0.0), next_year(0.8)
    assert seeing > blind + 0.1
    start = plain.panel.month_index(plain.campaign.start_month)
    assert (plain.panel.petitions[:, :start] == told.panel.petitions[:, :start]).all()


def test_years_of_incomes_leave_petitions_and_other_incomes_alone():
    plain, years = (
        simulate(replace(SCENARIOS[name], **SMALL), 7, parts=False)
        for name in ("income", "income_years")
    )
    start = plain.panel.month_index(plain.campaign.start_month)
    assert (plain.panel.petitions[:, :start] == years.panel.petitions[:, :start]).all()
    assert (plain.quiet_rate == years.quiet_rate).all()
    assert (plain.panel.income[:, :, 2] == years.panel.income[:, :, 2]).all()
    moved = np.abs(np.log1p(plain.panel.income[:, 1, 0]) - np.log1p(years.panel.income[:, 1, 0]))
    assert 0 < (moved > 1e-3).mean() < 0.7, "villages that are not at the bottom keep theirs"


def test_amounts_of_income_have_a_prior_and_a_least_error_of_their_own(county):
    settings = Settings(county.panel, county.campaign)
    for name in ("earned_income", "total_income", "earned_income:typical"):
        given = settings.of(name)
        assert error_rules.prior_scale(given, 4) == INCOME_SCALE
        assert given.least_error("first_year") == INCOME_ERROR
    share = settings.of("earned_income:share_earning")
    assert error_rules.prior_scale(share, 4) == PRIOR_SCALE and share.least_error("first_year") > 0
    petitions = settings.of("petitions")
    assert (
        error_rules.prior_scale(petitions, 4) == COUNTS_SCALE
        and petitions.least_error("first_year") == 0
    )
