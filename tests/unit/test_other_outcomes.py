"""Outcomes beside petitions and income: known answers, what is not recorded, a researcher's own."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import CAMPAIGN, county_rows, write_folder

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.county.county import County
from village_eval.county.further import Values
from village_eval.county.problems import InputError
from village_eval.designs import quiet_year_did
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.other_outcomes import settings
from village_eval.expectation.panel_settings import Settings
from village_eval.findings.assessment import assess
from village_eval.findings.evaluation import evaluate
from village_eval.folder.reading import read_county
from village_eval.folder.writing import write_county
from village_eval.report.sentences import sentence

SMALL = replace(PLAIN, n_villages=240, n_townships=8, n_listed=24, mean=0.5)
OWN = """
[outcomes.land]
kind = "share"
better = "fewer"
column = "category_land"
zh = "涉地信访占比"
en = "the share of petitions about land"
[outcomes.assemblies]
kind = "count"
better = "more"
zh = "村民会议次数"
en = "assemblies held"
"""


@pytest.fixture(scope="module")
def county():
    return simulate(SMALL, seed=4)


def estimates(panel, campaign, further=None, window="first_year") -> dict:
    panel = replace(panel, further=further or {})
    rule = learn_rule(panel, campaign)
    return {
        s.series.name: quiet_year_did(panel, campaign, window=window, given=s)
        for s in settings(Settings(panel, campaign, rule))
    }


def test_a_share_that_the_campaign_raises_by_ten_points_reads_ten_points(county):
    panel = county.panel
    start, share = (
        panel.month_index(county.campaign.start_month),
        np.full(panel.petitions.shape, 0.5),
    )
    share[panel.listed, start:] += 0.1
    exact = replace(panel, parts={"local": share * panel.petitions})
    e = estimates(exact, county.campaign)["local_resolution_share"]
    assert (e.scale, e.design) == ("share", "quiet_year_did")
    assert e.value == pytest.approx(0.1)
    # The jackknife sees no error where all townships move alike; so many petitions leave that of a
    # binomial share.
    whole = panel.petitions[panel.listed, start : start + 12].sum()
    assert e.within_se == pytest.approx(np.sqrt(0.6 * 0.4 / whole), rel=0.02)
    assert estimates(exact, county.campaign, window="after")[
        "local_resolution_share"
    ].value == pytest.approx(0.1)


def test_a_share_that_never_changes_is_no_more_certain_than_so_many_villages(county):
    panel, campaign = county.panel, county.campaign
    earns = np.repeat(panel.annual_income[1].sum(2)[:, :1] > 0, len(panel.income_periods), axis=1)
    still = replace(panel, income=np.where(earns[:, :, None], 1e4, 0.0) * np.ones(5))
    e = quiet_year_did(still, campaign, outcome="earned_income:share_earning")
    half = (e.ci_high - e.ci_low) / 2
    assert (
        abs(e.value) < 0.01 and 2 / SMALL.n_listed < half < 4 / SMALL.n_listed
    )  # the rule of three: 3 / n


def test_scores_are_means_of_villages_known_before_and_after(county):
    panel, years = county.panel, pd.period_range("2018", "2024", freq="Y-DEC")
    rng = np.random.default_rng(1)
    values = np.repeat(rng.uniform(0.6, 0.9, (len(panel.villages), 1)), len(years), 1)
    values[panel.listed, 5:] += 0.03
    values[::7, :5] = np.nan  # not asked before: they could only mix villages
    e = estimates(panel, county.campaign, {"satisfaction": Values(years, values)})["satisfaction"]
    assert e.value == pytest.approx(0.03) and e.quiet["estimate"].abs().max() < 1e-12


def test_a_column_introduced_late_says_nothing_of_the_years_before(county):
    late = county.panel.parts["resolved"].copy()
    late[:, :24] = 0
    e = estimates(replace(county.panel, parts={"resolved": late}), county.campaign)[
        "resolved_share"
    ]
    full = estimates(
        replace(county.panel, parts={"resolved": county.panel.parts["resolved"]}), county.campaign
    )["resolved_share"]
    assert len(e.quiet) < len(full.quiet)
    assert abs(e.value - full.value) < 2 * full.se
    jumped = estimates(replace(county.panel, parts={"satisfied": late}), county.campaign)[
        "satisfied_share"
    ]
    assert jumped.quiet["estimate"].abs().max() < 0.3


def test_what_came_in_last_has_not_had_its_sixty_days(county):
    panel, cut = county.panel, county.panel.month_index(county.campaign.start_month) + 12
    ended = replace(
        panel,
        months=panel.months[:cut],
        petitions=panel.petitions[:, :cut],
        parts={k: v[:, :cut] for k, v in panel.parts.items()},
    )
    found = estimates(ended, county.campaign)
    assert found["resolved_share"].reason == "window_not_observed"
    assert found["group_petitions"].value is not None


def test_no_column_no_finding_and_all_are_secondary(county):
    parts = {k: v for k, v in county.panel.parts.items() if k not in ("local", "satisfied")}
    findings = assess(replace(county.panel, parts=parts), county.campaign, draws=19).findings
    others = {f.id: f for f in findings if f.question.outcome.family == "other"}
    assert (
        "local_resolution_share.first_year" not in others
        and "satisfied_share.first_year" not in others
    )
    assert "skip_level_petitions.first_year" in others
    for f in others.values():
        assert f.grade != "A"
        assert f.estimate.value is None or f.p_adjusted >= min(1, 2 * f.estimate.p_value) - 1e-12


@pytest.mark.slow
@pytest.mark.ci
def test_suppression_spoils_what_the_register_counts_but_not_what_shows_it():
    made = simulate(
        replace(
            PLAIN,
            n_villages=600,
            n_townships=12,
            n_listed=60,
            effect=0.0,
            suppression=0.6,
            surfacing=0.7,
        ),
        seed=3,
    )
    by_id = {f.id: f for f in assess(made.panel, made.campaign, draws=19).findings}
    assert by_id["petitions.first_year"].grade == "X"
    assert (
        by_id["resolved_share.first_year"].grade
        == by_id["repeat_petitions.first_year"].grade
        == "X"
    )
    shown = by_id["skip_level_petitions.first_year"]
    assert (
        shown.grade != "X" and shown.estimate.value > 0 and shown.question.outcome.favourable == -1
    )


def test_an_outcome_of_ones_own_from_folder_to_sentence(tmp_path):
    rows = county_rows()
    rows["outcomes"] = [
        {
            "village_code": v["village_code"],
            "outcome": "assemblies",
            "period": str(y),
            "value": 4 + i % 3 + y % 2,
        }
        for i, v in enumerate(rows["villages"])
        for y in range(2018, 2024)
    ]
    folder = write_folder(tmp_path / "county", rows, CAMPAIGN + OWN)
    e = evaluate(folder, draws=19, cache=False)
    land, assemblies = e["land.first_year"], e["assemblies.first_year"]
    assert land.estimate.scale == "share" and "涉地信访占比" in sentence(land, "zh")
    assert assemblies.estimate.scale == "log_ratio" and abs(assemblies.estimate.value) < 0.1
    assert "assemblies held" in sentence(assemblies, "en") and "In the campaign year" in sentence(
        assemblies, "en"
    )
    county: County = read_county(folder)
    assert (
        read_county(write_county(tmp_path / "again", county.campaign, county.tables())).campaign
        == county.campaign
    )


@pytest.mark.parametrize(
    "wrong",
    [
        'kind = "percent"\nbetter = "more"',
        'kind = "count"',
        'kind = "mean"\nbetter = "more"\nof = "land"',
    ],
)
def test_a_declaration_that_cannot_be_read_is_a_message(tmp_path, wrong):
    folder = write_folder(tmp_path / "county", campaign=CAMPAIGN + "[outcomes.x]\n" + wrong + "\n")
    with pytest.raises(InputError, match="outcomes"):
        read_county(folder)


@pytest.mark.parametrize("key", ["a.b", "", " ", "a b", "<b>", "x" * 41, "\\u001b"])
def test_the_key_of_an_outcome_is_a_word(tmp_path, key):
    """A finding's id is cut at its dots, and stands in file names, addresses and tables."""
    table = f'[outcomes."{key}"]\nkind = "count"\nbetter = "fewer"\n'
    folder = write_folder(tmp_path / "county", campaign=CAMPAIGN + table)
    with pytest.raises(InputError, match="outcomes"):
        read_county(folder)
