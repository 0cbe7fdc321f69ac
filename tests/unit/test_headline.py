"""The kernel: what docs/designs.md says, on plain arrays; leading axes go through together as they
do one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from village_eval.expectation import headline
from village_eval.expectation.between_years import GRID, Mixture
from village_eval.expectation.refits import Refits, less_their_mean

RNG = np.random.default_rng(4)
Y = RNG.poisson(3.0, 60).astype(float)
E = RNG.gamma(2.0, 1.5, (5, 60))
LISTED = RNG.random((5, 60)) * 0.3


def test_tau_is_the_log_ratio_of_sums_listed_less_unlisted():
    by_hand = [
        np.log((w * Y).sum() / (w * e).sum()) - np.log(((1 - w) * Y).sum() / ((1 - w) * e).sum())
        for w, e in zip(LISTED, E, strict=True)
    ]
    assert headline.tau(Y, E, LISTED, 1 - LISTED) == pytest.approx(by_hand, abs=1e-12)
    assert headline.tau(Y, 7 * E, LISTED, 1 - LISTED) == pytest.approx(by_hand, abs=1e-12)


def test_leading_axes_go_through_as_one_by_one():
    weights = RNG.random((3, 5, 60))
    together = headline.tau(Y, E, weights, 1 - weights)
    assert together == pytest.approx(np.array([headline.tau(Y, E, w, 1 - w) for w in weights]))
    campaign, quiet = RNG.normal(0, 0.1, (2, 7, 4, 9))
    did = headline.quiet_year_did(campaign, quiet)
    for i in range(7):
        one = headline.quiet_year_did(campaign[i], quiet[i])
        for all_of_them, alone in zip(did[1:], one[1:], strict=True):
            assert all_of_them[i] == pytest.approx(alone, abs=1e-12)


@pytest.mark.parametrize("statistic", headline.STATISTICS)
def test_villages_that_are_not_known_carry_no_weight(statistic):
    y, e = Y.copy(), E.copy()
    y[3], e[:, 7] = np.nan, np.nan
    known = ~np.isin(np.arange(60), [3, 7])
    gaps = headline.tau(y, e, LISTED, 1 - LISTED, statistic)
    whole = headline.tau(Y[known], E[:, known], LISTED[:, known], 1 - LISTED[:, known], statistic)
    assert gaps == pytest.approx(whole, abs=1e-12)


def test_probabilities_sum_to_the_list_in_every_refit():
    keep = np.ones((4, 60), bool)
    keep[1, :20] = keep[2, 20:40] = keep[3, 40:] = False
    wanted = np.array([9, 6, 5, 7])
    p = headline.probabilities(RNG.normal(0, 2, (4, 60)), keep, wanted)
    assert p.sum(1) == pytest.approx(wanted, abs=1e-9) and not p[~keep].any()


def test_a_village_without_history_is_expected_what_its_population_leads_to_expect():
    population = RNG.integers(300, 3000, 60).astype(float)
    keep = np.ones((1, 60))
    nothing = headline.expected(np.zeros((60, 0)), population, keep, a=1.5, d=0.8, g=0.7)
    assert nothing[0] == pytest.approx(population**0.7)
    blocks = np.full((60, 2), np.nan)
    blocks[1:] = RNG.poisson(2.0, (59, 2))
    assert headline.expected(blocks, population, keep, 1.5, 0.8, 0.7)[0, 0] == pytest.approx(
        population[0] ** 0.7
    )


def test_the_effect_is_the_mean_gap_and_no_quiet_year_is_one_of_zeros():
    campaign, quiet = RNG.normal(0, 0.1, (2, 4, 9))
    did = headline.quiet_year_did(campaign, quiet)
    assert did.value == pytest.approx((campaign - quiet)[:, 0].mean())
    combined = Refits(campaign - quiet).combine(np.full(4, 0.25))
    assert did.within == pytest.approx(combined.se) and combined.value == pytest.approx(did.value)
    alone = headline.quiet_year_did(campaign[:1], np.zeros((1, 9)))
    assert alone.error(8).sd ** 2 == pytest.approx(
        float(alone.within) ** 2 + 2 * float(alone.weights @ GRID**2)
    )
    assert headline.quiet_year_did(campaign[:1], np.zeros((1, 9)), least=5.0).within == 5.0


def test_refits_are_the_jackknife():
    values = RNG.normal(size=(3, 12))
    refits = Refits(values)
    away = values[:, 1:] - values[:, :1]
    assert refits.covariance == pytest.approx(10 / 11 * away @ away.T)
    assert refits.se == pytest.approx(np.sqrt(np.diag(refits.covariance)))
    weights = less_their_mean(2)
    assert weights.tolist() == [1.0, -0.5, -0.5] and less_their_mean(0).tolist() == [1.0]
    error = refits.combine(weights).error(10)
    assert error.sd == pytest.approx(np.sqrt(weights @ refits.covariance @ weights))
    assert error.half == pytest.approx(stats.t.ppf(0.975, 10) * error.sd)
    assert error.p_value(0.3) == pytest.approx(2 * stats.t.sf(0.3 / error.sd, 10))


@pytest.mark.parametrize("level", [0.001, 0.3, 0.5, 0.8, 0.999])
def test_the_quantile_of_a_mixture_is_where_its_distribution_function_is(level):
    mixture = Mixture(np.array([0.02, 0.3, 2.0]), np.array([0.6, 0.3, 0.1]), 5)
    assert mixture.cdf(mixture.quantile(level)) == pytest.approx(level, abs=1e-12)
