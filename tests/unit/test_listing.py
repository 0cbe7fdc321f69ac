"""The listing rule finds who was listed and lists as many in quiet years."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.expectation.listing import features, learn_rule, quiet_origins


@pytest.fixture(scope="module")
def county():
    return simulate(
        replace(PLAIN, n_villages=400, n_listed=40, n_townships=10), seed=2, parts=False
    )


def test_the_rule_knows_the_list(county):
    fit = learn_rule(county.panel, county.campaign).fit()
    assert fit["auc"] > 0.9
    assert fit["found"] > 0.5
    assert fit["calibration"]["n"].sum() == 400
    assert (
        abs(
            (fit["calibration"]["p_mean"] - fit["calibration"]["listed_share"])
            @ fit["calibration"]["n"]
        )
        < 1.5
    )


def test_as_many_are_listed_in_every_year_and_refit(county):
    rule = learn_rule(county.panel, county.campaign)
    for q in range(5):
        p = rule.probabilities(rule.origin - 12 * q)
        assert np.allclose(p.sum(1), (rule.keep & county.panel.listed).sum(1), atol=1e-6)
        assert (p[~rule.keep] == 0).all()


def test_quiet_years_touch_no_campaign(county):
    panel, campaign = county.panel, county.campaign
    start = panel.month_index(campaign.start_month)
    assert quiet_origins(panel, campaign, (0, 12)) == [start - 12 * q for q in (1, 2, 3, 4)]
    assert quiet_origins(panel, campaign, (4, 16)) == [start - 12 * q for q in (2, 3, 4)]
    spoilt = replace(campaign, earlier_campaigns=(pd.Timestamp("2021-03-01").date(),))
    # 2021 has the earlier campaign in its outcome window, 2022 in its listing window.
    assert quiet_origins(panel, spoilt, (0, 12)) == [start - 12 * q for q in (3, 4)]


def test_features_are_standardised_and_bear_missing_population(county):
    villages = county.panel.villages.assign(
        population=county.panel.villages["population"].where(lambda p: p > 600)
    )
    panel = replace(county.panel, villages=villages)
    x = features(
        panel,
        county.campaign,
        panel.month_index(county.campaign.start_month),
        ("petitions", "log_population", "earned_income"),
    )
    assert np.isfinite(x).all()
    assert np.allclose(x.mean(0), 0, atol=1e-12)
    assert np.allclose(x.std(0), 1)
