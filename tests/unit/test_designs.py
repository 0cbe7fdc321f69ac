"""The designs around the headline: one interface, the direction of their known errors, and
refusals."""

from dataclasses import replace

import numpy as np
import pytest
from diff_diff import HonestDiD
from diff_diff.results import MultiPeriodDiDResults, PeriodEffect

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import (
    callaway_santanna_cohort,
    did,
    estimate_of,
    event_study,
    honest_did,
    hybrid,
    imputation_cohort,
    matching,
    regression_discontinuity,
    synthetic_did,
)
from village_eval.designs.honest_did import breakdown, relative_magnitudes, smoothness
from village_eval.designs.matching import match_weights
from village_eval.designs.one_cohort import additive_att
from village_eval.designs.regression_discontinuity import limits_at_cutoff
from village_eval.designs.staggered import callaway_santanna, imputation
from village_eval.designs.yearly import yearly_frame
from village_eval.expectation.panel_settings import setting

DESIGNS = [
    callaway_santanna_cohort,
    honest_did,
    hybrid,
    imputation_cohort,
    matching,
    regression_discontinuity,
    synthetic_did,
]
SMALL = replace(PLAIN, n_villages=400, n_listed=40, n_townships=10, effect=0.0)


@pytest.fixture(scope="module")
def county():
    c = simulate(SMALL, seed=6, parts=False)
    c.panel.villages["listing_score"] = c.score
    return c


@pytest.mark.parametrize("design", DESIGNS, ids=lambda d: d.__name__)
def test_one_interface(county, design):
    s = setting(county.panel, county.campaign)
    e = estimate_of(design(county.panel, county.campaign, given=s))
    assert e.value is not None, e.reason
    assert e.ci_low < e.value < e.ci_high
    assert (e.question.outcome.name, e.window, e.n_treated) == ("petitions", "first_year", 40)
    assert e.reference
    again = estimate_of(design(county.panel, county.campaign))
    assert again.value == pytest.approx(e.value, abs=1e-9)
    late = replace(county.campaign, start=county.campaign.start.replace(year=2026))
    unseen = estimate_of(design(county.panel, late))
    assert unseen.value is None and unseen.reason


def test_matches_are_unlisted_and_as_many_as_listed(county):
    s = setting(county.panel, county.campaign)
    weights = match_weights(s, np.ones(400, bool))
    assert (weights[:, county.panel.listed] == 0).all()
    assert np.allclose(weights.sum(1), (s.rule.keep & county.panel.listed).sum(1))
    assert (weights[~s.rule.keep] == 0).all()


def test_without_a_score_or_with_another_list_there_is_no_discontinuity(county):
    bare = replace(county.panel, villages=county.panel.villages.drop(columns="listing_score"))
    assert regression_discontinuity(bare, county.campaign).estimate.reason == "no_listing_score"
    other = county.panel.villages.assign(listing_score=np.random.default_rng(1).normal(size=400))
    assert (
        regression_discontinuity(
            replace(county.panel, villages=other), county.campaign
        ).estimate.reason
        == "list_not_by_score"
    )


def test_a_score_in_whole_points_is_refused_and_stops_nothing():
    c = simulate(replace(SMALL, effect=PLAIN.effect), seed=3, parts=False)
    c.panel.villages["listing_score"] = np.round(
        c.score
    )  # ties on which the library's bandwidths turn complex
    assert regression_discontinuity(c.panel, c.campaign).estimate.reason == "too_few_at_cutoff"


@pytest.mark.parametrize(
    ("library", "years"),
    [(callaway_santanna, 2), (imputation, None)],
    ids=["callaway_santanna", "imputation"],
)
def test_one_cohort_is_what_the_library_says(county, library, years):
    s = setting(county.panel, county.campaign)
    frame = yearly_frame(s)
    y = frame.pivot(index="unit", columns="time", values="y").to_numpy(float)
    listed = county.panel.listed[None, :].astype(float)
    ours = additive_att(y[:, -years:] if years else y, listed, 1 - listed)[0]
    start = 1 - frame["time"].min()
    frame = frame.assign(
        time=frame["time"] + start, cohort=np.where(frame["listed"] == 1, start, 0)
    )
    theirs = library(
        frame, outcome="y", unit="unit", time="time", cohort="cohort", cluster="cluster"
    )
    assert ours == pytest.approx(theirs.value, abs=1e-8)


def test_limits_at_the_cutoff_are_those_of_the_data():
    rng = np.random.default_rng(4)
    score = rng.uniform(-1, 1, 1500)
    y = 4 + score + np.where(score >= 0, -1.0, 0.0) + rng.normal(0, np.where(score >= 0, 1.0, 0.5))
    limits = limits_at_cutoff(y, score)
    assert limits["above"] == pytest.approx(3, abs=3 * limits["above_se"])
    assert limits["below"] == pytest.approx(4, abs=3 * limits["below_se"])
    assert limits["above_se"] > limits["below_se"] > 0  # above is twice as noisy
    eight = np.r_[np.flatnonzero(score >= 0)[:8], np.flatnonzero(score < 0)]
    assert limits_at_cutoff(y[eight], score[eight]) is None


def test_honest_bounds_widen_with_m_and_hold_did_at_zero(county):
    found = honest_did(county.panel, county.campaign)
    e = found.estimate
    assert e.value == pytest.approx(did(county.panel, county.campaign).value, abs=1e-9)
    width = found.bounds["ci_high"] - found.bounds["ci_low"]
    assert (np.diff(width) > 0).all()
    first = found.bounds.iloc[0]
    assert (first["ci_low"], first["ci_high"]) == pytest.approx((e.ci_low, e.ci_high))


