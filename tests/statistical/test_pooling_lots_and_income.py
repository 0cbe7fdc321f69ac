"""Rounds drawn by lot and measures on income, pooled over simulated provinces of known truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.certify import earnings, lots, pooling
from village_eval.many.doses import pool_doses
from village_eval.many.doubts import doubts
from village_eval.many.lots import pool_lotteries


@pytest.fixture(scope="module")
def bank():
    return pooling.bank(30001, 12)


@pytest.fixture(scope="module")
def incomes():
    return earnings.bank(30001, 12)


def test_what_a_lot_gave_and_works_is_found_and_the_rest_is_not(bank):
    world = replace(lots.WORLDS["two groups work"], effects=(0.0, 0.0, -0.5, 0.0))
    now, before = lots.province(world, 12, 1, bank)
    found = pool_lotteries(now)
    assert (found.p_values < 0.05).tolist() == [False, False, True, False]
    assert np.abs(found.values - lots.truth(world)).max() < 0.15
    assert pool_lotteries(before, shocks=False).p_values.min() > 0.01


def test_doses_that_follow_trouble_do_not_move_what_a_lot_says(bank):
    world = replace(lots.WORLDS["nothing works, doses follow trouble"], follows=-0.4)
    now, _ = lots.province(world, 25, 2, bank)
    found = pool_lotteries(now)
    half = np.array([e.half for e in found.errors])
    assert (np.abs(found.values) < half).all() and (found.p_values > 0.05).all()


def test_truth_of_a_lot_is_thinned_by_what_was_passed_over_and_by_the_first_month():
    world = lots.WORLDS["two work, doses follow trouble"]
    kept = replace(world, passed_over=0.0)
    assert lots.truth(world)[2] == pytest.approx(0.8 * lots.truth(kept)[2], rel=0.02)
    assert -0.2 < lots.truth(kept)[2] < -0.18 and lots.truth(kept)[0] == 0


def test_the_summary_of_lots_counts_what_is_false_and_what_is_found():
    runs = pd.DataFrame(
        {
            "world": "w",
            "size": 3,
            "seed": [1, 1, 2, 2],
            "truth": [-0.2, 0.0, -0.2, 0.0],
            "estimate": [-0.2, 0.1, -0.1, 0.0],
            "se": 0.05,
            "ci_low": [-0.3, 0.01, -0.2, -0.1],
            "ci_high": [-0.1, 0.19, 0.0, 0.1],
            "p_adjusted": [0.01, 0.03, 0.2, 0.9],
            "unbalanced": False,
        }
    )
    row = lots.summarise_lots(runs).iloc[0]
    assert row["false"] == 0.5 and row["found"] == 0.5 and row["coverage"] == 0.75


def test_a_measure_that_raises_income_is_found_and_the_others_are_not(incomes):
    world = pooling.World({"infrastructure": 0.3})
    now, earlier, effects = earnings.province(world, 40, 1, incomes)
    rows = pooling.told(now, earlier, np.zeros((0, 2)), effects, "earned_income")
    one = rows[rows["level"] == "measure"]
    assert set(one.loc[one["p_adjusted"] < 0.05, "measure"]) == {"infrastructure"}
    inside = (one["ci_low"] <= one["truth"]) & (one["truth"] <= one["ci_high"])
    assert inside.mean() > 0.8 and not one["doubtful"].any()


def test_doses_that_follow_poor_years_bring_a_warning(incomes):
    now, earlier, _ = earnings.province(pooling.World({}, follows=0.7), 40, 1, incomes)
    assert doubts(earlier, np.zeros((0, 2))).doubtful and pool_doses(now).values[0] < 0
