"""What a check could have seen: the least that it would notice in four of five such counties."""

import numpy as np
import pytest
from scipy.stats import f as f_distribution

from village_eval.certify.checks import asked
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.checks.bunching import _least_share
from village_eval.checks.levels import BEYOND_WEAK, WEAK, detectable, detectable_of
from village_eval.checks.quiet_year_stability import least_spread
from village_eval.expectation.between_years import t_error
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import PETITIONS, Question
from village_eval.expectation.results import Check
from village_eval.report.check_words import could_see_words
from village_eval.words.catalogue import entry
from village_eval.words.wording import LANGUAGES


@pytest.mark.parametrize(("level", "sides"), [(WEAK, 2), (0.03, 1)])
def test_what_is_detectable_is_seen_in_four_of_five(level, sides):
    rng = np.random.default_rng(1)
    error = t_error(0.1, 18)
    drawn = detectable(error, level, sides) + 0.1 * rng.standard_t(18, 200_000)
    seen = drawn > error.quantile(1 - level / sides)
    assert seen.mean() == pytest.approx(0.80, abs=0.005)


def test_of_several_tests_the_sharpest_sees_first():
    sharp, blunt = t_error(0.1, 18), t_error(0.3, 18)
    assert detectable_of([], WEAK) is None
    both = detectable_of([sharp, blunt], WEAK)
    assert detectable(sharp, WEAK) < both < detectable(blunt, WEAK)


def test_a_spread_of_years_is_seen_in_four_of_five():
    """Years with variance v and covariance c, and a spread of their own."""
    n, v, c, df = 4, 0.01, 0.006, 16
    covariance = np.full((n, n), c) + (v - c) * np.eye(n)
    s = least_spread(covariance, df)
    rng = np.random.default_rng(2)
    years = rng.normal(0, np.sqrt(v - c + s**2), (100_000, n))
    between = ((years - years.mean(1, keepdims=True)) ** 2).sum(1) / (v - c)
    estimated = rng.chisquare(df, 100_000) / df  # the covariance is an estimate too
    p = f_distribution.sf(between / (n - 1) / estimated, n - 1, df)
    assert (p < WEAK).mean() == pytest.approx(0.80, abs=0.01)


def test_so_many_just_above_a_threshold_are_seen():
    from scipy.stats import fisher_exact

    n, others = 20, (60, 80)
    share = _least_share(n, others).value
    above = np.random.default_rng(3).binomial(n, share, 1500)
    p = {k: fisher_exact([(k, n - k), others], alternative="greater").pvalue for k in set(above)}
    assert 0.78 < np.mean([p[k] < BEYOND_WEAK for k in above]) < 0.9
    assert _least_share(3, others) is None, "three villages just above are no surprise"


def test_every_check_of_a_county_says_what_it_could_have_seen():
    small = PLAIN.__class__(n_villages=200, n_townships=10, n_listed=30)
    made = simulate(small, 3)
    checks = [c for c in asked(made.panel, made.campaign) if c.verdict != "not_applicable"]
    assert len(checks) > 20
    blind = {c.name for c in checks if c.could_see is None}
    assert blind <= {"mergers", "bunching"}, "no village was touched, few are near a threshold"
    for check in checks:
        said = [could_see_words(check, lang) for lang in LANGUAGES]
        assert all(said) and "{" not in "".join(said)


def test_a_thousandfold_change_is_no_size():
    question = Question(PETITIONS, "first_year")
    check = Check("pre_trend", question, "pass", could_see=Number(90.0, "log_ratio"))
    for lang in LANGUAGES:
        assert could_see_words(check, lang) == entry(lang, "checks.any.could_see_unknown")
