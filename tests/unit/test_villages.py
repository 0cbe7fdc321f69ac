"""Villages: probabilities, ranges and counts hang together, and mean what they say on counties of
known truth."""

import dataclasses

import numpy as np
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.certify.villages import certify_villages, summarise_villages
from village_eval.designs import quiet_year_did
from village_eval.expectation.setting import setting
from village_eval.findings.villages import COLUMNS, _count_distribution, turnaround, village_table


@pytest.fixture(scope="module")
def told():
    county = simulate(dataclasses.replace(PLAIN, effect=-0.4, n_villages=500), 3, parts=False)
    s = setting(county.panel, county.campaign)
    estimate = quiet_year_did(county.panel, county.campaign, given=s)
    return s, estimate, village_table(s, estimate), turnaround(s, estimate)


def test_the_table_agrees_with_the_headline(told):
    s, estimate, table, _ = told
    assert list(table) == COLUMNS and len(table) == s.panel.listed.sum()
    assert np.log(table["actual"].sum() / table["expected"].sum()) == pytest.approx(estimate.value)
    assert (table["ratio_low"] < table["ratio"]).all() and (
        table["ratio"] < table["ratio_high"]
    ).all()
    raw = table["actual"] / table["expected"]
    assert table["ratio"].std() < raw.std(), "luck is removed"


def test_the_count_is_what_the_probabilities_add_up_to(told):
    s, _, table, many = told
    assert many.improved == pytest.approx(table["probability_improved"].sum())
    assert (
        many.low < many.improved < many.high
        and many.sure == (table["probability_improved"] >= 0.9).sum()
    )
    last_year = s.series.last_year(0, "first_year")[s.panel.listed]
    assert (
        many.before_after
        == (s.series.target(0, "first_year")[s.panel.listed] < 0.9 * last_year).sum()
    )


def test_quiet_years_have_such_villages_too(told):
    _, estimate, _, many = told
    assert list(many.quiet["year"]) == list(estimate.quiet["year"])
    assert (many.quiet["improved"] > 10).all() and (many.quiet["sure"] < many.sure).all()
    assert many.quiet["improved"].mean() < many.improved


def test_counts_of_independent_events():
    p = np.array([0.2, 0.5, 0.9])
    chance = _count_distribution(p)
    assert chance.sum() == pytest.approx(1) and chance @ np.arange(4) == pytest.approx(p.sum())
    assert chance[3] == pytest.approx(0.09) and chance[0] == pytest.approx(0.04)


def test_nothing_without_an_estimate(told):
    s, estimate, *_ = told
    blank = dataclasses.replace(estimate, value=None)
    assert turnaround(s, blank) is None and village_table(s, blank).empty


@pytest.mark.slow
def test_nine_in_ten_of_those_called_improved_are():
    table = summarise_villages(certify_villages(40)).set_index(["scenario", "probability"])
    sure = table.xs("at least 0.9", level="probability").drop("serial")
    assert (sure["true"] > 0.88).all()
    count = table.xs("count in a county", level="probability")
    assert (count["covered"] > 0.85).all()
    assert count.loc["null", "said"] == pytest.approx(count.loc["null", "quiet"], abs=3)
