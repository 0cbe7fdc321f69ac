"""The jackknife's variance moderated: what single villages add, votes, and where it stands alone."""

from dataclasses import replace

import numpy as np
import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.expectation import error_rules
from village_eval.expectation.between_years import COUNTS_SCALE, PRIOR_SCALE
from village_eval.expectation.error_rules import LEFT_IN_HISTORY
from village_eval.expectation.headline import tau
from village_eval.expectation.moderation import Villages, influence, moderated, villages
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.refits import Refits

SMALL = {"n_villages": 300, "n_townships": 9, "n_listed": 24}


def settings(scenario="plain", seed=3):
    made = simulate(replace(SCENARIOS[scenario], **SMALL), seed, parts=False)
    return Settings(made.panel, made.campaign)


@pytest.fixture(scope="module")
def given():
    return settings().of("petitions")


@pytest.fixture
def drawn():
    rng = np.random.default_rng(5)
    E = rng.gamma(2, 2, 40)
    return rng.poisson(E).astype(float), E, rng.random(40)


def test_what_a_village_adds_is_the_slope_of_tau_in_its_weight(drawn):
    y, E, p = drawn
    psi = influence(y, E, p, 1 - p)
    for i in (0, 7, 39):
        more = np.ones(40)
        more[i] += 1e-6
        moved = tau(y, E, (p * more)[None], ((1 - p) * more)[None])
        assert (moved - tau(y, E, p[None], 1 - p[None]))[0] / 1e-6 == pytest.approx(
            psi[i], abs=1e-5
        )
    assert psi.sum() == pytest.approx(0, abs=1e-12)


def test_unknown_villages_add_nothing(drawn):
    y, E, p = drawn
    rest = influence(y[1:], E[1:], p[1:], 1 - p[1:])
    assert influence(np.r_[np.nan, y[1:]], E, p, 1 - p) == pytest.approx(np.r_[0, rest])


def test_with_a_township_for_every_village_there_is_nothing_to_moderate():
    rng = np.random.default_rng(6)
    E, p = rng.gamma(8, 4, (3, 400)), rng.random((3, 400))
    y = rng.poisson(E).astype(float)
    keep = np.vstack([np.ones(400), 1 - np.eye(400)])

    def year(k):
        refits = tau(y[k], E[k], keep * p[k], keep * (1 - p[k]))
        return refits, influence(y[k], E[k], p[k], 1 - p[k])

    (now, psi), *quiet = (year(k) for k in range(3))
    tau_q, psi_q = (np.stack(part) for part in zip(*quiet, strict=True))
    added = Villages.of(np.stack([psi, psi]), psi_q)
    assert moderated(Refits(now - tau_q), Refits(tau_q), added) == pytest.approx(1, abs=0.01)


def test_each_quiet_year_has_a_vote_and_the_estimate_itself_one():
    rng = np.random.default_rng(7)
    gaps, quiet = Refits(rng.normal(size=(3, 10))), Refits(rng.normal(size=(3, 10)))
    one = Villages(np.full((3, 3), 2.0), np.full(3, 4.0))
    s = 2.0 * (quiet.se**2).sum() / 12
    jackknife = gaps.covariance.mean()
    voted = np.exp((np.log(jackknife) + 3 * np.log(s)) / 4)
    assert moderated(gaps, quiet, one) * jackknife == pytest.approx(voted)
    many = Refits(np.stack([gaps.values] * 2)), Refits(np.stack([quiet.values] * 2))
    both = Villages(np.stack([one.gaps] * 2), np.stack([one.quiet] * 2))
    assert moderated(*many, both) == pytest.approx(np.full(2, moderated(gaps, quiet, one)))


def test_a_variance_of_none_is_left_alone():
    still, moving = Refits(np.zeros((2, 8))), Refits(np.eye(2, 8))
    added = Villages(np.eye(2), np.ones(2))
    assert moderated(still, moving, added) == 1
    assert moderated(moving, still, added) == 1
    assert moderated(moving, moving, Villages(np.zeros((2, 2)), np.zeros(2))) == 1


def test_some_years_are_those_years(given):
    quiet = given.series.quiet["first_year"]
    some, every = quiet[::2], villages(given, quiet, "first_year", "history")
    among, alone = every.among([0, 2]), villages(given, some, "first_year", "history")
    assert among.gaps == pytest.approx(alone.gaps) and among.quiet == pytest.approx(alone.quiet)


def test_counts_are_moderated_and_amounts_are_not(given):
    n = len(given.series.quiet["first_year"])
    earned = given.beside("earned_income")
    assert (
        n == 4
        and error_rules.error_df(given, n) == 2 * given.df
        and error_rules.error_df(earned, n) == earned.df
    )
    assert (error_rules.prior_scale(given, n), error_rules.prior_scale(given, 1)) == (
        COUNTS_SCALE,
        PRIOR_SCALE,
    )
    assert error_rules.prior_scale(earned, n) == error_rules.prior_scale(earned, 0)
    e = quiet_year_did(given.panel, given.campaign, given=given)
    assert e.df == error_rules.error_df(given, n)


def test_without_quiet_years_history_is_fitted_on_spoilt_ones_and_unknown_lists_widen():
    every = settings("every_year").of("petitions")
    assert not every.series.quiet["first_year"]
    assert every.series.earlier("first_year") == [1, 2, 3, 4]
    assert (every.history.a, every.history.d) != (2.0, 0.8)
    assert error_rules.left_in_history(every, 0) == LEFT_IN_HISTORY**2
    assert (
        error_rules.left_in_history(every, 1)
        == error_rules.left_in_history(every.beside("earned_income"), 0)
        == 0
    )
    e = quiet_year_did(every.panel, every.campaign, given=every)
    assert e.within_se**2 - float(e.refits.se) ** 2 == pytest.approx(LEFT_IN_HISTORY**2)


@pytest.mark.slow
@pytest.mark.ci
def test_errors_of_counties_that_are_alike_are_more_alike():
    own, steadier = [], []
    for seed in range(1, 21):
        s = settings(seed=seed).of("petitions")
        e = quiet_year_did(s.panel, s.campaign, given=s)
        own.append(float(e.refits.se))
        steadier.append(e.within_se)
    assert np.std(np.log(steadier)) < 0.85 * np.std(np.log(own))
