"""The closed forms on a balanced panel give what an independent regression library gives, to
1e-8."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import did
from village_eval.designs.panel_algebra import poisson_did, twoway_did, twoway_event_study
from village_eval.expectation.panel_settings import setting

MONTHS, START = 24, 12
SSC = pf.ssc(k_adj=False, G_adj=True)


@pytest.fixture(scope="module")
def county():
    return simulate(PLAIN, seed=5, parts=False)


@pytest.fixture(scope="module")
def data(county):
    panel = county.panel
    start = panel.month_index(county.campaign.start_month)
    Y = panel.petitions[:, start - START : start + START].astype(float)
    n = len(Y)
    frame = pd.DataFrame(
        {
            "y": Y.ravel(),
            "village": np.repeat(np.arange(n), MONTHS),
            "month": np.tile(np.arange(MONTHS), n),
            "listed": np.repeat(panel.listed, MONTHS).astype(float),
            "township": np.repeat(panel.township, MONTHS),
        }
    )
    frame["d"] = frame["listed"] * (frame["month"] >= START)
    return Y, panel.listed, np.arange(MONTHS) >= START, panel.township, frame


def test_twoway_least_squares(data):
    Y, listed, post, township, frame = data
    ours = twoway_did(Y, listed, post, township)
    fit = pf.feols("y ~ d | village + month", frame, vcov={"CRV1": "township"}, ssc=SSC)
    assert ours.value == pytest.approx(fit.coef()["d"], abs=1e-8)
    assert ours.se == pytest.approx(fit.se()["d"], abs=1e-8)


def test_twoway_event_study(data):
    Y, listed, _, township, frame = data
    ours = twoway_event_study(Y, listed, START - 1, township)
    fit = pf.feols(
        f"y ~ i(month, listed, ref={START - 1}) | village + month",
        frame,
        vcov={"CRV1": "township"},
        ssc=SSC,
    )
    others = np.delete(np.arange(MONTHS), START - 1)
    assert np.allclose(ours.value[others], fit.coef().to_numpy(), atol=1e-8)
    assert np.allclose(ours.se[others], fit.se().to_numpy(), atol=1e-8)
    assert ours.value[START - 1] == ours.se[START - 1] == 0


def test_poisson(data):
    Y, listed, post, township, frame = data
    ours = poisson_did(Y, listed, post, township)
    ever = (
        frame.groupby("village")["y"].transform("sum") > 0
    )  # villages without a petition say nothing and are dropped by both
    fit = pf.fepois(
        "y ~ d | village + month",
        frame[ever],
        vcov={"CRV1": "township"},
        ssc=SSC,
        iwls_tol=1e-12,
        fixef_tol=1e-12,
    )
    assert ours.value == pytest.approx(fit.coef()["d"], abs=1e-8)
    assert ours.se == pytest.approx(fit.se()["d"], abs=1e-7)


def test_the_design_did_is_that_poisson_regression(county, data):
    Y, listed, post, township, _ = data
    ours = did(county.panel, county.campaign, given=setting(county.panel, county.campaign))
    assert ours.value == pytest.approx(
        float(poisson_did(Y, listed, post, township).value), abs=1e-12
    )
