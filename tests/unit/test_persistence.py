"""Fading: the fit on exact paths, verdicts that say no more than the data, mechanisms compared,
what must wait."""

import dataclasses
import re

import fixtures_evaluation as made
import numpy as np
import pandas as pd
import pytest

from village_eval.expectation.between_years import t_error
from village_eval.expectation.refits import Refits
from village_eval.findings.may_say import half_life
from village_eval.findings.persistence import (
    PIECES,
    compare_mechanisms,
    fit_fade,
    half_is_left,
    persistence,
    shape,
)
from village_eval.report.lasting import lasting_sentences, mechanism_sentences, verdict_sentence
from village_eval.words.wording import LANGUAGES

COUNTY = made.county()
CAMPAIGN = dataclasses.replace(
    COUNTY.campaign, observed=(pd.Period("2018-01", "M"), pd.Period("2025-06", "M"))
)


def path(half_life: float, effect: float = -0.5, se: float = 0.01, townships: int = 20):
    """Estimates that lie on a fade-out exactly; errors of townships are independent between
    windows."""
    estimates = []
    for k, window in enumerate(PIECES):
        value = effect * shape(CAMPAIGN, window, half_life)
        noise = np.random.default_rng(k).normal(0, 1, townships)
        noise = (noise - noise.mean()) / np.sqrt(
            ((noise - noise.mean()) ** 2).sum() * (townships - 1) / townships
        )
        estimates.append(
            made.estimate(
                window=window,
                value=value,
                error=t_error(se, 18),
                refits=Refits(value + se * np.r_[0.0, noise]),
            )
        )
    return estimates


def findings(estimates, conclusion="fell", grade="B"):
    head = made.finding(made.estimate(value=-0.4), grade, conclusion)
    return [head, *(made.finding(e, "B", "unclear") for e in estimates)]


def panel(months: int = 90):
    from village_eval.county.panel import build_panel

    small = build_panel(COUNTY)
    rng = np.random.default_rng(2)
    grown = rng.poisson(1.0, (len(small.villages), months)).astype(np.int32)
    return dataclasses.replace(
        small,
        petitions=grown,
        months=pd.period_range("2018-01", periods=months, freq="M"),
        parts={},
    )


@pytest.mark.parametrize("half_life", [2.0, 6.0, 15.0])
def test_an_exact_path_gives_its_half_life(half_life):
    fade = fit_fade(path(half_life), CAMPAIGN)
    assert fade.half_life == pytest.approx(half_life, rel=0.03)
    assert fade.effect == pytest.approx(-0.5, rel=0.03)
    assert fade.low < half_life < fade.high < 60


def test_an_effect_that_stays_has_no_upper_end():
    fade = fit_fade(path(np.inf), CAMPAIGN)
    assert np.isinf(fade.half_life) and np.isinf(fade.high) and fade.low > 24
    assert fade.left(12)[1] > 0.5


def pair(left: float, se: float, conclusion: str = "fell", grade: str = "B"):
    """The year from the start, and the year after with so much ``left`` of its effect."""
    rng = np.random.default_rng(4)
    common, own = (z - z.mean() for z in rng.normal(0, 1, (2, 20)))
    common, own = (z / np.sqrt((z**2).sum() * 19 / 20) for z in (common, own))
    made_of = {}
    for window, value, noise in (
        ("first_year", -0.4, common),
        ("after", -0.4 * left, 0.9 * common + 0.44 * own),
    ):
        refits = Refits(value + se * np.r_[0.0, noise])
        made_of[window] = made.estimate(
            window=window, value=value, error=t_error(se, 18), refits=refits, between_sd=0.3 * se
        )
    return [
        made.finding(made_of["first_year"], grade, conclusion),
        made.finding(made_of["after"], "B", "fell" if left > 0.5 else "unclear"),
    ]


