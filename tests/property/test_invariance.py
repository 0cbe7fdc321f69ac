"""What must not change an answer does not change it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did

SMALL = replace(PLAIN, n_villages=240, n_townships=8, n_listed=24, income_effect=0.1)


@pytest.fixture(scope="module")
def county():
    return simulate(SMALL, seed=3, parts=False)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_villages(county, seed):
    order = np.random.default_rng(seed).permutation(SMALL.n_villages)
    for outcome in ("petitions", "earned_income"):
        here = quiet_year_did(county.panel, county.campaign, outcome=outcome)
        there = quiet_year_did(county.panel.subset(order), county.campaign, outcome=outcome)
        assert there.value == pytest.approx(here.value, abs=1e-6)
        assert there.within_se == pytest.approx(here.within_se, abs=1e-6)


def test_yuan_scale_the_effect_in_yuan_and_not_in_per_cent(county):
    here = quiet_year_did(county.panel, county.campaign, outcome="earned_income")
    dear = replace(county.panel, income=county.panel.income * 10)
    there = quiet_year_did(dear, county.campaign, outcome="earned_income")
    assert there.value == pytest.approx(here.value, abs=2e-3)
    assert there.absolute == pytest.approx(10 * here.absolute, rel=5e-2, abs=200)


def test_townships_by_another_name(county):
    villages = county.panel.villages.assign(
        township_code=county.panel.villages["township_code"].str[::-1]
    )
    here = quiet_year_did(county.panel, county.campaign)
    there = quiet_year_did(replace(county.panel, villages=villages), county.campaign)
    assert there.value == pytest.approx(here.value, abs=1e-9)
    assert there.within_se == pytest.approx(here.within_se, abs=1e-9)


def test_the_same_twice(county):
    assert repr(quiet_year_did(county.panel, county.campaign)) == repr(
        quiet_year_did(county.panel, county.campaign)
    )


def test_a_village_without_any_petition_hardly_matters(county):
    panel = county.panel
    silent = panel.villages.iloc[[0]].assign(village_code="999999999999", listed=0)
    more = replace(
        panel,
        villages=pd.concat([panel.villages, silent], ignore_index=True),
        petitions=np.vstack([panel.petitions, np.zeros((1, panel.petitions.shape[1]), np.int32)]),
        income=np.concatenate([panel.income, panel.income[:1]]),
        parts={
            name: np.vstack([a, np.zeros((1, a.shape[1]), np.int32)])
            for name, a in panel.parts.items()
        },
    )
    here, there = quiet_year_did(panel, county.campaign), quiet_year_did(more, county.campaign)
    assert there.value == pytest.approx(here.value, abs=0.01)
