"""Second opinions agree with the jackknife where they must, and permutation knows who is ever
listed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.designs.permutation import draw_lists, permutation
from village_eval.designs.wild_bootstrap import wild_bootstrap
from village_eval.expectation.between_years import (
    GRID,
    PRIOR_DF,
    PRIOR_SCALE,
    Mixture,
    between_posterior,
    half_t,
    mixed_quantile,
    t_error,
)
from village_eval.expectation.outcomes import question
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate
from village_eval.expectation.students_t import t_cdf


@pytest.fixture(scope="module")
def county():
    return simulate(
        replace(PLAIN, n_villages=400, n_listed=40, n_townships=12), seed=9, parts=False
    )


def test_wild_bootstrap_of_equal_townships_is_the_jackknife():
    rng = np.random.default_rng(0)
    moves = rng.standard_normal(200)
    moves -= moves.mean()
    g = len(moves)
    se = np.sqrt((g - 1) / g * (moves**2).sum())
    e = Estimate(
        question("petitions.first_year"),
        "quiet_year_did",
        2 * se,
        t_error(se, g - 1),
        Refits(2 * se + np.r_[0.0, moves]),
        within_se=se,
    )
    result = wild_bootstrap(e, draws=20_000)
    assert result.within_p_value == pytest.approx(0.0455, abs=0.006)
    assert (result.ci_high - result.ci_low) / se == pytest.approx(2 * 1.96, rel=0.03)


def test_wild_bootstrap_holds_both_parts(county):
    e = quiet_year_did(county.panel, county.campaign)
    both, one = wild_bootstrap(e), wild_bootstrap(e, between=False)
    assert both.ci_high - both.ci_low > one.ci_high - one.ci_low
    # The townships' own variance is not moderated: the jackknife's interval is what it is held to.
    within = e.error.scales**2 - e.within_se**2 + float(e.refits.se) ** 2
    jackknife = Mixture(np.sqrt(within), e.error.weights, 11)
    assert (both.ci_high - both.ci_low) / (2 * jackknife.half) == pytest.approx(1, abs=0.35)
    with pytest.raises(ValueError, match="leave-one-township-out"):
        wild_bootstrap(replace(e, refits=None))


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 18, 41, 199, 200, 201, 6.5, 1e6])
def test_the_finite_sum_is_students_distribution(df):
    z = np.r_[-np.inf, -1e200, -1e9, np.linspace(-60, 60, 2401), 1e-3, 1e9, 1e200, np.inf]
    assert t_cdf(z, df) == pytest.approx(stats.t.cdf(z, df), rel=0, abs=1e-13)
    assert np.isnan(t_cdf(np.array([np.nan]), df)).all()


def test_lists_are_drawn_with_the_rules_probabilities():
    p = np.array([0.9, 0.5, 0.3, 0.2, 0.1] * 20)
    lists = draw_lists(p, 4000, seed=3)
    assert np.allclose(lists.mean(0), p, atol=0.04)
    assert set(lists.sum(1)) <= {int(np.floor(p.sum())), int(np.ceil(p.sum()))}


def test_permutation_is_centred_where_the_campaign_did_nothing():
    null = replace(PLAIN, effect=0.0, n_villages=400, n_listed=40, n_townships=12)
    p_values = []
    for seed in range(12):
        c = simulate(null, seed, parts=False)
        s = setting(c.panel, c.campaign)
        p_values.append(
            permutation(s, quiet_year_did(c.panel, c.campaign, given=s), draws=300).p_value
        )
    assert np.mean(np.array(p_values) < 0.05) <= 0.25
    assert 0.2 < np.mean(p_values) < 0.8


def test_the_prior_on_the_grid_holds_what_the_density_holds():
    weights = half_t(GRID, PRIOR_SCALE, PRIOR_DF)
    below = stats.t.cdf(GRID[:7] / PRIOR_SCALE, PRIOR_DF) - 0.5
    assert weights.sum() == pytest.approx(
        PRIOR_SCALE / 2, rel=2e-3
    )  # half of a t, less its tail beyond the grid
    assert (np.cumsum(weights) - weights / 2)[1:7] == pytest.approx(
        below[1:] * PRIOR_SCALE, abs=6e-5
    )


def test_what_all_quiet_years_share_says_nothing_of_their_spread():
    noise = np.random.default_rng(3).normal(0, 0.06, (30, 5))
    covariance = noise.T @ noise / 30
    tau = np.array([0.05, -0.12, 0.02, 0.09])
    to_gaps = np.column_stack([np.ones(4), -np.eye(4)])  # the campaign year's own τ in every gap
    gaps = between_posterior(to_gaps @ np.r_[0.3, tau], to_gaps @ covariance @ to_gaps.T)
    assert gaps == pytest.approx(between_posterior(tau, covariance[1:, 1:]), abs=1e-9)


@pytest.mark.filterwarnings("error")
def test_a_jackknife_without_any_error_has_no_interval_and_warns_nobody():
    scales = np.array([[0.0, 0.1], [0.1, 0.2]])
    found = mixed_quantile(0.975, scales, np.full((2, 2), 0.5), 18)
    assert np.isnan(found[0]) and 0.1 < found[1] < 0.6
    assert t_error(0.0).half == 0
