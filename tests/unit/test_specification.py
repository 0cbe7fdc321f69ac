"""The specification curve: each point is the design's own answer, the headline is found, what
misleads is apart."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.designs import (
    before_after,
    did,
    did_without_listing_year,
    expected_from_history,
    quiet_year_did,
)
from village_eval.expectation.between_years import (
    Mixture,
    between_posterior,
    mixed_quantile,
    total_scales,
)
from village_eval.expectation.series import petition_series
from village_eval.findings.specification import (
    CHOICES,
    by_choice,
    of_headline,
    specification_curve,
    summary,
)
from village_eval.report.curve_words import curve_sentences
from village_eval.words import wording as w

SMALL = replace(PLAIN, n_villages=240, n_townships=8, n_listed=24)


@pytest.fixture(scope="module")
def county():
    made = simulate(SMALL, seed=4)
    return replace(
        made,
        campaign=replace(
            made.campaign, unusual=((pd.Period("2021-01", "M"), pd.Period("2022-12", "M")),)
        ),
    )


@pytest.fixture(scope="module")
def curve(county):
    return specification_curve(county.panel, county.campaign)


def one(curve, **choices):
    row = curve[np.logical_and.reduce([curve[k] == v for k, v in choices.items()])]
    assert len(row) == 1
    return row.iloc[0]


@pytest.mark.parametrize("window", ["first_year", "during", "after"])
def test_points_are_the_designs_own_answers(county, curve, window):
    args, common = (county.panel, county.campaign), {"window": window, "outcome": "petitions"}
    quiet = {"rule": "all", "quiet": "all"}
    pairs = [
        (quiet_year_did(*args, window=window), {"design": "quiet_year_did", "depth": "3", **quiet}),
        (
            quiet_year_did(*args, window=window, base="last_year"),
            {"design": "quiet_year_did_last_year", **quiet},
        ),
        (
            expected_from_history(*args, window=window),
            {"design": "expected_from_history", "depth": "3"},
        ),
        (did_without_listing_year(*args, window=window), {"design": "did_without_listing_year"}),
        (before_after(*args, window=window), {"design": "before_after"}),
        (did(*args, window=window), {"design": "did"}),
    ]
    for estimate, choices in pairs:
        row = one(curve, **common, **choices)
        expected = (estimate.value, estimate.se, estimate.ci_low, estimate.ci_high)
        assert tuple(row[["estimate", "se", "ci_low", "ci_high"]]) == pytest.approx(
            expected, abs=1e-9
        )


def test_first_petitions_are_those_that_repeat_none(county, curve):
    all_of_them = petition_series(county.panel, county.campaign)
    first = replace(
        all_of_them,
        outcome=replace(all_of_them.outcome, name="first_petitions"),
        values=all_of_them.values - county.panel.parts["repeat"],
    )
    e = quiet_year_did(county.panel, county.campaign, outcome=first)
    row = one(
        curve,
        window="first_year",
        outcome="first_petitions",
        design="quiet_year_did",
        rule="all",
        depth="3",
        quiet="all",
    )
    assert row["estimate"] == pytest.approx(e.value) and row["ci_low"] == pytest.approx(e.ci_low)


def test_all_choices_are_crossed_once(curve):
    assert not curve.duplicated(list(CHOICES)).any()
    assert set(curve["quiet"]) == {"", "all", "unusual", "2019", "2020", "2021", "2022"}
    assert set(curve["rule"]) == {
        "",
        "all",
        "petition_rate",
        "log_population",
        "petitions_recent",
        "petitions_before",
        "rank_in_township",
        "earned_income",
    }
    headline = curve[
        (curve["design"] == "quiet_year_did")
        & (curve["window"] == "first_year")
        & (curve["outcome"] == "petitions")
    ]
    assert len(headline) == 7 * 3 * 6


def test_the_spread_is_of_the_headlines_own_question_only(curve):
    found, own = summary(curve), of_headline(curve)
    assert set(own["window"]) == {"first_year"} and set(own["outcome"]) == {"petitions"}
    kept = own[~own["misleads"]]
    assert curve["headline"].sum() == 1 and (found.n, found.apart) == (len(kept), 2)
    assert set(curve.loc[curve["misleads"], "design"]) == {"before_after", "did"}
    assert found.rank == 1 + (kept["estimate"] < found.headline).sum()
    assert (found.lowest, found.highest) == (kept["estimate"].min(), kept["estimate"].max())
    assert curve["estimate"].is_monotonic_increasing


def test_an_option_of_another_question_is_never_mixed_with_the_headlines(curve):
    by = by_choice(curve).set_index(["choice", "option"])
    after = curve[(curve["window"] == "after") & (curve["outcome"] == "petitions")]
    after = after[~after["misleads"]]
    assert by.loc[("window", "after"), "n"] == len(after)
    assert by.loc[("window", "after"), "median"] == after["estimate"].median()
    assert by.loc[("design", "quiet_year_did"), "n"] == 7 * 3 * 6
    for lang in ("zh", "en"):
        said = " ".join(curve_sentences(curve, lang))
        assert "{" not in said and w.count(summary(curve).n, lang) in said


def test_without_a_quiet_year_the_expectation_is_the_headline(county):
    short = replace(
        county.campaign,
        start=dt.date(2019, 3, 1),
        unusual=(),
        listing_window=(pd.Period("2018-03", "M"), pd.Period("2019-02", "M")),
    )
    curve = specification_curve(county.panel, short)
    headline, said = curve[curve["headline"]].iloc[0], quiet_year_did(county.panel, short)
    assert headline["design"] == said.design == "expected_from_history"
    assert headline[["estimate", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [said.value, said.ci_low, said.ci_high], abs=1e-7
    )
    assert summary(curve).n < 40


def test_nothing_to_estimate_gives_no_curve(county):
    nobody = replace(county.panel, villages=county.panel.villages.assign(listed=0))
    assert specification_curve(nobody, county.campaign).empty
    assert summary(specification_curve(nobody, county.campaign)) is None


def test_errors_for_all_at_once_are_those_for_each():
    rng = np.random.default_rng(1)
    a = rng.normal(size=(30, 4, 6)) * 0.05
    quiet, covariance = rng.normal(0, 0.1, (30, 4)), a @ a.transpose(0, 2, 1)
    weights = between_posterior(quiet, covariance)
    single = np.array([between_posterior(q, c) for q, c in zip(quiet, covariance, strict=True)])
    assert weights == pytest.approx(single, abs=1e-12)
    for df, within in ((5, 0.01), (18, 0.3)):
        errors = [Mixture(total_scales(within, 4), w, df) for w in single]
        got = mixed_quantile(0.975, np.stack([e.scales for e in errors]), weights, df)
        assert got == pytest.approx([e.quantile(0.975) for e in errors], abs=1e-9)
