"""A name that is not known is refused with what is allowed and the nearest, before anything is
computed; what an outcome has computed is no part of what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.county.door import one_of
from village_eval.designs import did, quiet_year_did
from village_eval.expectation import headline
from village_eval.expectation.panel_settings import Settings


@pytest.fixture(scope="module")
def settings():
    made = simulate(replace(PLAIN, n_villages=160, n_townships=8, n_listed=20), 5)
    return Settings(made.panel, made.campaign)


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("VILLAGE_EVAL_LANG", "en")


@pytest.mark.parametrize(
    ("ask", "nearest"),
    [
        (lambda s: s.of("petition"), "petitions"),
        (lambda s: s.of("earned_incom"), "earned_income"),
        (lambda s: s.of("earned_income:typicl"), "typical"),
        (lambda s: s.of("petitions:typical"), "total"),
        (lambda s: s.of("earned_income:"), "share_earning"),
        (lambda s: s.of("petitions").base(1, "first_year", "histroy"), "history"),
        (lambda s: s.of("petitions").change(1, "first_year", "last_yaer"), "last_year"),
        (lambda s: did(s.panel, s.campaign, window="first_yaer"), "first_year"),
        (lambda s: did(s.panel, s.campaign, outcome="earned_income", window="after"), "first_year"),
        (lambda s: quiet_year_did(s.panel, s.campaign, base="lastyear"), "last_year"),
        (lambda s: headline.tau(*np.ones((3, 4)), statistic="totl"), "total"),
    ],
)
def test_an_unknown_name_is_refused_with_what_is_allowed(settings, ask, nearest):
    with pytest.raises(ValueError, match=f"Allowed are: .*{nearest}"):
        ask(settings)


def test_the_nearest_name_is_offered():
    with pytest.raises(ValueError, match=r"no window .first_yaer.*closest is first_year"):
        one_of("first_yaer", ("during", "first_year"), "window")
    assert one_of("during", ("during", "first_year"), "window") == "during"


def test_an_outcome_is_its_fields_whatever_was_computed_of_it(settings):
    series = settings.of("petitions").series
    series.past(1, "first_year")
    assert np.array_equal(series.untreated, series.values)
    again = type(series)(**series.__dict__)
    assert again.untreated is again.values and again == again and again != series


def test_a_changed_setting_remembers_nothing_of_the_old_one(settings):
    setting = settings.of("petitions")
    tau = setting.change(0, "first_year", "history")
    twice = replace(setting.series, values=setting.series.values * np.array([[1.0], [2.0]] * 80))
    moved = replace(setting, series=twice).change(0, "first_year", "history")
    assert not np.allclose(tau, moved)
    assert setting.change(0, "first_year", "history") is tau


def test_settings_are_made_once(settings):
    assert settings.of("petitions") is settings.of("petitions")
    assert settings.of("petitions").rule is settings.of("earned_income").rule
    assert settings.of("earned_income:typical").history is settings.of("earned_income").history
    assert settings.of("petitions").beside("skip_level") is settings.of("skip_level")
