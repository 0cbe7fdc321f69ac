"""Simulated counties whose quiet years are unlike the campaign's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from village_eval.certify.scenarios import PLAIN, SCENARIOS, UNLIKE, UNLIKE_YEARS
from village_eval.certify.simulate import simulate

SMALL = {"n_villages": 200, "n_townships": 8, "n_listed": 20}


def small(name: str, seed: int = 3):
    return simulate(replace(SCENARIOS[name], **SMALL), seed, parts=False)


def test_the_highest_villages_are_driven_up_in_the_unlike_months_only() -> None:
    plain, driven = small("plain"), small("covid_up")
    moved = np.log(driven.quiet_rate / plain.quiet_rate)
    inside = (plain.panel.months >= UNLIKE_YEARS[0]) & (plain.panel.months <= UNLIKE_YEARS[1])
    assert np.allclose(moved[:, ~inside], 0)
    assert np.allclose(moved[:, inside], moved[:, inside][:, :1])
    assert np.isclose(moved[:, inside].std(), 0.15) and np.isclose(moved[:, inside].mean(), 0)


def test_a_fifth_is_driven_up_where_only_the_top_is() -> None:
    plain, driven = small("plain"), small("top_fifth")
    moved = (driven.quiet_rate / plain.quiet_rate).max(1)
    assert np.isclose(np.sort(np.unique(moved.round(9))), [1, 1.4]).all()
    assert (moved > 1.2).sum() == 40


def test_near_misses_are_unlisted_next_to_the_cut_off_and_move_in_the_campaign_year() -> None:
    plain, moved = small("null"), small("null_near_misses_down")
    ratio, start = moved.rate / plain.rate, plain.panel.month_index(plain.campaign.start_month)
    near = np.isclose(ratio[:, start], 0.8)
    assert near.sum() == 20 and not near[moved.panel.listed].any()
    rest = ~near & ~moved.panel.listed
    assert moved.score[near].min() >= moved.score[rest].max()
    assert np.allclose(ratio[near, start + 12 :], 1) and np.allclose(ratio[:, :start], 1)
    assert moved.truth["petitions.first_year"] == 0


def test_only_the_counties_that_declare_it_say_which_months_were_unusual() -> None:
    for name in UNLIKE:
        declared = bool(small(name).campaign.unusual)
        assert declared == name.endswith("_declared"), name


def test_the_older_counties_are_as_they_were_at_the_same_seed() -> None:
    assert SCENARIOS["plain"] == PLAIN
    assert small("plain").panel.petitions.sum() == 4609