@pytest.fixture(scope="module")
def path():
    """Log differences of listed and unlisted in five years, −0.5 in the last, with twelve noisy
    refits."""
    full = np.array([0.1, 0.0, 0.05, 0.3, -0.2])
    return np.vstack([full, full + np.random.default_rng(2).normal(0, 0.02, (12, 5))])


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("m", [0.5, 1.0, 2.0])
def test_identified_sets_are_those_of_the_library(path, m):
    beta = path[0] - path[0, 3]
    effects = {
        t: PeriodEffect(t, float(b), 0.1, 1.0, 0.5, (0.0, 0.0))
        for t, b in enumerate(beta)
        if t != 3
    }
    fit = MultiPeriodDiDResults(
        effects,
        -0.5,
        0.1,
        -5.0,
        0.0,
        (-0.7, -0.3),
        100,
        10,
        90,
        [0, 1, 2],
        [4],
        reference_period=3,
        vcov=0.01 * np.eye(4),
        interaction_indices={0: 0, 1: 1, 2: 2, 4: 3},
    )
    theirs, ours = (
        HonestDiD("relative_magnitude", M=m).fit(fit),
        relative_magnitudes(path, m, len(path) - 2),
    )
    assert (ours["low"], ours["high"]) == pytest.approx((theirs.lb, theirs.ub), abs=1e-6)
    assert ours["ci_low"] < ours["low"] and ours["high"] < ours["ci_high"]
    bend, ours = HonestDiD("smoothness", M=m).fit(fit), smoothness(path, m, len(path) - 2)
    assert (ours["low"], ours["high"]) == pytest.approx((bend.lb, bend.ub), abs=1e-6)


def test_breakdown_is_where_the_interval_touches_zero(path):
    m = breakdown(path, len(path) - 2)
    assert 0 < m < 2
    assert relative_magnitudes(path, m, len(path) - 2)["ci_high"] == pytest.approx(0, abs=1e-6)
    flat = path.copy()
    flat[:, -1] = flat[:, -2]
    assert breakdown(flat, len(flat) - 2) == 0.0


def test_did_and_its_kin_credit_a_campaign_that_did_nothing():
    errors = {
        d.__name__: []
        for d in (callaway_santanna_cohort, imputation_cohort, synthetic_did, matching)
    }
    for seed in range(6):
        c = simulate(SMALL, seed=seed, parts=False)
        s = setting(c.panel, c.campaign)
        for name in errors:
            errors[name].append(globals()[name](c.panel, c.campaign, given=s).value)
    means = {name: np.mean(values) for name, values in errors.items()}
    assert means["callaway_santanna_cohort"] < -0.15
    assert means["synthetic_did"] < -0.05
    assert (
        means["matching"] > means["callaway_santanna_cohort"] + 0.15
    )  # its error goes the other way


def test_villages_that_did_not_report_are_left_out_and_are_no_zeros(county):
    panel, campaign = county.panel, county.campaign
    full = setting(panel, campaign, "earned_income")
    values = full.series.values.copy()
    values[np.flatnonzero(panel.listed)[::3], full.series.start] = np.nan  # a third of the listed
    holed = replace(full, series=replace(full.series, values=values))
    for design in (matching, honest_did):
        said, again = (
            estimate_of(design(panel, campaign, outcome="earned_income", given=s)).value
            for s in (full, holed)
        )
        assert abs(again - said) < 0.2  # as zeros: log(2/3) = -0.4


def test_a_list_that_left_the_score_at_the_cut_off_is_refused(county):
    score, listed = county.score, county.panel.listed
    on, off = np.flatnonzero(listed), np.flatnonzero(~listed)
    worst_off, best_on = off[np.argsort(-score[off])[:5]], on[np.argsort(score[on])[:5]]
    score = score.copy()
    score[worst_off], score[best_on] = (
        score[best_on],
        score[worst_off],
    )  # 10 of 400 villages, and half of those at the cut-off
    other = replace(county.panel, villages=county.panel.villages.assign(listing_score=score))
    assert regression_discontinuity(other, county.campaign).estimate.reason == "list_not_by_score"


def test_the_quiet_path_by_month_leaves_out_years_without_a_base(county):
    s = setting(county.panel, county.campaign)
    based = [
        q
        for q in s.series.quiet["first_year"]
        if s.series.start - 12 * q + s.campaign.listing_offsets[0] >= 6
    ]
    assert len(based) < len(
        s.series.quiet["first_year"]
    )  # the earliest quiet year was ranked on the first year on record
    only = replace(s, series=replace(s.series, quiet=s.series.quiet | {"first_year": based}))
    paths = [
        event_study(county.panel, county.campaign, given=x).by_month["quiet"] for x in (s, only)
    ]
    assert paths[0].equals(paths[1]) and paths[0].notna().any()


def test_staggered_estimators_count_clusters_not_units(county):
    frame = yearly_frame(setting(county.panel, county.campaign))
    frame = frame[frame["time"] >= -1].assign(
        cohort=lambda d: np.where(d["listed"] == 1, 2, 0), time=lambda d: d["time"] + 2
    )
    names = {"outcome": "y", "unit": "unit", "time": "time", "cohort": "cohort"}
    assert callaway_santanna(frame, **names, cluster="cluster").n_clusters == 10
    assert callaway_santanna(frame, **names).n_clusters == 400
