"""The gradient of the history's likelihood, and the size of the test that quiet years agree."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.checks import Case
from village_eval.checks.quiet_year_stability import quiet_year_stability
from village_eval.expectation.between_years import t_error
from village_eval.expectation.history import TargetYears, _loss
from village_eval.expectation.outcomes import question
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate, QuietYears


@pytest.mark.parametrize("counts", [True, False])
def test_gradient_is_that_of_finite_differences(counts):
    rng = np.random.default_rng(5)
    y = rng.poisson(rng.gamma(1.5, 2.0, (80, 4))).astype(float)
    y[rng.random(y.shape) < 0.05] = np.nan
    given = (
        TargetYears.of([(y[:, 1:], y[:, 0]), (y[:, 2:], y[:, 1])]),
        rng.normal(7, 0.5, 80),
        counts,
    )
    for x in ([0.3, 1.0, 0.4], [1.5, -0.5, -0.1]):
        numeric = approx_fprime(np.array(x), lambda p: _loss(p, *given)[0], 1e-6)
        assert _loss(np.array(x), *given)[1] == pytest.approx(numeric, rel=1e-3, abs=1e-3)


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("df", [8, 18])
def test_agreement_of_quiet_years_has_the_size_it_says(df):
    """Hotelling's T² with a covariance of df degrees of freedom: 5 % of agreeing years give p below
    0.05."""
    rng, n, below = np.random.default_rng(6), 4, 0
    many = replace(PLAIN, n_townships=df + 1, n_villages=200, n_listed=2 * (df + 1), quotas=True)
    made = simulate(many, seed=1)
    given = setting(made.panel, made.campaign)
    assert given.df == df
    for _ in range(2000):
        noise = rng.normal(0, 0.1, (df, n))
        quiet = pd.DataFrame({"estimate": rng.normal(0, 0.1, n)})
        e = Estimate(
            question("petitions.first_year"),
            "quiet_year_did",
            0.1,
            t_error(0.1, df),
            within_se=0.1,
            quiet_years=QuietYears((1, 2, 3, 4), quiet, 0.0, noise.T @ noise / df),
        )
        below += quiet_year_stability(Case(given, e)).value("p_value") < 0.05
    assert below / 2000 == pytest.approx(0.05, abs=0.015)
