"""The listing rule as an instrument: what it divides, what it cannot see, and when it is silent."""

from dataclasses import replace

import numpy as np
import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did, rule_as_instrument
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.setting import Setting

SMALL = {"n_villages": 300, "n_townships": 9, "n_listed": 24}


def county(scenario, seed=3, **changes):
    made = simulate(replace(SCENARIOS[scenario], **SMALL | changes), seed, parts=False)
    return Settings(made.panel, made.campaign)


@pytest.fixture(scope="module")
def settings():
    return county("plain")


def asked(settings, outcome="petitions", window="first_year"):
    given = settings.of(outcome)
    return rule_as_instrument(settings.panel, settings.campaign, window=window, given=given)


@pytest.mark.parametrize("outcome", ["petitions", "earned_income"])
def test_it_is_the_rules_contrast_over_the_lists_by_hand(settings, outcome, monkeypatch):
    monkeypatch.setattr(Setting, "corrected", False)  # years unlike are left in
    given, listed = settings.of(outcome), settings.panel.listed
    p, y = settings.rule.in_year(0)[0], given.series.observed(0, "first_year")
    moved, more = [], []
    for q in given.series.quiet["first_year"]:
        E = given.base(0, "first_year", "history", given.depth(q))[0]
        now = np.log(p @ y / (p @ E)) - np.log((1 - p) @ y / ((1 - p) @ E))
        moved.append(now - given.change(q, "first_year", "history")[0])
        more.append(p[listed] @ E[listed] / (p @ E))
        more[-1] -= (1 - p[listed]) @ E[listed] / ((1 - p) @ E)
    e = asked(settings, outcome)
    assert e.value == pytest.approx(np.mean(moved) / np.mean(more), abs=1e-12)
    assert e.refits.value == pytest.approx(e.value) and e.se > e.within_se > 0


def test_where_the_rule_is_the_list_it_is_the_headline():
    sure = county("plain", income_weight=0.0, assessment_weight=0.0)
    headline = quiet_year_did(sure.panel, sure.campaign, given=sure.of("petitions"))
    assert asked(sure).value == pytest.approx(headline.value, abs=0.5 * headline.se)


def test_who_was_listed_moves_the_divisor_only(settings):
    given = settings.of("petitions")
    value, listed = asked(settings).value, settings.panel.listed
    swapped = listed.copy()
    order = np.argsort(settings.rule.in_year(0)[0])
    # The least likely of the listed gives its place to the most likely of the others.
    swapped[
        [next(i for i in order if listed[i]), next(i for i in order[::-1] if not listed[i])]
    ] ^= True
    panel = replace(
        settings.panel, villages=settings.panel.villages.assign(listed=swapped.astype(int))
    )
    other = rule_as_instrument(panel, settings.campaign, given=replace(given, panel=panel))
    assert 0.5 < other.value / value < 1


def test_years_unlike_are_taken_off_as_from_the_headline(monkeypatch):
    unlike = county("null_covid_up_declared", n_villages=600, n_townships=14, n_listed=48)
    corrected = asked(unlike)
    headline = quiet_year_did(unlike.panel, unlike.campaign, given=unlike.of("petitions"))
    assert headline.reversion.weight == 1
    monkeypatch.setattr(Setting, "corrected", False)
    assert asked(unlike).value < corrected.value - 0.1


@pytest.mark.parametrize(
    ("scenario", "outcome", "reason"),
    [
        ("plain", "earned_income:typical", "totals_only"),
        ("lists", "petitions", "no_quiet_year"),
        ("every_year", "petitions", "no_quiet_year"),
    ],
)
def test_where_it_has_no_answer_it_says_why(scenario, outcome, reason):
    assert asked(county(scenario), outcome).reason == reason


def test_a_list_that_no_register_foresees_gets_no_second_opinion():
    drawn = county("plain", petitions_weight=0.0, income_weight=0.0)
    assert asked(drawn).reason == "rule_knows_too_little"


@pytest.mark.slow
def test_where_the_list_follows_the_level_it_errs_less_than_the_headline():
    from village_eval.certify.counties import examine_many

    designs = {"headline": quiet_year_did, "instrument": rule_as_instrument}
    runs = examine_many("assessment_of_level", 60, seed=701, designs=designs)
    error = runs.assign(error=runs["value"] - runs["truth"]).pivot(
        index="seed", columns="design", values="error"
    )
    moved = error["instrument"] - error["headline"]
    assert moved.mean() < -2 * moved.std() / np.sqrt(60)
    assert abs(error["instrument"].mean()) < 0.02 + 2 * error["instrument"].std() / np.sqrt(60)
