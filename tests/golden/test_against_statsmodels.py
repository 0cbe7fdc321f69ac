"""The listing rule and the dose regressions are the generalised linear models that users know:
statsmodels with the same ridge agrees with the batched refits to 1e-6, on the full sample and
without a township."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.expectation.listing import RIDGE, learn_rule
from village_eval.expectation.panel_settings import Settings
from village_eval.measures import regression
from village_eval.measures.listed import held_fixed, outcome_of


def ridge(model: sm.GLM, penalty: np.ndarray) -> np.ndarray:
    """The maximum of statsmodels' log likelihood less ½ Σ penalty b²: its fit_regularized, which
    stops at about 1e-3 where columns are alike, taken on by Newton steps on its own score and Hessian."""
    params = model.fit_regularized(alpha=penalty / len(model.endog), L1_wt=0, maxiter=1000).params
    start = params
    for _ in range(20):
        slope = model.score(params, scale=1) - penalty * params
        params = params + np.linalg.solve(
            np.diag(penalty) - model.hessian(params, scale=1, observed=True), slope
        )
    assert params == pytest.approx(start, abs=5e-3)
    return params


@pytest.fixture(scope="module")
def county():
    return simulate(replace(PLAIN, n_villages=240, n_townships=8, n_listed=40), 7)


@pytest.mark.parametrize("refit", [0, 3])
def test_the_listing_rule_is_a_ridge_logit(county, refit):
    rule = learn_rule(county.panel, county.campaign)
    kept = rule.keep[refit]
    design = sm.add_constant(rule.seen(rule.origin))[kept]
    listed = county.panel.listed[kept].astype(float)
    penalty = np.r_[1e-6, np.full(design.shape[1] - 1, RIDGE)]
    theirs = ridge(sm.GLM(listed, design, family=sm.families.Binomial()), penalty)
    assert rule.coefficients[refit] == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("refit", [0, 3])
def test_a_dose_regression_is_a_ridge_negative_binomial(county, refit):
    y, expected, keep = outcome_of(given := Settings(county.panel, county.campaign).of("petitions"))
    controls = held_fixed(given)
    doses = np.random.default_rng(1).uniform(size=(len(y), 3)).round(1)
    ours = regression.regress(y, expected, doses, controls, keep)
    x = np.column_stack([doses, controls])
    scale = np.where(x.std(0) > 1e-9, x.std(0), 1.0)
    kept = keep[refit]
    design = sm.add_constant((x - x.mean(0)) / scale, has_constant="add")[kept]
    penalty = np.r_[0.0, np.full(x.shape[1], regression.RIDGE * len(y))]
    family = sm.families.NegativeBinomial(alpha=regression.DISPERSION)
    offset = np.log(expected[refit][kept])
    theirs = ridge(sm.GLM(y[kept], design, family=family, offset=offset), penalty)
    assert ours.values[refit] == pytest.approx(theirs[1:4] / scale[:3], abs=1e-6)


def test_without_the_ridge_the_rule_would_say_more(county):
    """The unpenalised logit stands beside it: the ridge shrinks, and turns no clear sign."""
    rule = learn_rule(county.panel, county.campaign)
    design = sm.add_constant(rule.seen(rule.origin))
    plain = sm.GLM(county.panel.listed * 1.0, design, family=sm.families.Binomial()).fit()
    slopes, ours = plain.params[1:], rule.coefficients[0, 1:]
    assert (ours**2).sum() < (slopes**2).sum()
    clear = np.abs(plain.tvalues[1:]) > 2
    assert clear.any() and (np.sign(ours) == np.sign(slopes))[clear].all()
