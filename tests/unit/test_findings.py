"""Grades and conclusions follow methods.md."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.expectation.between_years import (
    NORMAL,
    Mixture,
    between_posterior,
    t_error,
    total_scales,
)
from village_eval.expectation.outcomes import question
from village_eval.expectation.results import Check, Estimate, QuietYears
from village_eval.findings.grading import (
    exaggeration,
    finding,
    minimum_detectable,
    precision_of,
)

PETITIONS = question("petitions.first_year")


def total_error(within_se, df, weights, n_quiet):
    """Both parts of the uncertainty of one estimate."""
    return Mixture(total_scales(within_se, n_quiet), weights, df)


def estimate(value=-0.2, se=0.05, quiet=4, design="quiet_year_did", df=18, **fields):
    frame = pd.DataFrame({"year": range(quiet), "estimate": 0.0, "unusual": False})
    years = QuietYears(tuple(range(1, quiet + 1)), frame, 0.0, np.eye(quiet))
    error = t_error(se, df)
    return Estimate(PETITIONS, design, value, error, quiet_years=years, **fields)


def check(verdict, misleads=False):
    return Check("x", PETITIONS, verdict, {}, misleads)


@pytest.mark.parametrize(
    ("checks", "quiet", "design", "grade"),
    [
        ([], 4, "quiet_year_did", "A"),
        ([check("pass"), check("not_applicable")], 3, "quiet_year_did", "A"),
        ([check("weak")], 4, "quiet_year_did", "B"),
        ([], 2, "quiet_year_did", "B"),
        ([], 1, "quiet_year_did", "C"),
        ([check("weak"), check("weak")], 4, "quiet_year_did", "C"),
        ([check("fail")], 4, "quiet_year_did", "C"),
        ([], 4, "expected_from_history", "C"),
        ([check("fail", misleads=True)], 4, "quiet_year_did", "X"),
        ([check("weak", misleads=True)], 4, "quiet_year_did", "B"),
    ],
)
def test_grades(checks, quiet, design, grade):
    assert finding(estimate(quiet=quiet, design=design), checks, 0.01).grade == grade


def test_a_cap_lowers_and_never_raises():
    assert finding(estimate(), [], 0.01, caps={"unusual_years": "B"}).grade == "B"
    assert finding(estimate(), [check("fail")], 0.01, caps={"unusual_years": "B"}).grade == "C"


def test_conclusions():
    assert finding(estimate(-0.2), [], 0.01).conclusion == "fell"
    assert finding(estimate(+0.2), [], 0.01).conclusion == "rose"
    assert finding(estimate(-0.02), [], 0.6).conclusion == "none_seen"
    assert finding(estimate(-0.02, se=0.3), [], 0.9).conclusion == "unclear"
    assert finding(estimate(-0.2), [], 0.06).conclusion == "unclear", "its range does not hold zero"
    assert finding(estimate(-0.2), [], 0.01, gate="petitions.after").conclusion == "not_asked"
    assert finding(estimate(-0.2), [], 0.01, {"any": "D"}).conclusion == "unclear"
    assert finding(estimate(), [check("fail", misleads=True)], 0.001).conclusion == "misleading"
    null = finding(
        Estimate(question("petitions.after"), "quiet_year_did", reason="window_not_observed"),
        [],
        None,
    )
    assert (null.grade, null.conclusion, null.reason) == ("D", None, "window_not_observed")


def test_none_seen_excludes_the_hoped_for_change_and_holds_zero():
    """By the range and not by the detectable effect: the same error, another estimate."""
    assert finding(estimate(-0.05, se=0.1), [], 0.6).conclusion == "none_seen"  # -0.26: 23 % fewer
    assert finding(estimate(-0.10, se=0.1), [], 0.3).conclusion == "unclear"  # -0.31: 27 % fewer
    income = question("earned_income.first_year")
    more = [replace(estimate(value), question=income) for value in (0.02, 0.06)]
    told = [finding(e, [], 0.5).conclusion for e in more]  # up to +13 % and +18 %
    assert told == ["none_seen", "unclear"]
    asked = question("earned_income.first_year.share_earning")
    shares = [replace(estimate(0.01, se=se, df=NORMAL), question=asked) for se in (0.015, 0.03)]
    told = [finding(share, [], 0.8) for share in shares]  # up to +4 and +7 points
    assert [f.conclusion for f in told] == ["none_seen", "unclear"]
    assert told[0].precision is None


def test_nothing_is_ruled_out_where_nothing_was_taken_off():
    """Without quiet years, and after campaigns whose lists nobody knows: findings.json, too."""
    assert finding(estimate(-0.05, se=0.1, quiet=0), [], 0.6).conclusion == "unclear"
    for cap in ("B", "C"):
        spoilt = finding(estimate(-0.05, se=0.1), [], 0.6, {"earlier_campaigns": cap})
        assert spoilt.conclusion == "unclear"
    listed = finding(estimate(-0.05, se=0.1), [], 0.6, {"earlier_lists": "B"})
    assert listed.conclusion == "none_seen"


def test_precision_is_the_detectable_effect_in_a_word():
    assert [precision_of(x) for x in (-12, 20, -20.1, 30, -31)] == [
        "fine",
        "fine",
        "middling",
        "middling",
        "coarse",
    ]
    assert finding(estimate(se=0.05), [], 0.01).precision == "fine"
    assert finding(estimate(se=0.2), [], 0.01).precision == "coarse"


def test_minimum_detectable_effect_of_a_normal_error_is_2_8_standard_errors():
    e = estimate(se=0.1, df=NORMAL)
    assert minimum_detectable(e.error) == pytest.approx(0.2802, abs=1e-3)
    assert finding(e, [], 0.5).minimum_detectable_percent == pytest.approx(
        100 * (np.exp(-0.2802) - 1), abs=0.1
    )
    # Gelman & Carlin (2014): at 29 % power significant estimates read about 1.8 times the truth.
    assert exaggeration(e.error, 0.1401) == pytest.approx(1.8, abs=0.1)


def test_quiet_years_that_differ_widen_the_interval():
    within = np.diag([0.05**2] * 4)
    calm = total_error(0.08, 18, between_posterior(np.array([0.01, -0.01, 0.0, 0.02]), within), 4)
    wild = total_error(0.08, 18, between_posterior(np.array([0.3, -0.3, 0.2, -0.2]), within), 4)
    assert calm.quantile(0.975) < 0.6 * wild.quantile(0.975)
    # Calm quiet years never remove the between-year part: passing is no evidence that all is well.
    assert calm.quantile(0.975) > 1.05 * total_error(0.08, 18, np.eye(131)[0], 4).quantile(0.975)


def test_the_mixture_is_symmetric_and_its_p_value_fits_its_quantile():
    m = total_error(0.08, 18, between_posterior(np.zeros(0), np.zeros((0, 0))), 0)
    assert m.cdf(0) == pytest.approx(0.5)
    assert m.p_value(m.quantile(0.975)) == pytest.approx(0.05, abs=1e-6)
