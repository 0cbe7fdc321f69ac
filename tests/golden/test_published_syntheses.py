"""Published syntheses: the thirteen trials of BCG vaccine (Colditz et al. 1994), and statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from village_eval.many.synthesis import _fit, reml, small_counties, synthesis

TRIALS = np.array(
    [
        (4, 119, 11, 128, 44),
        (6, 300, 29, 274, 55),
        (3, 228, 11, 209, 42),
        (62, 13536, 248, 12619, 52),
        (33, 5036, 47, 5761, 13),
        (180, 1361, 372, 1079, 44),
        (8, 2537, 10, 619, 19),
        (505, 87886, 499, 87892, 13),
        (29, 7470, 45, 7232, 27),
        (17, 1699, 65, 1600, 42),
        (186, 50448, 141, 27197, 18),
        (5, 2493, 3, 2338, 33),
        (27, 16886, 29, 17825, 33),
    ],
    float,
)
"""Tuberculosis and none among the vaccinated, the same among the others, absolute latitude."""


def log_risk_ratios():
    a, b, c, d, latitude = TRIALS.T
    y = np.log(a / (a + b)) - np.log(c / (c + d))
    return y, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), latitude


def test_bcg_trials_give_the_published_synthesis():
    y, v, _ = log_risk_ratios()
    found = synthesis(y, v)
    assert found.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert found.value == pytest.approx(-0.7145, abs=5e-5)
    assert found.i2 == pytest.approx(0.9222, abs=5e-5)
    assert found.q == pytest.approx(152.2330, abs=5e-5)
    assert np.sqrt(_fit(y, v + found.tau2, np.ones((13, 1)))[1][0, 0]) == pytest.approx(
        0.1798, abs=5e-5
    )


def test_bcg_trials_by_latitude_give_the_published_meta_regression():
    y, v, latitude = log_risk_ratios()
    found = synthesis(y, v, np.column_stack([latitude, np.ones(13)]))
    assert found.tau2 == pytest.approx(0.0764, abs=1e-4)
    assert found.beta == pytest.approx([-0.0291, 0.2515], abs=5e-5)


def test_hartung_knapp_is_that_of_statsmodels():
    y, v, _ = log_risk_ratios()
    other = combine_effects(y, v, method_re="iterated", use_t=True)
    _, plain, squares = _fit(y, v + other.tau2, np.ones((13, 1)))
    assert np.sqrt(plain[0, 0] * squares / 12) == pytest.approx(other.sd_eff_w_re_hksj, rel=1e-10)


def test_reml_is_the_stationary_point_of_its_score():
    y, v, _ = log_risk_ratios()
    tau2 = reml(y, v, np.ones((13, 1)))
    w = 1 / (v + tau2)
    mean = (w @ y) / w.sum()
    # Viechtbauer (2005), equation 15: REML is a fixed point of this.
    again = (w**2 @ ((y - mean) ** 2 - v)) / (w @ w) + 1 / w.sum()
    assert again == pytest.approx(tau2, rel=1e-5)


def test_equal_counties_have_no_heterogeneity_and_the_plain_error():
    found = synthesis(np.full(20, -0.2), np.full(20, 0.01))
    assert found.tau2 == 0 and found.i2 == 0
    assert found.se == pytest.approx(0.1 / np.sqrt(20))


def test_small_counties_that_tell_more_are_seen():
    rng = np.random.default_rng(1)
    se = rng.uniform(0.05, 0.3, 200)
    honest = rng.normal(0, se)
    assert abs(small_counties(honest, se**2)[1]) < 2.5
    told = honest < -0.7 * se
    assert told.sum() >= 10
    slope, t = small_counties(honest[told], se[told] ** 2)
    assert slope < 0 and t < -2.5
    assert small_counties(honest[:9], se[:9] ** 2) is None
