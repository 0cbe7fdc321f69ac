"""Pooled measures on simulated provinces: what is strong is found, what does nothing is not, and
doses that follow trouble are told with a warning."""

import numpy as np
import pytest

from village_eval.certify import pooling
from village_eval.certify.pooling import World, province, summarise_pooling
from village_eval.many.doses import pool_doses, table
from village_eval.many.doubts import doubts


@pytest.fixture(scope="module")
def bank():
    return pooling.bank(30001, 25)


def told(world, bank, counties=40, seed=1):
    now, earlier, follows, effects = province(world, counties, seed, bank)
    rows = table(now, pool_doses(now), "petitions")
    return rows[rows["level"] == "measure"], doubts(earlier, follows), effects


def test_a_strong_measure_is_found_and_the_others_are_not(bank):
    rows, doubt, effects = told(World({"dispute_mediation": -0.5}), bank)
    found = set(rows.loc[rows["p_adjusted"] < 0.05, "measure"])
    assert found == {"dispute_mediation"} and not doubt.doubtful
    inside = (rows["ci_low"] <= effects) & (effects <= rows["ci_high"])
    assert inside.mean() > 0.8


def test_doses_that_follow_trouble_bring_a_warning(bank):
    _, doubt, _ = told(World({}, follows=0.7), bank)
    assert doubt.doubtful and doubt.follows > 0


def test_counties_of_one_year_have_wider_ranges(bank):
    several, one = (told(World({}, years=years), bank)[0]["se"].mean() for years in (5, 1))
    assert one > several


def test_the_summary_counts_what_is_false_and_what_is_found(bank, monkeypatch):
    monkeypatch.setattr(pooling, "bank", lambda seed, counties: bank)
    runs = pooling._one(("one works, by chance", 30, 1, 30001))
    measure = runs["level"] == "measure"
    runs = runs.assign(p_adjusted=np.where(runs["truth"] != 0, 0.01, 0.5), estimate=runs["truth"])
    row = summarise_pooling(runs)
    row = row[row["level"] == "measure"].iloc[0]
    assert row["found"] == 1 and row["false"] == 0 and row["bias"] == 0
    runs.loc[measure & (runs["truth"] == 0), "p_adjusted"] = 0.01
    row = summarise_pooling(runs.assign(doubtful=False))
    row = row[row["level"] == "measure"].iloc[0]
    assert row["false"] == row["false_unwarned"] == 1
    row = summarise_pooling(runs.assign(doubtful=True))
    row = row[row["level"] == "measure"].iloc[0]
    assert row["false"] == 1 and row["false_unwarned"] == 0
