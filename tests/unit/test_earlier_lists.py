"""Counties that list villages every year: which years, which villages, and what is taken out of
history."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.certify.synthetic_tables import county_tables
from village_eval.county.panel import build_panel
from village_eval.designs import quiet_year_did
from village_eval.expectation.listing import in_force, quiet_origins, unknown_lists
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.series import petition_series
from village_eval.findings.caps import caps
from village_eval.findings.evaluation import evaluate
from village_eval.folder.reading import read_county
from village_eval.folder.writing import write_county


@pytest.fixture(scope="module")
def known():
    return simulate(
        replace(SCENARIOS["lists"], n_villages=300, n_townships=9, n_listed=24), 3, parts=False
    )


@pytest.fixture(scope="module")
def given(known):
    return setting(known.panel, known.campaign)


def test_lists_are_read_from_a_county_folder(tmp_path):
    made = simulate(replace(SCENARIOS["lists"], n_villages=120, n_townships=6, n_listed=12), 2)
    write_county(tmp_path / "county", *county_tables(made))
    panel = build_panel(read_county(tmp_path / "county"))
    assert list(panel.earlier_lists) == list(made.panel.earlier_lists)
    codes = panel.villages["village_code"].to_numpy(str)
    for month, on in made.panel.earlier_lists.items():
        assert set(codes[panel.earlier_lists[month]]) <= set(
            made.panel.villages.loc[on, "village_code"]
        )
        assert panel.earlier_lists[month].sum() >= 0.9 * on.sum()  # mergers fold some


@pytest.mark.slow
@pytest.mark.ci
def test_a_folder_with_earlier_lists_and_mergers_is_evaluated(tmp_path):
    made = simulate(replace(SCENARIOS["lists"], n_villages=240, n_townships=8, n_listed=24), 5)
    write_county(tmp_path / "county", *county_tables(made))
    found = {f.id: f for f in evaluate(tmp_path / "county", draws=199).findings}[
        "petitions.first_year"
    ]
    assert found.estimate.value is not None and "earlier_lists" in found.capped
    assert {c.name: c for c in found.checks}["mergers"].value("touched") > 0


def test_years_with_a_known_list_can_be_compared_with_and_others_cannot(known):
    without = replace(known.panel, earlier_lists={})
    assert quiet_origins(known.panel, known.campaign, (0, 12)) and not quiet_origins(
        without, known.campaign, (0, 12)
    )
    assert not unknown_lists(known.panel, known.campaign)
    assert len(unknown_lists(without, known.campaign)) == len(known.campaign.earlier_campaigns)
    # A window into which the next list falls would leave out villages for how they fared.
    assert not quiet_origins(known.panel, known.campaign, (4, 16))


def test_villages_passed_over_stand_for_the_list_by_their_odds(known, given):
    s = given
    for q in s.series.quiet["first_year"]:
        on, origin = s.on_list(q), s.rule.origin - 12 * q
        assert (on == in_force(known.panel, origin)).all() and (on == known.lists[origin]).all()
        treated, control = s.treated(q), s.control(q)
        assert not treated[:, on].any() and not control[:, on].any() and (control[0] == ~on).all()
        assert treated.sum(1) == pytest.approx((s.rule.keep * known.panel.listed).sum(1))
        p = s.probabilities(q)[0]
        a, b = np.argsort(np.where(on, -1, p))[-1], np.flatnonzero(~on & (p > 0.001))[0]
        assert treated[0, a] / treated[0, b] == pytest.approx(
            min(p[a] / (1 - p[a]), 5 * p[a]) / (p[b] / (1 - p[b]))
        )


def test_without_lists_nothing_changes(known):
    plain = simulate(
        replace(SCENARIOS["plain"], n_villages=300, n_townships=9, n_listed=24), 3, parts=False
    )
    s = setting(plain.panel, plain.campaign)
    q = s.series.quiet["first_year"][0]
    assert s.on_list(q) is None and s.series.lift == 0 and s.series.untreated is s.series.values
    assert s.treated(q) + s.control(q) == pytest.approx(s.rule.keep * 1.0)


def test_what_earlier_campaigns_did_is_taken_out_of_history(known):
    outcome = petition_series(known.panel, known.campaign)
    lifted = replace(outcome, lift=np.log(0.8))
    assert lifted.untreated[outcome.under] == pytest.approx(outcome.values[outcome.under] / 0.8)
    assert lifted.untreated[~outcome.under] == pytest.approx(outcome.values[~outcome.under])
    q = outcome.quiet["first_year"][0]
    assert lifted.past(q, raw=True).blocks == pytest.approx(outcome.past(q).blocks)
    assert (lifted.past(q).blocks >= outcome.past(q).blocks - 1e-9).all()
    start = known.panel.month_index(next(iter(known.panel.earlier_lists)))
    assert (
        outcome.under[:, :start].sum() == 0
        and (outcome.under[:, start] == known.lists[start]).all()
    )


def test_the_best_grade_is_b_with_the_lists_and_c_with_dates_only(known):
    e = quiet_year_did(known.panel, known.campaign)
    assert caps(known.panel, known.campaign, e) == {"earlier_lists": "B"}
    dates = replace(known.panel, earlier_lists={})
    alone = quiet_year_did(dates, known.campaign)
    assert (
        alone.design == "expected_from_history"
        and caps(dates, known.campaign, alone)["earlier_campaigns"] == "C"
    )
    long_ago = replace(known.campaign, earlier_campaigns=known.campaign.earlier_campaigns[:1])
    assert caps(dates, long_ago, quiet_year_did(dates, long_ago))["earlier_campaigns"] == "B"
    few = replace(
        known.panel,
        villages=known.panel.villages.assign(listed=(known.panel.township < 3).astype(int)),
    )
    assert caps(few, known.campaign, e)["few_townships"] == "C"


@pytest.mark.slow
def test_lists_every_year_err_little_when_they_are_known():
    from village_eval.certify.counties import examine_many

    designs = {"quiet_year_did": quiet_year_did}
    for scenario in ("lists", "null_lists"):
        runs = examine_many(scenario, 60, seed=501, designs=designs)
        error = runs["value"] - runs["truth"]
        assert abs(error.mean()) < 0.05 + 2 * error.std() / np.sqrt(60)
        inside = (runs["ci_low"] <= runs["truth"]) & (runs["truth"] <= runs["ci_high"])
        # Certified is 95 %; once in a thousand would 60 counties of 93 % hold fewer.
        assert inside.sum() >= binom.ppf(0.001, 60, 0.93)


def test_a_start_in_autumn_leaves_its_year_out():
    county = simulate(
        replace(SCENARIOS["autumn"], n_villages=300, n_townships=9, n_listed=24), 4, parts=False
    )
    s = setting(county.panel, county.campaign, "earned_income")
    years = county.panel.annual_income[0]
    assert (
        years[s.series.start] == 2024
        and s.series.lag == 1
        and min(s.series.quiet["first_year"]) == 2
    )
    assert s.series.history_end(0) == np.flatnonzero(years == 2022)[0] + 1
    income = county.panel.income[:, np.flatnonzero(years == 2022)[0], :2].sum(1)
    assert s.series.past(0).blocks[:, 0] == pytest.approx(income)
    assert s.series.last_year(0, "first_year") == pytest.approx(income)
    assert county.campaign.start_month == pd.Period("2023-09", "M")
