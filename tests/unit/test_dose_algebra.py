"""Pooling dose scores: the algebra against its textbook forms, and what it must not move with."""

import numpy as np
import pytest
from scipy.linalg import block_diag

from village_eval.expectation.between_years import GRID, prior
from village_eval.many import dose_algebra as algebra
from village_eval.many.doses import CONTRASTS, Scores, pool_doses, table
from village_eval.words.vocabulary import MEASURES

K = 3


def counties(n=12, k=K, seed=1, tau=0.1, effect=-0.2):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4 * k, k))
    precision = 40 * np.einsum("cij,cik->cjk", x, x) / (4 * k)
    own = effect + rng.normal(0, tau, (n, k))
    noise = np.array([rng.multivariate_normal(np.zeros(k), p) for p in precision])
    return precision, np.einsum("cjk,ck->cj", precision, own) + noise


def restricted(tau2, precision, score):
    """−2 log REML of stacked estimates b_c = P_c⁻¹ S_c, as textbooks have it."""
    v = block_diag(*[np.linalg.inv(p) + np.diag(tau2) for p in precision])
    b = np.concatenate([np.linalg.solve(p, s) for p, s in zip(precision, score, strict=True)])
    x = np.tile(np.eye(len(tau2)), (len(precision), 1))
    w = np.linalg.inv(v)
    beta = np.linalg.solve(x.T @ w @ x, x.T @ w @ b)
    rest = b - x @ beta
    return np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ w @ x)[1] + rest @ w @ rest


def test_likelihood_without_inverses_is_the_textbook_one_up_to_a_constant():
    precision, score = counties()
    ones = [np.zeros(K), np.full(K, 0.01), np.array([0.02, 0.0, 0.3])]
    ours = [algebra.loss(t, precision, score) for t in ones]
    theirs = [restricted(t, precision, score) for t in ones]
    assert np.diff(ours) == pytest.approx(np.diff(theirs), rel=1e-5, abs=1e-5)


def test_heterogeneity_is_found_and_its_absence_too():
    group = np.zeros(K, int)
    there = algebra.heterogeneity(*counties(200, tau=0.15), group)
    absent = algebra.heterogeneity(*counties(200, tau=0.0), group)
    assert 0.10 < there[0] < 0.20 and absent[0] < 0.05


def test_a_measure_that_a_county_never_gave_takes_nothing_from_the_others():
    precision, score = counties()
    precision[:4, 0, :] = precision[:4, :, 0] = 0
    score[:4, 0] = 0
    pooled = algebra.pooled(precision.sum(0), score.sum(0))
    assert np.isfinite(pooled).all()
    assert np.isfinite(algebra.heterogeneity(precision, score, np.zeros(K, int))).all()


def test_refits_leave_out_each_unit_as_a_whole():
    precision, score = counties()
    unit = np.repeat(np.arange(4), 3)
    values = algebra.refits(precision, score, unit)
    stay = unit != 2
    again = algebra.pooled(precision[stay].sum(0), score[stay].sum(0))
    assert values.shape == (K, 5) and values[:, 3] == pytest.approx(again)


def test_equal_counties_all_count_and_one_large_one_counts_alone():
    same = np.tile(np.eye(K), (10, 1, 1))
    w = np.eye(K)[0]
    assert algebra.effective(same, np.arange(10), w) == pytest.approx(10)
    same[0] *= 1e6
    assert algebra.effective(same, np.arange(10), w) == pytest.approx(1, abs=1e-3)


def test_with_one_year_the_shock_stays_at_its_prior_and_enters_in_full():
    precision, score = counties()
    year = np.zeros(12, int)
    weights = algebra.shock_posterior(precision, score, year, 1.0)
    before = prior(algebra.SHOCK_SCALE)
    assert weights == pytest.approx(before / before.sum())
    assert algebra.shock_share(precision, year, np.eye(K)) == pytest.approx(np.ones(K), rel=1e-5)


def test_a_shock_that_years_show_is_learned_from_them():
    precision, score = counties(200, tau=0.0)
    year = np.arange(200) % 8
    calm = algebra.shock_posterior(precision, score, year, 1.0) @ GRID
    shocks = np.random.default_rng(3).normal(0, 0.3, (8, K))[year]
    moved = score + np.einsum("cjk,ck->cj", precision, shocks)
    assert algebra.shock_posterior(precision, moved, year, 1.0) @ GRID > 4 * calm
    assert (algebra.shock_share(precision, year, np.eye(K)) < 0.2).all()


def province(n=40, effect=-0.2):
    k = len(MEASURES)
    precision, score = counties(n, k, tau=0.05, effect=effect)
    dose = np.full((n, k), 0.2)
    year = np.arange(n) % 4
    return Scores(precision, score, dose, np.full(n, 50.0), year, year, np.arange(n))


def test_order_of_counties_changes_nothing():
    s = province()
    turned = np.arange(40)[::-1]
    other = Scores(
        *(x[turned] for x in (s.precision, s.score, s.dose, s.villages, s.year, s.cell)), s.county
    )
    one, two = pool_doses(s), pool_doses(other)
    assert one.values == pytest.approx(two.values, rel=1e-9)
    assert one.se == pytest.approx(two.se, rel=1e-9)


def test_levels_add_up_and_p_values_are_corrected_within_a_level():
    s = province()
    rows = table(s, pool_doses(s), "petitions")
    of = {level: rows[rows["level"] == level] for level in ("overall", "group", "measure")}
    assert len(rows) == len(CONTRASTS) == 22
    assert of["overall"]["estimate"].iloc[0] == pytest.approx(of["group"]["estimate"].sum())
    assert of["overall"]["estimate"].iloc[0] == pytest.approx(0.2 * of["measure"]["estimate"].sum())
    assert (of["measure"]["p_adjusted"] >= of["measure"]["p_value"]).all()
    assert of["overall"]["p_adjusted"].iloc[0] == of["overall"]["p_value"].iloc[0]


def test_a_measure_that_nobody_gave_has_no_number():
    s = province()
    s.precision[:, 3, :] = s.precision[:, :, 3] = 0
    s.score[:, 3], s.dose[:, 3] = 0, 0
    row = table(s, pool_doses(s), "petitions").iloc[5 + 3]
    assert row["measure"] == MEASURES[3]
    assert row["counties"] == 0 and np.isnan(row["estimate"]) and np.isnan(row["p_adjusted"])


def test_from_ten_years_of_provinces_on_these_are_left_out_as_a_whole():
    s = province()
    few, many = (
        s.unit,
        Scores(s.precision, s.score, s.dose, s.villages, s.year, np.arange(40) % 10, s.county).unit,
    )
    assert few is s.county and many.max() == 9
