"""Awkward counties get the best honest answer or a clear refusal, never a crash and never a number
out of nothing."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.findings.assessment import assess

OTHERS = (
    "group_petitions",
    "repeat_petitions",
    "skip_level_petitions",
    "resolved_share",
    "local_resolution_share",
    "satisfied_share",
)
SMALL = replace(PLAIN, n_villages=240, n_townships=8, n_listed=24)


@pytest.fixture(scope="module")
def county():
    return simulate(SMALL, seed=4)


def with_list(county, listed):
    return replace(
        county.panel, villages=county.panel.villages.assign(listed=np.asarray(listed).astype(int))
    )


def by_id(assessment):
    return {f.id: f for f in assessment.findings}


def test_an_ordinary_county_has_every_finding(county):
    a = by_id(assess(county.panel, county.campaign))
    windows = [
        "during",
        "after",
        "first_year",
        "after_1_3",
        "after_4_6",
        "after_7_12",
        "after_13_24",
    ]
    assert set(a) == {f"petitions.{w}" for w in windows} | {
        "operating_income.first_year",
        "operating_income.first_year.typical",
        "operating_income.first_year.share_earning",
        "earned_income.first_year",
        "earned_income.first_year.typical",
        "earned_income.first_year.share_earning",
        "total_income.first_year",
    } | {f"{o}.{w}" for o in OTHERS for w in ("first_year", "after")}
    first = a["petitions.first_year"]
    assert (first.estimate.design, first.quiet_years, len(first.estimate.quiet)) == (
        "quiet_year_did",
        4,
        4,
    )
    assert a["petitions.after"].quiet_years == 3
    assert first.estimate.absolute == pytest.approx(
        first.estimate.amounts.actual - first.estimate.amounts.expected, rel=1e-9
    )
    assert {"quiet_year_stability", "pre_trend", "leave_one_township_out", "suppression"} <= {
        c.name for c in first.checks
    }


def test_the_other_designs_stand_beside_every_headline(county):
    a = assess(county.panel, county.campaign)
    designs = {e.design for e in a.sensitivity if e.id == "petitions.first_year"}
    closed = {
        "quiet_year_did_last_year",
        "rule_as_instrument",
        "before_after",
        "did",
        "did_without_listing_year",
        "expected_from_history",
    }
    assert designs == closed | {
        "matching",
        "hybrid",
        "synthetic_did",
        "callaway_santanna",
        "imputation",
    }  # no score, no discontinuity
    assert a.event_study.by_month["in_listing_window"].sum() == 12
    assert len(a.villages) == 24
    assert a.villages["probability_improved"].between(0, 1).all()
    assert a.villages["expected"].sum() == pytest.approx(
        by_id(a)["petitions.first_year"].estimate.amounts.expected
    )


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        (lambda n, t: np.zeros(n), "no_listed_village"),
        (lambda n, t: np.ones(n), "all_listed"),
        (lambda n, t: t == 0, "one_township"),
    ],
)
def test_lists_that_cannot_be_evaluated_are_refused(county, listed, reason):
    panel = with_list(county, listed(SMALL.n_villages, county.panel.township))
    for f in assess(panel, county.campaign).findings:
        assert (f.grade, f.estimate.value, f.conclusion) == ("D", None, None)
        assert f.reason == reason or f.reason == "window_not_observed"


def test_three_listed_villages_are_answered_with_a_wide_interval(county):
    listed = np.zeros(SMALL.n_villages)
    listed[[3, 100, 200]] = 1
    f = by_id(assess(with_list(county, listed), county.campaign))["petitions.first_year"]
    assert f.estimate.value is None or f.estimate.ci_high - f.estimate.ci_low > 0.5
    assert f.conclusion in (None, "unclear", "fell", "rose")


def test_without_a_quiet_year_the_grade_is_c_at_most(county):
    short = replace(
        county.campaign,
        start=dt.date(2019, 3, 1),
        listing_window=(pd.Period("2018-03", "M"), pd.Period("2019-02", "M")),
    )
    f = by_id(assess(county.panel, short))["petitions.first_year"]
    assert f.quiet_years == 0
    assert f.grade in "CX"
    assert f.estimate.design == "expected_from_history"


def test_without_an_observed_listing_window_nothing_is_estimated(county):
    early = replace(
        county.campaign,
        start=dt.date(2018, 6, 1),
        listing_window=(pd.Period("2017-06", "M"), pd.Period("2018-05", "M")),
    )
    assert {f.reason for f in assess(county.panel, early).findings} == {
        "listing_window_not_observed"
    }


def test_unusual_years_cap_the_grade_at_b(county):
    unusual = replace(
        county.campaign, unusual=((pd.Period("2020-01", "M"), pd.Period("2022-12", "M")),)
    )
    f = by_id(assess(county.panel, unusual))["petitions.first_year"]
    assert f.estimate.quiet["unusual"].tolist() == [True, True, True, False]
    assert f.grade in "BCX"


def test_without_income_the_income_findings_say_so(county):
    a = by_id(assess(replace(county.panel, income=None, income_periods=None), county.campaign))
    assert a["earned_income.first_year"].reason == "no_income_table"
    assert a["petitions.first_year"].estimate.value is not None


def test_as_of_the_campaigns_end_only_the_past_is_known(county):
    panel = county.panel
    known = panel.month_index(pd.Period("2023-07", "M"))
    cut = replace(
        panel,
        months=panel.months[:known],
        petitions=panel.petitions[:, :known],
        income=panel.income[:, :5],
        income_periods=panel.income_periods[:5],
        parts={k: v[:, :known] for k, v in panel.parts.items()},
    )
    a = by_id(assess(cut, county.campaign))
    assert a["petitions.during"].estimate.value is not None
    assert a["petitions.first_year"].reason == "window_not_observed"
    assert a["earned_income.first_year"].reason == "window_not_observed"