@pytest.mark.parametrize(
    ("left", "se", "verdict"),
    [
        (0.3, 0.06, "fading"),
        (1.0, 0.06, "holds"),
        (1.6, 0.06, "growing"),
        (1.0, 0.25, "open"),
        (0.3, 0.4, "open"),
    ],
)
def test_the_verdict_says_no_more_than_the_data(left, se, verdict):
    told = persistence([*pair(left, se), *findings(path(6.0, se=se))[1:]], panel(), CAMPAIGN)
    assert told.verdict == verdict and told.horizon == 12
    assert told.contrast is not None
    for lang in LANGUAGES:
        text = " ".join(lasting_sentences(told, lang))
        assert "{" not in text and "nan" not in text and "∞" not in text
        shown = half_life(told.fade)
        assert bool(re.search("about half of the effect is gone|减去一半", text)) == shown


def test_more_than_half_is_left_only_where_that_is_sure():
    for se, sure in ((0.02, True), (0.06, True), (0.2, False)):
        first, after = (f.estimate for f in pair(0.9, se))
        assert half_is_left(first, after) == sure
    assert not half_is_left(*(f.estimate for f in pair(0.4, 0.02)))


def test_nothing_seen_or_misleading_or_too_early_is_no_half_life():
    nothing, misled = pair(1.0, 0.06, "none_seen"), pair(1.0, 0.06, "misleading", "X")
    assert persistence(nothing, panel(), CAMPAIGN).verdict == "later"
    unseen = [nothing[0], dataclasses.replace(nothing[1], conclusion="not_asked")]
    assert persistence(unseen, panel(), CAMPAIGN).verdict == "not_seen"
    assert persistence(misled, panel(), CAMPAIGN).verdict == "misleading"
    early = persistence(findings(path(6.0)[:1]), panel(69), CAMPAIGN)
    assert early.verdict == "too_early" and early.fade is None
    needs = early.windows.set_index("window")
    assert str(needs.loc["after", "needs"]) == "2024-06" and not needs.loc["after", "known"]
    assert "2024年6月" in verdict_sentence(early, "zh") and "June 2024" in verdict_sentence(
        early, "en"
    )


def mechanisms(codes):
    return pd.DataFrame(
        {
            "village_code": codes,
            "mechanism": "self_governance",
            "start_date": pd.Timestamp("2023-06-10"),
        }
    )


def test_mechanisms_are_compared_among_listed_villages_only():
    small = panel()
    villages = small.villages.assign(listed=1)
    everyone = dataclasses.replace(small, villages=villages)
    codes = villages["village_code"].to_numpy()[::2]
    counts = everyone.petitions.copy()
    start = everyone.month_index(CAMPAIGN.start_month) + CAMPAIGN.months_touched
    counts[::2, start + 6 : start + 24] = 0
    counts[::2, start + 6] = 4
    told = compare_mechanisms(
        mechanisms(codes), dataclasses.replace(everyone, petitions=counts), CAMPAIGN
    )
    early, late = counts[:, start : start + 6].sum(1), counts[:, start + 6 : start + 24].sum(1)
    expected = np.log(late[::2].sum() / early[::2].sum()) - np.log(
        late[1::2].sum() / early[1::2].sum()
    )
    assert told["difference"].iloc[0] == pytest.approx(expected) and told["ci_high"].iloc[0] < 0
    told = persistence(
        findings(path(6.0)),
        dataclasses.replace(everyone, petitions=counts),
        CAMPAIGN,
        mechanisms(codes),
    )
    assert all(
        "30" in line and "{" not in line
        for lang in LANGUAGES
        for line in mechanism_sentences(told, lang)
    )


def test_few_villages_or_no_later_months_are_not_compared():
    small = panel()
    listed = small.villages.loc[small.listed, "village_code"]
    few = compare_mechanisms(mechanisms(listed[:3]), small, CAMPAIGN)
    assert few["reason"].iloc[0] == "too_few_villages" and np.isnan(few["difference"].iloc[0])
    assert (
        compare_mechanisms(mechanisms(listed), panel(72), CAMPAIGN)["reason"].iloc[0]
        == "window_not_observed"
    )
    assert compare_mechanisms(None, small, CAMPAIGN).empty
