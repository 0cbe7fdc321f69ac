"""The reversion slope: the regression, how much of it is believed, what is taken off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate, stats

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.checks import Case
from village_eval.checks.reversion_slope import reversion_slope
from village_eval.designs import quiet_year_did
from village_eval.expectation import reversion
from village_eval.expectation.between_years import t_error
from village_eval.expectation.headline import tau
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate, Reversion
from village_eval.findings.caps import caps, only_corrected
from village_eval.findings.grading import grade_of

SMALL = {"n_villages": 240, "n_townships": 9, "n_listed": 26}


def county(name: str = "covid_up", seed: int = 3):
    made = simulate(replace(SCENARIOS[name], **SMALL), seed, parts=False)
    return made, setting(made.panel, made.campaign)


def test_the_slope_is_that_of_a_poisson_regression_in_every_refit() -> None:
    _, given = county()
    for q, depth in ((0, 36), (2, given.depth(2))):
        y, E = given.series.observed(q, "first_year"), given.expectation(q, "first_year", depth)
        z, u = given.level(q, "first_year", depth), given.rule.unlikely(q)
        ours = given.slope(q, "first_year", depth)
        for r in (0, 1, 5):
            kept = given.rule.keep[r]
            fit = sm.GLM(
                y[kept],
                sm.add_constant(z[r, kept]),
                family=sm.families.Poisson(),
                offset=np.log(E[r, kept]),
                var_weights=u[r, kept],
            ).fit(tol=1e-14)
            assert ours[r] == pytest.approx(fit.params[1], abs=1e-8)


def test_levels_are_standardised_in_every_refit() -> None:
    _, given = county()
    z, keep = given.level(1, "first_year", given.depth(1)), given.rule.keep
    for r in (0, 3):
        assert z[r, keep[r]].mean() == pytest.approx(0) and z[r, keep[r]].std() == pytest.approx(1)
        assert (z[r, ~keep[r]] == 0).all()


def test_a_year_that_only_leans_on_the_level_has_nothing_left_once_its_slope_is_out() -> None:
    _, given = county()
    E, z = given.expectation(0, "first_year", 36), given.level(0, "first_year", 36)
    y = 7 * E[0] * np.exp(0.2 * z[0])
    on, off = given.treated(0)[:1], given.control(0)[:1]
    beta = reversion.slopes(y, E[:1], z[:1], off)
    assert beta == pytest.approx(0.2, abs=1e-9)
    assert tau(y, E[:1], on, off) > 0.2
    assert tau(y, E[:1] * np.exp(beta[:, None] * z[:1]), on, off) == pytest.approx(0, abs=1e-9)


def gaps(delta: float, se: float, n: int = 3, townships: int = 18) -> np.ndarray:
    """b [Q, R] with this mean, whose mean has this jackknife error."""
    rng = np.random.default_rng(4)
    away = rng.normal(size=(n, townships))
    away -= away.mean(1, keepdims=True)
    scale = se / np.sqrt((townships - 1) / townships * (away.mean(0) ** 2).sum())
    b = delta + 0.01 * (np.arange(n) - (n - 1) / 2)
    return np.column_stack([b, b[:, None] + scale * away])


def test_how_much_is_believed_agrees_with_numerical_integration() -> None:
    b = gaps(0.04, 0.04)
    away = b[:, 1:] - b[:, :1]
    S, n = 17 / 18 * away @ away.T, len(b)
    assert np.sqrt(S.mean()) == pytest.approx(0.04)

    def weighed(phi: float, power: int) -> float:
        whole = S + phi**2 * (np.eye(n) + 1) + 1e-10 * np.eye(n)
        k = phi**2 * (1 + 1 / n)
        density = stats.t.pdf(phi / reversion.SCALE, 3)
        return (
            (k / (k + 0.04**2)) ** power
            * density
            * np.exp(stats.multivariate_normal.logpdf(b[:, 0], np.zeros(n), whole))
        )

    total, first, second = (
        integrate.quad(weighed, 0, 1, (power,), points=(0.01, 0.05, 0.2), limit=400)[0]
        for power in (0, 1, 2)
    )
    C = np.full_like(b, 0.1)
    found = reversion.correct(C, 0 * C, b)
    assert found.weight == pytest.approx(first / total, abs=2e-3)
    doubt = second / total - (first / total) ** 2
    assert found.unseen == pytest.approx(doubt * 0.1**2, rel=0.03)  # C has no error here


def test_a_large_difference_of_slopes_is_believed_in_full_and_a_declared_one() -> None:
    P = gaps(-0.2, 0.1)
    L = P * 0.5
    part, large = (
        reversion.correct(P, L, gaps(0.02, 0.04)),
        reversion.correct(P, L, gaps(0.2, 0.04)),
    )
    declared = reversion.correct(P, L, gaps(0.02, 0.04), unlike=True)
    assert 0 < part.weight < 1 and part.unseen > 0
    for full in (large, declared):
        assert full.weight == 1 and full.unseen == 0 and np.allclose(P - full.gaps, L)


def test_many_questions_at_once_get_what_each_gets_alone() -> None:
    P, b = (
        np.stack([gaps(-0.2, 0.1), gaps(0.1, 0.2)]),
        np.stack([gaps(0.05, 0.05), gaps(0.2, 0.04)]),
    )
    both = reversion.correct(P, 0.3 * P, b, np.array([False, False]))
    for i in range(2):
        one = reversion.correct(P[i], 0.3 * P[i], b[i])
        for name in one._fields:
            assert np.allclose(getattr(both, name)[i], getattr(one, name)), name


def test_the_estimate_keeps_what_it_was_before_and_after_the_correction() -> None:
    made, given = county("null_covid_up_declared")
    e = quiet_year_did(made.panel, made.campaign, given=given)
    told = e.reversion
    assert told is not None and told.full and told.declared
    assert e.value == pytest.approx(told.corrected)
    assert e.quiet["as_it_was"].mean() - e.quiet["estimate"].mean() == pytest.approx(
        e.value - told.uncorrected
    )
    last = quiet_year_did(made.panel, made.campaign, base="last_year", given=given)
    assert last.reversion is None


def test_without_a_quiet_year_or_a_slope_nothing_is_taken_off_and_it_says_so() -> None:
    made = simulate(replace(SCENARIOS["plain"], first="2022-01", **SMALL), 3, parts=False)
    e = quiet_year_did(made.panel, made.campaign)
    assert e.design == "expected_from_history"
    assert (e.reversion.weight, e.reversion.reason) == (0, "no_quiet_year")
    b = np.full((3, 10), np.nan)
    found = reversion.correct(gaps(-0.2, 0.1)[:, :10], b, b, unlike=True)
    assert found.weight == 0 and found.unseen == 0 and (found.gaps == 0).all()
    made, given = county("plain")
    same = np.ones((2, 240))
    keep = np.ones((2, 240), bool)
    z = reversion.levels(same, np.ones(240), 0.5, keep)
    assert (z == 0).all()
    y = given.series.observed(0, "first_year")
    assert np.isnan(reversion.slopes(y, same, z, same)).all()


def told(weight: float, uncorrected: float, p: float) -> Reversion:
    return Reversion(uncorrected, p, -0.3, weight, 0.05, 0.02, 18, 0.02)


@pytest.fixture(scope="module")
def plain() -> tuple:
    made, given = county("plain_declared")
    return made, quiet_year_did(made.panel, made.campaign, given=given)


def with_error(estimate: Estimate, value: float, told: Reversion | None) -> Estimate:
    return replace(estimate, value=value, error=t_error(0.05), reversion=told)


def test_a_success_that_only_the_correction_makes_is_low(plain) -> None:
    made, e = plain
    made_by = with_error(e, -0.2, told(0.4, -0.05, 0.3))
    assert caps(made.panel, made.campaign, made_by)["only_corrected"] == "C"
    assert not only_corrected(with_error(e, -0.2, told(0.4, -0.15, 0.01)))  # seen without it
    assert not only_corrected(with_error(e, -0.2, told(0.4, -0.25, 0.06)))  # it takes away
    assert not only_corrected(with_error(e, -0.05, told(0.4, -0.02, 0.7)))  # no success
    assert not only_corrected(with_error(e, 0.2, told(0.4, 0.05, 0.3)))


def test_corrected_in_full_is_good_at_best_and_unusual_years_left_in_are_low(plain) -> None:
    made, e = plain
    found = caps(made.panel, made.campaign, e)
    assert found["corrected"] == "B" and "unusual_years" not in found
    left = caps(made.panel, made.campaign, replace(e, reversion=None))
    assert left["unusual_years"] == "C" and "corrected" not in left


def test_the_check_says_what_it_could_have_seen_and_moves_no_grade(plain) -> None:
    made, e = plain
    check = reversion_slope(Case(setting(made.panel, made.campaign), e))
    assert check.verdict == "weak" and check.cause == "declared"
    assert check.value("detectable") > 0
    assert check.value("corrected") == pytest.approx(e.value)
    assert grade_of(e, [check, check], 4) == "A"
